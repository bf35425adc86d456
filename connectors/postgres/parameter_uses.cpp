#include "connectors/postgres/parameter_uses.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "connectors/postgres/statement_scope.h"

namespace planwise::pg {
namespace {

using simdjson::dom::element;

// Parameter numbers above the protocol's bound are not the server's.
constexpr std::int64_t kMaxParameters = 65'535;

UseKind flipped(UseKind kind) {
  return kind == UseKind::kGreater ? UseKind::kLess : kind == UseKind::kLess ? UseKind::kGreater : kind;
}

UseKind kind_of(std::string_view op) {
  if (op == "=") {
    return UseKind::kEqual;
  }
  if (op == "<>" || op == "!=") {
    return UseKind::kNotEqual;
  }
  if (op == "<" || op == "<=") {
    return UseKind::kLess;
  }
  if (op == ">" || op == ">=") {
    return UseKind::kGreater;
  }
  if (op == "~~" || op == "~~*") {
    return UseKind::kLike;
  }
  if (op == "~" || op == "~*") {
    return UseKind::kRegex;
  }
  if (op == "@>" || op == "<@" || op == "&&" || op == "?" || op == "?|" || op == "?&") {
    return UseKind::kContains;
  }
  return UseKind::kOther;
}

class Reader {
 public:
  Reader(const ParseTree& tree, const Schema& schema, ParameterUses& uses)
      : scope_(tree, schema), uses_(uses) {}

  void read(const ParseTree& tree) {
    for (const auto [key, value] : tree.statement()) {
      statement(value, true);
    }
  }

 private:
  // Recursion is bounded by simdjson's own bound on nesting.
  void visit(element node) {
    if (simdjson::dom::array list; node.get(list) == simdjson::SUCCESS) {
      for (const element member : list) {
        visit(member);
      }
      return;
    }
    simdjson::dom::object object;
    if (node.get(object) != simdjson::SUCCESS) {
      return;
    }
    for (const auto [key, value] : object) {
      if (key == "A_Expr") {
        comparison(value);
      } else if (key == "SubLink") {
        sub_link(value);
      } else if (key == "FuncCall") {
        call(value);
      } else if (key == "ParamRef") {
        note(value, {});
        note_place(value);
      }
      if (key.ends_with("Stmt") || key == "larg" || key == "rarg") {
        statement(value, false);
      } else {
        visit(value);
      }
    }
  }

  // A statement opens a scope of its own for the names in it. (The arms of a UNION and of a JOIN are both
  // called larg and rarg; a join has no FROM and adds an empty scope.)
  void statement(element node, bool top) {
    scope_.enter(node);
    bound(node, "limitCount", UseKind::kLimit, top);
    bound(node, "limitOffset", UseKind::kOffset, top);
    visit(node);
    scope_.leave();
  }

  void bound(element node, std::string_view key, UseKind kind, bool top) {
    if (element value; child(node, key).get(value) == simdjson::SUCCESS) {
      ParameterUse use;
      use.kind = kind;
      use.top_level = top;
      note_parameters_in(value, use);
    }
  }

  void comparison(element node) {
    element left;
    element right;
    if (child(node, "lexpr").get(left) != simdjson::SUCCESS ||
        child(node, "rexpr").get(right) != simdjson::SUCCESS) {
      return;
    }
    const std::string_view expression = text_of(node, "kind");
    element names;
    const std::string op =
        child(node, "name").get(names) == simdjson::SUCCESS ? name_of(names).name : std::string();
    if (expression.starts_with("AEXPR_BETWEEN") || expression.starts_with("AEXPR_NOT_BETWEEN")) {
      between(left, right);
    } else if (expression == "AEXPR_IN") {
      compare(left, right, kind_of(op));
    } else if (expression == "AEXPR_OP_ANY" || expression == "AEXPR_OP_ALL") {
      compare(left, right, op == "=" ? UseKind::kArray : UseKind::kOther);
    } else if (expression == "AEXPR_LIKE" || expression == "AEXPR_ILIKE" || expression == "AEXPR_SIMILAR") {
      compare(left, right, UseKind::kLike);
    } else if (!compare_rows(left, right, kind_of(op))) {
      compare(left, right, kind_of(op));
      compare(right, left, flipped(kind_of(op)));
    }
  }

  void between(element left, element bounds) {
    simdjson::dom::array items;
    if (child(bounds, "List")["items"].get(items) != simdjson::SUCCESS || items.size() != 2) {
      return;
    }
    compare(left, items.at(0).value_unsafe(), UseKind::kGreater);
    compare(left, items.at(1).value_unsafe(), UseKind::kLess);
  }

  // (a, b) < ($1, $2), pair by pair.
  bool compare_rows(element left, element right, UseKind kind) {
    simdjson::dom::array lefts;
    simdjson::dom::array rights;
    if (child(left, "RowExpr")["args"].get(lefts) != simdjson::SUCCESS ||
        child(right, "RowExpr")["args"].get(rights) != simdjson::SUCCESS || lefts.size() != rights.size()) {
      return false;
    }
    for (std::size_t i = 0; i < lefts.size(); ++i) {
      compare(lefts.at(i).value_unsafe(), rights.at(i).value_unsafe(), kind);
      compare(rights.at(i).value_unsafe(), lefts.at(i).value_unsafe(), flipped(kind));
    }
    return true;
  }

  // `x IN (SELECT ...)` over a VALUES list of parameters.
  void sub_link(element node) {
    element test;
    element values;
    if (text_of(node, "subLinkType") == "ANY_SUBLINK" &&
        child(node, "testexpr").get(test) == simdjson::SUCCESS &&
        child(node, "subselect")["SelectStmt"]["valuesLists"].get(values) == simdjson::SUCCESS) {
      compare(test, values, UseKind::kEqual);
    }
  }

  void compare(element column_side, element value_side, UseKind kind) {
    const ColumnName name = scope_.column_in(column_side);
    if (name.column.empty() || kind == UseKind::kOther) {
      return;
    }
    ParameterUse use;
    use.kind = kind;
    use.column = name.column;
    use.transform = name.transform;
    if (name.table != nullptr) {
      use.table = name.table->name;
    }
    note_parameters_in(value_side, use);
  }

  void call(element node) {
    element names;
    simdjson::dom::array arguments;
    if (child(node, "funcname").get(names) != simdjson::SUCCESS ||
        child(node, "args").get(arguments) != simdjson::SUCCESS) {
      return;
    }
    ParameterUse use;
    use.kind = UseKind::kArgument;
    use.function = name_of(names).name;
    for (const element argument : arguments) {
      // Only what is the argument itself: in f(a + $1) the parameter is a part of a sum.
      element value = argument;
      while (child(value, "TypeCast")["arg"].get(value) == simdjson::SUCCESS) {
      }
      if (element parameter; child(value, "ParamRef").get(parameter) == simdjson::SUCCESS) {
        note(parameter, use);
      }
      ++use.argument;
    }
  }

  // The parameters that are values of `node`: itself, behind casts, or the members of lists, rows and arrays;
  // inside anything else they are only part of the value. Sub-queries have uses of their own.
  void note_parameters_in(element node, const ParameterUse& use) {
    if (simdjson::dom::array list; node.get(list) == simdjson::SUCCESS) {
      for (const element member : list) {
        note_parameters_in(member, use);
      }
      return;
    }
    simdjson::dom::object object;
    if (node.get(object) != simdjson::SUCCESS) {
      return;
    }
    for (const auto [key, value] : object) {
      if (key == "ParamRef") {
        note(value, use);
      } else if (key == "A_ArrayExpr" && use.kind == UseKind::kArray) {
        ParameterUse member = use;
        member.kind = UseKind::kEqual;
        note_parameters_in(value, member);
      } else if (key == "A_Expr" || key == "FuncCall") {
        ParameterUse part = use;
        part.is_offset_from = true;
        note_parameters_in(value, part);
      } else if (key != "SelectStmt" && key != "typeName") {
        note_parameters_in(value, use);
      }
    }
  }

  void note_place(element parameter) {
    std::int64_t number = 0;
    std::int64_t offset = 0;
    if (child(parameter, "number").get(number) == simdjson::SUCCESS && number >= 1 &&
        number <= kMaxParameters && child(parameter, "location").get(offset) == simdjson::SUCCESS &&
        offset >= 0) {
      uses_.places.push_back({static_cast<std::size_t>(number), static_cast<std::size_t>(offset)});
    }
  }

  // The first use that tells of a column wins over those that do not.
  void note(element parameter, const ParameterUse& use) {
    std::int64_t number = 0;
    if (child(parameter, "number").get(number) != simdjson::SUCCESS || number < 1 ||
        number > kMaxParameters) {
      return;
    }
    const auto index = static_cast<std::size_t>(number - 1);
    if (uses_.parameters.size() <= index) {
      uses_.parameters.resize(index + 1);
    }
    const auto worth = [](const ParameterUse& candidate) {
      const int kind = candidate.kind == UseKind::kOther ? 0 : candidate.kind == UseKind::kArgument ? 1 : 2;
      return kind == 2 && !candidate.is_offset_from ? 3 : kind;
    };
    if (worth(use) > worth(uses_.parameters[index])) {
      uses_.parameters[index] = use;
    }
  }

  StatementScope scope_;
  ParameterUses& uses_;
};

}  // namespace

std::string with_integer_parameters(const std::string& sql, const ParameterUses& uses) {
  std::vector<ParameterPlace> places = uses.places;
  std::ranges::sort(places, std::ranges::greater(), &ParameterPlace::offset);
  std::string text = sql;
  for (const ParameterPlace& place : places) {
    const ParameterUse& use = uses.parameters[place.number - 1];
    const bool is_plain = use.kind == UseKind::kOther || use.is_offset_from;
    const std::string token = "$" + std::to_string(place.number);
    if (is_plain && sql.compare(place.offset, token.size(), token) == 0) {
      text.insert(place.offset + token.size(), "::integer");
    }
  }
  return text;
}

ParameterUses read_parameter_uses(const ParseTree& tree, const Schema& schema) {
  ParameterUses uses;
  Reader(tree, schema, uses).read(tree);
  if (const Table* table = counted_table(tree, schema); table != nullptr) {
    uses.counted_table = table->name;
  }
  return uses;
}

}  // namespace planwise::pg

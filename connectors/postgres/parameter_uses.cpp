#include "connectors/postgres/parameter_uses.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>
#include <utility>

namespace planwise::pg {
namespace {

using simdjson::dom::element;

constexpr std::array<std::string_view, 10> kAggregates{
    "count", "sum", "avg", "min", "max", "array_agg", "string_agg", "json_agg", "bool_or", "bool_and"};
// Parameter numbers above the protocol's bound are not the server's.
constexpr std::int64_t kMaxParameters = 65'535;

struct ScopeTable {
  std::string alias;
  const Table* table = nullptr;  // nullptr for a CTE, a sub-query or an unknown relation
};
using Scope = std::vector<ScopeTable>;

struct ColumnName {
  const Table* table = nullptr;
  std::string column;
  std::string transform;
};

bool has(element node, std::string_view key) {
  return child(node, key).error() == simdjson::SUCCESS;
}

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
  Reader(const Schema& schema, ParameterUses& uses) : schema_(schema), uses_(uses) {}

  void read(const ParseTree& tree) {
    for (const auto [key, value] : tree.statement()) {
      collect_tables(value);
      statement(value, true);
      count_rows_of(key, value);
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
    Scope scope;
    for (const std::string_view key : {"relation", "fromClause", "usingClause", "sourceRelation"}) {
      if (element from; child(node, key).get(from) == simdjson::SUCCESS) {
        relations(from, scope);
      }
    }
    scopes_.push_back(std::move(scope));
    bound(node, "limitCount", UseKind::kLimit, top);
    bound(node, "limitOffset", UseKind::kOffset, top);
    visit(node);
    scopes_.pop_back();
  }

  void relations(element node, Scope& scope) {
    if (simdjson::dom::array list; node.get(list) == simdjson::SUCCESS) {
      for (const element member : list) {
        relations(member, scope);
      }
      return;
    }
    if (const std::string_view name = text_of(node, "relname"); !name.empty()) {
      element alias;
      const bool has_alias = child(node, "alias").get(alias) == simdjson::SUCCESS;
      const Table* table = schema_.resolve(text_of(node, "schemaname"), name);
      scope.push_back({std::string(has_alias ? text_of(alias, "aliasname") : name), table});
      return;
    }
    for (const std::string_view key : {"RangeVar", "JoinExpr", "larg", "rarg"}) {
      if (element inner; child(node, key).get(inner) == simdjson::SUCCESS) {
        relations(inner, scope);
      }
    }
  }

  void collect_tables(element node) {
    if (simdjson::dom::array list; node.get(list) == simdjson::SUCCESS) {
      for (const element member : list) {
        collect_tables(member);
      }
      return;
    }
    simdjson::dom::object object;
    if (node.get(object) != simdjson::SUCCESS) {
      return;
    }
    if (const std::string_view name = text_of(node, "relname"); !name.empty()) {
      if (const Table* table = schema_.resolve(text_of(node, "schemaname"), name); table != nullptr) {
        all_tables_.push_back(table);
      }
    }
    for (const auto [key, value] : object) {
      collect_tables(value);
    }
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
    const ColumnName name = column_in(column_side);
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

  // The column an expression is about: bare, cast, or the argument of one function.
  ColumnName column_in(element node) const {
    if (element cast; child(node, "TypeCast").get(cast) == simdjson::SUCCESS) {
      element argument;
      return child(cast, "arg").get(argument) == simdjson::SUCCESS ? column_in(argument) : ColumnName{};
    }
    if (element function; child(node, "FuncCall").get(function) == simdjson::SUCCESS) {
      simdjson::dom::array arguments;
      element names;
      if (child(function, "args").get(arguments) != simdjson::SUCCESS || arguments.size() == 0 ||
          child(function, "funcname").get(names) != simdjson::SUCCESS) {
        return {};
      }
      ColumnName name;
      for (const element argument : arguments) {
        if (name.column.empty()) {
          name = column_in(argument);
        }
      }
      name.transform = name_of(names).name;
      return name;
    }
    element fields;
    if (child(node, "ColumnRef")["fields"].get(fields) != simdjson::SUCCESS) {
      return {};
    }
    const std::vector<std::string_view> parts = strings_of(fields);
    if (parts.empty()) {
      return {};
    }
    const std::string_view qualifier = parts.size() > 1 ? parts[parts.size() - 2] : std::string_view();
    return {resolve(qualifier, parts.back()), std::string(parts.back()), {}};
  }

  // Scopes from the inside out; a name that comes from a CTE or sub-query is looked for among all tables of
  // the statement.
  const Table* resolve(std::string_view qualifier, std::string_view column) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      for (const ScopeTable& candidate : *scope) {
        if (candidate.table != nullptr && (qualifier.empty() || qualifier == candidate.alias) &&
            candidate.table->find_column(column) != nullptr) {
          return candidate.table;
        }
      }
    }
    const auto found = std::ranges::find_if(
        all_tables_, [column](const Table* table) { return table->find_column(column) != nullptr; });
    return found == all_tables_.end() ? nullptr : *found;
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
  void note_parameters_in(element node, ParameterUse use) {
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

  void count_rows_of(std::string_view key, element node) {
    Scope scope;
    for (const std::string_view from : {"relation", "fromClause", "usingClause"}) {
      if (element relation; child(node, from).get(relation) == simdjson::SUCCESS) {
        relations(relation, scope);
      }
    }
    const bool filters = key == "SelectStmt" || key == "UpdateStmt" || key == "DeleteStmt";
    if (!filters || scope.size() != 1 || scope[0].table == nullptr || has(node, "groupClause") ||
        has(node, "distinctClause") || has(node, "limitCount") || has(node, "havingClause") ||
        has(node, "withClause") || has(node, "larg") || holds_aggregate_or_query(node)) {
      return;
    }
    uses_.counted_table = scope[0].table->name;
  }

  bool holds_aggregate_or_query(element node) const {
    if (simdjson::dom::array list; node.get(list) == simdjson::SUCCESS) {
      return std::any_of(list.begin(), list.end(),
                         [this](element member) { return holds_aggregate_or_query(member); });
    }
    simdjson::dom::object object;
    if (node.get(object) != simdjson::SUCCESS) {
      return false;
    }
    for (const auto [key, value] : object) {
      if (key == "SubLink" || key == "RangeFunction" || key == "RangeSubselect" || key == "agg_star") {
        return true;
      }
      if (element names; key == "funcname") {
        names = value;
        if (std::ranges::find(kAggregates, name_of(names).name) != kAggregates.end()) {
          return true;
        }
      }
      if (holds_aggregate_or_query(value)) {
        return true;
      }
    }
    return false;
  }

  const Schema& schema_;
  ParameterUses& uses_;
  std::vector<Scope> scopes_;
  std::vector<const Table*> all_tables_;
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
  Reader(schema, uses).read(tree);
  return uses;
}

}  // namespace planwise::pg

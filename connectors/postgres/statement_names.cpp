#include "connectors/postgres/statement_names.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace planwise::pg {
namespace {

using simdjson::dom::element;

struct Kind {
  std::string_view node;
  StatementKind kind;
};
constexpr std::array kKinds{
    Kind{"SelectStmt", StatementKind::kSelect}, Kind{"InsertStmt", StatementKind::kInsert},
    Kind{"UpdateStmt", StatementKind::kUpdate}, Kind{"DeleteStmt", StatementKind::kDelete},
    Kind{"MergeStmt", StatementKind::kMerge},
};

// System functions that must not be folded for a stranger. The first four build values as long as their
// arguments say, which statement_timeout does not interrupt (measured: 8 s and 0.9 GB under a timeout of 2
// s); the others are STABLE, which selectivity estimation evaluates too, and run a query or a relation named
// by their argument.
constexpr std::array<std::string_view, 4> kBuildsLongValues{"repeat", "lpad", "rpad", "array_fill"};
constexpr std::array<std::string_view, 6> kRunsQueries{"table_to_xml",  "table_to_xml_and_xmlschema",
                                                       "schema_to_xml", "database_to_xml",
                                                       "cursor_to_xml", "ts_rewrite"};

template <std::size_t kSize>
bool is_any_of(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

class Reader {
 public:
  // Returns the reason for which the statement must not be explained; empty if there is none.
  std::string_view read(const ParseTree& tree, StatementNames& names) {
    names_ = &names;
    for (const auto [key, value] : tree.statement()) {
      const auto* kind = std::ranges::find(kKinds, key, &Kind::node);
      if (kind == kKinds.end()) {
        return "it is no SELECT, INSERT, UPDATE, DELETE, MERGE or VALUES";
      }
      names.kind = kind->kind;
      visit(key, value);
    }
    if (relations_ > kMaxRelations) {
      return "it joins more than 100 relations";
    }
    return objection_;
  }

 private:
  // Recursion is bounded by simdjson's own bound on nesting.
  void visit(std::string_view key, element node) {
    simdjson::dom::array list;
    if (node.get(list) == simdjson::SUCCESS) {
      for (const element member : list) {
        visit({}, member);
      }
      return;
    }
    simdjson::dom::object object;
    if (node.get(object) != simdjson::SUCCESS) {
      return;
    }
    note(key, node);
    const bool builds_long_value = key == "FuncCall" && is_any_of(kBuildsLongValues, called(node).name);
    long_values_ += builds_long_value ? 1 : 0;
    if (long_values_ > 1) {
      objection_ = "it nests functions that build long values, which planning would run without a limit";
    }
    for (const auto [name, value] : object) {
      visit(name, value);
    }
    long_values_ -= builds_long_value ? 1 : 0;
  }

  void note(std::string_view key, element node) {
    if (key.ends_with("Stmt") && key != "selectStmt" &&
        std::ranges::find(kKinds, key, &Kind::node) == kKinds.end()) {
      objection_ = "it holds a statement of another kind";
    } else if (key == "intoClause") {
      objection_ = "it creates a table (SELECT INTO)";
    } else if (key == "CurrentOfExpr") {
      objection_ = "it refers to a cursor";
    } else if (key == "LockingClause") {
      names_->locks_rows = true;
    } else if (key == "FuncCall") {
      note_function(node);
    } else if (key == "A_Expr") {
      note_operator(node);
    } else if (key == "SubLink") {
      note_sub_link(node);
    } else if (key == "JoinExpr") {
      bool natural = false;
      if (child(node, "usingClause").error() == simdjson::SUCCESS ||
          (child(node, "isNatural").get(natural) == simdjson::SUCCESS && natural)) {
        add_operator("=");
      }
    } else if (key == "CaseExpr") {
      if (child(node, "arg").error() == simdjson::SUCCESS) {
        add_operator("=");
      }
    } else if (key == "SortBy") {
      if (element name; child(node, "useOp").get(name) == simdjson::SUCCESS) {
        names_->operators.insert(name_of(name));
      }
    } else if (key == "ColumnRef") {
      note_fields(node, "fields");
    } else if (key == "A_Indirection") {
      note_fields(node, "indirection");
    }
    // Fields with a fixed type stand without their node's name: a RangeVar is told by "relname", a TypeName
    // by both.
    if (const std::string_view relation = text_of(node, "relname"); !relation.empty()) {
      names_->relations.insert({std::string(text_of(node, "schemaname")), std::string(relation)});
      ++relations_;
    }
    if (element names; child(node, "names").get(names) == simdjson::SUCCESS &&
                       child(node, "typemod").error() == simdjson::SUCCESS) {
      names_->types.insert(name_of(names));
    }
  }

  static WrittenName called(element node) {
    element list;
    return child(node, "funcname").get(list) == simdjson::SUCCESS ? name_of(list) : WrittenName{};
  }

  void note_function(element node) {
    WrittenName name = called(node);
    if (is_any_of(kRunsQueries, name.name)) {
      objection_ = "it calls a function that runs another query while it is planned";
    }
    names_->functions.insert(std::move(name));
  }

  void note_operator(element node) {
    const std::string_view kind = text_of(node, "kind");
    if (kind == "AEXPR_BETWEEN" || kind == "AEXPR_NOT_BETWEEN" || kind == "AEXPR_BETWEEN_SYM" ||
        kind == "AEXPR_NOT_BETWEEN_SYM") {
      for (const std::string_view name : {"<", "<=", ">", ">="}) {
        add_operator(name);
      }
      return;
    }
    if (kind == "AEXPR_SIMILAR") {
      names_->functions.insert({"", "similar_to_escape"});
    }
    if (element name; child(node, "name").get(name) == simdjson::SUCCESS) {
      names_->operators.insert(name_of(name));
    }
  }

  void note_sub_link(element node) {
    if (element name; child(node, "operName").get(name) == simdjson::SUCCESS) {
      names_->operators.insert(name_of(name));
    } else if (text_of(node, "subLinkType") == "ANY_SUBLINK") {
      add_operator("=");
    }
  }

  void note_fields(element node, std::string_view key) {
    element list;
    if (child(node, key).get(list) != simdjson::SUCCESS) {
      return;
    }
    for (const std::string_view name : strings_of(list)) {
      names_->fields.emplace(name);
    }
  }

  void add_operator(std::string_view name) { names_->operators.insert({"", std::string(name)}); }

  StatementNames* names_ = nullptr;
  std::string_view objection_;
  int relations_ = 0;
  int long_values_ = 0;
};

}  // namespace

Result<StatementNames> read_names(const ParseTree& tree) {
  StatementNames names;
  if (const std::string_view objection = Reader().read(tree, names); !objection.empty()) {
    const bool has_plan = names.kind != StatementKind::kUnknown;
    return Error{has_plan ? ErrorCode::kUnsupported : ErrorCode::kInvalidArgument, std::string(objection)};
  }
  return names;
}

}  // namespace planwise::pg

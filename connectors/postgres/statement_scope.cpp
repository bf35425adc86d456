#include "connectors/postgres/statement_scope.h"

#include <algorithm>
#include <array>
#include <utility>

namespace planwise::pg {
namespace {

using simdjson::dom::element;

constexpr std::array<std::string_view, 10> kAggregates{
    "count", "sum", "avg", "min", "max", "array_agg", "string_agg", "json_agg", "bool_or", "bool_and"};

bool has(element node, std::string_view key) {
  return child(node, key).error() == simdjson::SUCCESS;
}

void add_tables(element node, const Schema& schema, std::vector<ScopeTable>& tables) {
  if (simdjson::dom::array list; node.get(list) == simdjson::SUCCESS) {
    for (const element member : list) {
      add_tables(member, schema, tables);
    }
    return;
  }
  if (const std::string_view name = text_of(node, "relname"); !name.empty()) {
    element alias;
    const bool has_alias = child(node, "alias").get(alias) == simdjson::SUCCESS;
    const Table* table = schema.resolve(text_of(node, "schemaname"), name);
    tables.push_back({std::string(has_alias ? text_of(alias, "aliasname") : name), table});
    return;
  }
  for (const std::string_view key : {"RangeVar", "JoinExpr", "larg", "rarg"}) {
    if (element inner; child(node, key).get(inner) == simdjson::SUCCESS) {
      add_tables(inner, schema, tables);
    }
  }
}

bool holds_aggregate_or_query(element node) {
  if (simdjson::dom::array list; node.get(list) == simdjson::SUCCESS) {
    return std::any_of(list.begin(), list.end(),
                       [](element member) { return holds_aggregate_or_query(member); });
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

}  // namespace

std::vector<ScopeTable> tables_of_statement(element statement, const Schema& schema) {
  std::vector<ScopeTable> tables;
  for (const std::string_view key : {"relation", "fromClause", "usingClause", "sourceRelation"}) {
    if (element from; child(statement, key).get(from) == simdjson::SUCCESS) {
      add_tables(from, schema, tables);
    }
  }
  return tables;
}

StatementScope::StatementScope(const ParseTree& tree, const Schema& schema) : schema_(schema) {
  for (const auto [key, value] : tree.statement()) {
    collect(value);
  }
}

void StatementScope::collect(element node) {
  if (simdjson::dom::array list; node.get(list) == simdjson::SUCCESS) {
    for (const element member : list) {
      collect(member);
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
    collect(value);
  }
}

ColumnName StatementScope::column_in(element node) const {
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
const Table* StatementScope::resolve(std::string_view qualifier, std::string_view column) const {
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

const Table* counted_table(const ParseTree& tree, const Schema& schema) {
  for (const auto [key, value] : tree.statement()) {
    const std::vector<ScopeTable> tables = tables_of_statement(value, schema);
    const bool filters = key == "SelectStmt" || key == "UpdateStmt" || key == "DeleteStmt";
    if (filters && tables.size() == 1 && !has(value, "groupClause") && !has(value, "distinctClause") &&
        !has(value, "limitCount") && !has(value, "havingClause") && !has(value, "withClause") &&
        !has(value, "larg") && !holds_aggregate_or_query(value)) {
      return tables[0].table;
    }
  }
  return nullptr;
}

}  // namespace planwise::pg

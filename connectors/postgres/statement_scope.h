// The tables a place in a statement can name, and the columns that names there mean.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/schema.h"
#include "connectors/postgres/parse_tree.h"

namespace planwise::pg {

struct ScopeTable {
  std::string alias;
  const Table* table = nullptr;  // nullptr for a CTE or an unknown relation
};

// The relations of a SELECT, INSERT, UPDATE, DELETE or MERGE node: its target, FROM and USING, those under
// joins included, sub-queries left out.
[[nodiscard]] std::vector<ScopeTable> tables_of_statement(simdjson::dom::element statement,
                                                          const Schema& schema);

struct ColumnName {
  const Table* table = nullptr;  // nullptr where it is not known
  std::string column;            // empty: no column
  std::string transform;         // a function around it
};

// Scopes from the outside in, as a walk through the tree enters and leaves them. Borrows the schema.
class StatementScope {
 public:
  StatementScope(const ParseTree& tree, const Schema& schema);

  void enter(simdjson::dom::element statement) { scopes_.push_back(tables_of_statement(statement, schema_)); }
  void leave() { scopes_.pop_back(); }

  // The column an expression is about: bare, cast, or the argument of one function.
  [[nodiscard]] ColumnName column_in(simdjson::dom::element expression) const;

 private:
  void collect(simdjson::dom::element node);
  [[nodiscard]] const Table* resolve(std::string_view qualifier, std::string_view column) const;

  const Schema& schema_;
  std::vector<std::vector<ScopeTable>> scopes_;
  std::vector<const Table*> all_tables_;  // of the whole statement
};

// The one table a statement reads, where its rows per call are the rows its conditions let through: no join,
// grouping, DISTINCT, LIMIT, aggregate or sub-query. nullptr otherwise.
[[nodiscard]] const Table* counted_table(const ParseTree& tree, const Schema& schema);

}  // namespace planwise::pg

// Which statements the schema ties together so that one could run for each row of the other.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyzer/nplusone/counters.h"

namespace planwise::nplusone {

struct Link {
  StatementId parent;
  StatementId child;
  NPlusOneLink kind = NPlusOneLink::kForeignKey;
  std::string foreign_key;  // empty for kPrimaryKey
  TableName child_table;
  std::vector<std::string> columns;  // that the child looks up by
  bool write = false;                // the child is an UPDATE or DELETE
};

// Child: a SELECT, UPDATE or DELETE of one table by equality on all columns of a key, no list and no
// sub-query. Parent: a SELECT that reads a table on the other side of a foreign key, or the child's table
// itself where the lookup is by its primary key. Partitions count as their root. In the order of the ids.
[[nodiscard]] std::vector<Link> links_between(const std::map<StatementId, StatementShape>& shapes,
                                              const Schema& schema);

}  // namespace planwise::nplusone

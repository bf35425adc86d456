// Every column that a query block names.
#pragma once

#include <algorithm>
#include <vector>

#include "analyzer/sql/shape.h"

namespace planwise {

// Calls change(ColumnUse&) for each.
template <class Change>
void for_each_use(QueryBlock& block, const Change& change) {
  for (std::vector<ColumnUse>* const uses :
       {&block.group_by, &block.distinct_on, &block.output, &block.others}) {
    std::ranges::for_each(*uses, change);
  }
  for (OrderItem& item : block.order_by) {
    change(item.column);
  }
  for (Predicate& predicate : block.predicates) {
    change(predicate.column);
  }
  for (JoinPredicate& join : block.joins) {
    change(join.left);
    change(join.right);
  }
  change(block.in_column);
}

}  // namespace planwise

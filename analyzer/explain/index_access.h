// How a table's index is used, from the names MySQL and MariaDB print.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/plan.h"

namespace planwise::explain {

// The indexes of an index_merge as nodes, from its key: "union(intersect(a,b),c)". One node of that name
// where the key reads otherwise.
[[nodiscard]] std::vector<PlanNode> index_merge_of(std::string_view key);

// "customer_id = shop.c.id and status = const": what each index column is looked up by.
[[nodiscard]] std::string lookup_condition(const std::vector<std::string>& columns,
                                           const std::vector<std::string_view>& references);

// The columns of "emp_no = d.emp_no, dept_no='d001'".
[[nodiscard]] std::vector<std::string> columns_looked_up(std::string_view condition);

}  // namespace planwise::explain

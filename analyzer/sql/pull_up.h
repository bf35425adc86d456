// What a statement asks of the tables behind its views and sub-queries.
#pragma once

#include "analyzer/sql/shape.h"

namespace planwise {

// The shape (resolved) with views opened, and with conditions, joins, grouping and order on the columns of
// sub-queries, CTEs and views moved to the columns of the tables that these hand on, as far as the planner
// moves them: not past LIMIT, OFFSET, window functions, DISTINCT ON or recursion, past GROUP BY only for its
// own columns, into each branch of a set operation, and not into a CTE that is read twice. Order and grouping
// are moved only past plain SELECTs. Views that stand on each other deeper than 8 are not opened. Source:
// pull_up_subqueries() in prepjointree.c, subquery_is_pushdown_safe() in allpaths.c,
// https://www.postgresql.org/docs/current/queries-with.html
[[nodiscard]] StatementShape pulled_up(StatementShape shape, const Schema& schema);

}  // namespace planwise

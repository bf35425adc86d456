// What each block of a statement asks of each of its tables, in the terms in which an index could answer.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "analyzer/model/schema.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/sql/shape.h"

namespace planwise {

// A condition that holds whatever the statement's parameters are, so that an index may be restricted to it.
struct PartialCondition {
  std::string text;     // as a predicate: "deleted_at IS NULL"
  std::string column;   // that it fixes
  double fraction = 1;  // share of the table's rows that it keeps, from the statistics
  bool pins = false;    // the column has one value in all of them: no key is needed for it
};

// One use of one table. Keys are ascending unless they come from an ORDER BY.
struct AccessPattern {
  const Table* table = nullptr;
  std::vector<IndexKey> pinned;  // compared by = or IN with values, IS NULL, boolean; sorted, once each
  std::vector<std::vector<IndexKey>>
      joined;                      // equal to columns of one other relation, a list for each such relation
  std::vector<IndexKey> ranges;    // <, BETWEEN, LIKE 'x%', ...
  std::vector<IndexKey> order;     // the leading run of ORDER BY that lies on this table
  std::vector<IndexKey> grouped;   // GROUP BY or DISTINCT, where it lies on this table
  std::vector<IndexKey> extremes;  // what min() and max() may be asked of
  std::vector<PartialCondition> conditions;
  std::set<std::string> columns;  // every column read
  std::set<std::string> shown;    // of these, what is read for more than a comparison with a value
  bool all_columns =
      false;             // SELECT *, or rows that are locked or changed: no index holds all that is needed
  bool limited = false;  // ORDER BY with LIMIT
};

// In the order of blocks and relations, views opened and conditions on sub-queries moved to the tables behind
// them (pulled_up()); each branch of an OR is a pattern of its own. Partitions speak as the partitioned table
// at their root. Tables unknown to the schema have none.
[[nodiscard]] std::vector<AccessPattern> access_patterns(const StatementShape& shape,
                                                         const Snapshot& snapshot);

// Whether a B-tree on the column is possible and of use: it has an order that people search by (no json,
// geometry or text search), and its values are short enough not to break the limit of a third of a page per
// entry.
[[nodiscard]] bool is_indexable(const Column& column, Engine engine);

// Whether an equality on the expression finds a few rows: an expression that keeps values apart over a column
// with hardly two equal ones. The planner cannot know before the index is built and analysed (it guesses that
// 0.5 % of the rows are equal, DEFAULT_EQ_SEL in selfuncs.h), and would take further keys and payload for a
// gain.
[[nodiscard]] bool nearly_unique_expression(const IndexKey& key, const Table& table);

}  // namespace planwise

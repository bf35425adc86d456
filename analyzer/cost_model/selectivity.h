// Which share of a table's rows a condition keeps, as the planner estimates it from the column statistics.
//
// Source: src/backend/utils/adt/selfuncs.c, like_support.c and src/backend/optimizer/path/clausesel.c of
// PostgreSQL 15. What a statement compares with may be unknown (a parameter); then the value is taken to be
// an average one.
#pragma once

#include <span>
#include <string>

#include "analyzer/model/schema.h"
#include "analyzer/sql/shape.h"

namespace planwise::cost_model {

// The planner's guesses where it has nothing to go by. Source: selfuncs.h.
constexpr double kDefaultEqual = 0.005;
constexpr double kDefaultInequality = 1.0 / 3;
constexpr double kDefaultRange = 0.005;
constexpr double kDefaultMatch = 0.005;
constexpr double kDefaultContains = 0.01;
constexpr double kDefaultDistinct = 200;

// Values of one column or expression.
struct ValueStats {
  const ColumnStats* stats = nullptr;  // nullptr: an expression, or a column never analysed
  std::string base_type;
  double rows = 0;

  [[nodiscard]] double distinct() const;  // at least 1
  [[nodiscard]] double null_fraction() const { return stats == nullptr ? 0 : stats->null_fraction; }
};

[[nodiscard]] ValueStats value_stats(const Table& table, const ColumnUse& use);

// Share of the rows that equal some average value other than NULL.
[[nodiscard]] double equal_to_any(const ValueStats& values);

// Of one condition on these values by itself, whatever OR it stands in. Conditions on a sub-query's answer
// are left to the join: 1.
[[nodiscard]] double selectivity(const Predicate& predicate, const ValueStats& values);

// Share of the rows whose text begins as the pattern of a LIKE demands.
[[nodiscard]] double prefix_selectivity(const Predicate& like, const ValueStats& values);

// Of the two bounds of one range, given what each keeps by itself.
[[nodiscard]] bool are_range(const Predicate& left, const Predicate& right);
[[nodiscard]] double range_selectivity(const Predicate& left, double left_share, const Predicate& right,
                                       double right_share, const ValueStats& values);

// Of several that all must hold, taken to be independent but for the two bounds of a range.
[[nodiscard]] double selectivity_of_all(std::span<const Predicate* const> predicates, const Table& table);

// Share of the pairs of rows of two relations that an equality of two columns lets through.
[[nodiscard]] double join_selectivity(const ValueStats& left, const ValueStats& right);

// Share of the left rows that have a match among `right_rows` rows of the right.
[[nodiscard]] double semi_join_selectivity(const ValueStats& left, const ValueStats& right,
                                           double right_rows);

// Groups among `rows` of the table's rows by a column of `distinct` values. Source: estimate_num_groups().
[[nodiscard]] double distinct_among(double distinct, double table_rows, double rows);

}  // namespace planwise::cost_model

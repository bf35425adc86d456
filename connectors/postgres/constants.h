// Values for the parameters of a normalised statement, such as the application may have used.
//
// Pure. A generic plan prices LIMIT $1 at a tenth of the rows, a range at a third and cannot use the prefix
// of LIKE $1 (selfuncs.h, DEFAULT_INEQ_SEL and its kin); values let the planner see what it sees in the
// application.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/model/schema.h"
#include "analyzer/model/statement.h"
#include "connectors/postgres/parameter_uses.h"

namespace planwise::pg {

// What the server infers for a parameter. Domains are resolved to their base type.
struct ParameterType {
  std::string name;     // pg_type.typname: "int4", "_text", "order_status"
  char category = 'U';  // pg_type.typcategory: A array, B boolean, D date/time, E enum, N numeric, S string,
                        // T interval ...
  std::string element;  // of an array, else empty
  char element_category = 'U';
  std::string first_label;  // of an enum (or an array of one)
};

using ParameterValues = std::vector<std::optional<std::string>>;  // text form; nullopt is NULL

struct ChosenValues {
  ParameterValues typical;
  ParameterValues worst;    // the least favourable ones; equal to `typical` where none are less favourable
  bool is_complete = true;  // false: there is no sensible value for some type, which is NULL
  bool from_statistics = true;  // false: a compared column has no statistics
};

// One value a parameter. Equality: a value about as frequent as the average one; worst: the most common.
// Ranges: from the histogram, a tenth of the rows for one bound, a twentieth for two; worst: nearly all.
// Where the statement reads one table and its rows per call are the rows its condition lets through, those
// decide instead. LIMIT: rows per call. LIKE: a prefix of a stored value; worst: the same anywhere in it.
[[nodiscard]] ChosenValues choose_values(const ParameterUses& uses, std::span<const ParameterType> types,
                                         const Schema& schema, double rows_per_call, TimePoint now);

// True if looking up position `at` of a histogram of `size` bounds makes the planner compare with an end of
// the histogram, for which it probes the column's index, if there is one. Source:
// ineq_histogram_selectivity(), selfuncs.c.
[[nodiscard]] bool probes_histogram_end(std::size_t at, std::size_t size);

}  // namespace planwise::pg

// Which predicates of a statement could restrict an index, and to how much of the table.
#pragma once

#include <optional>

#include "analyzer/advise/candidates_patterns.h"

namespace planwise {

// The condition a predicate states for every execution: IS NULL, IS NOT NULL, booleans, and equality with a
// constant that stands in the text. A parameter proves nothing, so `status = $1` gives nullopt.
[[nodiscard]] std::optional<PartialCondition> partial_condition(const Predicate& predicate,
                                                                const Table& table, Engine engine);

// Share of rows with the given value (text form): its frequency among the common values, else an equal part
// of what they leave. 1 / distinct without common values. nullopt without statistics.
[[nodiscard]] std::optional<double> fraction_of_value(const Column& column, const std::string& value);

}  // namespace planwise

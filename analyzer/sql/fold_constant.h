// Values of expressions that hold constants only, for estimates: 0.06 - 0.01, date '1994-01-01' + interval
// '1 year'.
#pragma once

#include <optional>
#include <string>

#include "analyzer/sql/parse_tree.h"

namespace planwise {

// The value's text as the statistics would spell it; nullopt for what holds anything but constants, and for
// other operations than sums, differences, products and quotients of numbers, and times plus or minus an
// interval.
[[nodiscard]] std::optional<std::string> folded_constant(const parse_tree::Node& node);

}  // namespace planwise

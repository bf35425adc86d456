// Percentiles of execution times, estimated from what counters keep.
#pragma once

#include <optional>

#include "analyzer/base/units.h"
#include "analyzer/model/statement.h"

namespace planwise {

// Fills p95_time and p99_time from mean and standard deviation, as if the times were log-normal: bounded
// below, with a long right tail. Not above max_time. Leaves them empty below ten calls or without a
// deviation. Source: Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions, vol. 1, ch. 14
// (moments of the log-normal).
void estimate_percentiles(StatementStats& stats);

}  // namespace planwise

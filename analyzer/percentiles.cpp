#include "analyzer/percentiles.h"

#include <algorithm>
#include <cmath>

namespace planwise {
namespace {

constexpr std::int64_t kFewestCalls = 10;
constexpr double kNormal95 = 1.644854;  // 95 % quantile of the standard normal distribution
constexpr double kNormal99 = 2.326348;

}  // namespace

void estimate_percentiles(StatementStats& stats) {
  if (stats.calls < kFewestCalls || !stats.stddev_time || stats.total_time.count() <= 0) {
    return;
  }
  const double mean = stats.total_time.count() / static_cast<double>(stats.calls);
  const double relative = stats.stddev_time->count() / mean;
  const double variance = std::log1p(relative * relative);
  const double middle = std::log(mean) - variance / 2;
  const auto quantile = [&](double normal) {
    const Millis time(std::exp(middle + normal * std::sqrt(variance)));
    return stats.max_time ? std::min(time, *stats.max_time) : time;
  };
  stats.p95_time = quantile(kNormal95);
  stats.p99_time = quantile(kNormal99);
  stats.percentiles_measured = false;
}

}  // namespace planwise

#include "analyzer/advise/gain_interval.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace planwise {
namespace {

// An estimate of rows is taken to be off by this factor either way without a join, and by the second for
// every join more.
constexpr double kScanError = 1.5;
constexpr double kJoinError = 1.5;
constexpr double kMostError = 10;
// Start and end of an execution on PostgreSQL 15: measured 10 to 30 microseconds.
constexpr Millis kPerExecution{0.02};

}  // namespace

RemainingShare remaining_share(const StatementWeight& weight, const CostAnswer& now, const CostAnswer& then,
                               Millis per_call) {
  RemainingShare share;
  if (weight.units_now <= 0 || (then.used == now.used && then.cost == now.cost)) {
    return share;
  }
  share.typical = weight.units(then) / weight.units_now;
  share.low = share.high = share.typical;
  const auto widen = [&](double ratio) {
    share.low = std::min(share.low, ratio);
    share.high = std::max(share.high, ratio);
  };
  widen(then.cost / now.cost);
  if (!weight.pages) {
    for (const PageTimes& pages : {kCached, kCold}) {
      widen(then.work.units(pages) / std::max(now.work.units(pages), 1e-9));
    }
  }
  const double error = std::min(kMostError, kScanError * std::pow(kJoinError, then.joins));
  share.low /= error;
  // A plan that the planner thinks cheaper is not taken to be slower than today's, unless its own price says
  // so.
  share.high = std::min(share.high * error, std::max(share.high, 1.0));
  if (per_call.count() > 0) {
    const double least = std::min(1.0, kPerExecution / per_call);
    share.high = std::max(share.high, least);
    share.typical = std::max(share.typical, std::min(least, share.high));
  }
  return share;
}

}  // namespace planwise

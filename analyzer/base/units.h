// Quantities that planwise measures, each as its own type, so that milliseconds cannot be added to rows.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace planwise {

using Millis = std::chrono::duration<double, std::milli>;
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

struct Bytes {
  std::int64_t count = 0;
  auto operator<=>(const Bytes&) const = default;
};

// Planners estimate fractions of a row, so this is not an integer.
struct Rows {
  double count = 0;
  auto operator<=>(const Rows&) const = default;
};

// The engine's own cost unit. Comparable only within one server and one set of cost settings.
struct PlanCost {
  double units = 0;
  auto operator<=>(const PlanCost&) const = default;
};

// Half-open interval [from, to) that a set of counters covers.
struct Window {
  TimePoint from;
  TimePoint to;
  [[nodiscard]] Millis length() const { return to - from; }
  auto operator<=>(const Window&) const = default;
};

}  // namespace planwise

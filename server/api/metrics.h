// What the service counts about itself, in Prometheus' text format. Thread-safe.
//
// Labels are bounded: route templates, never paths; target names, at most 500; no statement, no id.
// Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4)
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

#include "server/api/head.h"
#include "server/api/services.h"

namespace planwise::api {

class Metrics {
 public:
  // One request that a handler answered. `route` is its template; empty for none.
  void observe(std::string_view route, Method method, int status, std::chrono::duration<double> duration);

  // Everything: requests, connections, audits, targets, recommendations, store, process. Asks the store; what
  // it cannot say now is left out.
  [[nodiscard]] std::string text(Services& services) const;

 private:
  static constexpr std::array<double, 11> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                  0.1,   0.25,   0.5,   1,    2.5};

  struct Histogram {
    std::array<std::uint64_t, kBounds.size() + 1> counts{};
    double sum = 0;
  };
  using Key = std::tuple<std::string, Method, int>;

  mutable std::mutex mutex_;
  std::map<Key, Histogram> requests_;  // guarded by mutex_
};

}  // namespace planwise::api

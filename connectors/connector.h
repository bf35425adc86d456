// Where snapshots come from: a live server, a snapshot file, a set of logs.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/what_if.h"

namespace planwise {

// A statement given from outside instead of read from the server's statistics (`planwise advise`).
struct GivenStatement {
  std::string name;  // file name less ".sql"
  std::string sql;   // literals or $n
  double calls = 1;
};

// Called as the work goes on: share done (0..1) and the step in words. Must return soon and may come from any
// thread of the connector, one call at a time.
using Progress = std::function<void(double share, std::string_view step)>;

struct CaptureOptions {
  std::size_t statement_limit = 2000;  // most total time first
  std::size_t plan_limit = 2000;       // how many of those to EXPLAIN; never EXPLAIN ANALYZE
  std::chrono::milliseconds budget{
      60'000};  // for the whole capture; at its end what is there is kept, gaps say what is not
  std::chrono::milliseconds statement_timeout{10'000};
  std::optional<std::chrono::seconds> window;  // take two readings that far apart
  std::vector<GivenStatement> given;           // replaces the server's workload
  bool with_plans = true;
  bool allow_privileged = false;
  std::vector<std::string> trusted_owners;  // roles whose functions may run while statements are planned
  Progress progress;
  std::stop_token cancel;  // asked between queries: capture() then ends with kTimeout, "cancelled"
};

// Not thread-safe; every audit has its own.
class Connector {
 public:
  Connector() = default;
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  virtual ~Connector() = default;

  // Reads one snapshot, changing nothing on the server. Fails only if nothing at all could be read; anything
  // less that is missing is a Gap in the snapshot.
  virtual Result<Snapshot> capture(const CaptureOptions& options) = 0;

  // The what-if session over the captured statements, owned by this connector; valid after capture(). nullptr
  // where the source has none (a snapshot file, no HypoPG: a gap says which); the cost model
  // (analyzer/cost_model/cost_model.h) then stands in.
  virtual WhatIf* what_if() noexcept { return nullptr; }
};

// Opens what TARGET names (CONTRACT: a libpq URI or keyword string, a mysql:// or mariadb:// URI, a snapshot
// file). Connects; a privileged login is refused unless told otherwise. Errors never hold a password.
[[nodiscard]] Result<std::unique_ptr<Connector>> open_target(const std::string& target,
                                                             const CaptureOptions& options);

}  // namespace planwise

// One audit from a connection string to a report, without a store.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "analyzer/advise/advice.h"
#include "analyzer/audit.h"
#include "analyzer/base/clock.h"
#include "analyzer/base/result.h"
#include "connectors/connector.h"

namespace planwise {

struct AuditOptions {
  CaptureOptions capture;  // its `progress`, `budget` and `cancel` are set from here
  AdviseOptions advise;
  std::span<const Rule* const> rules;        // empty: all of rules::all()
  std::chrono::milliseconds budget{60'000};  // for the whole audit; at its end it keeps what it has
  std::string target_name;  // in the report and in the ids of recommendations; empty: the snapshot's database
  // How a connection string becomes a connector; empty: open_target().
  std::function<Result<std::unique_ptr<Connector>>(const std::string&, const CaptureOptions&)> open;
  // Called once with what was captured, before it is analysed: to add history, to audit a longer window.
  std::function<void(Snapshot&)> prepare;
  std::stop_token cancel;  // asked between steps and between questions to the planner
};

// Connects, captures, advises, applies the rules and ranks. kUnavailable, kPermissionDenied, ... as
// open_target() and Connector::capture() say; kTimeout with the message "cancelled" if `cancel` was asked.
// What could not be seen within the budget is in AuditReport::skipped, not an error. `target` is a connection
// string or a snapshot file; the names of configured targets are resolved by the caller.
[[nodiscard]] Result<AuditReport> audit_once(const std::string& target, const AuditOptions& options,
                                             const Progress& progress);

}  // namespace planwise

// Runs the audits of the service: takes queued ones from the store, a few at a time, one a target.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "analyzer/base/clock.h"
#include "analyzer/base/result.h"
#include "server/audit/audit_once.h"
#include "server/audit/events.h"
#include "server/store/store.h"

namespace planwise {

struct AuditorOptions {
  int workers = 2;
  AuditOptions audit;  // of every audit; target_name and cancel are set for each
  std::chrono::hours window{
      24 * 7};  // load is audited over this long where the store's readings reach back so far
  std::chrono::minutes least_window{
      60};  // a younger reading is no base: the load since reset is audited instead
};

// Totals since start, for metrics.
struct AuditorCounts {
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  std::int64_t running = 0;  // now
  double total_seconds = 0;  // of all that ended
};

// Thread-safe. Nothing runs before start(); the destructor cancels what runs and waits for it.
class Auditor {
 public:
  // Gives a target's connection string with its secret: from the configuration or from the store.
  using DsnLookup = std::function<Result<std::string>(const Target&)>;

  Auditor(Store& store, const Clock& clock, EventBus& events, AuditorOptions options, DsnLookup dsn);
  ~Auditor();
  Auditor(const Auditor&) = delete;
  Auditor& operator=(const Auditor&) = delete;

  // Fails what an earlier process left running, then starts the workers.
  Result<void> start();
  // Queues an audit, or names the one of the same target that waits or runs already. kNotFound for an unknown
  // target; kInvalidArgument for a disabled one; kUnavailable once stopping.
  Result<Store::Queued> request(TargetId target, AuditTrigger trigger);
  // Ends a queued audit now and a running one at its next step. kInvalidArgument if it is over, kNotFound.
  Result<void> cancel(AuditId audit);
  // No new audits; cancels those that run and waits until they ended or `grace` has passed.
  void stop(std::chrono::milliseconds grace);
  [[nodiscard]] AuditorCounts counts() const;

 private:
  void work(const std::stop_token& stop);
  void run(const Audit& audit);
  Result<void> save(const Audit& audit, const AuditReport& report, const Reading* reading);
  void prepare(Snapshot& snapshot, TargetId target, Reading& reading) const;
  void end(const Audit& audit, AuditState state, const Error& error, bool target_down);
  void end_unended();

  // An audit whose end could not be written, because the store could not be: tried again.
  struct Unended {
    AuditId audit;
    AuditState state = AuditState::kFailed;
    Error error;
    bool target_down = false;
  };

  Store& store_;
  const Clock& clock_;
  EventBus& events_;
  const AuditorOptions options_;
  const DsnLookup dsn_;

  std::mutex
      queue_mutex_;  // held while an audit is queued and told, and while one is claimed: events come in order
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  bool stopping_ = false;                        // guarded by mutex_
  bool requested_ = false;                       // guarded by mutex_: there may be something to claim
  std::map<AuditId, std::stop_source> running_;  // guarded by mutex_
  std::vector<Unended> unended_;                 // guarded by mutex_
  AuditorCounts counts_;                         // guarded by mutex_
  std::vector<std::jthread> workers_;
};

}  // namespace planwise

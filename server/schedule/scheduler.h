// Starts the audits of the targets that have a schedule.
//
// One running audit a target; slots missed while planwise was down, or while the audit before still ran,
// become one. Targets with the same slot do not start together: each waits its own fixed share (a hash of its
// name) of a tenth of its interval, at most 60 s.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "analyzer/base/clock.h"
#include "server/audit/auditor.h"
#include "server/schedule/cron.h"
#include "server/store/store.h"

namespace planwise {

// How long after its slots a target starts: in [0, min(interval / 10, 60 s)), the same on every start of
// planwise.
[[nodiscard]] std::chrono::seconds spread_of(std::string_view target, std::chrono::seconds interval);

// Thread-safe.
class Scheduler {
 public:
  // `zone` is for schedules without a zone of their own (an IANA name).
  Scheduler(Store& store, const Clock& clock, Auditor& auditor, std::string zone);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  void start();
  void stop();
  // Requests every audit that is due at the clock's now; returns how many. start() does it in a thread of its
  // own, tests by hand.
  Result<int> run_due();
  // Targets or schedules have changed: read them again.
  void refresh();
  // Whether run_due() has succeeded within the last two minutes: for readiness.
  [[nodiscard]] bool healthy() const;

 private:
  struct Planned {
    std::string schedule;
    TimePoint due;  // spread included
  };

  struct Look {
    TimePoint wall;
    std::chrono::steady_clock::time_point steady;
  };

  void work(const std::stop_token& stop);
  void forget_if_set_back(TimePoint now);

  Store& store_;
  const Clock& clock_;
  Auditor& auditor_;
  const std::string zone_;

  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  bool refresh_ = false;                                // guarded by mutex_
  std::map<TargetId, Planned> planned_;                 // guarded by mutex_
  std::optional<Look> last_look_;                       // guarded by mutex_
  std::chrono::steady_clock::time_point last_success_;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace planwise

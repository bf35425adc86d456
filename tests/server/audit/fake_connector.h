// A connector that answers with a snapshot of the test's making, can fail, and can be held up.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "connectors/connector.h"
#include "server/audit/audit_once.h"

namespace planwise::test {

// What stands behind every connection string of a test. Thread-safe.
class FakeServers {
 public:
  // What a capture of `dsn` answers from now on.
  void set(const std::string& dsn, Result<Snapshot> answer);
  // Captures wait until let_go(), or until their audit is cancelled.
  void hold();
  void let_go();
  // Waits until `count` captures have begun.
  void wait_for_captures(int count);
  [[nodiscard]] int captures() const;
  [[nodiscard]] CaptureOptions last_options() const;
  // What AuditOptions::open takes. Refers to this.
  [[nodiscard]] std::function<Result<std::unique_ptr<Connector>>(const std::string&, const CaptureOptions&)>
  open();

  Result<Snapshot> capture(const std::string& dsn, const CaptureOptions& options);

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Result<Snapshot>> answers_;  // guarded by mutex_
  bool held_ = false;                                // guarded by mutex_
  int captures_ = 0;                                 // guarded by mutex_
  CaptureOptions last_options_;                      // guarded by mutex_
};

}  // namespace planwise::test

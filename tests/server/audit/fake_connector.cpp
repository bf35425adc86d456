#include "tests/server/audit/fake_connector.h"

#include <chrono>

namespace planwise::test {
namespace {

class FakeConnector final : public Connector {
 public:
  FakeConnector(FakeServers& servers, std::string dsn) : servers_(servers), dsn_(std::move(dsn)) {}
  Result<Snapshot> capture(const CaptureOptions& options) override { return servers_.capture(dsn_, options); }

 private:
  FakeServers& servers_;
  const std::string dsn_;
};

}  // namespace

void FakeServers::set(const std::string& dsn, Result<Snapshot> answer) {
  const std::lock_guard lock(mutex_);
  answers_.insert_or_assign(dsn, std::move(answer));
}

void FakeServers::hold() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void FakeServers::let_go() {
  const std::lock_guard lock(mutex_);
  held_ = false;
  changed_.notify_all();
}

void FakeServers::wait_for_captures(int count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return captures_ >= count; });
}

int FakeServers::captures() const {
  const std::lock_guard lock(mutex_);
  return captures_;
}

CaptureOptions FakeServers::last_options() const {
  const std::lock_guard lock(mutex_);
  return last_options_;
}

std::function<Result<std::unique_ptr<Connector>>(const std::string&, const CaptureOptions&)>
FakeServers::open() {
  return [this](const std::string& dsn, const CaptureOptions&) -> Result<std::unique_ptr<Connector>> {
    const std::lock_guard lock(mutex_);
    if (!answers_.contains(dsn)) {
      return Error{ErrorCode::kUnavailable, "cannot connect", "start the server"};
    }
    return std::unique_ptr<Connector>(std::make_unique<FakeConnector>(*this, dsn));
  };
}

Result<Snapshot> FakeServers::capture(const std::string& dsn, const CaptureOptions& options) {
  if (options.progress) {
    options.progress(0.5, "reading statements");
  }
  std::unique_lock lock(mutex_);
  ++captures_;
  last_options_ = options;
  changed_.notify_all();
  while (held_ && !options.cancel.stop_requested()) {
    changed_.wait_for(lock, std::chrono::milliseconds(1));
  }
  return answers_.at(dsn);
}

}  // namespace planwise::test

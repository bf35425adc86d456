#include "connectors/mysql/mysql.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "connectors/mysql/capture.h"

namespace planwise::mysql {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kConnectPatience{10};

}  // namespace

Result<std::unique_ptr<MySqlConnector>> MySqlConnector::open(const std::string& dsn,
                                                             const CaptureOptions& options) {
  PLANWISE_TRY(Login login, read_login(dsn, default_sources()));
  std::unique_ptr<MySqlConnector> connector(new MySqlConnector(std::move(login)));
  const auto patience = std::min<steady_clock::duration>(options.budget, kConnectPatience);
  PLANWISE_CHECK_OK(connector->ensure_session(options, steady_clock::now() + patience));
  return connector;
}

Result<void> MySqlConnector::ensure_session(const CaptureOptions& options, Deadline deadline) {
  if (session_ && session_->is_open()) {
    return {};
  }
  SessionOptions limits;
  limits.statement_timeout = options.statement_timeout;
  limits.allow_privileged = options.allow_privileged;
  PLANWISE_TRY(Session session, Session::open(login_, std::move(limits), deadline));
  session_.emplace(std::move(session));
  return {};
}

Result<Snapshot> MySqlConnector::capture(const CaptureOptions& options) {
  const auto deadline =
      steady_clock::now() + options.budget + options.window.value_or(std::chrono::seconds(0));
  PLANWISE_CHECK_OK(ensure_session(options, std::min(deadline, steady_clock::now() + kConnectPatience)));
  session_->set_deadline(deadline);
  auto snapshot = capture_catalog(*session_, options);
  session_->set_deadline(Deadline::max());
  return snapshot;
}

}  // namespace planwise::mysql

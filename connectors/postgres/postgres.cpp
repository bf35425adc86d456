#include "connectors/postgres/postgres.h"

#include <chrono>
#include <utility>

#include "connectors/postgres/capture.h"
#include "connectors/postgres/gaps.h"
#include "connectors/postgres/hypopg.h"
#include "connectors/postgres/replan.h"

namespace planwise::pg {
namespace {

using std::chrono::steady_clock;

constexpr double kCatalogShare = 0.6;  // of the progress; planning is the rest
constexpr std::chrono::seconds kConnectPatience{10};

Progress part_of(const Progress& progress, double from, double to) {
  return !progress ? Progress{}
                   : [=](double share, std::string_view step) { progress(from + share * (to - from), step); };
}

}  // namespace

Result<std::unique_ptr<PostgresConnector>> PostgresConnector::open(const std::string& dsn,
                                                                   const CaptureOptions& options) {
  std::unique_ptr<PostgresConnector> connector(new PostgresConnector(dsn));
  const auto patience = std::min<steady_clock::duration>(options.budget, kConnectPatience);
  PLANWISE_CHECK_OK(connector->ensure_session(options, steady_clock::now() + patience));
  return connector;
}

Result<void> PostgresConnector::ensure_session(const CaptureOptions& options, Deadline deadline) {
  what_if_.reset();
  if (session_ && session_->is_open()) {
    return {};
  }
  SessionOptions limits;
  limits.statement_timeout = options.statement_timeout;
  limits.allow_privileged = options.allow_privileged;
  PLANWISE_TRY(Session session, Session::open(dsn_, std::move(limits), deadline));
  session_ = std::make_unique<Session>(std::move(session));
  return {};
}

Result<Snapshot> PostgresConnector::capture(const CaptureOptions& options) {
  const auto deadline =
      steady_clock::now() + options.budget + options.window.value_or(std::chrono::seconds(0));
  PLANWISE_CHECK_OK(ensure_session(options, std::min(deadline, steady_clock::now() + kConnectPatience)));
  session_->set_deadline(deadline);
  CaptureOptions part = options;
  part.progress = part_of(options.progress, 0, options.with_plans ? kCatalogShare : 1);
  PLANWISE_TRY(Snapshot snapshot, capture_catalog(*session_, part));
  if (!options.with_plans) {
    return snapshot;
  }
  part.progress = part_of(options.progress, kCatalogShare, 1);
  auto planned = plan_statements(*session_, snapshot, part, deadline);
  session_->set_deadline(Deadline::max());
  if (!planned) {
    snapshot.gaps.push_back(failed_gap("plans", planned.error(), *session_));
    return snapshot;
  }
  if (!session_->is_pooled()) {  // capture_catalog() has told so
    planned_ = snapshot;
    what_if_ = open_hypopg(std::move(session_), *std::move(planned), planned_, snapshot.gaps);
  }
  return snapshot;
}

}  // namespace planwise::pg

#include "server/audit/auditor.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "server/report/json.h"
#include "server/store/reading.h"

namespace planwise {
namespace {

// How often an idle worker looks into the store by itself: audits may have been queued by an earlier process,
// and a store that could not be written may be writable again.
constexpr std::chrono::seconds kIdleLook{1};
// Progress is stored and told at most so often; a person looks at it.
constexpr std::chrono::milliseconds kProgressEvery{250};

// Whether nobody can say that the server is there.
bool is_down(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeout;
}

Event event_of(EventKind kind, const Audit& audit, AuditState state) {
  Event event;
  event.kind = kind;
  event.audit = audit.id;
  event.target = audit.target;
  event.target_name = audit.target_name;
  event.state = state;
  return event;
}

// Passes progress on, not more often than kProgressEvery. Called by one thread at a time.
class ProgressTeller {
 public:
  ProgressTeller(Store& store, const Clock& clock, EventBus& events, const Audit& audit)
      : store_(store), clock_(clock), events_(events), audit_(audit) {}

  void operator()(double share, std::string_view step) {
    const auto now = clock_.steady_now();
    if (told_ && now - last_ < kProgressEvery) {
      return;
    }
    told_ = true;
    last_ = now;
    // Only news for whoever looks on: an audit does not end because this could not be written.
    static_cast<void>(store_.set_progress(audit_.id, share, step).has_value());
    Event event = event_of(EventKind::kAuditProgress, audit_, AuditState::kRunning);
    event.progress = share;
    event.step = step;
    events_.publish(std::move(event));
  }

 private:
  Store& store_;
  const Clock& clock_;
  EventBus& events_;
  const Audit& audit_;
  bool told_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace

Auditor::Auditor(Store& store, const Clock& clock, EventBus& events, AuditorOptions options, DsnLookup dsn)
    : store_(store), clock_(clock), events_(events), options_(std::move(options)), dsn_(std::move(dsn)) {}

Auditor::~Auditor() {
  stop(std::chrono::milliseconds{0});
}

Result<void> Auditor::start() {
  PLANWISE_TRY(const std::int64_t interrupted, store_.fail_interrupted());
  if (interrupted > 0) {
    spdlog::warn("{} audits were interrupted when planwise ended the last time", interrupted);
  }
  {
    const std::lock_guard lock(mutex_);
    requested_ = true;  // of an earlier process
  }
  for (int i = 0; i < options_.workers; ++i) {
    workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
  return {};
}

Result<Store::Queued> Auditor::request(TargetId target, AuditTrigger trigger) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      return Error{ErrorCode::kUnavailable, "planwise is stopping", "try again when it has started"};
    }
  }
  PLANWISE_TRY(const Target found, store_.target(target));
  if (!found.enabled) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("target \"{}\" is disabled", found.name)};
  }
  const std::lock_guard queue_lock(queue_mutex_);
  PLANWISE_TRY(const Store::Queued queued, store_.queue_audit(target, trigger));
  if (queued.created) {
    Audit audit;
    audit.id = queued.id;
    audit.target = target;
    audit.target_name = found.name;
    events_.publish(event_of(EventKind::kAuditQueued, audit, AuditState::kQueued));
    const std::lock_guard lock(mutex_);
    requested_ = true;
    wake_.notify_one();
  }
  return queued;
}

Result<void> Auditor::cancel(AuditId audit) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto running = running_.find(audit); running != running_.end()) {
      running->second.request_stop();
      return {};
    }
  }
  PLANWISE_TRY(const Audit waiting, store_.audit(audit));
  PLANWISE_CHECK_OK(
      store_.end_audit(audit, AuditState::kCancelled, {ErrorCode::kTimeout, "cancelled"}, false));
  events_.publish(event_of(EventKind::kAuditFinished, waiting, AuditState::kCancelled));
  return {};
}

void Auditor::stop(std::chrono::milliseconds grace) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  for (auto& [id, source] : running_) {
    source.request_stop();
  }
  wake_.notify_all();
  wake_.wait_for(lock, grace, [this] { return running_.empty(); });
}

AuditorCounts Auditor::counts() const {
  const std::lock_guard lock(mutex_);
  AuditorCounts counts = counts_;
  counts.running = static_cast<std::int64_t>(running_.size());
  return counts;
}

void Auditor::work(const std::stop_token& stop) {
  while (true) {
    end_unended();
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, kIdleLook, [this] { return stopping_ || requested_; });
      if (stopping_ || stop.stop_requested()) {
        return;
      }
      requested_ = false;
    }
    Result<std::optional<Audit>> claimed = [this] {
      const std::lock_guard lock(queue_mutex_);
      return store_.claim_audit();
    }();
    if (!claimed) {
      spdlog::error("no audit can start: {}", claimed.error().message);
      continue;
    }
    if (const std::optional<Audit> audit = *std::move(claimed)) {
      {
        const std::lock_guard lock(mutex_);
        requested_ = true;  // there may be more: another worker shall look
        wake_.notify_one();
      }
      run(*audit);
    }
  }
}

void Auditor::run(const Audit& audit) {
  const auto started = clock_.steady_now();
  std::stop_source cancel;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      cancel.request_stop();
    }
    running_.emplace(audit.id, cancel);
  }
  AuditOptions options = options_.audit;
  options.target_name = audit.target_name;
  options.cancel = cancel.get_token();
  std::optional<Reading> reading;
  options.prepare = [&](Snapshot& snapshot) {
    reading = reading_of(snapshot);
    if (reading) {
      prepare(snapshot, audit.target, *reading);
    }
  };
  Result<AuditReport> report = Error{ErrorCode::kInternal, "not run"};
  if (auto dsn = [&]() -> Result<std::string> {
        PLANWISE_TRY(const Target target, store_.target(audit.target));
        return dsn_(target);
      }();
      dsn) {
    report = audit_once(*dsn, options, ProgressTeller(store_, clock_, events_, audit));
  } else {
    report = std::move(dsn).error();
  }
  if (!report) {
    const bool cancelled = cancel.stop_requested();
    end(audit, cancelled ? AuditState::kCancelled : AuditState::kFailed, report.error(),
        !cancelled && is_down(report.error()));
  } else if (auto saved = save(audit, *report, reading ? &*reading : nullptr); !saved) {
    end(audit, AuditState::kFailed, saved.error(), false);
  }
  const std::lock_guard lock(mutex_);
  counts_.total_seconds += std::chrono::duration<double>(clock_.steady_now() - started).count();
  wake_.notify_all();
}

void Auditor::prepare(Snapshot& snapshot, TargetId target, Reading& reading) const {
  const TimePoint since = reading.taken_at - options_.window;
  if (auto history = store_.history(target, since)) {
    snapshot.history = *std::move(history);
  } else {
    snapshot.gaps.push_back(
        {"history of earlier audits", history.error().message, history.error().hint, {}, "", {}});
  }
  const auto base = store_.oldest_reading(target, since);
  if (base && *base && reading.taken_at - (*base)->taken_at >= options_.least_window) {
    if (auto load = difference(**base, reading)) {
      for (Statement& statement : load->statements) {
        // The reading has no texts; the snapshot has them under the same id.
        if (const Statement* whole = snapshot.workload.find(statement.id); whole != nullptr) {
          statement.query = whole->query;
        }
      }
      snapshot.workload = *std::move(load);
    }
  }
}

Result<void> Auditor::save(const Audit& audit, const AuditReport& report, const Reading* reading) {
  const std::string json = report_json(report);
  PLANWISE_TRY(SaveSummary summary, store_.save_audit(audit.id, {report, json, reading}));
  {
    const std::lock_guard lock(mutex_);
    ++counts_.succeeded;
    running_.erase(audit.id);  // before the event: who hears it can no longer cancel the audit
  }
  Event finished = event_of(EventKind::kAuditFinished, audit, AuditState::kSucceeded);
  finished.progress = 1;
  events_.publish(std::move(finished));
  if (!summary.appeared.empty() || !summary.gone.empty()) {
    Event findings = event_of(EventKind::kFindings, audit, AuditState::kSucceeded);
    findings.progress = 1;
    findings.appeared = std::move(summary.appeared);
    findings.gone = std::move(summary.gone);
    events_.publish(std::move(findings));
  }
  return {};
}

void Auditor::end(const Audit& audit, AuditState state, const Error& error, bool target_down) {
  spdlog::warn("audit {} of target \"{}\": {}: {}", audit.id.value, audit.target_name, to_string(state),
               error.message);
  const Result<void> ended = store_.end_audit(audit.id, state, error, target_down);
  {
    const std::lock_guard lock(mutex_);
    ++(state == AuditState::kCancelled ? counts_.cancelled : counts_.failed);
    running_.erase(audit.id);
    if (!ended && ended.error().code == ErrorCode::kUnavailable) {
      unended_.push_back({audit.id, state, error, target_down});
    }
  }
  Event event = event_of(EventKind::kAuditFinished, audit, state);
  event.error = error.message;
  events_.publish(std::move(event));
}

void Auditor::end_unended() {
  std::vector<Unended> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(unended_);
  }
  for (Unended& one : waiting) {
    const Result<void> ended = store_.end_audit(one.audit, one.state, one.error, one.target_down);
    if (!ended && ended.error().code == ErrorCode::kUnavailable) {
      const std::lock_guard lock(mutex_);
      unended_.push_back(std::move(one));
    }
  }
}

}  // namespace planwise

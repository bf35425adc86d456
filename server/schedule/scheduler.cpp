#include "server/schedule/scheduler.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "analyzer/base/hash.h"

namespace planwise {
namespace {

using std::chrono::seconds;

constexpr seconds kLongestSleep{30};  // also how late a jump of the wall clock is noticed
constexpr seconds kMostSpread{60};
constexpr std::chrono::minutes kHealthy{2};
constexpr seconds kClockJump{60};

Result<std::vector<Target>> all_targets(Store& store) {
  std::vector<Target> targets;
  TargetQuery query;
  query.page.limit = kMaxPage;
  do {
    PLANWISE_TRY(auto page, store.targets(query));
    std::move(page.items.begin(), page.items.end(), std::back_inserter(targets));
    query.page.cursor = std::move(page.next_cursor);
  } while (!query.page.cursor.empty());
  return targets;
}

// When the target was last asked to be audited, by anyone; its creation if never. What was due after that and
// has passed is made up for, once.
Result<TimePoint> last_start(Store& store, const Target& target, TimePoint now) {
  AuditQuery query;
  query.target = target.id;
  query.page.limit = 1;
  PLANWISE_TRY(const auto page, store.audits(query));
  const TimePoint last = page.items.empty() ? target.created_at : page.items.front().queued_at;
  return std::min(last, now);  // later only if the clock was set back
}

// The first start after `since`: a slot and the target's share of the spread.
TimePoint due_after(const Cron& cron, const Target& target, TimePoint since) {
  const TimePoint slot = cron.next_due(since);
  const auto interval = std::chrono::floor<seconds>(cron.next_due(slot) - slot);
  return slot + spread_of(target.name, interval);
}

}  // namespace

seconds spread_of(std::string_view target, seconds interval) {
  const seconds range = std::min(interval / 10, kMostSpread);
  if (range <= seconds{0}) {
    return seconds{0};
  }
  return seconds(static_cast<std::int64_t>(hash64(target) % static_cast<std::uint64_t>(range.count())));
}

Scheduler::Scheduler(Store& store, const Clock& clock, Auditor& auditor, std::string zone)
    : store_(store), clock_(clock), auditor_(auditor), zone_(std::move(zone)) {}

Scheduler::~Scheduler() {
  stop();
}

void Scheduler::start() {
  {
    const std::lock_guard lock(mutex_);
    last_success_ = clock_.steady_now();
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Scheduler::stop() {
  thread_.request_stop();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Scheduler::refresh() {
  {
    const std::lock_guard lock(mutex_);
    refresh_ = true;
  }
  wake_.notify_all();
}

bool Scheduler::healthy() const {
  const std::lock_guard lock(mutex_);
  return clock_.steady_now() - last_success_ < kHealthy;
}

void Scheduler::forget_if_set_back(TimePoint now) {
  const auto steady = clock_.steady_now();
  if (last_look_ && (now - last_look_->wall) - (steady - last_look_->steady) < -kClockJump) {
    planned_.clear();
  }
  last_look_ = Look{now, steady};
}

Result<int> Scheduler::run_due() {
  PLANWISE_TRY(const std::vector<Target> targets, all_targets(store_));
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  forget_if_set_back(now);
  std::set<TargetId> scheduled;
  int requested = 0;
  for (const Target& target : targets) {
    if (!target.enabled || target.schedule.empty()) {
      continue;
    }
    const auto cron = Cron::parse(target.schedule, zone_);
    if (!cron) {  // written by a planwise that knew more
      spdlog::error("target \"{}\": {}", target.name, cron.error().message);
      continue;
    }
    scheduled.insert(target.id);
    const auto known = planned_.find(target.id);
    if (known == planned_.end() || known->second.schedule != target.schedule) {
      PLANWISE_TRY(const TimePoint since, last_start(store_, target, now));
      planned_[target.id] = {target.schedule, due_after(*cron, target, since)};
    }
    Planned& plan = planned_[target.id];
    if (plan.due > now) {
      continue;
    }
    const auto queued = auditor_.request(target.id, AuditTrigger::kSchedule);
    if (!queued && queued.error().code == ErrorCode::kUnavailable) {
      return queued.error();  // the store cannot be written, or planwise is stopping: what is due stays due
    }
    if (queued) {
      ++requested;
    }
    plan.due = due_after(*cron, target, now);
  }
  std::erase_if(planned_, [&](const auto& entry) { return !scheduled.contains(entry.first); });
  last_success_ = clock_.steady_now();
  return requested;
}

void Scheduler::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const auto done = run_due(); !done) {
      spdlog::error("schedule: {}", done.error().message);
    }
    std::unique_lock lock(mutex_);
    std::chrono::microseconds sleep = kLongestSleep;
    for (const auto& [target, plan] : planned_) {
      sleep = std::min(sleep, std::chrono::duration_cast<std::chrono::microseconds>(plan.due - clock_.now()));
    }
    wake_.wait_for(lock, stop, std::max<std::chrono::microseconds>(sleep, seconds{1}),
                   [this] { return refresh_; });
    refresh_ = false;
  }
}

}  // namespace planwise

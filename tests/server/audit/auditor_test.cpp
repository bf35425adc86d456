#include "server/audit/auditor.h"

#include <gtest/gtest.h>

#include "tests/server/audit/fake_connector.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace planwise::test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr milliseconds kLong{20'000};

// A rule that always speaks once, about the statement with most time.
void speak(const Analysis& analysis, const RuleOptions& /*options*/, Verdict& out) {
  Finding finding;
  finding.rule = "always";
  finding.subject = "setting:always";
  finding.title = "Change something";
  finding.severity = Severity::kWarning;
  finding.evidence = {
      {"calls in the window", "calls", static_cast<double>(analysis.snapshot.workload.total_calls), "calls"},
      {"intervals", "intervals", static_cast<double>(analysis.snapshot.history.intervals.size()), ""}};
  out.findings.push_back(std::move(finding));
}
constinit const Rule kAlways{{"always", "Always", Severity::kWarning}, &speak};

Snapshot snapshot(TimePoint taken_at, std::int64_t calls) {
  Snapshot made;
  made.server.version_text = "15.8";
  made.server.system_identifier = "1";
  made.server.database = "shop";
  made.taken_at = taken_at;
  Statement statement;
  statement.id = StatementId{1};
  statement.query = "SELECT 1";
  statement.stats.calls = calls;
  statement.stats.total_time = Millis(static_cast<double>(calls));
  made.workload.window = Window{TimePoint{}, taken_at};
  made.workload.statements = {statement};
  made.workload.total_calls = calls;
  made.workload.total_time = statement.stats.total_time;
  return made;
}

class AuditorTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_store("sqlite:" + folder_.file("planwise.db"), clock_);
    ASSERT_TRUE(opened);
    store_ = *std::move(opened);
    events_ = bus_.subscribe();
    options_.audit.rules = rules_;
    options_.audit.open = servers_.open();
    shop_ = add("shop");
  }

  TargetId add(const std::string& name) {
    servers_.set("host=" + name, snapshot(clock_.now(), 100));
    return *store_->add_target({name, "host=" + name, "", {}, {}});
  }

  void start() {
    auditor_ = std::make_unique<Auditor>(*store_, clock_, bus_, options_, [this](const Target& target) {
      return store_->target_dsn(target.id);
    });
    ASSERT_TRUE(auditor_->start());
  }

  // Waits for the next event of that kind.
  Event next(EventKind kind) {
    while (auto event = events_->next(kLong)) {
      if (event->kind == kind) {
        return *event;
      }
    }
    ADD_FAILURE() << "no event " << to_string(kind);
    return {};
  }

  Audit audit(TargetId target) {
    const auto requested = auditor_->request(target, AuditTrigger::kManual);
    EXPECT_TRUE(requested) << requested.error().message;
    while (next(EventKind::kAuditFinished).audit != requested->id) {
    }
    return *store_->audit(requested->id);
  }

  std::string report(const Audit& audit) { return *store_->report_json(audit.id); }

  TempFolder folder_;
  FakeClock clock_;
  FakeServers servers_;
  EventBus bus_;
  const std::array<const Rule*, 1> rules_{&kAlways};
  AuditorOptions options_;
  std::shared_ptr<EventBus::Subscription> events_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Auditor> auditor_;
  TargetId shop_;
};

TEST_F(AuditorTest, RunsAnAuditToItsEnd) {
  start();
  const auto requested = auditor_->request(shop_, AuditTrigger::kManual);
  ASSERT_TRUE(requested && requested->created);
  EXPECT_EQ(next(EventKind::kAuditQueued).audit, requested->id);
  EXPECT_EQ(next(EventKind::kAuditProgress).state, AuditState::kRunning);
  const Event finished = next(EventKind::kAuditFinished);
  EXPECT_EQ(finished.state, AuditState::kSucceeded);
  EXPECT_EQ(finished.target_name, "shop");
  EXPECT_EQ(next(EventKind::kFindings).appeared.size(), 1U);
  EXPECT_EQ(store_->audit(requested->id)->state, AuditState::kSucceeded);
  EXPECT_EQ(store_->target(shop_)->state, TargetState::kUp);
  EXPECT_EQ(store_->recommendations({})->items.at(0).rule, "always");
  EXPECT_EQ(auditor_->counts().succeeded, 1);
}

TEST_F(AuditorTest, MarksATargetThatIsDown) {
  start();
  const TargetId gone = *store_->add_target({"gone", "host=gone", "", {}, {}});
  const Audit failed = audit(gone);
  EXPECT_EQ(failed.state, AuditState::kFailed);
  EXPECT_EQ(failed.error, "cannot connect");
  EXPECT_EQ(failed.hint, "start the server");
  EXPECT_EQ(store_->target(gone)->state, TargetState::kDown);
  EXPECT_EQ(auditor_->counts().failed, 1);
}

TEST_F(AuditorTest, SaysNothingAboutATargetThatRefuses) {
  start();
  servers_.set("host=shop", Error{ErrorCode::kPermissionDenied, "the login is a superuser"});
  EXPECT_EQ(audit(shop_).state, AuditState::kFailed);
  EXPECT_EQ(store_->target(shop_)->state, TargetState::kUnknown);
  EXPECT_EQ(store_->target(shop_)->last_error, "the login is a superuser");
}

TEST_F(AuditorTest, RunsOneAuditATargetAndSeveralTargets) {
  const TargetId other = add("other");
  servers_.hold();
  start();
  const auto first = auditor_->request(shop_, AuditTrigger::kManual);
  ASSERT_TRUE(first);
  servers_.wait_for_captures(1);
  const auto again = auditor_->request(shop_, AuditTrigger::kManual);
  EXPECT_FALSE(again->created);
  EXPECT_EQ(again->id, first->id);
  ASSERT_TRUE(auditor_->request(other, AuditTrigger::kManual));
  servers_.wait_for_captures(2);
  EXPECT_EQ(auditor_->counts().running, 2);
  servers_.let_go();
  next(EventKind::kAuditFinished);
  next(EventKind::kAuditFinished);
  EXPECT_EQ(servers_.captures(), 2);
}

TEST_F(AuditorTest, CancelsWhatRunsAndWhatWaits) {
  options_.workers = 1;
  const TargetId other = add("other");
  servers_.hold();
  start();
  const AuditId running = auditor_->request(shop_, AuditTrigger::kManual)->id;
  servers_.wait_for_captures(1);
  const AuditId waiting = auditor_->request(other, AuditTrigger::kManual)->id;
  ASSERT_TRUE(auditor_->cancel(waiting));
  EXPECT_EQ(store_->audit(waiting)->state, AuditState::kCancelled);
  ASSERT_TRUE(auditor_->cancel(running));
  while (next(EventKind::kAuditFinished).audit != running) {
  }
  EXPECT_EQ(store_->audit(running)->state, AuditState::kCancelled);
  EXPECT_EQ(store_->audit(running)->error, "cancelled");
  EXPECT_EQ(store_->target(shop_)->state, TargetState::kUnknown);
  EXPECT_EQ(auditor_->cancel(running).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(auditor_->cancel(AuditId{99}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(servers_.captures(), 1);
}

TEST_F(AuditorTest, FailsWhatWasInterruptedAndGoesOnWithWhatWaits) {
  const TargetId other = add("other");
  const AuditId interrupted = store_->queue_audit(shop_, AuditTrigger::kManual)->id;
  ASSERT_TRUE(store_->claim_audit());
  const AuditId waiting = store_->queue_audit(other, AuditTrigger::kSchedule)->id;
  start();
  EXPECT_EQ(next(EventKind::kAuditFinished).audit, waiting);
  EXPECT_EQ(store_->audit(interrupted)->error, "interrupted");
  EXPECT_EQ(store_->audit(waiting)->state, AuditState::kSucceeded);
}

TEST_F(AuditorTest, StopsWithinItsGrace) {
  servers_.hold();
  start();
  const AuditId running = auditor_->request(shop_, AuditTrigger::kManual)->id;
  servers_.wait_for_captures(1);
  auditor_->stop(kLong);
  EXPECT_EQ(auditor_->counts().running, 0);
  EXPECT_EQ(store_->audit(running)->state, AuditState::kCancelled);
  EXPECT_EQ(auditor_->request(shop_, AuditTrigger::kManual).error().code, ErrorCode::kUnavailable);
}

TEST_F(AuditorTest, RefusesADisabledTarget) {
  start();
  ASSERT_TRUE(store_->change_target(shop_, {{}, {}, {}, {}, false}));
  EXPECT_EQ(auditor_->request(shop_, AuditTrigger::kManual).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(auditor_->request(TargetId{99}, AuditTrigger::kManual).error().code, ErrorCode::kNotFound);
}

TEST_F(AuditorTest, OutlivesATargetThatIsRemovedMeanwhile) {
  servers_.hold();
  start();
  ASSERT_TRUE(auditor_->request(shop_, AuditTrigger::kManual));
  servers_.wait_for_captures(1);
  ASSERT_TRUE(store_->remove_target(shop_));
  servers_.let_go();
  EXPECT_EQ(next(EventKind::kAuditFinished).state, AuditState::kFailed);
  EXPECT_EQ(audit(add("other")).state, AuditState::kSucceeded);
}

TEST_F(AuditorTest, AuditsTheDifferenceToAnOlderReading) {
  start();
  EXPECT_NE(report(audit(shop_)).find("\"kind\":\"since-reset\""), std::string::npos);
  clock_.advance(std::chrono::minutes(10));
  servers_.set("host=shop", snapshot(clock_.now(), 130));
  EXPECT_NE(report(audit(shop_)).find("\"kind\":\"since-reset\""), std::string::npos) << "too short a window";
  clock_.advance(hours(2));
  servers_.set("host=shop", snapshot(clock_.now(), 190));
  const std::string difference = report(audit(shop_));
  EXPECT_NE(difference.find("\"kind\":\"interval\""), std::string::npos);
  EXPECT_NE(difference.find("\"query\":\"SELECT 1\""), std::string::npos) << "with its text";
  EXPECT_NE(difference.find("\"calls\":90"), std::string::npos) << "since the first reading of the day";
  const auto points = store_->statement_history(StatementId{1}, shop_, {TimePoint{}, clock_.now()});
  ASSERT_TRUE(points);
  ASSERT_EQ(points->size(), 2U) << "history has every interval";
  EXPECT_EQ(points->at(1).calls, 60);
  Snapshot reset = snapshot(clock_.now() + hours(1), 5);
  reset.workload.window.from = clock_.now();
  servers_.set("host=shop", reset);
  EXPECT_NE(report(audit(shop_)).find("\"kind\":\"since-reset\""), std::string::npos) << "after a reset";
}

TEST_F(AuditorTest, GivesEveryAuditItsBudget) {
  options_.audit.budget = std::chrono::seconds(10);
  options_.audit.capture.window = std::chrono::seconds(30);
  start();
  audit(shop_);
  EXPECT_EQ(servers_.last_options().budget, std::chrono::seconds(37))
      << "the window, and a part of the budget";
}

}  // namespace
}  // namespace planwise::test

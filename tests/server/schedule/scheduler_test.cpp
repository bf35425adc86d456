#include "server/schedule/scheduler.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace planwise::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// The auditor is not started: what is requested stays queued and can be counted.
class SchedulerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_store("sqlite:" + folder_.file("planwise.db"), clock_);
    ASSERT_TRUE(opened);
    store_ = *std::move(opened);
    auditor_ = std::make_unique<Auditor>(*store_, clock_, bus_, AuditorOptions{}, [](const Target&) {
      return Error{ErrorCode::kInternal, "not run here"};
    });
    scheduler_ = std::make_unique<Scheduler>(*store_, clock_, *auditor_, "UTC");
  }

  TargetId add(const std::string& name, const std::string& schedule) {
    return *store_->add_target({name, "host=a", schedule, {}, {}});
  }

  int run() {
    const auto requested = scheduler_->run_due();
    EXPECT_TRUE(requested) << requested.error().message;
    return requested ? *requested : -1;
  }

  // Ends what is queued, so that the next one can be.
  void finish_all() {
    while (const auto claimed = *store_->claim_audit()) {
      ASSERT_TRUE(store_->end_audit(claimed->id, AuditState::kFailed, {ErrorCode::kTimeout, "late"}, false));
    }
  }

  std::size_t audits() { return store_->audits({{}, {}, {500, ""}})->items.size(); }

  TempFolder folder_;
  FakeClock clock_;  // at midnight
  EventBus bus_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Auditor> auditor_;
  std::unique_ptr<Scheduler> scheduler_;
};

TEST_F(SchedulerTest, StartsEachSlotOnce) {
  add("shop", "*/30 * * * *");
  add("by hand", "");
  EXPECT_EQ(run(), 0);
  for (int minute = 1; minute <= 240; ++minute) {
    clock_.advance(minutes(1));
    run();
    finish_all();
  }
  // 00:30, 01:00, ... 03:30, and 04:00 only where the target has no share of the spread.
  const bool on_the_dot = spread_of("shop", minutes(30)) == seconds{0};
  EXPECT_EQ(audits(), on_the_dot ? 8U : 7U);
}

TEST_F(SchedulerTest, MakesUpOnceForWhatItMissed) {
  add("shop", "@hourly");
  EXPECT_EQ(run(), 0);
  clock_.advance(hours(7));  // planwise was down
  scheduler_ = std::make_unique<Scheduler>(*store_, clock_, *auditor_, "UTC");
  EXPECT_EQ(run(), 1);
  finish_all();
  EXPECT_EQ(run(), 0);
  scheduler_ = std::make_unique<Scheduler>(*store_, clock_, *auditor_, "UTC");
  EXPECT_EQ(run(), 0) << "another start changes nothing";
}

TEST_F(SchedulerTest, DoesNotPileUpBehindAnAuditThatRuns) {
  add("shop", "@hourly");
  run();
  for (int i = 0; i < 5; ++i) {
    clock_.advance(hours(1));
    run();
  }
  EXPECT_EQ(audits(), 1U);
}

TEST_F(SchedulerTest, FollowsChangesOfTargets) {
  const TargetId shop = add("shop", "@yearly");
  EXPECT_EQ(run(), 0);
  ASSERT_TRUE(store_->change_target(shop, {{}, "* * * * *", {}, {}, {}}));
  clock_.advance(minutes(2));
  EXPECT_EQ(run(), 1);
  finish_all();
  ASSERT_TRUE(store_->change_target(shop, {{}, {}, {}, {}, false}));
  clock_.advance(hours(1));
  EXPECT_EQ(run(), 0) << "disabled";
}

TEST_F(SchedulerTest, OutlivesAClockThatWasSetBack) {
  add("shop", "@hourly");
  run();
  clock_.jump(clock_.now() + hours(24 * 365));  // a wrong year
  EXPECT_EQ(run(), 1);
  finish_all();
  clock_.jump(clock_.now() - hours(24 * 365));
  EXPECT_EQ(run(), 0);
  clock_.advance(hours(1) + minutes(1));
  EXPECT_EQ(run(), 1) << "and not only next year";
}

TEST_F(SchedulerTest, LeavesDueWhatCouldNotBeRequested) {
  add("shop", "@hourly");
  run();
  clock_.advance(hours(1) + minutes(1));
  auditor_->stop(std::chrono::milliseconds{0});
  EXPECT_EQ(scheduler_->run_due().error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(audits(), 0U);
}

TEST_F(SchedulerTest, IsHealthyWhileItLooks) {
  run();
  EXPECT_TRUE(scheduler_->healthy());
  clock_.advance(minutes(3));
  EXPECT_FALSE(scheduler_->healthy());
}

TEST(SpreadOf, StaysWithinATenthOfTheIntervalAndAMinute) {
  int different = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "target-" + std::to_string(i);
    const seconds hourly = spread_of(name, hours(1));
    EXPECT_GE(hourly, seconds{0});
    EXPECT_LT(hourly, seconds{60});
    EXPECT_LT(spread_of(name, minutes(5)), seconds{30});
    EXPECT_EQ(spread_of(name, seconds{5}), seconds{0});
    EXPECT_EQ(hourly, spread_of(name, hours(1))) << "the same on every start";
    different += hourly == spread_of("target-0", hours(1)) ? 0 : 1;
  }
  EXPECT_GT(different, 150) << "targets do not start together";
}

}  // namespace
}  // namespace planwise::test

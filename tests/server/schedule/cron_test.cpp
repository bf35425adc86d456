#include "server/schedule/cron.h"

#include <date/date.h>
#include <date/tz.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sstream>

#include "analyzer/base/text.h"

namespace planwise {
namespace {

// "2026-03-29T00:59:00Z"
TimePoint at(const std::string& text) {
  std::istringstream in(text);
  TimePoint time;
  in >> date::parse("%FT%TZ", time);
  EXPECT_FALSE(in.fail()) << text;
  return time;
}

std::string next(const std::string& schedule, const std::string& now, const std::string& zone = "UTC") {
  const auto cron = Cron::parse(schedule, zone);
  return cron ? rfc3339(cron->next_due(at(now))) : cron.error().message;
}

std::vector<std::string> runs(const std::string& schedule, const std::string& now, int count,
                              const std::string& zone) {
  std::vector<std::string> texts;
  const auto cron = Cron::parse(schedule, zone);
  EXPECT_TRUE(cron) << cron.error().message;
  for (const TimePoint run : cron->next_runs(at(now), count)) {
    texts.push_back(rfc3339(run));
  }
  return texts;
}

TEST(Cron, FindsTheNextMinuteOfItsFields) {
  EXPECT_EQ(next("*/30 * * * *", "2026-01-31T23:30:00Z"), "2026-02-01T00:00:00Z");
  EXPECT_EQ(next("*/30 * * * *", "2026-01-31T23:29:59Z"), "2026-01-31T23:30:00Z");
  EXPECT_EQ(next("5 4 * * *", "2026-01-31T04:05:00Z"), "2026-02-01T04:05:00Z");
  EXPECT_EQ(next("0 8-18/5 * * mon-fri", "2026-03-06T18:00:00Z"), "2026-03-09T08:00:00Z");
  EXPECT_EQ(next("1,2,50-52 * * * *", "2026-03-06T18:02:00Z"), "2026-03-06T18:50:00Z");
  EXPECT_EQ(next("0 0 1 JAN *", "2026-03-06T00:00:00Z"), "2027-01-01T00:00:00Z");
  EXPECT_EQ(next("40/10 * * * *", "2026-03-06T18:42:00Z"), "2026-03-06T18:50:00Z");
  EXPECT_EQ(next("0 0 * * 7", "2026-03-06T00:00:00Z"), "2026-03-08T00:00:00Z") << "7 is Sunday too";
  EXPECT_EQ(next("0 0 * * sat-sun", "2026-03-07T00:00:00Z"), "2026-03-08T00:00:00Z");
  EXPECT_EQ(next("0 0 29 2 *", "2097-01-01T00:00:00Z"), "2104-02-29T00:00:00Z") << "2100 is no leap year";
}

TEST(Cron, KnowsNames) {
  EXPECT_EQ(next("@hourly", "2026-03-06T18:42:00Z"), "2026-03-06T19:00:00Z");
  EXPECT_EQ(next("@daily", "2026-03-06T18:42:00Z"), "2026-03-07T00:00:00Z");
  EXPECT_EQ(next("@weekly", "2026-03-06T18:42:00Z"), "2026-03-08T00:00:00Z");
  EXPECT_EQ(next("@monthly", "2026-03-06T18:42:00Z"), "2026-04-01T00:00:00Z");
  EXPECT_EQ(next("@yearly", "2026-03-06T18:42:00Z"), "2027-01-01T00:00:00Z");
}

TEST(Cron, JoinsTheTwoDayFieldsAsVixieCronDoes) {
  // The 13th or a Friday; with a star in one of them, both.
  EXPECT_EQ(next("0 0 13 * fri", "2026-03-06T00:00:00Z"), "2026-03-13T00:00:00Z");
  EXPECT_EQ(next("0 0 15 * fri", "2026-03-13T00:00:00Z"), "2026-03-15T00:00:00Z");
  EXPECT_EQ(next("0 0 */2 * fri", "2026-03-06T00:00:00Z"), "2026-03-13T00:00:00Z")
      << "Fridays with an odd date";
}

TEST(Cron, ReadsLocalTime) {
  EXPECT_EQ(next("0 3 * * *", "2026-01-15T00:00:00Z", "Europe/Berlin"), "2026-01-15T02:00:00Z");
  EXPECT_EQ(next("0 3 * * *", "2026-07-15T00:00:00Z", "Europe/Berlin"), "2026-07-15T01:00:00Z");
  EXPECT_EQ(next("CRON_TZ=Asia/Kathmandu 0 3 * * *", "2026-07-15T00:00:00Z"), "2026-07-15T21:15:00Z");
  EXPECT_EQ(next("TZ=America/New_York  @daily", "2026-07-15T00:00:00Z", "Europe/Berlin"),
            "2026-07-15T04:00:00Z");
}

TEST(Cron, RunsAfterAGapWhatFallsIntoIt) {
  // In Berlin 2026-03-29 has no time from 02:00 to 03:00; 03:00 is 01:00 in UTC.
  EXPECT_EQ(
      runs("30 2 * * *", "2026-03-28T00:00:00Z", 3, "Europe/Berlin"),
      (std::vector<std::string>{"2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"}));
  EXPECT_EQ(
      runs("0,30 2,3 * * *", "2026-03-29T00:00:00Z", 3, "Europe/Berlin"),
      (std::vector<std::string>{"2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z"}))
      << "once, not once for each slot that is missing";
  EXPECT_EQ(
      runs("30 * * * *", "2026-03-29T00:00:00Z", 3, "Europe/Berlin"),
      (std::vector<std::string>{"2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z"}))
      << "every hour goes on every hour";
}

TEST(Cron, RunsOnceWhatAnAutumnDayHasTwice) {
  // In Berlin 2026-10-25 has the times from 02:00 to 03:00 twice: from 00:00 and from 01:00 in UTC.
  EXPECT_EQ(runs("30 2 * * *", "2026-10-24T12:00:00Z", 2, "Europe/Berlin"),
            (std::vector<std::string>{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}));
  EXPECT_EQ(
      runs("30 */1 * * *", "2026-10-25T00:00:00Z", 3, "Europe/Berlin"),
      (std::vector<std::string>{"2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z"}));
}

TEST(Cron, OutlivesADayThatAZoneLeftOut) {
  // Samoa went from 2011-12-29 24:00 to 2011-12-31 00:00.
  EXPECT_EQ(
      runs("0 12 * * *", "2011-12-29T00:00:00Z", 3, "Pacific/Apia"),
      (std::vector<std::string>{"2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z"}));
}

TEST(Cron, SaysWhatIsWrong) {
  const auto error = [](const std::string& schedule) {
    const auto cron = Cron::parse(schedule);
    return cron ? "accepted" : cron.error().message;
  };
  EXPECT_EQ(error("60 * * * *"), "schedule: minute \"60\": not from 0 to 59");
  EXPECT_EQ(error("* * * foo *"), "schedule: month \"foo\": not from 1 to 12");
  EXPECT_EQ(error("*/0 * * * *"), "schedule: minute \"*/0\": the step is not from 1 to 59");
  EXPECT_EQ(error("5-2 * * * *"), "schedule: minute \"5-2\": the range ends before it starts");
  EXPECT_EQ(error("* * * *"), "schedule: \"* * * *\" has 4 fields instead of 5");
  EXPECT_EQ(error("* * * * * *"), "schedule: \"* * * * * *\" has 6 fields instead of 5");
  EXPECT_EQ(error("0 0 30 2 *"), "schedule: day of month \"30\": no such day in any of the months");
  EXPECT_EQ(error("@reboot"), "schedule: \"@reboot\" is not known");
  EXPECT_EQ(error("CRON_TZ=Mars/Olympus @daily"), "schedule: \"Mars/Olympus\" is no time zone");
  for (const char* text :
       {"", " ", "1,,2 * * * *", "1- * * * *", "-1 * * * *", "*/ * * * *", "1/2/3 * * * *", "+1 * * * *",
        "0x1 * * * *", "CRON_TZ= @daily", "99999999999 * * * *", "* * * * mon-"}) {
    EXPECT_FALSE(Cron::parse(text)) << text;
  }
}

const std::vector<std::string> kSchedules{
    "*/30 * * * *",  "@hourly",          "0 3 * * *",    "30 2 * * *", "59 23 31 12 *",
    "7 1-3 * * sun", "*/7 */5 1,15 * *", "0 0 13 * fri", "15 0 * * *", "0 0 29 2 *"};

RC_GTEST_PROP(CronProperty, NextIsLaterOnTheGridAndNothingIsBetween, ()) {
  const auto& zones = date::get_tzdb().zones;
  const auto& zone = zones[*rc::gen::inRange<std::size_t>(0, zones.size())];
  const auto& schedule = kSchedules[*rc::gen::inRange<std::size_t>(0, kSchedules.size())];
  // 2000 to 2040, any second.
  const TimePoint now{std::chrono::seconds(*rc::gen::inRange<std::int64_t>(946'684'800, 2'208'988'800))};
  const auto parsed = Cron::parse(schedule, zone.name());
  RC_ASSERT(parsed.has_value());
  const Cron& cron = *parsed;
  const TimePoint due = cron.next_due(now);
  RC_ASSERT(due > now);
  RC_ASSERT(due != TimePoint::max());
  RC_ASSERT(due.time_since_epoch() % std::chrono::seconds(1) == std::chrono::microseconds(0));
  // From just before it is the next one, from it another; and from halfway nothing earlier is found.
  RC_ASSERT(cron.next_due(due - std::chrono::seconds(1)) == due);
  RC_ASSERT(cron.next_due(due) > due);
  RC_ASSERT(cron.next_due(now + (due - now) / 2) == due);
  // It is a minute of the schedule by the zone's clock, or the end of a gap in it.
  const auto local = zone.to_local(due);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(due);
  const bool after_gap = zone.get_info(seconds).begin == seconds;
  const auto minute = std::chrono::floor<std::chrono::minutes>(local);
  RC_ASSERT(after_gap || std::chrono::duration_cast<std::chrono::microseconds>(local - minute).count() == 0);
}

}  // namespace
}  // namespace planwise

// When something is due: five-field cron expressions in a time zone.
//
//   */30 8-18 * * mon-fri
//   CRON_TZ=Europe/Berlin 0 3 * * *
//   @hourly
//
// Fields: minute 0-59, hour 0-23, day of month 1-31, month 1-12 or jan-dec, day of week 0-7 or sun-sat (0 and
// 7 are Sunday); each `*`, a value, a range a-b, a list with commas, a step */n or a-b/n (a/n is from a on).
// As in Vixie cron a day is due if the day of month or the day of week matches where both are given, else if
// both match. @yearly (@annually), @monthly,
// @weekly, @daily (@midnight), @hourly.
//
// Clock changes: a time that a spring day lacks is due at the first minute after the gap; one that an autumn
// day has twice is due once, the first time. Where the hour field is `*` or a step over it the schedule
// follows the clock: nothing is made up in spring, and both hours count in autumn. Source: cron(8) of Vixie
// cron 3.0, "Daylight Saving Time and other time changes".
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/base/units.h"

namespace planwise {

// Thread-compatible; a value.
class Cron {
 public:
  // `zone` is an IANA name; a CRON_TZ= or TZ= before the fields overrides it. kInvalidArgument says which
  // field is wrong and what it may hold, also for an expression that is never due ("0 0 30 2 *") and an
  // unknown zone.
  [[nodiscard]] static Result<Cron> parse(std::string_view text, std::string_view zone = "UTC");

  // The first due minute later than `now`.
  [[nodiscard]] TimePoint next_due(TimePoint now) const;
  // The `count` due minutes after `now`, in order.
  [[nodiscard]] std::vector<TimePoint> next_runs(TimePoint now, int count) const;
  [[nodiscard]] const std::string& timezone() const { return timezone_; }

 private:
  friend class CronParser;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;     // of month, from 1
  std::bitset<13> months_;   // from 1
  std::bitset<7> weekdays_;  // 0 is Sunday
  bool any_day_ = true;      // day of month is `*`
  bool any_weekday_ = true;  // day of week is `*`
  bool any_hour_ = true;     // hour is `*` or a step over it
  std::string timezone_ = "UTC";
};

}  // namespace planwise

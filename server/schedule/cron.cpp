#include "server/schedule/cron.h"

#include <date/tz.h>

#include <algorithm>

namespace planwise {
namespace {

using std::chrono::seconds;

// The longest wait there is: from 29 February 2096 to that of 2104.
constexpr int kSearchDays = 9 * 366;

// The instants that a local time stands for, appended to `out`.
void append_instants(const date::time_zone& zone, date::local_seconds local, bool follows_clock,
                     std::vector<date::sys_seconds>& out) {
  const date::local_info info = zone.get_info(local);
  switch (info.result) {
    case date::local_info::unique: out.emplace_back(local.time_since_epoch() - info.first.offset); break;
    case date::local_info::nonexistent:
      if (!follows_clock) {
        out.push_back(info.second.begin);
      }
      break;
    default:  // ambiguous
      out.emplace_back(local.time_since_epoch() - info.first.offset);
      if (follows_clock) {
        out.emplace_back(local.time_since_epoch() - info.second.offset);
      }
  }
}

}  // namespace

TimePoint Cron::next_due(TimePoint now) const {
  const date::time_zone& zone = *date::locate_zone(timezone_);
  const auto after = std::chrono::floor<seconds>(now);
  const auto is_due_day = [this](date::local_days day) {
    const date::year_month_day ymd(day);
    const bool day_fits = days_[static_cast<unsigned>(ymd.day())];
    const bool weekday_fits = weekdays_[date::weekday(day).c_encoding()];
    return months_[static_cast<unsigned>(ymd.month())] &&
           (any_day_ || any_weekday_ ? day_fits && weekday_fits : day_fits || weekday_fits);
  };
  // The instants of one day that are later than now, the earliest; max() if there is none.
  const auto earliest_on = [&](date::local_days day) {
    auto earliest = date::sys_seconds::max();
    std::vector<date::sys_seconds> instants;
    for (std::size_t hour = 0; hour < 24; ++hour) {
      for (std::size_t minute = 0; hours_[hour] && minute < 60; ++minute) {
        if (minutes_[minute]) {
          const auto local = day + std::chrono::hours(hour) + std::chrono::minutes(minute);
          append_instants(zone, local, any_hour_, instants);
        }
      }
    }
    for (const date::sys_seconds instant : instants) {
      if (instant > after) {
        earliest = std::min(earliest, instant);
      }
    }
    return earliest;
  };
  const auto today = date::floor<date::days>(zone.to_local(after));
  for (int i = -1; i < kSearchDays; ++i) {
    const date::local_days day = today + date::days(i);
    if (!is_due_day(day)) {
      continue;
    }
    auto earliest = earliest_on(day);
    if (earliest == date::sys_seconds::max()) {
      continue;
    }
    // Where clocks go back over midnight the next day has times that come before the last ones of this day.
    if (is_due_day(day + date::days(1))) {
      earliest = std::min(earliest, earliest_on(day + date::days(1)));
    }
    return earliest;
  }
  return TimePoint::max();  // parse() lets no such schedule through
}

std::vector<TimePoint> Cron::next_runs(TimePoint now, int count) const {
  std::vector<TimePoint> runs;
  for (int i = 0; i < count; ++i) {
    now = next_due(now);
    runs.push_back(now);
  }
  return runs;
}

}  // namespace planwise

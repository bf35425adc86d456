#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>
#include <exception>
#include <span>
#include <utility>

#include "server/schedule/cron.h"

namespace planwise {
namespace {

struct Field {
  std::string_view name;
  int first = 0;
  int last = 0;
  std::span<const std::string_view> words;  // for `first`, `first` + 1, ...
};

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<Field, 5> kFields{{{"minute", 0, 59, {}},
                                        {"hour", 0, 23, {}},
                                        {"day of month", 1, 31, {}},
                                        {"month", 1, 12, kMonths},
                                        {"day of week", 0, 7, kWeekdays}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNamed{{{"@yearly", "0 0 1 1 *"},
                                                                               {"@annually", "0 0 1 1 *"},
                                                                               {"@monthly", "0 0 1 * *"},
                                                                               {"@weekly", "0 0 * * 0"},
                                                                               {"@daily", "0 0 * * *"},
                                                                               {"@midnight", "0 0 * * *"},
                                                                               {"@hourly", "0 * * * *"}}};

constexpr std::string_view kSpace = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kSpace);
  if (start == std::string_view::npos) {
    return {};
  }
  return text.substr(start, text.find_last_not_of(kSpace) - start + 1);
}

Error wrong(const Field& field, std::string_view part, std::string_view why) {
  return Error{ErrorCode::kInvalidArgument, fmt::format("schedule: {} \"{}\": {}", field.name, part, why),
               "five fields: minute hour day-of-month month day-of-week, as in \"*/30 * * * *\" or \"0 3 * * "
               "mon-fri\""};
}

Result<int> value_of(const Field& field, std::string_view text) {
  std::string lower;
  for (const char letter : text) {
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  for (std::size_t i = 0; i < field.words.size(); ++i) {
    if (lower == field.words[i]) {
      return field.first + static_cast<int>(i);
    }
  }
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < field.first ||
      value > field.last) {
    return wrong(field, text, fmt::format("not from {} to {}", field.first, field.last));
  }
  return value;
}

// One element of a list: calls set(n) for every value it stands for.
template <class Set>
Result<void> read_part(const Field& field, std::string_view part, Set set) {
  std::string_view range = part;
  int step = 1;
  bool stepped = false;
  if (const std::size_t slash = part.find('/'); slash != std::string_view::npos) {
    range = part.substr(0, slash);
    const std::string_view text = part.substr(slash + 1);
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), step);
    if (failed != std::errc() || end != text.data() + text.size() || step < 1 || step > field.last) {
      return wrong(field, part, fmt::format("the step is not from 1 to {}", field.last));
    }
    stepped = true;
  }
  int from = field.first;
  int to = &field == &kFields[4] ? 6 : field.last;
  if (range != "*") {
    const std::size_t dash = range.find('-');
    PLANWISE_TRY(from, value_of(field, range.substr(0, dash)));
    if (dash != std::string_view::npos) {
      PLANWISE_TRY(to, value_of(field, range.substr(dash + 1)));
      if (&field == &kFields[4] && to == 0 && from > 0) {
        to = 7;  // sat-sun
      }
    } else if (!stepped) {
      to = from;
    }
    if (from > to) {
      return wrong(field, part, "the range ends before it starts");
    }
  }
  for (int value = from; value <= to; value += step) {
    set(value);
  }
  return {};
}

template <class Set>
Result<void> read_field(const Field& field, std::string_view text, Set set) {
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    PLANWISE_CHECK_OK(read_part(field, part, set));
    if (comma == std::string_view::npos) {
      return {};
    }
    text.remove_prefix(comma + 1);
  }
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trimmed(text)).empty()) {
    const std::size_t end = std::min(text.find_first_of(kSpace), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

// Takes "CRON_TZ=Europe/Berlin" off the front of `text`.
std::optional<std::string> take_zone(std::string_view& text) {
  for (const std::string_view prefix : {"CRON_TZ=", "TZ="}) {
    if (text.starts_with(prefix)) {
      const std::size_t end = std::min(text.find_first_of(kSpace), text.size());
      const std::string zone(text.substr(prefix.size(), end - prefix.size()));
      text = trimmed(text.substr(end));
      return zone;
    }
  }
  return std::nullopt;
}

bool is_zone(const std::string& name) {
  try {
    static_cast<void>(date::locate_zone(name));
    return true;
  } catch (const std::exception&) {  // it has no other way to say so
    return false;
  }
}

}  // namespace

class CronParser {
 public:
  static Result<Cron> parse(const std::vector<std::string_view>& fields, std::string zone) {
    Cron cron;
    cron.timezone_ = std::move(zone);
    const auto at = [](int value) { return static_cast<std::size_t>(value); };
    PLANWISE_CHECK_OK(read_field(kFields[0], fields[0], [&](int value) { cron.minutes_.set(at(value)); }));
    PLANWISE_CHECK_OK(read_field(kFields[1], fields[1], [&](int value) { cron.hours_.set(at(value)); }));
    PLANWISE_CHECK_OK(read_field(kFields[2], fields[2], [&](int value) { cron.days_.set(at(value)); }));
    PLANWISE_CHECK_OK(read_field(kFields[3], fields[3], [&](int value) { cron.months_.set(at(value)); }));
    PLANWISE_CHECK_OK(
        read_field(kFields[4], fields[4], [&](int value) { cron.weekdays_.set(at(value % 7)); }));
    cron.any_hour_ = fields[1].front() == '*';
    cron.any_day_ = fields[2].front() == '*';
    cron.any_weekday_ = fields[4].front() == '*';
    if (!is_ever_due(cron)) {
      return wrong(kFields[2], fields[2], "no such day in any of the months");
    }
    return cron;
  }

 private:
  // A day of the week comes in every month; only a day of the month alone can be one that no month has.
  static bool is_ever_due(const Cron& cron) {
    if (!cron.any_weekday_ && !cron.any_day_) {
      return true;
    }
    constexpr std::array<std::size_t, 13> kLongest{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (std::size_t month = 1; month <= 12; ++month) {
      for (std::size_t day = 1; cron.months_[month] && day <= kLongest.at(month); ++day) {
        if (cron.days_[day]) {
          return true;
        }
      }
    }
    return false;
  }
};

Result<Cron> Cron::parse(std::string_view text, std::string_view zone) {
  std::string_view rest = trimmed(text);
  const std::string own_zone = take_zone(rest).value_or(std::string(zone));
  if (!is_zone(own_zone)) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("schedule: \"{}\" is no time zone", own_zone),
                 "use an IANA name such as Europe/Berlin; they come with the package tzdata"};
  }
  if (rest.starts_with('@')) {
    for (const auto& [name, fields] : kNamed) {
      if (rest == name) {
        return CronParser::parse(words_of(fields), own_zone);
      }
    }
    return Error{ErrorCode::kInvalidArgument, fmt::format("schedule: \"{}\" is not known", rest),
                 "known are @yearly, @monthly, @weekly, @daily and @hourly"};
  }
  const std::vector<std::string_view> fields = words_of(rest);
  if (fields.size() != kFields.size()) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("schedule: \"{}\" has {} fields instead of 5", rest, fields.size()),
                 "minute hour day-of-month month day-of-week, as in \"*/30 * * * *\""};
  }
  return CronParser::parse(fields, own_zone);
}

}  // namespace planwise

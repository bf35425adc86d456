#include "analyzer/advise/index_entries.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <string_view>

#include "analyzer/sql/quote.h"

namespace planwise {
namespace {

// Units of date_trunc and their length in days; a cast to date is a day.
struct TimeUnit {
  std::string_view name;
  double days;
};
constexpr std::array kTimeUnits{TimeUnit{"'hour'", 1.0 / 24}, TimeUnit{"'day'", 1},
                                TimeUnit{"'week'", 7},        TimeUnit{"'month'", 30.4},
                                TimeUnit{"'quarter'", 91.3},  TimeUnit{"'year'", 365.2}};

std::optional<double> day_number(std::string_view date) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (date.size() < 10 || std::from_chars(date.data(), date.data() + 4, year).ec != std::errc{} ||
      std::from_chars(date.data() + 5, date.data() + 7, month).ec != std::errc{} ||
      std::from_chars(date.data() + 8, date.data() + 10, day).ec != std::errc{}) {
    return std::nullopt;
  }
  const std::chrono::year_month_day parsed{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
  return parsed.ok() ? std::optional(double(std::chrono::sys_days(parsed).time_since_epoch().count()))
                     : std::nullopt;
}

// A time cut to units: as many values as there are units between the ends of the column's histogram.
std::optional<EntryColumn> truncated_time(const Table& table, const std::string& expression) {
  const bool truncates = expression.starts_with("date_trunc(");
  const bool is_date = expression.ends_with("::date") || expression.starts_with("date(");
  const auto* const unit = std::ranges::find_if(kTimeUnits, [&](const TimeUnit& candidate) {
    return expression.find(candidate.name) != std::string::npos;
  });
  if (!is_date && (!truncates || unit == kTimeUnits.end())) {
    return std::nullopt;
  }
  for (const Column& column : table.columns) {
    const bool is_time = column.base_type == "timestamp" || column.base_type == "timestamptz";
    const bool has_ends = column.stats && column.stats->histogram.size() > 1;
    if (!is_time || !has_ends ||
        expression.find(quoted(column.name, Engine::kPostgres)) == std::string::npos) {
      continue;
    }
    const auto first = day_number(column.stats->histogram.front());
    const auto last = day_number(column.stats->histogram.back());
    if (!first || !last) {
      return std::nullopt;
    }
    EntryColumn entry = entry_column(column);
    entry.fixed_width = is_date ? 4 : 8;
    entry.alignment = entry.fixed_width;
    entry.stats.common_values.clear();
    entry.stats.common_total = 0;
    entry.stats.distinct = std::min(entry.stats.distinct, 1 + (*last - *first) / (is_date ? 1 : unit->days));
    return entry;
  }
  return std::nullopt;
}

}  // namespace

std::optional<EntryColumn> key_entry(const Table& table, const IndexKey& key) {
  if (!key.is_expression) {
    const Column* column = table.find_column(key.expression);
    return column == nullptr ? std::nullopt : std::optional(entry_column(*column));
  }
  // lower(x) and upper(x) are as long and nearly as distinct as x itself.
  for (const Column& column : table.columns) {
    const std::string name = quoted(column.name, Engine::kPostgres);
    for (const std::string_view function : {"lower", "upper"}) {
      const std::string call = std::string(function) + "(" + name;
      if (key.expression == call + ")" || key.expression == call + "::text)" ||
          key.expression == std::string(function) + "((" + name + ")::text)") {
        return entry_column(column);
      }
    }
  }
  return truncated_time(table, key.expression);
}

int fill_factor(const IndexDef& index) {
  const auto found = index.options.find("fillfactor");
  int value = 0;
  if (found == index.options.end()) {
    return 90;
  }
  const std::string& text = found->second;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && stop == text.data() + text.size() ? std::clamp(value, 10, 100) : 90;
}

}  // namespace planwise

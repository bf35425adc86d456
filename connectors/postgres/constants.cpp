#include "connectors/postgres/constants.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "analyzer/base/text.h"
#include "connectors/postgres/default_values.h"
#include "connectors/postgres/rows.h"

namespace planwise::pg {
namespace {

constexpr double kOneBound = 0.1;    // share of the rows behind a single bound
constexpr double kTwoBounds = 0.05;  // share of the rows between two bounds...
constexpr double kUpperBound =
    0.9;  // ...of which the upper one lies here: recent rows are asked for more often
constexpr double kNearlyAll = 0.98;
constexpr double kLimit = 100;  // rows of a LIMIT nobody counted
constexpr std::size_t kArrayLength = 10;
constexpr std::size_t kPrefix = 3;  // code points of a value that a LIKE pattern keeps
// A most common value counts as worse than the typical one where it is this many times as frequent.
constexpr double kWorse = 3;

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || stop != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

bool is_iso_date(std::string_view text) {
  const auto digit = [text](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  return text.size() >= 10 && digit(0) && digit(3) && text[4] == '-' && digit(5) && text[7] == '-' &&
         digit(9);
}

// A column's value as a value of the parameter's type; nullopt where it cannot be one.
std::optional<std::string> fitted(std::string_view value, std::string_view type, char category) {
  switch (category) {
    case 'N': {
      const auto number = number_in(value);
      if (!number) {
        return std::nullopt;
      }
      const bool whole = type.starts_with("int") || type == "oid";
      return whole ? std::to_string(std::llround(*number)) : std::string(value);
    }
    case 'D':
      return is_iso_date(value) || type.starts_with("time") ? std::optional(std::string(value))
                                                            : std::nullopt;
    case 'B': return value == "t" || value == "f" ? std::optional(std::string(value)) : std::nullopt;
    case 'S':
    case 'E':
    case 'I': return std::string(value);
    default: return type == "uuid" && value.size() == 36 ? std::optional(std::string(value)) : std::nullopt;
  }
}

// Functions whose result lies among the column's own values, or close enough for an estimate.
bool keeps_values(std::string_view function) {
  constexpr std::array<std::string_view, 9> kKeeping{"lower", "upper",    "btrim",    "ltrim",     "rtrim",
                                                     "date",  "coalesce", "unaccent", "date_trunc"};
  return function.empty() || std::ranges::find(kKeeping, function) != kKeeping.end();
}

std::string transformed(std::string value, std::string_view function) {
  const bool lower = function == "lower";
  if (lower || function == "upper") {
    for (char& c : value) {
      const char first = lower ? 'A' : 'a';
      c = c >= first && c < first + 26 ? static_cast<char>(c ^ 0x20) : c;
    }
  }
  return value;
}

struct Candidate {
  std::string value;
  double frequency = 0;
};

// Every value the statistics name, those nearest to the wanted frequency first.
std::vector<Candidate> candidates(const ColumnStats& stats, double wanted) {
  std::vector<Candidate> values;
  const double others = std::max(1.0, stats.distinct - static_cast<double>(stats.common_values.size()));
  const double frequency = std::max(1e-9, (1 - stats.null_fraction - stats.common_total) / others);
  // From the middle of the histogram outwards, so that no end of the range comes first.
  const std::size_t middle = stats.histogram.size() / 2;
  for (std::size_t step = 0; step <= middle; ++step) {
    if (middle + step < stats.histogram.size()) {
      values.push_back({stats.histogram[middle + step], frequency});
    }
    if (step > 0) {
      values.push_back({stats.histogram[middle - step], frequency});
    }
  }
  for (const CommonValue& common : stats.common_values) {
    values.push_back({common.value, common.frequency});
  }
  std::ranges::stable_sort(values, {}, [wanted](const Candidate& candidate) {
    return std::abs(std::log(std::max(candidate.frequency, 1e-9) / wanted));
  });
  return values;
}

// Bounds in the column's order: the histogram, or the common values where there is nothing else.
std::vector<std::string> bounds_of(const ColumnStats& stats) {
  if (stats.histogram.size() > 2 || stats.common_values.empty()) {
    return stats.histogram;
  }
  std::vector<std::string> bounds;
  for (const CommonValue& common : stats.common_values) {
    bounds.push_back(common.value);
  }
  if (std::ranges::all_of(bounds, [](const std::string& value) { return number_in(value).has_value(); })) {
    std::ranges::stable_sort(bounds, {}, [](const std::string& value) { return *number_in(value); });
  } else {
    std::ranges::sort(bounds);
  }
  return bounds;
}

bool leads_a_btree(const Table& table, std::string_view column) {
  return std::ranges::any_of(table.indexes, [column](const Index& index) {
    return index.def.method == IndexMethod::kBtree && !index.def.keys.empty() &&
           !index.def.keys[0].is_expression && index.def.keys[0].expression == column;
  });
}

// The text of bounds[share of the way], moved inwards where the planner would probe an index.
std::string bound_at(const std::vector<std::string>& bounds, double share, bool avoid_probes) {
  const auto last = static_cast<double>(bounds.size() - 1);
  auto at = static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * last));
  const bool from_above = share > 0.5;
  for (std::size_t tries = 0;
       avoid_probes && tries < bounds.size() && probes_histogram_end(at, bounds.size()); ++tries) {
    at = from_above ? (at == 0 ? 0 : at - 1) : std::min(at + 1, bounds.size() - 1);
  }
  return bounds[at];
}

std::string escaped_pattern(std::string_view value) {
  std::string pattern;
  std::size_t points = 0;
  for (const char c : value) {
    const bool starts_point = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    points += starts_point ? 1 : 0;
    if (points > kPrefix) {
      break;
    }
    if (c == '%' || c == '_' || c == '\\') {
      pattern += '\\';
    }
    pattern += c;
  }
  return pattern;
}

class Chooser {
 public:
  Chooser(const ParameterUses& uses, std::span<const ParameterType> types, const Schema& schema,
          double rows_per_call, TimePoint now)
      : uses_(uses), types_(types), schema_(schema), rows_per_call_(rows_per_call), now_(now) {}

  ChosenValues choose() {
    for (std::size_t i = 0; i < types_.size(); ++i) {
      chosen_.typical.emplace_back();
      chosen_.worst.emplace_back();
      const ParameterUse use = i < uses_.parameters.size() ? uses_.parameters[i] : ParameterUse{};
      if (!bounded_rows(i, use) && !from_column(i, use)) {
        set(i, default_value(use, types_[i], now_));
      }
      chosen_.is_complete &= chosen_.typical[i].has_value();
    }
    return std::move(chosen_);
  }

 private:
  void set(std::size_t i, std::optional<std::string> typical) {
    chosen_.worst[i] = typical;
    chosen_.typical[i] = std::move(typical);
  }
  void set(std::size_t i, std::string typical, std::string worst) {
    chosen_.typical[i] = std::move(typical);
    chosen_.worst[i] = std::move(worst);
  }

  bool bounded_rows(std::size_t i, const ParameterUse& use) {
    if (use.kind != UseKind::kLimit && use.kind != UseKind::kOffset) {
      return false;
    }
    const bool counted = use.top_level && rows_per_call_ >= 1;
    const double limit = counted ? std::ceil(rows_per_call_) : kLimit;
    // An offset of two pages; the depth of pages is not known from counters.
    const double rows = use.kind == UseKind::kLimit ? limit : 2 * limit;
    set(i, std::to_string(static_cast<std::int64_t>(std::min(rows, 1e15))));
    return true;
  }

  bool from_column(std::size_t i, const ParameterUse& use) {
    if (!use.table || use.is_offset_from || !keeps_values(use.transform)) {
      return false;
    }
    const Table* table = schema_.find(*use.table);
    const Column* column = table == nullptr ? nullptr : table->find_column(use.column);
    if (column == nullptr) {
      return false;
    }
    const bool has_values =
        column->stats && (!column->stats->common_values.empty() || !column->stats->histogram.empty());
    if (!has_values) {
      chosen_.from_statistics &= use.kind == UseKind::kOther || use.kind == UseKind::kContains;
      return false;
    }
    switch (use.kind) {
      case UseKind::kEqual:
      case UseKind::kNotEqual: return equal(i, use, *table, *column->stats);
      case UseKind::kArray: return any_of(i, use, *table, *column->stats);
      case UseKind::kGreater:
      case UseKind::kLess: return range(i, use, *table, *column->stats);
      case UseKind::kLike:
      case UseKind::kRegex: return pattern(i, use, *column->stats);
      default: return false;
    }
  }

  // Share of the table's rows that the statement's condition lets through, where its rows per call tell.
  [[nodiscard]] std::optional<double> counted_share(const Table& table) const {
    std::optional<std::string_view> column;
    for (const ParameterUse& use : uses_.parameters) {
      const bool compares =
          use.table.has_value() && use.kind != UseKind::kOther && use.kind != UseKind::kArgument;
      if (compares && column && *column != use.column) {
        return std::nullopt;
      }
      if (compares) {
        column = use.column;
      }
    }
    if (uses_.counted_table != table.name || !table.rows || table.rows->count < 1 || rows_per_call_ <= 0) {
      return std::nullopt;
    }
    return std::clamp(rows_per_call_ / table.rows->count, 1e-9, 1.0);
  }

  [[nodiscard]] double wanted_frequency(const Table& table, const ColumnStats& stats) const {
    const double average = (1 - stats.null_fraction) / std::max(1.0, stats.distinct);
    const auto counted = counted_share(table);
    const auto values = std::ranges::count_if(
        uses_.parameters, [](const ParameterUse& use) { return use.kind == UseKind::kEqual; });
    return std::max(1e-9,
                    counted ? *counted / static_cast<double>(std::max<std::ptrdiff_t>(1, values)) : average);
  }

  // How many parameters before this one are compared with the same column in the same way.
  [[nodiscard]] std::size_t occurrence(std::size_t i, const ParameterUse& use) const {
    std::size_t before = 0;
    for (std::size_t other = 0; other < i; ++other) {
      const ParameterUse& earlier = uses_.parameters[other];
      before +=
          earlier.table == use.table && earlier.column == use.column && earlier.kind == use.kind ? 1 : 0;
    }
    return before;
  }

  bool equal(std::size_t i, const ParameterUse& use, const Table& table, const ColumnStats& stats) {
    const std::vector<Candidate> values = candidates(stats, wanted_frequency(table, stats));
    const Candidate& typical = values[occurrence(i, use) % values.size()];
    auto value = fitted(transformed(typical.value, use.transform), types_[i].name, types_[i].category);
    if (!value) {
      return false;
    }
    set(i, value);
    if (!stats.common_values.empty() && stats.common_values[0].frequency > kWorse * typical.frequency) {
      chosen_.worst[i] = fitted(transformed(stats.common_values[0].value, use.transform), types_[i].name,
                                types_[i].category);
    }
    return true;
  }

  bool any_of(std::size_t i, const ParameterUse& use, const Table& table, const ColumnStats& stats) {
    const double average = (1 - stats.null_fraction) / std::max(1.0, stats.distinct);
    const std::vector<Candidate> values = candidates(stats, average);
    const auto counted = counted_share(table);
    const double length = counted ? *counted / average : static_cast<double>(kArrayLength);
    const auto wanted = static_cast<std::size_t>(std::clamp(length, 1.0, 100.0));
    std::vector<std::string> elements;
    for (std::size_t k = 0; k < std::min(wanted, values.size()); ++k) {
      auto value =
          fitted(transformed(values[k].value, use.transform), types_[i].element, types_[i].element_category);
      if (!value) {
        return false;
      }
      elements.push_back(*std::move(value));
    }
    set(i, array_text(elements));
    return true;
  }

  [[nodiscard]] bool has_other_bound(const ParameterUse& use) const {
    const UseKind other = use.kind == UseKind::kGreater ? UseKind::kLess : UseKind::kGreater;
    return std::ranges::any_of(uses_.parameters, [&](const ParameterUse& candidate) {
      return candidate.kind == other && candidate.table == use.table && candidate.column == use.column;
    });
  }

  bool range(std::size_t i, const ParameterUse& use, const Table& table, const ColumnStats& stats) {
    const std::vector<std::string> bounds = bounds_of(stats);
    const bool avoid_probes = leads_a_btree(table, use.column);
    const bool is_lower = use.kind == UseKind::kGreater;
    const bool is_pair = has_other_bound(use);
    const double share = counted_share(table).value_or(is_pair ? kTwoBounds : kOneBound);
    const double upper = is_pair ? std::max(kUpperBound, share) : 1;
    double typical = is_lower ? 1 - share : share;
    if (is_pair) {
      typical = is_lower ? upper - share : upper;
    }
    const auto value = fitted(bound_at(bounds, typical, avoid_probes), types_[i].name, types_[i].category);
    const auto worst = fitted(bound_at(bounds, is_lower ? 1 - kNearlyAll : kNearlyAll, avoid_probes),
                              types_[i].name, types_[i].category);
    if (!value || !worst) {
      return false;
    }
    set(i, *value, *worst);
    return true;
  }

  bool pattern(std::size_t i, const ParameterUse& use, const ColumnStats& stats) {
    if (types_[i].category != 'S' || use.kind == UseKind::kRegex) {
      return false;
    }
    const double average = (1 - stats.null_fraction) / std::max(1.0, stats.distinct);
    const std::string prefix =
        escaped_pattern(transformed(candidates(stats, average)[0].value, use.transform));
    set(i, prefix + "%", "%" + prefix + "%");
    return true;
  }

  const ParameterUses& uses_;
  std::span<const ParameterType> types_;
  const Schema& schema_;
  double rows_per_call_;
  TimePoint now_;
  ChosenValues chosen_;
};

}  // namespace

bool probes_histogram_end(std::size_t at, std::size_t size) {
  if (size <= 2) {
    return true;
  }
  // Both forms of the comparison: bound < value, as < and >= ask, and bound <= value, as <= and > do.
  for (const bool inclusive : {false, true}) {
    std::size_t low = 0;
    std::size_t high = size;
    while (low < high) {
      const std::size_t probe = (low + high) / 2;
      if (probe == 0 || probe == size - 1) {
        return true;
      }
      if (probe < at || (inclusive && probe == at)) {
        low = probe + 1;
      } else {
        high = probe;
      }
    }
  }
  return false;
}

ChosenValues choose_values(const ParameterUses& uses, std::span<const ParameterType> types,
                           const Schema& schema, double rows_per_call, TimePoint now) {
  return Chooser(uses, types, schema, rows_per_call, now).choose();
}

}  // namespace planwise::pg

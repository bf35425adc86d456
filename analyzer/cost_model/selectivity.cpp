#include "analyzer/cost_model/selectivity.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "analyzer/cost_model/values.h"

namespace planwise::cost_model {
namespace {

// What connectors/postgres/constants.h fills in for parameters of ranges: a tenth of the rows for one bound,
// a twentieth for two.
constexpr double kParameterBound = 0.1;
constexpr double kParameterRange = 0.05;
constexpr double kArrayElements = 10;  // of a parameter. Source: estimate_array_length()

double clamped(double share) {
  return std::clamp(share, 0.0, 1.0);
}

double common_total(const ColumnStats& stats) {
  double sum = stats.common_total;
  if (sum <= 0) {
    for (const CommonValue& common : stats.common_values) {
      sum += common.frequency;
    }
  }
  return clamped(sum);
}

const CommonValue* find_common(const ValueStats& values, const std::string& value) {
  const auto found = std::ranges::find_if(values.stats->common_values, [&](const CommonValue& common) {
    return compare_values(common.value, value, values.base_type) == 0;
  });
  return found == values.stats->common_values.end() ? nullptr : &*found;
}

// Source: var_eq_const().
double equal_to(const ValueStats& values, const std::string& value) {
  if (values.stats == nullptr) {
    return kDefaultEqual;
  }
  if (values.stats->common_values.empty()) {
    return equal_to_any(values);
  }
  if (const CommonValue* common = find_common(values, value)) {
    return common->frequency;
  }
  const auto listed = static_cast<double>(values.stats->common_values.size());
  double share = clamped(1 - common_total(*values.stats) - values.null_fraction());
  share /= std::max(1.0, values.distinct() - listed);
  return std::min(share, values.stats->common_values.back().frequency);
}

// Share of the histogram's rows below `value`; nullopt without a histogram. Source:
// ineq_histogram_selectivity().
std::optional<double> histogram_share(const ValueStats& values, const std::string& value) {
  const std::vector<std::string>& bounds = values.stats->histogram;
  if (bounds.size() < 2) {
    return std::nullopt;
  }
  const auto above = std::ranges::find_if(
      bounds, [&](const std::string& bound) { return compare_values(bound, value, values.base_type) >= 0; });
  const auto buckets = static_cast<double>(bounds.size() - 1);
  double share = above == bounds.begin() ? 0 : 1;
  if (above != bounds.begin() && above != bounds.end()) {
    const auto before = static_cast<double>(above - bounds.begin() - 1);
    share = (before + share_between(value, *(above - 1), *above, values.base_type)) / buckets;
  }
  // The histogram's ends may be stale.
  const double least = 0.01 / buckets;
  return std::clamp(share, least, 1 - least);
}

// Share of the rows below (or above) `value`. Source: scalarineqsel().
double one_sided(const ValueStats& values, const std::string& value, bool below, bool inclusive) {
  if (values.stats == nullptr) {
    return kDefaultInequality;
  }
  double listed = 0;
  for (const CommonValue& common : values.stats->common_values) {
    const int order = compare_values(common.value, value, values.base_type);
    listed += (below ? order < 0 : order > 0) || (inclusive && order == 0) ? common.frequency : 0;
  }
  const double rest = clamped(1 - values.null_fraction() - common_total(*values.stats));
  const bool hidden = values.stats->common_values.empty() && values.stats->histogram.empty();
  if (hidden) {
    return kDefaultInequality * (1 - values.null_fraction());
  }
  const auto share = histogram_share(values, value);
  return clamped(listed + rest * (!share ? 0.5 : below ? *share : 1 - *share));
}

double range(const Predicate& predicate, const ValueStats& values) {
  const bool between = predicate.op.starts_with("BETWEEN");
  const std::vector<std::string>& bounds = predicate.estimates;
  if (between && bounds.size() == 2 && values.stats != nullptr) {
    const double share = one_sided(values, bounds[1], true, true) +
                         one_sided(values, bounds[0], false, true) + values.null_fraction() - 1;
    return share > 0 ? clamped(share) : kDefaultRange;
  }
  if (!between && bounds.size() == 1) {
    return one_sided(values, bounds[0], predicate.op.starts_with('<'), predicate.op.ends_with('='));
  }
  if (predicate.value == ValueKind::kParameter) {
    return (between ? kParameterRange : kParameterBound) * (1 - values.null_fraction());
  }
  return between ? kDefaultRange : kDefaultInequality;
}

double in_list(const Predicate& predicate, const ValueStats& values) {
  double sum = 0;
  for (const std::string& value : predicate.estimates) {
    sum += equal_to(values, value);
  }
  if (predicate.estimates.empty()) {
    const double length = predicate.in_list_length > 0 ? predicate.in_list_length : kArrayElements;
    sum = std::max(sum, length * equal_to_any(values));
  }
  return std::min(sum, 1 - values.null_fraction());
}

// Source: like_selectivity(): a literal character keeps a fifth, a % lets five times as many through.
double rest_share(std::string_view rest) {
  double share = 1;
  for (const char c : rest) {
    share *= c == '%' ? 5.0 : c == '_' ? 0.9 : 0.2;
  }
  return std::min(share, 1.0);
}

double prefix_share(const ValueStats& values, const std::string& prefix) {
  if (prefix.empty()) {
    return 1;
  }
  const auto end = after_prefix(prefix);
  double share = one_sided(values, prefix, false, true);
  if (end) {
    share += one_sided(values, *end, true, false) + values.null_fraction() - 1;
  }
  return clamped(std::max(share, equal_to(values, prefix)));
}

// Source: patternsel_common() in like_support.c.
double like(const Predicate& predicate, const ValueStats& values) {
  const bool fold = predicate.kind == PredicateKind::kILike;
  if (predicate.estimates.size() != 1 || values.stats == nullptr) {
    return kDefaultMatch;
  }
  const std::string& pattern = predicate.estimates.front();
  const LikeParts parts = like_parts(pattern);
  if (parts.rest.empty() && !fold) {
    return equal_to(values, parts.prefix);
  }
  const std::vector<std::string>& bounds = values.stats->histogram;
  double share = fold ? rest_share(pattern) : prefix_share(values, parts.prefix) * rest_share(parts.rest);
  constexpr std::size_t kFewestBounds = 10;
  constexpr double kFullTrust = 100;
  if (bounds.size() >= kFewestBounds) {
    const auto matches = std::count_if(bounds.begin() + 1, bounds.end() - 1, [&](const std::string& value) {
      return like_matches(pattern, value, fold);
    });
    const auto size = static_cast<double>(bounds.size() - 2);
    const double seen = static_cast<double>(matches) / size;
    const double trust = std::min(1.0, size / kFullTrust);
    share = seen * trust + share * (1 - trust);
  }
  share = std::clamp(share, 0.0001, 0.9999);
  double listed = 0;
  for (const CommonValue& common : values.stats->common_values) {
    listed += like_matches(pattern, common.value, fold) ? common.frequency : 0;
  }
  return clamped(share * clamped(1 - values.null_fraction() - common_total(*values.stats)) + listed);
}

double negated_pattern(const Predicate& predicate, const ValueStats& values) {
  Predicate positive = predicate;
  positive.kind = predicate.op == "!~~*" ? PredicateKind::kILike : PredicateKind::kLike;
  return clamped(1 - like(positive, values) - values.null_fraction());
}

double boolean(const ValueStats& values, const char* value) {
  return values.stats == nullptr ? 0.5 : equal_to(values, value);
}

double other(const Predicate& predicate, const ValueStats& values) {
  const std::string& op = predicate.op;
  if (op == "!~~" || op == "!~~*") {
    return negated_pattern(predicate, values);
  }
  if (op == "<>" || op == "!=") {
    return 1 - kDefaultEqual;
  }
  // A range's negation, or a condition of an outer join that removes no row.
  return op == "=" || op.starts_with("IS") || op.starts_with("NOT") || op.starts_with('!')
             ? 1
             : kDefaultInequality;
}

bool is_lower_bound(const Predicate& predicate) {
  return predicate.kind == PredicateKind::kRange && predicate.op.starts_with('>');
}

bool is_upper_bound(const Predicate& predicate) {
  return predicate.kind == PredicateKind::kRange && predicate.op.starts_with('<');
}

bool same_values(const Predicate& left, const Predicate& right) {
  return left.column.column == right.column.column && left.column.expression == right.column.expression;
}

}  // namespace

double ValueStats::distinct() const {
  if (stats == nullptr || stats->distinct < 1) {
    return std::max(1.0, std::min(kDefaultDistinct, rows));
  }
  return std::min(stats->distinct, std::max(1.0, rows));
}

ValueStats value_stats(const Table& table, const ColumnUse& use) {
  const Column* column = use.expression.empty() ? table.find_column(use.column) : nullptr;
  return {.stats = column != nullptr && column->stats ? &*column->stats : nullptr,
          .base_type = column == nullptr ? "" : column->base_type,
          .rows = table.rows.value_or(Rows{0}).count};
}

double equal_to_any(const ValueStats& values) {
  if (values.stats == nullptr) {
    return std::min(1.0, std::max(kDefaultEqual, 1 / std::max(1.0, values.rows)));
  }
  double share = (1 - values.null_fraction()) / values.distinct();
  if (!values.stats->common_values.empty()) {
    share = std::min(share, values.stats->common_values.front().frequency);
  }
  return share;
}

double selectivity(const Predicate& predicate, const ValueStats& values) {
  if (predicate.value == ValueKind::kSubquery &&
      (predicate.kind == PredicateKind::kIn || predicate.kind == PredicateKind::kNotIn)) {
    return predicate.kind == PredicateKind::kIn ? 1 : 0.5;
  }
  switch (predicate.kind) {
    case PredicateKind::kEqual:
      return predicate.estimates.size() == 1 ? equal_to(values, predicate.estimates.front())
                                             : equal_to_any(values);
    case PredicateKind::kNotEqual: {
      Predicate equal = predicate;
      equal.kind = PredicateKind::kEqual;
      return clamped(1 - selectivity(equal, values) - values.null_fraction());
    }
    case PredicateKind::kIn: return in_list(predicate, values);
    case PredicateKind::kNotIn: return clamped(1 - in_list(predicate, values) - values.null_fraction());
    case PredicateKind::kRange: return range(predicate, values);
    case PredicateKind::kLike:
    case PredicateKind::kILike: return like(predicate, values);
    case PredicateKind::kRegex: return kDefaultMatch;
    case PredicateKind::kIsNull: return values.stats == nullptr ? kDefaultEqual : values.null_fraction();
    case PredicateKind::kIsNotNull:
      return values.stats == nullptr ? 1 - kDefaultEqual : 1 - values.null_fraction();
    case PredicateKind::kIsTrue: return boolean(values, "t");
    case PredicateKind::kIsFalse: return boolean(values, "f");
    case PredicateKind::kContains: return kDefaultContains;
    case PredicateKind::kTextSearch: return kDefaultMatch;
    case PredicateKind::kOther: return other(predicate, values);
  }
  return 1;
}

double prefix_selectivity(const Predicate& like, const ValueStats& values) {
  return like.estimates.size() == 1 && values.stats != nullptr
             ? prefix_share(values, like_parts(like.estimates.front()).prefix)
             : kDefaultMatch;
}

bool are_range(const Predicate& left, const Predicate& right) {
  return same_values(left, right) &&
         ((is_lower_bound(left) && is_upper_bound(right)) || (is_upper_bound(left) && is_lower_bound(right)));
}

double range_selectivity(const Predicate& left, double left_share, const Predicate& right, double right_share,
                         const ValueStats& values) {
  const bool known = left.estimates.size() == 1 && right.estimates.size() == 1;
  if (!known || values.stats == nullptr) {
    return left.value == ValueKind::kParameter ? kParameterRange : kDefaultRange;
  }
  const double share = left_share + right_share + values.null_fraction() - 1;
  return share > 0 ? share : kDefaultRange;
}

double selectivity_of_all(std::span<const Predicate* const> predicates, const Table& table) {
  double product = 1;
  std::vector<bool> paired(predicates.size(), false);
  for (std::size_t i = 0; i < predicates.size(); ++i) {
    if (paired[i]) {
      continue;
    }
    const ValueStats values = value_stats(table, predicates[i]->column);
    double share = selectivity(*predicates[i], values);
    for (std::size_t j = i + 1; j < predicates.size(); ++j) {
      if (!paired[j] && are_range(*predicates[i], *predicates[j])) {
        share = range_selectivity(*predicates[i], share, *predicates[j], selectivity(*predicates[j], values),
                                  values);
        paired[j] = true;
        break;
      }
    }
    product *= share;
  }
  return product;
}

// Source: eqjoinsel_inner().
double join_selectivity(const ValueStats& left, const ValueStats& right) {
  const double rows = (1 - left.null_fraction()) * (1 - right.null_fraction());
  const bool both = left.stats != nullptr && right.stats != nullptr && !left.stats->common_values.empty() &&
                    !right.stats->common_values.empty();
  if (!both) {
    return rows / std::max(left.distinct(), right.distinct());
  }
  double matched = 0;
  double left_matched = 0;
  double right_matched = 0;
  double matches = 0;
  for (const CommonValue& common : left.stats->common_values) {
    if (const CommonValue* same = find_common(right, common.value)) {
      matched += common.frequency * same->frequency;
      left_matched += common.frequency;
      right_matched += same->frequency;
      matches += 1;
    }
  }
  const auto share_from = [&](const ValueStats& mine, const ValueStats& other, double mine_matched,
                              double other_matched) {
    const double listed = common_total(*mine.stats);
    const double other_listed = common_total(*other.stats);
    const double unlisted = clamped(1 - listed - mine.null_fraction());
    const double other_unlisted = clamped(1 - other_listed - other.null_fraction());
    const double unmatched = clamped(listed - mine_matched);
    const double values = other.distinct() - static_cast<double>(other.stats->common_values.size());
    const double rest = other.distinct() - matches;
    double share = matched;
    share += values > 0 ? unmatched * other_unlisted / values : 0;
    share += rest > 0 ? unlisted * (other_unlisted + clamped(other_listed - other_matched)) / rest : 0;
    return share;
  };
  return clamped(std::min(share_from(left, right, left_matched, right_matched),
                          share_from(right, left, right_matched, left_matched)));
}

// Source: eqjoinsel_semi(), without its match of common values.
double semi_join_selectivity(const ValueStats& left, const ValueStats& right, double right_rows) {
  const double found = std::min(right.distinct(), std::max(1.0, right_rows));
  const double share = left.distinct() <= found ? 1 : found / left.distinct();
  return share * (1 - left.null_fraction());
}

double distinct_among(double distinct, double table_rows, double rows) {
  if (distinct <= 1 || table_rows <= 1 || rows >= table_rows) {
    return std::max(1.0, std::min(distinct, rows));
  }
  // Rows drawn without putting back: a value of N/d rows is missed by all with (1 - rows/N)^(N/d).
  const double found = distinct * (1 - std::pow(1 - rows / table_rows, table_rows / distinct));
  return std::clamp(found, 1.0, std::max(1.0, rows));
}

}  // namespace planwise::cost_model

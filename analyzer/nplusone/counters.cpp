#include "analyzer/nplusone/counters.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "analyzer/nplusone/links.h"
#include "analyzer/nplusone/statistics.h"

namespace planwise {
namespace {

using nplusone::Series;

// Of the pre-filter, the halves and the constant page; the rest is in NPlusOneOptions.
constexpr double kMinChildCallsPerParentCall = 2;  // below that it is no loop
constexpr double kMinParentRowsPerCall = 2;
constexpr double kMinActiveShare = 0.5;      // of the intervals, for the child
constexpr double kMinHalfCorrelation = 0.7;  // partial, in the first and in the second half
constexpr double kMaxRatioVariation = 0.10;  // of a constant page
constexpr double kMaxRatioError = 0.10;      // its distance from the rows per call
// Rows follow calls this closely: then only their ratio can be looked at. Share of the deviation that is
// left.
constexpr double kMinVariationLeft = 0.05;
constexpr double kMinVariation = 0.02;  // of rows over the intervals; below it nothing can be told

struct Counters {
  Series calls;
  Series rows;
};

Counters counters_of(std::span<const CounterInterval> intervals, StatementId id) {
  Counters out;
  for (const CounterInterval& interval : intervals) {
    const auto found = interval.statements.find(id);
    const bool seen = found != interval.statements.end();
    out.calls.push_back(seen ? static_cast<double>(found->second.calls) : 0);
    out.rows.push_back(seen ? static_cast<double>(found->second.rows) : 0);
  }
  return out;
}

double sum(const Series& values) {
  return nplusone::mean(values) * static_cast<double>(values.size());
}

// The intervals in which either of the two ran, as four columns.
struct Sample {
  Series parent_calls;
  Series parent_rows;
  Series child_calls;
  Series other_calls;
};

Sample sample_of(std::span<const CounterInterval> intervals, const Counters& parent, const Counters& child) {
  Sample out;
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    if (parent.calls[i] <= 0 && child.calls[i] <= 0) {
      continue;
    }
    out.parent_calls.push_back(parent.calls[i]);
    out.parent_rows.push_back(parent.rows[i]);
    out.child_calls.push_back(child.calls[i]);
    const double total = static_cast<double>(intervals[i].total_calls);
    out.other_calls.push_back(std::max(0.0, total - parent.calls[i] - child.calls[i]));
  }
  return out;
}

// Half and double the usual length are another kind of reading.
std::vector<CounterInterval> comparable(std::span<const CounterInterval> intervals) {
  std::vector<double> lengths;
  for (const CounterInterval& interval : intervals) {
    lengths.push_back(interval.window.length().count());
  }
  std::vector<double> sorted = lengths;
  std::ranges::sort(sorted);
  const double usual = sorted.empty() ? 0 : sorted[sorted.size() / 2];
  std::vector<CounterInterval> out;
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    if (lengths[i] > 0 && lengths[i] >= usual / 2 && lengths[i] <= usual * 2) {
      out.push_back(intervals[i]);
    }
  }
  return out;
}

class Search {
 public:
  Search(std::span<const CounterInterval> intervals, const NPlusOneOptions& options)
      : intervals_(intervals), options_(options) {}

  // Puts one linked pair to the test. Its p_value stays 1 where a threshold is missed; nullopt where there is
  // nothing to test.
  std::optional<NPlusOnePair> test(const nplusone::Link& link) {
    const Counters& parent = counters(link.parent);
    const Counters& child = counters(link.child);
    const double calls = sum(parent.calls);
    if (calls <= 0 || sum(parent.rows) < kMinParentRowsPerCall * calls ||
        sum(child.calls) < kMinChildCallsPerParentCall * calls || !is_busy(child)) {
      return std::nullopt;
    }
    const Sample sample = sample_of(intervals_, parent, child);
    NPlusOnePair pair = described(link, sample);
    if (pair.intervals < options_.min_intervals) {
      ++short_;
      return std::nullopt;
    }
    if (nplusone::variation(sample.parent_rows) < kMinVariation) {
      ++steady_;
      return std::nullopt;
    }
    const std::vector<Series> covariates{sample.parent_calls, sample.other_calls};
    const auto partial =
        nplusone::fit_partial(sample.parent_rows, sample.child_calls, covariates, kMinVariationLeft);
    if (fits_line(sample, pair)) {
      if (partial) {
        follows_rows(*partial, pair);
      } else {
        fills_page(sample, pair);
      }
    }
    return pair;
  }

  [[nodiscard]] std::string why_not() const {
    if (steady_ > 0) {
      return "not enough variation: the statements' counters rise in step in every interval";
    }
    return short_ > 0
               ? "too few intervals in which the statements ran: " + std::to_string(options_.min_intervals) +
                     " are needed"
               : "";
  }

 private:
  const Counters& counters(StatementId id) {
    const auto found = counters_.find(id);
    return found != counters_.end() ? found->second
                                    : counters_.emplace(id, counters_of(intervals_, id)).first->second;
  }

  [[nodiscard]] bool is_busy(const Counters& child) const {
    const auto active = std::ranges::count_if(child.calls, [](double calls) { return calls > 0; });
    return nplusone::mean(child.calls) >= options_.min_calls_per_interval &&
           static_cast<double>(active) >= kMinActiveShare * static_cast<double>(child.calls.size());
  }

  static NPlusOnePair described(const nplusone::Link& link, const Sample& sample) {
    NPlusOnePair pair{.parent = link.parent, .child = link.child, .link = link.kind};
    pair.foreign_key = link.foreign_key;
    pair.child_table = link.child_table;
    pair.lookup_columns = link.columns;
    pair.write = link.write;
    pair.intervals = static_cast<int>(sample.child_calls.size());
    pair.child_calls = sum(sample.child_calls);
    pair.parent_calls = sum(sample.parent_calls);
    pair.rows_per_parent_call = sum(sample.parent_rows) / pair.parent_calls;
    return pair;
  }

  // Calls against rows, without covariates: the slope near one and no calls without rows.
  bool fits_line(const Sample& sample, NPlusOnePair& pair) const {
    const auto line = nplusone::fit_line(sample.parent_rows, sample.child_calls);
    if (!line) {
      return false;
    }
    pair.slope = line->slope;
    pair.slope_low = line->slope;
    pair.slope_high = line->slope;
    pair.correlation = line->correlation;
    pair.intercept_share = std::abs(line->intercept) / nplusone::mean(sample.child_calls);
    pair.child_calls_explained = std::min(pair.child_calls, line->slope * sum(sample.parent_rows));
    return line->correlation >= options_.min_correlation && line->slope >= options_.min_slope &&
           line->slope <= options_.max_slope && pair.intercept_share < options_.max_intercept_share;
  }

  void follows_rows(const nplusone::PartialFit& fit, NPlusOnePair& pair) const {
    constexpr double kTwoSided95 = 1.96;
    const double margin =
        (kTwoSided95 + 2.4 / static_cast<double>(fit.freedom)) * fit.slope_error;  // Student's t, nearly
    pair.tier = NPlusOneTier::kRegression;
    pair.slope = fit.slope;
    pair.slope_low = fit.slope - margin;
    pair.slope_high = fit.slope + margin;
    pair.partial_correlation = fit.correlation;
    const std::size_t half = fit.x.size() / 2;
    const bool in_halves = nplusone::correlation(fit.x, fit.y, 0, half) >= kMinHalfCorrelation &&
                           nplusone::correlation(fit.x, fit.y, half, fit.x.size()) >= kMinHalfCorrelation;
    const bool strict = fit.correlation >= options_.min_partial_correlation &&
                        fit.slope >= options_.min_slope && fit.slope <= options_.max_slope && in_halves;
    pair.p_value = strict ? nplusone::p_by_chance(fit, 2, seed(pair)) : 1;
  }

  // Rows per call never change, so the child's calls are held against the parent's.
  void fills_page(const Sample& sample, NPlusOnePair& pair) const {
    Series ratios;
    for (std::size_t i = 0; i < sample.child_calls.size(); ++i) {
      if (sample.parent_calls[i] > 0) {
        ratios.push_back(sample.child_calls[i] / sample.parent_calls[i]);
      }
    }
    pair.tier = NPlusOneTier::kConstant;
    const std::vector<Series> covariates{sample.other_calls};
    const auto fit =
        nplusone::fit_partial(sample.parent_calls, sample.child_calls, covariates, kMinVariationLeft);
    if (!fit || ratios.empty()) {
      return;
    }
    const double error = std::abs(nplusone::mean(ratios) / pair.rows_per_parent_call - 1);
    const bool strict = nplusone::variation(ratios) < kMaxRatioVariation && error <= kMaxRatioError &&
                        fit->correlation >= options_.min_partial_correlation;
    pair.p_value = strict ? nplusone::p_by_chance(*fit, 1, seed(pair)) : 1;
  }

  static std::uint64_t seed(const NPlusOnePair& pair) {
    return pair.parent.value ^ std::rotl(pair.child.value, 1);
  }

  std::span<const CounterInterval> intervals_;
  const NPlusOneOptions& options_;
  std::map<StatementId, Counters> counters_;
  int short_ = 0;
  int steady_ = 0;
};

bool explains_more(const NPlusOnePair& a, const NPlusOnePair& b) {
  return std::tuple(-a.child_calls_explained, a.parent, a.child) <
         std::tuple(-b.child_calls_explained, b.parent, b.child);
}

// A lookup runs for the rows of one statement: of several that fit, the one it follows closest.
std::vector<NPlusOnePair> closest_parents(std::vector<NPlusOnePair> pairs) {
  std::map<StatementId, NPlusOnePair> best;
  for (NPlusOnePair& pair : pairs) {
    const auto [at, fresh] = best.try_emplace(pair.child, pair);
    if (!fresh &&
        std::tuple(-pair.correlation, pair.parent) < std::tuple(-at->second.correlation, at->second.parent)) {
      at->second = std::move(pair);
    }
  }
  std::vector<NPlusOnePair> out;
  out.reserve(best.size());
  for (auto& [child, pair] : best) {
    out.push_back(std::move(pair));
  }
  std::ranges::sort(out, explains_more);
  return out;
}

// Each chain starts at a pair whose parent is nobody's child (or is already in a chain) and goes on with the
// child that explains most; what branches off starts a chain of its own.
std::vector<NPlusOneChain> chains_of(const std::vector<NPlusOnePair>& pairs) {
  std::set<StatementId> children;
  for (const NPlusOnePair& pair : pairs) {
    children.insert(pair.child);
  }
  std::vector<bool> used(pairs.size(), false);
  std::vector<NPlusOneChain> chains;
  const auto grow = [&](std::size_t first) {
    NPlusOneChain chain{.statements = {pairs[first].parent}};
    for (std::size_t next = first; next < pairs.size();) {
      used[next] = true;
      chain.statements.push_back(pairs[next].child);
      chain.pairs.push_back(pairs[next]);
      const StatementId last = pairs[next].child;
      next = 0;
      while (next < pairs.size() && (used[next] || pairs[next].parent != last)) {
        ++next;
      }
    }
    chains.push_back(std::move(chain));
  };
  for (const bool roots : {true, false}) {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (!used[i] && (!roots || !children.contains(pairs[i].parent))) {
        grow(i);
      }
    }
  }
  std::ranges::stable_sort(chains, explains_more,
                           [](const NPlusOneChain& chain) { return chain.pairs.front(); });
  return chains;
}

}  // namespace

NPlusOneAnswer find_n_plus_one(std::span<const CounterInterval> intervals,
                               const std::map<StatementId, StatementShape>& shapes, const Schema& schema,
                               const NPlusOneOptions& options) {
  NPlusOneAnswer answer;
  const std::vector<CounterInterval> kept = comparable(intervals);
  if (static_cast<int>(kept.size()) < options.min_intervals) {
    answer.why_not = std::to_string(kept.size()) + " comparable intervals; " +
                     std::to_string(options.min_intervals) + " are needed";
    return answer;
  }
  Search search(kept, options);
  std::vector<NPlusOnePair> tested;
  std::vector<double> p_values;
  for (const nplusone::Link& link : nplusone::links_between(shapes, schema)) {
    if (auto pair = search.test(link)) {
      p_values.push_back(pair->p_value);
      tested.push_back(*std::move(pair));
    }
  }
  answer.tested = static_cast<int>(tested.size());
  const std::vector<bool> beyond_chance = nplusone::benjamini_hochberg(p_values, options.max_false_rate);
  std::vector<NPlusOnePair> accepted;
  for (std::size_t i = 0; i < tested.size(); ++i) {
    if (beyond_chance[i]) {
      accepted.push_back(std::move(tested[i]));
    }
  }
  answer.pairs = closest_parents(std::move(accepted));
  answer.chains = chains_of(answer.pairs);
  if (answer.pairs.empty()) {
    answer.why_not = search.why_not();
  }
  return answer;
}

}  // namespace planwise

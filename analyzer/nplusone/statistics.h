// The little statistics that the counters need: regression with covariates and tests against chance.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace planwise::nplusone {

using Series = std::vector<double>;

[[nodiscard]] double mean(const Series& values);
// Standard deviation over mean; 0 for a mean of 0.
[[nodiscard]] double variation(const Series& values);

// Ordinary least squares of y on one x and a constant.
struct Line {
  double slope = 0;
  double intercept = 0;
  double correlation = 0;  // Pearson's
};
// nullopt where x does not vary.
[[nodiscard]] std::optional<Line> fit_line(const Series& x, const Series& y);

// What is left of `values` once a constant and the covariates have explained what they can. Covariates that
// add nothing to those before them are passed over.
[[nodiscard]] Series residuals(const Series& values, std::span<const Series> covariates);

// y on x with covariates, by the theorem of Frisch, Waugh and Lovell: both are freed of the covariates first.
struct PartialFit {
  Series x;  // residuals
  Series y;
  double slope = 0;
  double slope_error = 0;   // standard error
  double correlation = 0;   // partial
  std::size_t freedom = 0;  // degrees of it
};
// nullopt where the covariates leave no variation in x: less than `min_left` of its standard deviation.
[[nodiscard]] std::optional<PartialFit> fit_partial(const Series& x, const Series& y,
                                                    std::span<const Series> covariates, double min_left);

// Pearson's correlation over [from, to).
[[nodiscard]] double correlation(const Series& x, const Series& y, std::size_t from, std::size_t to);

// One-sided probability of so high a correlation by chance. Permutations of the residuals below 200 values,
// circular shifts from there on (they keep the load curve); where none reaches it, Fisher's transformation
// tells how far beyond it is, so that a correction for many tests has figures to work with. The same seed
// gives the same answer. Source: R. A. Fisher, "The distribution of the partial correlation coefficient",
// Metron 3, 1924.
[[nodiscard]] double p_by_chance(const PartialFit& fit, std::size_t covariates, std::uint64_t seed);

// Which hypotheses to keep so that the expected share of false ones is at most `rate`.
// Source: Benjamini and Hochberg, Journal of the Royal Statistical Society B 57, 1995.
[[nodiscard]] std::vector<bool> benjamini_hochberg(const std::vector<double>& p_values, double rate);

}  // namespace planwise::nplusone

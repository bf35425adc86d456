#include "analyzer/nplusone/statistics.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>
#include <utility>

namespace planwise::nplusone {
namespace {

double dot(const Series& a, const Series& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Series centred(Series values) {
  const double centre = mean(values);
  for (double& value : values) {
    value -= centre;
  }
  return values;
}

void subtract(Series& from, const Series& direction, double amount) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    from[i] -= amount * direction[i];
  }
}

}  // namespace

double mean(const Series& values) {
  return values.empty()
             ? 0
             : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variation(const Series& values) {
  const Series spread = centred(values);
  const double centre = mean(values);
  return centre == 0 ? 0
                     : std::sqrt(dot(spread, spread) / static_cast<double>(values.size())) / std::abs(centre);
}

std::optional<Line> fit_line(const Series& x, const Series& y) {
  const Series dx = centred(x);
  const Series dy = centred(y);
  const double sxx = dot(dx, dx);
  const double syy = dot(dy, dy);
  if (sxx <= 0) {
    return std::nullopt;
  }
  const double slope = dot(dx, dy) / sxx;
  return Line{.slope = slope,
              .intercept = mean(y) - slope * mean(x),
              .correlation = syy <= 0 ? 0 : dot(dx, dy) / std::sqrt(sxx * syy)};
}

Series residuals(const Series& values, std::span<const Series> covariates) {
  constexpr double kNothingNew = 1e-9;  // of a covariate's own length: rounding, no information
  std::vector<Series> directions;
  Series left = centred(values);
  for (const Series& covariate : covariates) {
    Series direction = centred(covariate);
    const double before = std::sqrt(dot(direction, direction));
    for (const Series& other : directions) {
      subtract(direction, other, dot(direction, other));
    }
    const double length = std::sqrt(dot(direction, direction));
    if (before <= 0 || length <= kNothingNew * before) {
      continue;
    }
    for (double& value : direction) {
      value /= length;
    }
    subtract(left, direction, dot(left, direction));
    directions.push_back(std::move(direction));
  }
  return left;
}

std::optional<PartialFit> fit_partial(const Series& x, const Series& y, std::span<const Series> covariates,
                                      double min_left) {
  PartialFit fit{.x = residuals(x, covariates), .y = residuals(y, covariates)};
  const Series spread = centred(x);
  const double sxx = dot(fit.x, fit.x);
  const double syy = dot(fit.y, fit.y);
  const std::size_t used = covariates.size() + 2;
  if (x.size() <= used || sxx <= min_left * min_left * dot(spread, spread) || sxx <= 0) {
    return std::nullopt;
  }
  fit.freedom = x.size() - used;
  fit.slope = dot(fit.x, fit.y) / sxx;
  fit.correlation = syy <= 0 ? 0 : std::clamp(dot(fit.x, fit.y) / std::sqrt(sxx * syy), -1.0, 1.0);
  const double unexplained = std::max(0.0, syy - fit.slope * fit.slope * sxx);
  fit.slope_error = std::sqrt(unexplained / static_cast<double>(fit.freedom) / sxx);
  return fit;
}

double correlation(const Series& x, const Series& y, std::size_t from, std::size_t to) {
  const auto part = [&](const Series& all) {
    return Series(all.begin() + static_cast<std::ptrdiff_t>(from),
                  all.begin() + static_cast<std::ptrdiff_t>(to));
  };
  const auto line = fit_line(part(x), part(y));
  return line ? line->correlation : 0;
}

double p_by_chance(const PartialFit& fit, std::size_t covariates, std::uint64_t seed) {
  constexpr std::size_t kEnoughForShifts = 200;
  constexpr std::size_t kTrials = 999;
  const std::size_t count = fit.x.size();
  const double reached =
      dot(fit.x, fit.y) * (1 - 1e-12);  // rounding must not let a copy of itself fall short
  std::mt19937_64 random(seed);
  Series moved = fit.x;
  std::size_t at_least = 0;
  std::size_t trials = 0;
  const bool shifts = count >= kEnoughForShifts;
  for (std::size_t i = 1; i <= (shifts ? std::min(kTrials, count - 1) : kTrials); ++i, ++trials) {
    if (shifts) {
      std::rotate(moved.begin(), moved.begin() + 1, moved.end());
    } else {
      for (std::size_t j = count - 1; j > 0; --j) {
        std::swap(moved[j], moved[random() % (j + 1)]);
      }
    }
    at_least += dot(moved, fit.y) >= reached ? 1 : 0;
  }
  if (at_least > 0) {
    return static_cast<double>(at_least + 1) / static_cast<double>(trials + 1);
  }
  if (count <= covariates + 3) {
    return 1.0 / static_cast<double>(trials + 1);
  }
  const double bounded = std::min(fit.correlation, 1 - 1e-12);
  const double z = std::atanh(bounded) * std::sqrt(static_cast<double>(count - covariates - 3));
  return std::min(1.0 / static_cast<double>(trials + 1), std::erfc(z / std::numbers::sqrt2) / 2);
}

std::vector<bool> benjamini_hochberg(const std::vector<double>& p_values, double rate) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p_values[i]; });
  std::size_t kept = 0;
  for (std::size_t rank = 1; rank <= order.size(); ++rank) {
    const double bound = rate * static_cast<double>(rank) / static_cast<double>(order.size());
    kept = p_values[order[rank - 1]] <= bound ? rank : kept;
  }
  std::vector<bool> keep(p_values.size(), false);
  for (std::size_t rank = 0; rank < kept; ++rank) {
    keep[order[rank]] = true;
  }
  return keep;
}

}  // namespace planwise::nplusone

// Findings that lead to the same change become one recommendation; recommendations are ranked.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/finding.h"

namespace planwise {

enum class Horizon : std::uint8_t { kQuickWin, kMediumTerm, kStrategic };
enum class RecommendationStatus : std::uint8_t { kOpen, kSnoozed, kDismissed, kApplied, kVerified, kIneffective };

[[nodiscard]] std::string_view to_string(Horizon value) noexcept;
[[nodiscard]] std::string_view to_string(RecommendationStatus value) noexcept;
[[nodiscard]] std::optional<RecommendationStatus> parse_recommendation_status(std::string_view word) noexcept;

struct Recommendation {
  int rank = 0;      // 1 is best
  std::string id;    // 16 hex digits of target, rule and subject: the same across audits
  Finding finding;   // of the most specific rule
  std::vector<std::string> also;  // ids of the other rules that lead to the same change
  Horizon horizon = Horizon::kQuickWin;
  RecommendationStatus status = RecommendationStatus::kOpen;
};

// Merges findings whose actions are the same and ranks the rest: critical first, then by time saved, then what saves
// no measured time by severity. `target` is the target's name; it takes part in the ids.
[[nodiscard]] std::vector<Recommendation> recommend(std::vector<Finding> findings, std::string_view target);

}  // namespace planwise

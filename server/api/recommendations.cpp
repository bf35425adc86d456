// /recommendations: what would make the targets faster, and what people decided about it.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/api/documents.h"
#include "server/api/handlers.h"
#include "server/api/members.h"
#include "server/api/replies.h"

namespace planwise::api {
namespace {

constexpr std::size_t kMaxNote = 4000;

std::pair<RecommendationSort, bool> sort_of(std::string word) {
  static constexpr std::array<std::pair<std::string_view, RecommendationSort>, 5> kSorts{
      {{"rank", RecommendationSort::kRank},
       {"impact", RecommendationSort::kImpact},
       {"severity", RecommendationSort::kSeverity},
       {"first_seen", RecommendationSort::kFirstSeen},
       {"last_seen", RecommendationSort::kLastSeen}}};
  if (word.empty()) {
    return {RecommendationSort::kRank, true};
  }
  const bool descending = word.starts_with('-');
  word.erase(0, descending ? 1 : 0);
  const auto* const at =
      std::find_if(kSorts.begin(), kSorts.end(), [&](const auto& sort) { return sort.first == word; });
  return {at == kSorts.end() ? RecommendationSort::kRank : at->second, descending || word == "rank"};
}

}  // namespace

Reply list_recommendations(Services& services, const Call& call) {
  const auto target = target_of(services.store, call);
  if (!target) {
    return reply_of(target.error(), call);
  }
  const auto [sort, descending] = sort_of(call.text("sort"));
  RecommendationQuery query{.target = *target,
                            .rule = call.text("rule"),
                            .severity = parse_severity(call.text("severity")),
                            .text = call.text("q"),
                            .history = call.flag("history"),
                            .sort = sort,
                            .descending = descending,
                            .page = page_of(call)};
  for (const std::string& word : call.words("status")) {
    query.status.push_back(parse_recommendation_status(word).value_or(RecommendationStatus::kOpen));
  }
  return list_reply(services.store.recommendations(query), call, recommendation_document);
}

Reply get_recommendation(Services& services, const Call& call) {
  const auto found = services.store.recommendation(call.text("id"));
  return found ? resource_reply(call, recommendation_document(*found)) : reply_of(found.error(), call);
}

Reply change_recommendation(Services& services, const Call& call) {
  Members members(call.body());
  RecommendationChange change;
  if (const auto word = members.text("status", 20)) {
    change.status = parse_recommendation_status(*word);
    if (!change.status || change.status == RecommendationStatus::kVerified ||
        change.status == RecommendationStatus::kIneffective) {
      members.fault("status", "must be open, snoozed, dismissed or applied");
    }
  }
  change.snoozed_until = members.time("snoozed_until");
  change.note = members.text_or_null("note", kMaxNote);
  const bool snoozes = change.status == RecommendationStatus::kSnoozed;
  if (snoozes && (!change.snoozed_until || *change.snoozed_until <= services.clock.now())) {
    members.fault("snoozed_until", "must be a time to come");
  } else if (!snoozes && change.snoozed_until) {
    members.fault("snoozed_until", "goes with the status snoozed");
  }
  if (auto problem = members.problem()) {
    problem->instance = call.path();
    return reply_of(*problem);
  }
  const auto found = services.store.recommendation(call.text("id"));
  if (!found) {
    return reply_of(found.error(), call);
  }
  if (auto failed = failed_precondition(call, recommendation_document(*found))) {
    return *std::move(failed);
  }
  const auto changed = services.store.change_recommendation(call.text("id"), change);
  return changed ? resource_reply(call, recommendation_document(*changed)) : reply_of(changed.error(), call);
}

}  // namespace planwise::api

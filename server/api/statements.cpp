// /statements: what runs on the targets, and how it went over time.
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/api/documents.h"
#include "server/api/handlers.h"
#include "server/api/replies.h"

namespace planwise::api {
namespace {

constexpr std::chrono::days kDefaultHistory{7};

std::pair<StatementSort, bool> sort_of(std::string word) {
  static constexpr std::array<std::pair<std::string_view, StatementSort>, 4> kSorts{
      {{"total_time", StatementSort::kTotalTime},
       {"calls", StatementSort::kCalls},
       {"mean_time", StatementSort::kMeanTime},
       {"rows", StatementSort::kRows}}};
  const bool descending = word.empty() || word.starts_with('-');
  word.erase(0, word.starts_with('-') ? 1 : 0);
  const auto* const at =
      std::find_if(kSorts.begin(), kSorts.end(), [&](const auto& sort) { return sort.first == word; });
  return {at == kSorts.end() ? StatementSort::kTotalTime : at->second, descending};
}

// The end of a point's window, in microseconds: what a history's cursor is.
std::int64_t end_of(const StatementPoint& point) {
  return point.window.to.time_since_epoch().count();
}

// The statement that the path names, of the target that the parameter names.
Result<StoredStatement> statement_of(Store& store, const Call& call) {
  PLANWISE_TRY(const auto target, target_of(store, call));
  return store.statement(StatementId{call.hex("fingerprint")}, target);
}

}  // namespace

Reply list_statements(Services& services, const Call& call) {
  const auto target = target_of(services.store, call);
  if (!target) {
    return reply_of(target.error(), call);
  }
  const auto [sort, descending] = sort_of(call.text("sort"));
  const auto page = services.store.statements({.target = *target,
                                               .text = call.text("q"),
                                               .sort = sort,
                                               .descending = descending,
                                               .page = page_of(call)});
  return list_reply(page, call, [](const StoredStatement& statement) {
    return statement_document(statement, PlanDetail::kNone);
  });
}

Reply get_statement(Services& services, const Call& call) {
  const auto found = statement_of(services.store, call);
  return found ? resource_reply(call, statement_document(*found, PlanDetail::kFull))
               : reply_of(found.error(), call);
}

Reply get_statement_history(Services& services, const Call& call) {
  const auto found = statement_of(services.store, call);
  if (!found) {
    return reply_of(found.error(), call);
  }
  const TimePoint to = call.time("to").value_or(services.clock.now());
  const TimePoint from = call.time("from").value_or(to - kDefaultHistory);
  const auto points = services.store.statement_history(found->id, found->target, {.from = from, .to = to});
  if (!points) {
    return reply_of(points.error(), call);
  }
  const std::int64_t after = call.integer("cursor", 0);
  const auto limit = static_cast<std::size_t>(call.integer("limit", kMaxPage));
  auto at = std::find_if(points->begin(), points->end(),
                         [&](const StatementPoint& point) { return end_of(point) > after; });
  std::vector<std::string> items;
  for (; at != points->end() && items.size() < limit; ++at) {
    items.push_back(statement_point_document(*at));
  }
  return list_reply(items,
                    at == points->end() || items.empty() ? "" : std::to_string(end_of(*std::prev(at))));
}

}  // namespace planwise::api

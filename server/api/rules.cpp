// /rules: the catalogue, in the order of the ids. A cursor is the id that the page before ended with.
#include "rules/rules.h"

#include <algorithm>
#include <string>
#include <vector>

#include "server/api/documents.h"
#include "server/api/handlers.h"
#include "server/api/replies.h"

namespace planwise::api {

Reply list_rules(Services& /*services*/, const Call& call) {
  std::vector<const Rule*> sorted(rules::all().begin(), rules::all().end());
  std::sort(sorted.begin(), sorted.end(),
            [](const Rule* a, const Rule* b) { return a->info.id < b->info.id; });
  const auto limit = static_cast<std::size_t>(call.integer("limit", kMaxPage));
  const std::string& after = call.text("cursor");
  std::vector<std::string> items;
  std::string last;
  for (const Rule* const rule : sorted) {
    if (rule->info.id <= after) {
      continue;
    }
    if (items.size() == limit) {
      return list_reply(items, last);
    }
    items.push_back(rule_document(rule->info));
    last = rule->info.id;
  }
  return list_reply(items, "");
}

Reply get_rule(Services& /*services*/, const Call& call) {
  for (const Rule* const rule : rules::all()) {
    if (rule->info.id == call.text("id")) {
      return resource_reply(call, rule_document(rule->info));
    }
  }
  return reply_of(Error{ErrorCode::kNotFound, "there is no such rule"}, call);
}

}  // namespace planwise::api

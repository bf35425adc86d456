// The shapes that replies share: problems, lists, single resources with their ETag.
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "server/api/call.h"
#include "server/api/problem.h"
#include "server/api/reply.h"
#include "server/store/store.h"

namespace planwise::api {

[[nodiscard]] Reply reply_of(const Problem& problem);
// problem_of(error), with the request's path as instance.
[[nodiscard]] Reply reply_of(const Error& error, const Call& call);

// {"items": [...], "next_cursor": ...}; every item is a JSON document.
[[nodiscard]] Reply list_reply(const std::vector<std::string>& items, std::string_view next_cursor);
// The page with each item as its document, or what kept the store from it.
template <class T, class Document>
[[nodiscard]] Reply list_reply(const Result<Page<T>>& page, const Call& call, const Document& document_of) {
  if (!page) {
    return reply_of(page.error(), call);
  }
  std::vector<std::string> items;
  std::transform(page->items.begin(), page->items.end(), std::back_inserter(items), document_of);
  return list_reply(items, page->next_cursor);
}

// One resource with a strong ETag; 304 without a body where If-None-Match names it.
[[nodiscard]] Reply resource_reply(const Call& call, std::string document);
// 412 where If-Match is given and does not name the document's ETag; else nullopt.
[[nodiscard]] std::optional<Reply> failed_precondition(const Call& call, std::string_view document);

// The parameters `limit` and `cursor`.
[[nodiscard]] PageRequest page_of(const Call& call);

// The target that the parameter `target` names, by id or by name; nullopt where it was not given. kNotFound.
[[nodiscard]] Result<std::optional<TargetId>> target_of(Store& store, const Call& call);

}  // namespace planwise::api

#include "server/api/replies.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "analyzer/base/hash.h"

namespace planwise::api {
namespace {

std::string etag_of(std::string_view document) {
  return '"' + hex16(hash64(document)) + '"';
}

// Whether If-Match or If-None-Match names the tag. Source: RFC 9110, 13.1; our tags are never weak, and a
// weak form of one still names the same text.
bool names(std::string_view field, std::string_view tag) {
  return field == "*" || field.find(tag) != std::string_view::npos;
}

}  // namespace

Reply reply_of(const Problem& problem) {
  return {.status = problem.status, .body = to_json(problem), .content_type = std::string(kProblemType)};
}

Reply reply_of(const Error& error, const Call& call) {
  Problem problem = problem_of(error);
  problem.instance = call.path();
  return reply_of(problem);
}

Reply list_reply(const std::vector<std::string>& items, std::string_view next_cursor) {
  std::size_t size = 64 + next_cursor.size();
  for (const std::string& item : items) {
    size += item.size() + 1;
  }
  Reply reply;
  reply.body.reserve(size);
  reply.body = R"({"items":[)";
  for (const std::string& item : items) {
    reply.body += item;
    reply.body += ',';
  }
  if (!items.empty()) {
    reply.body.pop_back();
  }
  reply.body += R"(],"next_cursor":)";
  reply.body += next_cursor.empty() ? "null" : nlohmann::json(next_cursor).dump();
  reply.body += '}';
  return reply;
}

Reply resource_reply(const Call& call, std::string document) {
  const std::string tag = etag_of(document);
  Reply reply{.headers = {{"ETag", tag}, {"Cache-Control", "no-cache"}}};
  if (names(call.field("if-none-match"), tag)) {
    reply.status = 304;
  } else {
    reply.body = std::move(document);
  }
  return reply;
}

std::optional<Reply> failed_precondition(const Call& call, std::string_view document) {
  const std::string_view wanted = call.field("if-match");
  if (wanted.empty() || names(wanted, etag_of(document))) {
    return std::nullopt;
  }
  return reply_of(Problem{.status = 412,
                          .detail = "the resource has changed since it was read; read it again",
                          .instance = call.path()});
}

PageRequest page_of(const Call& call) {
  return {.limit = static_cast<int>(call.integer("limit", kDefaultPage)), .cursor = call.text("cursor")};
}

Result<std::optional<TargetId>> target_of(Store& store, const Call& call) {
  const std::string& wanted = call.text("target");
  if (wanted.empty()) {
    return std::optional<TargetId>();
  }
  const bool is_id = wanted.size() < 19 && wanted.find_first_not_of("0123456789") == std::string::npos;
  auto target = is_id ? store.target(TargetId{call.integer("target")}) : store.target_by_name(wanted);
  if (!target && target.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("there is no target \"{}\"", wanted)};
  }
  if (!target) {
    return std::move(target).error();
  }
  return std::optional(target->id);
}

}  // namespace planwise::api

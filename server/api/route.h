// What a route is: data. The table of all routes (routes.h) is what requests are dispatched by, what their
// parameters are checked against, and what the OpenAPI document is printed from.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "server/api/head.h"
#include "server/api/reply.h"

namespace planwise::api {

class Call;
struct Services;

enum class ParameterType : std::uint8_t {
  kText,     // at most `max` bytes
  kInteger,  // from `min` to `max`
  kBoolean,  // "true" or "false"
  kChoice,   // one of `choices`
  kChoices,  // one or more of `choices`, separated by commas
  kTime,     // RFC 3339
  kId,       // of a target or an audit: a positive decimal number
  kHex16,    // of a recommendation or a statement: sixteen hexadecimal digits
};

struct Parameter {
  std::string_view name;
  ParameterType type = ParameterType::kText;
  std::string_view summary;
  std::span<const std::string_view> choices{};
  std::int64_t min = 0;
  std::int64_t max = 200;
};

struct Response {
  int status = 200;
  std::string_view schema{};  // a name under /components/schemas; empty: no content, or none in JSON
  std::string_view summary{};
  std::string_view media_type = "application/json";
};

struct Route {
  Method method = Method::kGet;
  std::string_view path;  // "/api/v1/targets/{id}"; what stands in braces is a path parameter
  std::string_view id;    // unique: "listTargets"
  std::string_view summary;
  std::span<const Parameter> path_parameters{};   // in the order of the path
  std::span<const Parameter> query_parameters{};  // any other one is refused
  std::string_view request_schema{};              // empty: a body is refused
  std::span<const Response> responses{};          // beside those that every route has
  Reply (*handle)(Services& services, const Call& call) = nullptr;
};

}  // namespace planwise::api

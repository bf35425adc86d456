#include "server/api/problem.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "analyzer/base/text.h"

namespace planwise::api {
namespace {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return 400;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kPermissionDenied: return 403;
    case ErrorCode::kUnavailable: return 503;
    case ErrorCode::kUnsupported: return 422;
    case ErrorCode::kTimeout: return 504;
    case ErrorCode::kMalformed: return 502;
    case ErrorCode::kInternal: return 500;
  }
  return 500;
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Error";
  }
}

std::string to_json(const Problem& problem) {
  nlohmann::ordered_json document{{"type", "about:blank"},
                                  {"title", reason_phrase(problem.status)},
                                  {"status", problem.status},
                                  {"detail", valid_utf8(problem.detail)}};
  if (!problem.instance.empty()) {
    document["instance"] = valid_utf8(problem.instance);
  }
  if (!problem.errors.empty()) {
    auto& errors = document["errors"] = nlohmann::ordered_json::array();
    for (const FieldError& error : problem.errors) {
      errors.push_back({{"pointer", valid_utf8(error.pointer)}, {"detail", valid_utf8(error.detail)}});
    }
  }
  return document.dump();
}

std::string closing_response(const Problem& problem) {
  const std::string body = to_json(problem);
  return fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n"
      "Connection: close\r\n{}\r\n{}",
      problem.status, reason_phrase(problem.status), kProblemType, body.size(),
      problem.status == 503 ? "Retry-After: 1\r\n" : "", body);
}

Problem problem_of(const Error& error) {
  const int status = status_of(error.code);
  if (status == 500) {
    return {.status = status, .detail = "planwise met an error of its own; its log says more"};
  }
  return {.status = status, .detail = error.hint.empty() ? error.message : error.message + ". " + error.hint};
}

}  // namespace planwise::api

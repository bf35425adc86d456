// What went wrong, as application/problem+json says it.
// Source: RFC 9457. `type` is left at "about:blank": title and status say what kind of problem it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"

namespace planwise::api {

inline constexpr std::string_view kProblemType = "application/problem+json";

// One wrong field or parameter. `pointer` is its name: "limit", "/schedule".
struct FieldError {
  std::string pointer;
  std::string detail;
};

struct Problem {
  int status = 500;
  std::string detail;
  std::string instance{};  // path of the request, without its query
  std::vector<FieldError> errors{};
};

// The reason phrase of a status, which is also the problem's title: "Not Found".
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

// The document.
[[nodiscard]] std::string to_json(const Problem& problem);

// A whole HTTP/1.1 response with the document, after which the connection closes.
[[nodiscard]] std::string closing_response(const Problem& problem);

// An expected failure as a problem: the status of its code (STYLE 2.6), the message and the hint as detail.
// The message of an internal error stays inside.
[[nodiscard]] Problem problem_of(const Error& error);

}  // namespace planwise::api

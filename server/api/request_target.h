// The path and query of a request, decoded. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/base/result.h"

namespace planwise::api {

struct RequestTarget {
  std::string path;                   // as sent, without the query
  std::vector<std::string> segments;  // of the path, decoded: "/a/b%20c" is "a", "b c"; "/" has none
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order; '+' is a space
};

// kInvalidArgument for whatever two programs could read in two ways: a bad escape, an escaped slash or
// backslash, "." and "..", an empty segment, a control character, text that is not UTF-8, a parameter without
// a name or given twice.
[[nodiscard]] Result<RequestTarget> parse_request_target(std::string_view target);

}  // namespace planwise::api

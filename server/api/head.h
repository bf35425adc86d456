// Reads and vets the head of an HTTP/1.x request before anything else looks at it. Pure: text in, a value
// out.
//
// Strict on purpose: whatever two programs could read in two ways is refused, because a proxy may stand in
// front. Source: RFC 9112 (HTTP/1.1 messages), RFC 9110 (fields); https://www.w3.org/TR/fetch-metadata for
// Sec-Fetch-Site.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace planwise::api {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };

[[nodiscard]] std::string_view to_string(Method method) noexcept;

struct HeadPolicy {
  std::size_t max_bytes = 16 << 10;  // of the whole head
  std::size_t max_fields = 100;
  std::size_t max_target_bytes = 4096;    // of the request target
  std::int64_t max_body_bytes = 1 << 20;  // of a body with a declared length
  // Names a Host may have, lower case, without port; what is not listed is another site's name pointed at us
  // (DNS rebinding).
  std::vector<std::string> hosts = {"localhost", "127.0.0.1", "[::1]"};
};

struct RequestHead {
  Method method = Method::kGet;
  std::string target;                                       // origin form, as sent: "/api/v1/targets?limit=5"
  std::vector<std::pair<std::string, std::string>> fields;  // names in lower case, values trimmed, in order
  std::int64_t content_length = 0;                          // 0 where none was sent
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;

  [[nodiscard]] bool has_body() const { return chunked || content_length > 0; }
  // The first field of that (lower-case) name; empty if there is none. Lives as long as the head.
  [[nodiscard]] std::string_view field(std::string_view name) const;
};

// Why a request is not served. `detail` is for the client and holds nothing that came from it.
struct Refusal {
  int status = 400;
  std::string_view detail;
};

// `text` runs up to and including the empty line. Refusals: 400 malformed or ambiguous, 403 a foreign page
// asks for a change, 413 declared length over the limit, 414, 415 a body that is not JSON or is compressed,
// 417, 421 foreign Host, 431, 501 unknown method or transfer coding, 505.
[[nodiscard]] std::variant<RequestHead, Refusal> vet_head(std::string_view text, const HeadPolicy& policy);

}  // namespace planwise::api

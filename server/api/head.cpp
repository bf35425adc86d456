#include "server/api/head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace planwise::api {
namespace {

constexpr std::array<std::string_view, 7> kMethods{"GET",   "HEAD",   "POST",   "PUT",
                                                   "PATCH", "DELETE", "OPTIONS"};

bool is_token_char(char letter) {
  constexpr std::string_view kOther = "!#$%&'*+-.^_`|~";
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || kOther.find(letter) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& letter : out) {
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes the line at the front of `text`, which must end in CRLF; nullopt where CR or LF stand alone.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find_first_of("\r\n");
  if (end == std::string_view::npos || text.substr(end, 2) != "\r\n") {
    return std::nullopt;
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

// Whether a comma-separated field such as Connection holds `token`.
bool lists(std::string_view value, std::string_view token) {
  while (!value.empty()) {
    const auto comma = value.find(',');
    if (lower(trimmed(value.substr(0, comma))) == token) {
      return true;
    }
    value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
  }
  return false;
}

std::optional<Refusal> read_request_line(std::string_view line, const HeadPolicy& policy, RequestHead& head,
                                         bool& is_http_1_0) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return Refusal{400, "the request line is not `METHOD target HTTP/1.1`"};
  }
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(method)) {
    return Refusal{400, "the method is not a token"};
  }
  if (version.size() != 8 || !version.starts_with("HTTP/")) {
    return Refusal{400, "the request line does not end in an HTTP version"};
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return Refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  }
  const auto* const known = std::find(kMethods.begin(), kMethods.end(), method);
  if (known == kMethods.end()) {
    return Refusal{501, "the method is not known"};
  }
  if (target.size() > policy.max_target_bytes) {
    return Refusal{414, "the request target is too long"};
  }
  if (!target.starts_with('/') || std::any_of(target.begin(), target.end(), [](char letter) {
        return letter <= 0x20 || letter >= 0x7F || letter == '#';
      })) {
    return Refusal{400, "the request target is not an absolute path of printable ASCII"};
  }
  is_http_1_0 = version == "HTTP/1.0";
  head.method = static_cast<Method>(known - kMethods.begin());
  head.target = target;
  return std::nullopt;
}

std::optional<Refusal> read_fields(std::string_view text, const HeadPolicy& policy, RequestHead& head) {
  while (true) {
    const auto line = take_line(text);
    if (!line) {
      return Refusal{400, "a line does not end in CRLF"};
    }
    if (line->empty()) {
      return text.empty() ? std::nullopt : std::optional(Refusal{400, "the head ends in its middle"});
    }
    if (head.fields.size() == policy.max_fields) {
      return Refusal{431, "too many fields"};
    }
    const auto colon = line->find(':');
    if (colon == std::string_view::npos || !is_token(line->substr(0, colon))) {
      return Refusal{400, "a field has no valid name"};  // a folded line too: it starts with a space
    }
    const std::string_view value = trimmed(line->substr(colon + 1));
    if (std::any_of(value.begin(), value.end(), [](char letter) {
          return (static_cast<unsigned char>(letter) < 0x20 && letter != '\t') || letter == 0x7F;
        })) {
      return Refusal{400, "a field holds control characters"};
    }
    head.fields.emplace_back(lower(line->substr(0, colon)), value);
  }
}

std::ptrdiff_t count(const RequestHead& head, std::string_view name) {
  return std::count_if(head.fields.begin(), head.fields.end(),
                       [&](const auto& field) { return field.first == name; });
}

// How long the body is, and whether that is beyond doubt.
std::optional<Refusal> read_framing(const HeadPolicy& policy, bool is_http_1_0, RequestHead& head) {
  const auto lengths = count(head, "content-length");
  const auto codings = count(head, "transfer-encoding");
  if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0)) {
    return Refusal{400, "the length of the body is given twice"};
  }
  if (codings > 0) {
    if (is_http_1_0) {
      return Refusal{400, "HTTP/1.0 has no transfer codings"};
    }
    if (lower(head.field("transfer-encoding")) != "chunked") {
      return Refusal{501, "the only transfer coding known is chunked"};
    }
    head.chunked = true;
  }
  if (lengths > 0) {
    const std::string_view digits = head.field("content-length");
    const bool decimal = !digits.empty() && std::all_of(digits.begin(), digits.end(),
                                                        [](char c) { return c >= '0' && c <= '9'; });
    if (!decimal) {
      return Refusal{400, "Content-Length is not a decimal number"};
    }
    const auto [stop, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), head.content_length);
    if (failure != std::errc{} || head.content_length > policy.max_body_bytes) {
      return Refusal{413, "the body is too long"};
    }
  }
  const bool may_have_body = head.method == Method::kPost || head.method == Method::kPut ||
                             head.method == Method::kPatch || head.method == Method::kDelete;
  if (head.has_body() && !may_have_body) {
    return Refusal{400, "a request of this method has no body"};
  }
  return std::nullopt;
}

std::optional<Refusal> read_content_fields(RequestHead& head) {
  if (count(head, "content-encoding") > 0 && lower(head.field("content-encoding")) != "identity") {
    return Refusal{415, "compressed bodies are not accepted"};
  }
  if (head.has_body()) {
    const std::string_view type = head.field("content-type");
    const std::string essence = lower(trimmed(type.substr(0, type.find(';'))));
    if (essence != "application/json" && essence != "application/merge-patch+json") {
      return Refusal{415, "a body must be application/json"};
    }
  }
  if (count(head, "expect") > 0) {
    if (lower(head.field("expect")) != "100-continue") {
      return Refusal{417, "the only expectation known is 100-continue"};
    }
    head.expects_continue = head.has_body();
  }
  return std::nullopt;
}

// Host without its port; empty where it is malformed.
std::string host_name(std::string_view host) {
  const auto bracket = host.starts_with('[') ? host.find(']') : 0;
  if (bracket == std::string_view::npos) {
    return {};
  }
  const auto colon = host.find(':', bracket);
  const std::string_view port = colon == std::string_view::npos ? "" : host.substr(colon + 1);
  const bool decimal = std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  return decimal ? lower(host.substr(0, colon)) : std::string{};
}

// Who is asked, and which page asks.
std::optional<Refusal> check_site(const HeadPolicy& policy, bool is_http_1_0, const RequestHead& head) {
  const auto hosts = count(head, "host");
  if (hosts > 1 || (hosts == 0 && !is_http_1_0)) {
    return Refusal{400, "there must be one Host field"};
  }
  const std::string_view host = head.field("host");
  if (hosts == 1 &&
      std::find(policy.hosts.begin(), policy.hosts.end(), host_name(host)) == policy.hosts.end()) {
    return Refusal{421, "this server does not answer for that host"};
  }
  if (head.method == Method::kGet || head.method == Method::kHead || head.method == Method::kOptions) {
    return std::nullopt;
  }
  if (count(head, "origin") > 0) {
    std::string_view origin = head.field("origin");
    const std::string_view scheme = origin.starts_with("https://") ? "https://" : "http://";
    if (!origin.starts_with(scheme) || lower(origin.substr(scheme.size())) != lower(host)) {
      return Refusal{403, "a page of another origin may not change anything here"};
    }
  }
  const std::string_view fetch_site = head.field("sec-fetch-site");
  if (!fetch_site.empty() && fetch_site != "same-origin" && fetch_site != "none") {
    return Refusal{403, "a page of another site may not change anything here"};
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Method method) noexcept {
  return kMethods.at(static_cast<std::size_t>(method));
}

std::string_view RequestHead::field(std::string_view name) const {
  const auto at =
      std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
  return at == fields.end() ? std::string_view{} : std::string_view(at->second);
}

std::variant<RequestHead, Refusal> vet_head(std::string_view text, const HeadPolicy& policy) {
  if (text.size() > policy.max_bytes) {
    return Refusal{431, "the request head is too long"};
  }
  RequestHead head;
  const auto line = take_line(text);
  if (!line) {
    return Refusal{400, "a line does not end in CRLF"};
  }
  bool is_http_1_0 = false;
  if (const auto refusal = read_request_line(*line, policy, head, is_http_1_0)) {
    return *refusal;
  }
  if (const auto refusal = read_fields(text, policy, head)) {
    return *refusal;
  }
  // What the engine behind sets itself must not come from a client (CVE-2025-66570).
  for (const std::string_view name : {"remote_addr", "remote_port", "local_addr", "local_port"}) {
    if (count(head, name) > 0) {
      return Refusal{400, "a field has a reserved name"};
    }
  }
  if (const auto refusal = read_framing(policy, is_http_1_0, head)) {
    return *refusal;
  }
  if (const auto refusal = check_site(policy, is_http_1_0, head)) {
    return *refusal;
  }
  if (const auto refusal = read_content_fields(head)) {
    return *refusal;
  }
  const std::string_view connection = head.field("connection");
  head.keep_alive = is_http_1_0 ? lists(connection, "keep-alive") : !lists(connection, "close");
  return head;
}

}  // namespace planwise::api

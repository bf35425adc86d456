#include "server/api/request_target.h"

#include <algorithm>
#include <optional>

#include "analyzer/base/text.h"

namespace planwise::api {
namespace {

Error malformed(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

std::optional<int> hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') {
    return letter - '0';
  }
  const char lower = static_cast<char>(letter | 0x20);
  return lower >= 'a' && lower <= 'f' ? std::optional(lower - 'a' + 10) : std::nullopt;
}

Result<std::string> decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      const auto high = at + 2 < text.size() ? hex_digit(text[at + 1]) : std::nullopt;
      const auto low = at + 2 < text.size() ? hex_digit(text[at + 2]) : std::nullopt;
      if (!high || !low) {
        return malformed("the target holds a % without two hexadecimal digits");
      }
      out += static_cast<char>(*high * 16 + *low);
      at += 2;
    } else {
      out += plus_is_space && text[at] == '+' ? ' ' : text[at];
    }
  }
  const bool control = std::any_of(out.begin(), out.end(), [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
  });
  if (control || valid_utf8(out) != out) {
    return malformed("the target holds control characters or text that is not UTF-8");
  }
  return out;
}

// Calls take(piece) for each piece between separators, until one fails.
template <class Take>
Result<void> split(std::string_view text, char separator, Take take) {
  while (true) {
    const auto end = text.find(separator);
    if (auto taken = take(text.substr(0, end)); !taken) {
      return taken;
    }
    if (end == std::string_view::npos) {
      return {};
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace

Result<RequestTarget> parse_request_target(std::string_view target) {
  const auto question = target.find('?');
  RequestTarget out;
  out.path = target.substr(0, question);
  if (out.path != "/") {
    auto parsed =
        split(std::string_view(out.path).substr(1), '/', [&](std::string_view piece) -> Result<void> {
          auto segment = decoded(piece, false);
          if (!segment) {
            return std::move(segment).error();
          }
          if (segment->empty() || *segment == "." || *segment == ".." ||
              segment->find_first_of("/\\") != std::string::npos) {
            return malformed("the path has an empty, relative or ambiguous segment");
          }
          out.segments.push_back(std::move(segment).value());
          return {};
        });
    if (!parsed) {
      return std::move(parsed).error();
    }
  }
  if (question == std::string_view::npos || question + 1 == target.size()) {
    return out;
  }
  auto parsed = split(target.substr(question + 1), '&', [&](std::string_view piece) -> Result<void> {
    const auto equals = piece.find('=');
    auto name = decoded(piece.substr(0, equals), true);
    auto value = decoded(equals == std::string_view::npos ? "" : piece.substr(equals + 1), true);
    if (!name || !value) {
      return std::move(!name ? name : value).error();
    }
    const bool twice = std::any_of(out.query.begin(), out.query.end(),
                                   [&](const auto& parameter) { return parameter.first == *name; });
    if (name->empty() || twice) {
      return malformed(name->empty() ? "a query parameter has no name"
                                     : "the query parameter " + *name + " is given twice");
    }
    out.query.emplace_back(std::move(name).value(), std::move(value).value());
    return {};
  });
  if (!parsed) {
    return std::move(parsed).error();
  }
  return out;
}

}  // namespace planwise::api

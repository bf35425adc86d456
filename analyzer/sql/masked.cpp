#include <algorithm>
#include <array>

#include "analyzer/base/text.h"
#include "analyzer/sql/fingerprint.h"
#include "analyzer/sql/lexer.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

// How PostgreSQL's messages quote a value, where no SQL expression has these characters in a row:
// `invalid input syntax for type integer: "x"`, `Key (email)=(x) already exists`, `Failing row contains (x)`.
struct Quotation {
  std::string_view opening;
  char closing;
};
constexpr std::array kQuotations{Quotation{": \"", '"'}, Quotation{"value \"", '"'},
                                 Quotation{" near \"", '"'}, Quotation{")=(", ')'},
                                 Quotation{" contains (", ')'}};

bool is_plain_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

// One line of a message. The value may hold the closing character itself, so all up to its last one goes.
std::string without_quoted_values(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    const std::string_view rest = line.substr(at);
    const auto* const found = std::ranges::find_if(
        kQuotations, [&](const Quotation& entry) { return rest.starts_with(entry.opening); });
    if (found == kQuotations.end()) {
      out += rest.front();
      ++at;
      continue;
    }
    const std::string_view value = rest.substr(found->opening.size());
    const std::size_t close = std::min(value.rfind(found->closing), value.size());
    const bool word = found->opening == " near \"" && is_plain_word(value.substr(0, close));
    out.append(found->opening).append(word ? value.substr(0, close) : "?"sv);
    at = line.size() - value.size() + close;
  }
  return out;
}

std::string without_message_values(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    out += without_quoted_values(text.substr(at, end - at));
    at = end;
  }
  return out;
}

}  // namespace

std::string masked(std::string_view text, Engine engine) {
  const std::string readable = without_message_values(valid_utf8(text));
  Lexer lexer(readable, engine);
  std::string out;
  std::size_t copied = 0;
  for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
    // What stands between two tokens is white space, or had a comment in it.
    const std::string_view gap = std::string_view(readable).substr(copied, token.begin - copied);
    const bool blank = gap.find_first_not_of(" \t\r\n") == std::string_view::npos;
    out += blank ? gap : " ";
    out += token.kind == TokenKind::kString   ? "'?'"
           : token.kind == TokenKind::kNumber ? "?"
                                              : lexer.text(token);
    copied = token.end;
  }
  return out;
}

}  // namespace planwise

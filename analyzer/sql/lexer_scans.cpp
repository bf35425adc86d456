// What is found by running the lexer over a whole text.
#include <array>

#include "analyzer/sql/keywords.h"
#include "analyzer/sql/lexer.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

constexpr std::array kDepthWords{"and"sv,    "at"sv,      "case"sv,  "collate"sv, "else"sv,
                                 "except"sv, "ilike"sv,   "in"sv,    "is"sv,      "intersect"sv,
                                 "join"sv,   "like"sv,    "not"sv,   "or"sv,      "over"sv,
                                 "select"sv, "similar"sv, "union"sv, "when"sv,    "with"sv};

}  // namespace

std::vector<std::string_view> split_statements(std::string_view sql, Engine engine) {
  std::vector<std::string_view> statements;
  Lexer lexer(sql, engine);
  Token first;
  std::size_t end = 0;
  std::size_t open = 0;
  const auto finish = [&] {
    if (first.kind != TokenKind::kEnd) {
      statements.push_back(sql.substr(first.begin, end - first.begin));
    }
    first = Token{};
    open = 0;
  };
  for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
    const std::string_view text = lexer.text(token);
    const bool punctuation = token.kind == TokenKind::kPunctuation;
    if (punctuation && text == ";" && open == 0) {
      finish();
      continue;
    }
    if (punctuation && text == "(") {
      ++open;
    } else if (punctuation && text == ")" && open > 0) {
      --open;
    }
    first = first.kind == TokenKind::kEnd ? token : first;
    end = token.end;
  }
  finish();
  return statements;
}

std::size_t count_depth_makers(std::string_view sql, Engine engine) {
  std::size_t count = 0;
  Lexer lexer(sql, engine);
  for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
    const std::string_view text = lexer.text(token);
    const bool opens = token.kind == TokenKind::kPunctuation && (text == "(" || text == "[" || text == "::");
    const bool joins = token.kind == TokenKind::kWord && is_one_of(text, kDepthWords);
    count += opens || joins || token.kind == TokenKind::kOperator ? 1 : 0;
  }
  return count;
}

}  // namespace planwise

#include "analyzer/sql/statement_kind.h"

#include <array>
#include <utility>

#include "analyzer/sql/keywords.h"
#include "analyzer/sql/lexer.h"

namespace planwise {
namespace {

StatementKind kind_of_word(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, StatementKind>, 7> kWords{
      {{"select", StatementKind::kSelect},
       {"values", StatementKind::kSelect},
       {"insert", StatementKind::kInsert},
       {"replace", StatementKind::kInsert},
       {"update", StatementKind::kUpdate},
       {"delete", StatementKind::kDelete},
       {"merge", StatementKind::kMerge}}};
  for (const auto& [spelt, kind] : kWords) {
    if (equals_ignoring_case(word, spelt)) {
      return kind;
    }
  }
  return StatementKind::kUtility;
}

}  // namespace

StatementKind kind_by_words(std::string_view sql, Engine engine) {
  Lexer lexer(sql, engine);
  int depth = 0;
  bool with = false;
  for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
    const std::string_view text = lexer.text(token);
    depth += text == "(" ? 1 : text == ")" ? -1 : 0;
    if (token.kind != TokenKind::kWord || (with && depth > 0)) {
      continue;
    }
    const StatementKind kind = kind_of_word(text);
    if (kind != StatementKind::kUtility || !(with || equals_ignoring_case(text, "with"))) {
      return kind;
    }
    with = true;
  }
  return StatementKind::kUnknown;
}

}  // namespace planwise

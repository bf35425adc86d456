#include "analyzer/sql/shape_postgres.h"

#include <array>
#include <string>
#include <utility>

#include "analyzer/sql/keywords.h"
#include "analyzer/sql/lexer.h"
#include "analyzer/sql/parse_postgres.h"
#include "analyzer/sql/repair.h"
#include "analyzer/sql/shape_reader.h"

namespace planwise {
namespace {

StatementKind kind_of_word(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, StatementKind>, 6> kWords{
      {{"select", StatementKind::kSelect},
       {"values", StatementKind::kSelect},
       {"insert", StatementKind::kInsert},
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

// By the first word; after WITH by the first one outside parentheses that can open a query.
StatementKind kind_by_words(std::string_view sql) {
  Lexer lexer(sql, Engine::kPostgres);
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

}  // namespace

StatementShape shape_postgres(std::string_view sql) {
  StatementShape shape;
  const auto refuse = [&](std::string why) {
    shape = {.kind = kind_by_words(sql), .parsed = false, .why_not = std::move(why)};
  };
  const Result<void> parsed =
      parse_postgres(repaired(sql), [&](const std::vector<parse_tree::Node>& statements) {
        if (statements.size() == 1) {
          shape = ShapeReader().read(statements.front());
        } else {
          refuse(statements.empty() ? "no statement" : "several statements");
        }
      });
  if (!parsed) {
    refuse(parsed.error().message);
  }
  return shape;
}

}  // namespace planwise

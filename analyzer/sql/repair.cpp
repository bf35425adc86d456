#include "analyzer/sql/repair.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "analyzer/sql/keywords.h"
#include "analyzer/sql/lexer.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

// Type names that the grammar reserves.
constexpr std::array kReservedTypes{"bigint"sv,   "bit"sv,     "boolean"sv,   "char"sv,    "character"sv,
                                    "dec"sv,      "decimal"sv, "float"sv,     "int"sv,     "integer"sv,
                                    "interval"sv, "nchar"sv,   "json"sv,      "numeric"sv, "real"sv,
                                    "smallint"sv, "time"sv,    "timestamp"sv, "varchar"sv};
// Unreserved words that a parameter follows in the grammar itself: FETCH FIRST $1, AT TIME ZONE $1, ROWS $1
// PRECEDING.
constexpr std::array kNoTypes{"call"sv,  "columns"sv, "first"sv, "groups"sv,  "next"sv,    "passing"sv,
                              "range"sv, "return"sv,  "rows"sv,  "uescape"sv, "version"sv, "zone"sv};
constexpr std::array kIntervalFields{"day"sv, "hour"sv, "minute"sv, "month"sv, "second"sv, "to"sv, "year"sv};

class Repair {
 public:
  explicit Repair(std::string_view sql) : sql_(sql) {
    Lexer lexer(sql, Engine::kPostgres);
    for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
      tokens_.push_back(token);
    }
  }

  std::string run() {
    for (std::size_t at = 0; at < tokens_.size();) {
      const std::size_t before = at;
      for (const auto mend : {&Repair::typed_literal, &Repair::extract, &Repair::series,
                              &Repair::array_comparison, &Repair::values_list}) {
        at = at == before ? (this->*mend)(at) : at;
      }
      at += at == before ? 1 : 0;
    }
    return out_.append(sql_.substr(copied_));
  }

 private:
  // Each mends what begins at token `at` and returns the position after it, or `at`.
  std::size_t typed_literal(std::size_t at) {
    const bool begins = at == 0 || !(is(at - 1, ".") || is(at - 1, "::"));
    const std::size_t value = begins ? after_type(at) : at;
    if (value == at || !is_parameter(value)) {
      return at;
    }
    const bool interval = word_is(at, "interval");
    std::size_t end = value + 1;
    std::string type(sql_.substr(tokens_[at].begin, tokens_[value - 1].end - tokens_[at].begin));
    if (interval && is_field(end)) {
      const std::size_t first = end;
      while (is_field(end)) {
        ++end;
      }
      end = after_modifier(end);
      type.append(" ").append(sql_.substr(tokens_[first].begin, tokens_[end - 1].end - tokens_[first].begin));
    }
    const bool scaled_before = interval && at >= 2 && is(at - 1, "*") && is_bare_parameter(at - 2);
    if (scaled_before) {
      replace(at - 2, at - 1, cast(at - 2, "double precision"));
    }
    replace(at, end, cast(value, type));
    const bool scaled_after = interval && (is(end, "*") || is(end, "/")) && is_bare_parameter(end + 1);
    if (scaled_after) {
      replace(end + 1, end + 2, cast(end + 1, "double precision"));
      end += 2;
    }
    return end;
  }

  std::size_t extract(std::size_t at) {
    if (!word_is(at, "extract") || !is(at + 1, "(") || !is_parameter(at + 2) || !word_is(at + 3, "from")) {
      return at;
    }
    replace(at, at + 1, "date_part");
    copy_to(tokens_[at + 2].end);
    out_ += ",";
    copied_ = tokens_[at + 3].end;
    return at + 4;
  }

  std::size_t series(std::size_t at) {
    const std::size_t end = word_is(at, "generate_series") ? after_parameters(at + 1, "(", ")") : at;
    if (end <= at + 4) {
      return at;
    }
    for (std::size_t i = at + 2; i < end; i += 2) {
      replace(i, i + 1, cast(i, "integer"));
    }
    return end;
  }

  std::size_t array_comparison(std::size_t at) {
    const bool any = is(at, "=") && (word_is(at + 1, "any") || word_is(at + 1, "some"));
    const bool all = (is(at, "<>") || is(at, "!=")) && word_is(at + 1, "all");
    if (!(any || all) || !is(at + 2, "(") || !word_is(at + 3, "array")) {
      return at;
    }
    const std::size_t end = after_parameters(at + 4, "[", "]");
    if (end == at + 4 || !is(end, ")")) {
      return at;
    }
    const std::size_t begin = tokens_[at + 4].end;
    const std::string list(sql_.substr(begin, tokens_[end - 1].begin - begin));
    replace(at, end + 1, (any ? "IN (" : "NOT IN (") + list + ")");
    return end + 1;
  }

  std::size_t values_list(std::size_t at) {
    if (!word_is(at, "in") || !is(at + 1, "(") || !word_is(at + 2, "values")) {
      return at;
    }
    std::string list;
    std::size_t row = at + 3;
    for (;; ++row) {
      if (!is(row, "(") || !is_parameter(row + 1) || !is(row + 2, ")")) {
        return at;
      }
      list.append(list.empty() ? "" : ", ").append(text(row + 1));
      row += 3;
      if (!is(row, ",")) {
        break;
      }
    }
    if (!is(row, ")")) {
      return at;
    }
    replace(at, row + 1, "IN (" + list + ")");
    return row + 1;
  }

  // The position after a type's name that begins at `at`; `at` if none does.
  [[nodiscard]] std::size_t after_type(std::size_t at) const {
    if (!is_name(at)) {
      return at;
    }
    if (word_is(at, "time") || word_is(at, "timestamp")) {
      const std::size_t end = after_modifier(at + 1);
      const bool zone = (word_is(end, "with") || word_is(end, "without")) && word_is(end + 1, "time") &&
                        word_is(end + 2, "zone");
      return zone ? end + 3 : end;
    }
    if (word_is(at, "double") && word_is(at + 1, "precision")) {
      return at + 2;
    }
    if (word_is(at + 1, "varying")) {
      return after_modifier(at + 2);
    }
    const bool reserved = tokens_[at].kind == TokenKind::kWord &&
                          (is_clause_word(text(at)) || must_be_quoted(text(at), Engine::kPostgres));
    if (reserved && !is_one_of(text(at), kReservedTypes)) {
      return at;
    }
    if (tokens_[at].kind == TokenKind::kWord && is_one_of(text(at), kNoTypes)) {
      return at;
    }
    std::size_t end = at + 1;
    while (is(end, ".") && is_name(end + 1)) {
      end += 2;
    }
    return reserved ? after_modifier(end) : end;
  }

  // After `(3)` or `(10, 2)`; `at` where there is none.
  [[nodiscard]] std::size_t after_modifier(std::size_t at) const {
    std::size_t end = at + 1;
    while (is(at, "(") && end < tokens_.size() && (tokens_[end].kind == TokenKind::kNumber || is(end, ","))) {
      ++end;
    }
    return is(at, "(") && is(end, ")") ? end + 1 : at;
  }

  // After a parenthesised list of nothing but parameters; `at` where there is none.
  [[nodiscard]] std::size_t after_parameters(std::size_t at, std::string_view open,
                                             std::string_view close) const {
    std::size_t end = at;
    if (!is(at, open)) {
      return at;
    }
    do {
      if (!is_parameter(end + 1)) {
        return at;
      }
      end += 2;
    } while (is(end, ","));
    return is(end, close) ? end + 1 : at;
  }

  [[nodiscard]] std::string_view text(std::size_t at) const {
    return at < tokens_.size() ? sql_.substr(tokens_[at].begin, tokens_[at].end - tokens_[at].begin)
                               : std::string_view{};
  }
  [[nodiscard]] bool is(std::size_t at, std::string_view mark) const { return text(at) == mark; }
  [[nodiscard]] bool word_is(std::size_t at, std::string_view lower) const {
    return equals_ignoring_case(text(at), lower);
  }
  [[nodiscard]] bool is_field(std::size_t at) const { return is_one_of(text(at), kIntervalFields); }
  [[nodiscard]] bool is_name(std::size_t at) const {
    return at < tokens_.size() &&
           (tokens_[at].kind == TokenKind::kWord || tokens_[at].kind == TokenKind::kQuotedName);
  }
  [[nodiscard]] bool is_parameter(std::size_t at) const {
    return at < tokens_.size() && tokens_[at].kind == TokenKind::kParameter && text(at).starts_with('$');
  }
  [[nodiscard]] bool is_bare_parameter(std::size_t at) const { return is_parameter(at) && !is(at + 1, "::"); }

  [[nodiscard]] std::string cast(std::size_t parameter, std::string_view type) const {
    return std::string("CAST(").append(text(parameter)).append(" AS ").append(type).append(")");
  }

  void copy_to(std::size_t offset) {
    out_.append(sql_.substr(copied_, offset - copied_));
    copied_ = offset;
  }
  // Puts `replacement` in place of the tokens from `first` to before `end`; calls go from left to right.
  void replace(std::size_t first, std::size_t end, std::string_view replacement) {
    copy_to(tokens_[first].begin);
    out_ += replacement;
    copied_ = tokens_[end - 1].end;
  }

  std::string_view sql_;
  std::vector<Token> tokens_;
  std::string out_;
  std::size_t copied_ = 0;
};

}  // namespace

std::string repaired(std::string_view sql) {
  return Repair(sql).run();
}

}  // namespace planwise

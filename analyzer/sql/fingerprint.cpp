#include "analyzer/sql/fingerprint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/sql/keywords.h"
#include "analyzer/sql/lexer.h"
#include "analyzer/sql/list_frame.h"
#include "analyzer/sql/mysql_words.h"
#include "analyzer/sql/normal_text.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

// Types whose parenthesised numbers are part of the type. They are no function names: the grammar reserves
// them.
constexpr std::array kTypesWithModifier{"bit"sv,       "char"sv,    "character"sv, "dec"sv,     "decimal"sv,
                                        "float"sv,     "nchar"sv,   "interval"sv,  "numeric"sv, "time"sv,
                                        "timestamp"sv, "varchar"sv, "varying"sv};
// The later words of a type's name.
constexpr std::array kTypeTail{"precision"sv, "time"sv, "varying"sv, "with"sv, "without"sv, "zone"sv};
// After IS and IS NOT the words TRUE, FALSE and NULL are no values; NULL is none after these either.
constexpr std::array kNoNullAfter{"default"sv, "not"sv, "on"sv, "returns"sv, "set"sv};
constexpr std::array kLiteralWords{"false"sv, "null"sv, "true"sv};
constexpr std::array kMySqlLiteralWords{"null"sv};  // its digests keep TRUE and FALSE
constexpr std::array kAfterOrder{"except"sv, "fetch"sv, "for"sv,       "having"sv, "intersect"sv, "limit"sv,
                                 "offset"sv, "order"sv, "returning"sv, "union"sv,  "window"sv};
constexpr std::array kQueryWords{"delete"sv, "insert"sv, "merge"sv, "select"sv,
                                 "update"sv, "values"sv, "with"sv};

// Parentheses nested deeper than this share one frame, and lists in them keep their length: it bounds memory,
// and the work of comparing elements that hold lists themselves.
constexpr std::size_t kMaxFrames = 32;

enum class TypeState : std::uint8_t { kNone, kExpected, kNamed };

class Normaliser {
 public:
  Normaliser(std::string_view sql, Engine engine)
      : lexer_(sql, engine),
        engine_(engine),
        postgres_(engine == Engine::kPostgres),
        out_(engine, sql.size()) {
    frames_.emplace_back().query = true;
  }

  Normalised run() {
    current_ = lexer_.next();
    while (current_.kind != TokenKind::kEnd) {
      next_ = lexer_.next();
      take();
      current_ = next_;
    }
    frame().end_element(out_, engine_);
    return {.id = StatementId{out_.hash()}, .text = out_.numbered()};
  }

 private:
  ListFrame& frame() { return frames_.back(); }
  [[nodiscard]] std::string_view text() const { return lexer_.text(current_); }
  [[nodiscard]] bool next_is(std::string_view punctuation) const {
    return next_.kind == TokenKind::kPunctuation && lexer_.text(next_) == punctuation;
  }

  void take() {
    if (current_.kind == TokenKind::kPunctuation && text() == ";") {
      out_.separate();
      frame().element.constant = false;
      after_string_ = false;
      return;
    }
    switch (current_.kind) {
      case TokenKind::kString: take_string(); break;
      case TokenKind::kNumber: take_number(); break;
      case TokenKind::kParameter: take_parameter(); break;
      case TokenKind::kWord: take_word(); break;
      case TokenKind::kQuotedName: take_quoted_name(); break;
      case TokenKind::kPunctuation: take_punctuation(); break;
      case TokenKind::kOperator: take_operator(); break;
      case TokenKind::kEnd: break;
    }
  }

  // Every token but a comma is noted. `word` is empty for what is none; `constant`: it may be part of a
  // value.
  void note(std::string_view word, bool constant, TypeState type) {
    ListFrame& here = frame();
    here.word = word;
    here.first = false;
    here.values = false;
    here.element.constant = here.element.constant && constant;
    ++here.element.tokens;
    here.element.ends_in_value = false;
    here.element.ends_in_row = false;
    type_ = type;
    after_string_ = false;
    signs_.reset();
  }

  void take_value(std::uint32_t number) {
    if (after_string_ && !postgres_) {
      return;  // MySQL joins neighbours: `'a' 'b'`, which its digests print as `? ?`
    }
    drop_signs();
    out_.put_value(number);
    note({}, true, TypeState::kNone);
    frame().element.ends_in_value = true;
    after_string_ = !postgres_;
  }

  // The signs of a literal are part of it, as in pg_stat_statements and MySQL's digests.
  void drop_signs() {
    if (signs_) {
      out_.take_back(signs_->mark, signs_->last);
      frame().element.tokens = signs_->tokens;
    }
  }

  void take_parameter() {
    // MySQL's digests write `?, ...` for two and more values, and `(...)` in parentheses.
    const bool counted = frame().kind != ListFrame::Kind::kList;
    const bool follows = frame().element.tokens == 0 && frame().previous && frame().previous->ends_in_value;
    if (text() == "..." && counted && !follows) {
      take_value(0);
      take_comma();
    }
    take_value(parameter_number());
  }

  void take_comma() {
    if (deeper_ == 0) {
      frame().end_element(out_, engine_);
    }
    out_.put(Piece::kSeparator, ",");
    ListFrame& here = frame();
    here.word = {};
    if (deeper_ == 0) {
      here.element = {.begin = out_.end()};
    }
    type_ = TypeState::kNone;
    after_string_ = false;
  }

  void take_string() {
    if (!after_string_) {
      take_value(0);
      after_string_ = true;
    }
  }

  void take_number() {
    const bool digits = std::ranges::all_of(text(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits && (frame().kind == ListFrame::Kind::kType || is_position())) {
      out_.put(Piece::kNumber, text(), postgres_ ? text() : "?");
      note({}, true, TypeState::kNone);
      frame().element.ends_in_value = true;
    } else {
      take_value(0);
    }
  }

  // `ORDER BY 1` names an output column and is no value; pg_stat_statements leaves it as it is.
  [[nodiscard]] bool is_position() {
    const bool begins = out_.last() == Piece::kSeparator || equals_ignoring_case(frame().word, "by");
    const bool ends = next_.kind == TokenKind::kEnd || next_.kind == TokenKind::kWord || next_is(",") ||
                      next_is(")") || next_is(";");
    return frame().orders && begins && ends;
  }

  [[nodiscard]] std::uint32_t parameter_number() const {
    std::uint32_t number = 0;
    const std::string_view digits = text().substr(1);
    const char* const end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, number);
    constexpr std::uint32_t kMostParameters = 65'535;  // of the wire protocol
    return postgres_ && failure == std::errc{} && stop == end && number <= kMostParameters ? number : 0;
  }

  void take_word() {
    const std::string_view word = text();
    ListFrame& here = frame();
    const bool qualified = out_.last() == Piece::kDot;
    const bool grammar = equals_ignoring_case(here.word, "is") ||
                         (is_one_of(here.word, kNoNullAfter) && equals_ignoring_case(word, "null"));
    const std::span<const std::string_view> literals =
        postgres_ ? std::span<const std::string_view>(kLiteralWords) : kMySqlLiteralWords;
    if (is_one_of(word, literals) && !qualified && !grammar && !next_is("(") && !next_is(".")) {
      take_value(0);
      return;
    }
    if (after_string_ && equals_ignoring_case(word, "uescape") && next_.kind == TokenKind::kString) {
      return;  // both belong to the literal before
    }
    const bool keyword = !qualified && is_clause_word(word);
    const bool typed_literal =
        !keyword && (next_.kind == TokenKind::kString || next_.kind == TokenKind::kParameter);
    const bool in_type =
        type_ == TypeState::kExpected || (type_ == TypeState::kNamed && is_one_of(word, kTypeTail));
    const bool names_type = in_type || (postgres_ && !qualified && is_one_of(word, kTypesWithModifier));
    const bool cast_as =
        keyword && equals_ignoring_case(word, "as") && equals_ignoring_case(here.opener, "cast");
    read_clause(word, keyword);
    const bool row = here.values && equals_ignoring_case(word, "row");  // MySQL: VALUES ROW(1, 2), ROW(3, 4)
    const bool values = (keyword && equals_ignoring_case(word, "values")) ||
                        (!postgres_ && !qualified && equals_ignoring_case(word, "value") && next_is("("));
    put_word(word, keyword);
    const bool is_not = equals_ignoring_case(word, "not") && equals_ignoring_case(here.word, "is");
    note(is_not ? here.word : word, in_type || typed_literal,
         cast_as      ? TypeState::kExpected
         : names_type ? TypeState::kNamed
                      : TypeState::kNone);
    here.values = row || values;
    if (!postgres_ && word.starts_with('@') && !word.starts_with("@@")) {
      here.element.ends_in_value = true;  // two tokens in its digests, of which the second is a value
      ++here.element.tokens;
    }
    if (values) {
      here.previous_row.reset();
    }
  }

  // What the word says about the tokens after it.
  void read_clause(std::string_view word, bool keyword) {
    ListFrame& here = frame();
    if (here.first && is_one_of(word, kQueryWords)) {
      here.query = true;
      here.kind = ListFrame::Kind::kPlain;
    }
    if (keyword && equals_ignoring_case(word, "by")) {
      here.orders = here.query &&
                    (equals_ignoring_case(here.word, "order") || equals_ignoring_case(here.word, "group"));
    } else if (is_one_of(word, kAfterOrder)) {
      here.orders = false;
    }
  }

  void put_word(std::string_view word, bool keyword) {
    // pg_stat_statements makes a parameter of the field in `extract(year FROM t)`; the text keeps it, to stay
    // valid.
    const bool field = frame().first && equals_ignoring_case(frame().opener, "extract") &&
                       equals_ignoring_case(lexer_.text(next_), "from");
    const std::string key = field ? "?" : key_of(word);
    if (keyword) {
      out_.put(Piece::kKeyword, upper_ascii(word), key);
    } else if (postgres_) {
      out_.put(Piece::kName, lower_ascii(word), key);
    } else {
      out_.put(Piece::kName, word, key);
    }
  }

  [[nodiscard]] std::string key_of(std::string_view word) const {
    return postgres_ ? lower_ascii(word)
                     : mysql_key(word, next_is("("),
                                 next_.kind == TokenKind::kString || next_.kind == TokenKind::kParameter);
  }

  void take_quoted_name() {
    const std::string_view name = postgres_ ? text() : without_needless_quotes(text(), engine_);
    const bool typed_literal = next_.kind == TokenKind::kString || next_.kind == TokenKind::kParameter;
    const bool in_type = type_ == TypeState::kExpected;
    out_.put(Piece::kName, name, postgres_ ? std::string(name) : key_of(text()));
    note({}, in_type || typed_literal, in_type ? TypeState::kNamed : TypeState::kNone);
  }

  void take_punctuation() {
    const char mark = text().front();
    if (mark == '(' || mark == '[') {
      open(text());
    } else if (mark == ')' || mark == ']') {
      close(text());
    } else if (mark == ',') {
      take_comma();
    } else if (mark == '.') {
      out_.put(Piece::kDot, ".");
      note({}, type_ == TypeState::kNamed,
           type_ == TypeState::kNamed ? TypeState::kExpected : TypeState::kNone);
    } else if (text() == "::") {
      out_.put(Piece::kCast, "::");
      note({}, true, TypeState::kExpected);
    } else {
      out_.put(Piece::kOperator, text());
      note({}, false, TypeState::kNone);
    }
  }

  void open(std::string_view mark) {
    ListFrame& outer = frame();
    const bool deep = frames_.size() == kMaxFrames;
    const bool row = outer.values && !deep;
    ListFrame inner{.open = out_.end(), .opener = outer.word};
    if (type_ == TypeState::kNamed) {
      inner.kind = ListFrame::Kind::kType;
    } else if (row) {
      inner.kind = ListFrame::Kind::kRow;
      outer.row = {.begin = out_.end()};
    } else if ((mark == "[" && outer.kind == ListFrame::Kind::kList) ||
               equals_ignoring_case(inner.opener, mark == "(" ? "in" : "array")) {
      inner.kind = ListFrame::Kind::kList;
    }
    out_.put(Piece::kOpen, mark);
    note({}, true, TypeState::kNone);
    outer.values = row;
    if (deep) {
      ++deeper_;
      return;
    }
    inner.element.begin = out_.end();
    frames_.push_back(inner);
  }

  void close(std::string_view mark) {
    if (deeper_ > 0) {
      --deeper_;
      out_.put(Piece::kClose, mark);
      note({}, false, TypeState::kNone);
      return;
    }
    frame().end_element(out_, engine_);
    const ListFrame inner = frame();
    if (frames_.size() > 1) {
      frames_.pop_back();
    }
    out_.put(Piece::kClose, mark);
    note({}, inner.constant, inner.kind == ListFrame::Kind::kType ? TypeState::kNamed : TypeState::kNone);
    frame().element.ends_in_row = inner.constant && inner.kind != ListFrame::Kind::kRow;
    frame().element.row = inner.open;
    if (inner.kind == ListFrame::Kind::kRow) {
      frame().values = true;
      frame().end_row(out_);
    }
  }

  void take_operator() {
    const bool sign = current_.operand && (text() == "-" || text() == "+");
    const bool in_type = frame().kind == ListFrame::Kind::kType;
    if (sign && !in_type && (text() == "+" || (postgres_ && next_.kind == TokenKind::kNumber))) {
      return;
    }
    const bool prefix = sign || (current_.operand && (text() == "~" || text() == "!"));
    std::optional<Signs> signs = signs_;
    if (!signs && sign && !postgres_ && !in_type) {
      signs = {.mark = out_.end(), .last = out_.last(), .tokens = frame().element.tokens};
    }
    const bool unequal = !postgres_ && text() == "<>";
    out_.put(prefix ? Piece::kSign : Piece::kOperator, text(), unequal ? "!=" : text());
    note({}, prefix, TypeState::kNone);
    if (sign) {
      signs_ = signs;
    }
  }

  Lexer lexer_;
  Engine engine_;
  bool postgres_;
  NormalText out_;
  Token current_;
  Token next_;
  std::vector<ListFrame> frames_;
  std::size_t deeper_ = 0;  // parentheses open beyond kMaxFrames
  TypeState type_ = TypeState::kNone;
  bool after_string_ = false;  // on MySQL after any value
  // Signs written before what may be a literal, and what stood before them.
  struct Signs {
    NormalText::Mark mark;
    Piece last = Piece::kStart;
    int tokens = 0;
  };
  std::optional<Signs> signs_;
};

bool is_plain_ascii(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char c) { return static_cast<unsigned char>(c) - 1U < 0x7FU; });
}

}  // namespace

Normalised normalise(std::string_view sql, Engine engine) {
  if (is_plain_ascii(sql)) {
    return Normaliser(sql, engine).run();
  }
  const std::string valid = valid_utf8(sql);
  return Normaliser(valid, engine).run();
}

}  // namespace planwise

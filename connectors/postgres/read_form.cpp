#include "connectors/postgres/read_form.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <vector>

#include "analyzer/sql/lexer.h"

namespace planwise::pg {
namespace {

bool same_word(std::string_view word, std::string_view lower) {
  return std::ranges::equal(word, lower,
                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

// A statement's tokens with the depth of parentheses each stands at.
class Tokens {
 public:
  explicit Tokens(std::string_view sql) : sql_(sql) {
    Lexer lexer(sql, Engine::kPostgres);
    int depth = 0;
    for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
      const std::string_view text = lexer.text(token);
      depth -= token.kind == TokenKind::kPunctuation && text == ")" ? 1 : 0;
      if (text != ";" || depth > 0) {
        tokens_.push_back(token);
        depths_.push_back(depth);
      }
      depth += token.kind == TokenKind::kPunctuation && text == "(" ? 1 : 0;
    }
  }

  [[nodiscard]] std::size_t size() const { return tokens_.size(); }
  [[nodiscard]] bool is(std::size_t at, std::string_view word) const {
    return at < size() && tokens_[at].kind == TokenKind::kWord && same_word(text(at), word);
  }
  [[nodiscard]] bool is_any(std::size_t at, std::initializer_list<std::string_view> words) const {
    return std::ranges::any_of(words, [&](std::string_view word) { return is(at, word); });
  }
  [[nodiscard]] std::string_view text(std::size_t at) const {
    return sql_.substr(tokens_[at].begin, tokens_[at].end - tokens_[at].begin);
  }
  [[nodiscard]] bool is_parameter(std::size_t at) const { return tokens_[at].kind == TokenKind::kParameter; }
  [[nodiscard]] bool touches_next(std::size_t at) const {
    return at + 1 < size() && tokens_[at].end == tokens_[at + 1].begin;
  }

  // The first of these words outside parentheses at or after `from`; size() if there is none.
  [[nodiscard]] std::size_t find(std::size_t from, std::initializer_list<std::string_view> words) const {
    while (from < size() && (depths_[from] != 0 || !is_any(from, words))) {
      ++from;
    }
    return from;
  }

  // The length of the row-locking clause that starts here: FOR UPDATE OF a, b SKIP LOCKED; 0 if there is
  // none.
  [[nodiscard]] std::size_t locking_clause(std::size_t at) const {
    if (!is(at, "for") || !is_any(at + 1, {"update", "share", "no", "key"})) {
      return 0;
    }
    std::size_t end = at + 1;
    while (is_any(end, {"no", "key", "update", "share"})) {
      ++end;
    }
    if (is(end, "of")) {
      end += 2;
      while (end + 1 < size() && (text(end) == "," || text(end) == ".")) {
        end += 2;
      }
    }
    if (is(end, "nowait")) {
      ++end;
    } else if (is(end, "skip") && is(end + 1, "locked")) {
      end += 2;
    }
    return end - at;
  }

 private:
  std::string_view sql_;
  std::vector<Token> tokens_;
  std::vector<int> depths_;
};

// Writes pieces of the statement, without row locks and with its parameters numbered in the order of their
// use.
class Writer {
 public:
  explicit Writer(const Tokens& tokens) : tokens_(tokens) {}

  void copy(std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < std::min(to, tokens_.size());) {
      if (const std::size_t skipped = tokens_.locking_clause(at); skipped > 0) {
        at += skipped;
        continue;
      }
      if (tokens_.is_parameter(at)) {
        const auto number = numbers_.emplace(tokens_.text(at), numbers_.size() + 1).first->second;
        text_ += "$" + std::to_string(number);
      } else {
        text_ += tokens_.text(at);
      }
      text_ += tokens_.touches_next(at) ? "" : " ";
      ++at;
    }
  }
  void write(std::string_view text) { text_ += text; }
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  const Tokens& tokens_;
  std::map<std::string_view, std::size_t> numbers_;
  std::string text_;
};

}  // namespace

std::optional<std::string> read_form(std::string_view sql) {
  const Tokens tokens(sql);
  Writer writer(tokens);
  const std::size_t verb = tokens.find(0, {"select", "update", "delete", "insert", "merge"});
  if (verb == tokens.size()) {
    return std::nullopt;
  }
  const std::size_t end = tokens.find(verb, {"returning"});
  if (tokens.is(verb, "select")) {
    writer.copy(0, tokens.size());
    return std::move(writer).text();
  }
  writer.copy(0, verb);  // WITH
  if (tokens.is(verb, "insert")) {
    const std::size_t query = tokens.find(verb, {"select", "values"});
    if (!tokens.is(query, "select")) {
      return std::nullopt;
    }
    std::size_t until = query;
    do {
      until = tokens.find(until + 1, {"on"});
    } while (until < end && !tokens.is(until + 1, "conflict"));
    writer.copy(query, std::min(until, end));
    return std::move(writer).text();
  }
  const std::size_t where = std::min(tokens.find(verb, {"where"}), end);
  writer.write("SELECT 1 FROM ");
  if (tokens.is(verb, "update")) {
    const std::size_t set = tokens.find(verb, {"set"});
    writer.copy(verb + 1, set);
    if (const std::size_t from = tokens.find(set, {"from"}); from < where) {
      writer.write(", ");
      writer.copy(from + 1, where);
    }
  } else if (tokens.is(verb, "delete") && tokens.is(verb + 1, "from")) {
    const std::size_t from = std::min(tokens.find(verb, {"using"}), where);
    writer.copy(verb + 2, from);
    if (from < where) {
      writer.write(", ");
      writer.copy(from + 1, where);
    }
  } else {
    return std::nullopt;
  }
  writer.copy(where, end);
  return std::move(writer).text();
}

}  // namespace planwise::pg

#include "analyzer/sql/mysql_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "analyzer/sql/keywords.h"
#include "analyzer/sql/parse_mysql.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

// The first words of statements that are no query and no change of rows. Source: the list of SQL statements
// in both manuals.
constexpr std::array kUtilityWords{
    "alter"sv,     "analyze"sv,  "backup"sv,   "begin"sv,   "binlog"sv,  "cache"sv,    "call"sv,
    "change"sv,    "check"sv,    "checksum"sv, "clone"sv,   "commit"sv,  "create"sv,   "deallocate"sv,
    "desc"sv,      "describe"sv, "do"sv,       "drop"sv,    "execute"sv, "explain"sv,  "flush"sv,
    "get"sv,       "grant"sv,    "handler"sv,  "help"sv,    "import"sv,  "install"sv,  "kill"sv,
    "load"sv,      "lock"sv,     "optimize"sv, "prepare"sv, "purge"sv,   "release"sv,  "rename"sv,
    "repair"sv,    "reset"sv,    "resignal"sv, "restart"sv, "revoke"sv,  "rollback"sv, "savepoint"sv,
    "set"sv,       "show"sv,     "shutdown"sv, "signal"sv,  "start"sv,   "stop"sv,     "truncate"sv,
    "uninstall"sv, "unlock"sv,   "use"sv,      "xa"sv};

}  // namespace

MySqlParser::Node* MySqlParser::statement() {
  Node* const with = next_is("with") ? with_clause() : nullptr;
  Node* root = nullptr;
  if (take("insert") || next_is("replace")) {
    root = insert(take("replace"));
  } else if (take("update")) {
    root = update();
  } else if (take("delete")) {
    root = remove();
  } else if (next_is("select") || next_is("values") || next_is("table") || next_is_mark("(")) {
    root = query();
  } else if (with == nullptr && next_is_any(kUtilityWords)) {
    return make("UtilityStmt", {});
  } else {
    fail_here();
  }
  while (take_mark(";")) {
  }
  if (!at_end()) {
    fail_here();
  }
  if (failed() || root == nullptr) {
    return nullptr;
  }
  if (with != nullptr) {
    root->set("withClause", with);
  }
  return root;
}

const MySqlToken& MySqlParser::peek(std::size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

bool MySqlParser::next_is(std::string_view word, std::size_t ahead) const {
  return is_word(peek(ahead), word);
}

bool MySqlParser::next_is_mark(std::string_view mark, std::size_t ahead) const {
  return is_mark(peek(ahead), mark);
}

bool MySqlParser::next_is_any(std::span<const std::string_view> words) const {
  return is_word_of(peek(), words);
}

const MySqlToken& MySqlParser::advance() {
  const MySqlToken& token = peek();
  at_ = std::min(at_ + 1, tokens_.size() - 1);
  return token;
}

void MySqlParser::skip_to(std::size_t token) {
  for (; at_ < token && !at_end(); ++at_) {
    parameters_ += peek().kind == TokenKind::kParameter ? 1 : 0;
  }
}

bool MySqlParser::take(std::string_view word) {
  const bool found = next_is(word);
  at_ += found ? 1 : 0;
  return found;
}

bool MySqlParser::take(std::string_view first, std::string_view second) {
  const bool found = next_is(first) && next_is(second, 1);
  at_ += found ? 2 : 0;
  return found;
}

bool MySqlParser::take_any(std::span<const std::string_view> words) {
  const bool found = next_is_any(words);
  at_ += found ? 1 : 0;
  return found;
}

bool MySqlParser::take_mark(std::string_view mark) {
  const bool found = next_is_mark(mark);
  at_ += found ? 1 : 0;
  return found;
}

void MySqlParser::expect(std::string_view word) {
  if (!take(word)) {
    fail(fmt::format("{} is missing", word));
  }
}

void MySqlParser::expect_mark(std::string_view mark) {
  if (!take_mark(mark)) {
    fail(fmt::format("{} is missing", mark));
  }
}

void MySqlParser::skip_parentheses() {
  if (next_is_mark("(") && peek().partner != 0) {
    skip_to(peek().partner);
  }
  expect_mark(")");
}

void MySqlParser::fail_here() {
  fail("");
}

void MySqlParser::fail(std::string_view why) {
  if (failed()) {
    return;
  }
  const MySqlToken& token = peek();
  const bool literal = token.kind == TokenKind::kString || token.kind == TokenKind::kNumber;
  constexpr std::size_t kLongest = 64;
  const std::string_view shown = token.text.substr(0, kLongest);
  failure_ = token.kind == TokenKind::kEnd ? std::string("the statement ends too early")
             : literal ? fmt::format("cannot be read at byte {}, at a literal", token.begin)
                       : fmt::format("cannot be read at byte {}, at \"{}\"", token.begin, shown);
  if (!why.empty()) {
    failure_ += fmt::format(": {}", why);
  }
  at_ = tokens_.size() - 1;
}

std::string MySqlParser::name(std::string_view what) {
  const MySqlToken& token = peek();
  const bool qualified = token.qualified && token.kind == TokenKind::kWord;
  if (!qualified && !is_name(token)) {
    fail(fmt::format("{} is missing", what));
    return {};
  }
  if (token.kind == TokenKind::kQuotedName &&
      (token.text.size() < 2 || token.text.back() != token.text.front())) {
    fail("a name is not closed");
    return {};
  }
  return unquoted_name(advance().text);
}

// A string is one too.
std::string MySqlParser::alias() {
  const bool told = take("as");
  if (peek().kind == TokenKind::kString) {
    const std::string_view text = advance().text;
    return std::string(text.substr(1, text.size() - std::min<std::size_t>(text.size(), 2)));
  }
  if (told) {
    return name("an alias");
  }
  return is_name(peek()) && !begins_clause(peek()) ? name("an alias") : std::string();
}

MySqlParser::List MySqlParser::names_in_parentheses() {
  List found;
  expect_mark("(");
  do {
    const std::size_t location = peek().begin;
    found.push_back(tree_.text(name("a name"), location));
  } while (take_mark(","));
  expect_mark(")");
  return found;
}

MySqlParser::Node* MySqlParser::make(std::string_view tag, Fields fields) {
  return make(tag, peek().begin, std::move(fields));
}

MySqlParser::Node* MySqlParser::make(std::string_view tag, std::size_t location, Fields fields) {
  Node* const made = tree_.make(tag, location, std::move(fields));
  if (made->height > kMaxMySqlHeight) {
    fail("operators and sub-queries stand more than 400 levels deep");
  }
  return made;
}

}  // namespace planwise

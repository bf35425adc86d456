#include "analyzer/explain/conditions.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "analyzer/sql/fingerprint.h"
#include "analyzer/sql/lexer.h"

namespace planwise::explain {
namespace {

using namespace std::string_view_literals;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The end of the literal or quoted name that begins at `at`: just behind its closing quote, or the end.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\' && quote != '`') {
      ++at;
    } else if (text[at] == quote) {
      return at + 1;  // a doubled quote begins the next one
    }
  }
  return text.size();
}

bool opens_quoted(char c) {
  return c == '\'' || c == '"' || c == '`';
}

// From inside a parenthesis to just before the one that closes it.
std::size_t end_of_group(std::string_view text, std::size_t at) {
  std::size_t open = 1;
  while (at < text.size()) {
    if (opens_quoted(text[at])) {
      at = end_of_quoted(text, at);
      continue;
    }
    open += text[at] == '(' ? 1U : 0U;
    open -= text[at] == ')' ? 1U : 0U;
    if (open == 0) {
      return at;
    }
    ++at;
  }
  return text.size();
}

std::size_t end_of_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) {
    ++at;
  }
  return at;
}

// Names of sub-queries ("select #2", "subquery#2", a sub-query in full after its comment "/* select#2 */")
// stand between the pieces that are masked: the lexer takes `#` for the start of a comment.
class Shown {
 public:
  Shown(std::string_view text, PlanLiterals literals) : text_(text), literals_(literals) {}

  std::string read() {
    std::size_t at = 0;
    while (at < text_.size()) {
      if (opens_quoted(text_[at])) {
        at = end_of_quoted(text_, at);
      } else if (text_[at] == '#' && at + 1 < text_.size() && is_digit(text_[at + 1])) {
        const std::size_t end = end_of_digits(text_, at + 1);
        at = put(at, end, text_.substr(at, end - at));
      } else if (text_.substr(at).starts_with(kSelect)) {
        const std::size_t number = at + kSelect.size();
        const std::size_t end = end_of_digits(text_, number);
        at = put(at, end_of_group(text_, end), "select #" + std::string(text_.substr(number, end - number)));
      } else {
        ++at;
      }
    }
    flush(text_.size());
    return std::move(out_);
  }

 private:
  static constexpr std::string_view kSelect = "/* select#"sv;

  std::size_t put(std::size_t from, std::size_t to, std::string_view words) {
    flush(from);
    out_.append(words);
    begin_ = to;
    return to;
  }
  void flush(std::size_t to) {
    const std::string_view piece = text_.substr(begin_, to - begin_);
    out_ += literals_ == PlanLiterals::kKept ? std::string(piece) : masked(piece, Engine::kMySql);
    out_ += piece.ends_with(' ') && !out_.ends_with(' ') ? " " : "";  // masking drops it
    begin_ = to;
  }

  std::string_view text_;
  PlanLiterals literals_;
  std::size_t begin_ = 0;
  std::string out_;
};

// Calls use(names) for each dotted name of the condition: {"shop", "c", "id"}.
template <class Use>
void for_each_name(std::string_view condition, Use use) {
  Lexer lexer(condition, Engine::kMySql);
  std::vector<std::string> names;
  bool dotted = false;
  for (Token token = lexer.next();; token = lexer.next()) {
    const bool name = token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedName;
    const bool dot = token.kind == TokenKind::kPunctuation && lexer.text(token) == ".";
    if (dot && !names.empty()) {
      dotted = true;
      continue;
    }
    if (!(name && dotted) && names.size() > 1) {
      use(names);
    }
    if (!(name && dotted)) {
      names.clear();
    }
    if (name) {
      names.push_back(plain_name(lexer.text(token)));
    }
    dotted = false;
    if (token.kind == TokenKind::kEnd) {
      return;
    }
  }
}

}  // namespace

std::string plain_name(std::string_view token) {
  if (token.size() < 2 || token.front() != '`') {
    return std::string(token);
  }
  std::string name;
  for (std::size_t at = 1; at + 1 < token.size(); ++at) {
    name += token[at];
    at += token[at] == '`' && token[at + 1] == '`' ? 1U : 0U;
  }
  return name;
}

std::string shown_condition(std::string_view condition, PlanLiterals literals) {
  return Shown(condition, literals).read();
}

std::string shown_range(std::string_view range, PlanLiterals literals) {
  const std::size_t first = range.find('\'');
  if (literals == PlanLiterals::kKept || first == std::string_view::npos) {
    return shown_condition(range, literals);
  }
  const auto quotes = std::ranges::count(range, '\'');
  const bool readable = range.find('\\') == std::string_view::npos && (quotes == 2 || quotes == 4);
  if (readable) {
    return shown_condition(range, literals);
  }
  const std::size_t last = range.rfind('\'');
  return shown_condition(range.substr(0, first), literals) + "'?'" +
         (last == first ? std::string() : shown_condition(range.substr(last + 1), literals));
}

std::string both(std::string first, const std::string& second) {
  if (first.empty() || second.empty() || first == second) {
    return first.empty() ? second : first;
  }
  return first.append(" and ").append(second);
}

std::set<std::string, std::less<>> qualifiers_in(std::string_view condition) {
  std::set<std::string, std::less<>> found;
  for_each_name(condition,
                [&](const std::vector<std::string>& names) { found.insert(names.begin(), names.end() - 1); });
  return found;
}

void SchemaNames::add(std::string_view schema, std::string_view alias) {
  schemas_[std::string(alias)].insert(std::string(schema));
}

void SchemaNames::see_condition(std::string_view condition) {
  for_each_name(condition, [&](const std::vector<std::string>& names) {
    if (names.size() == 3) {
      add(names[0], names[1]);
    }
  });
}

void SchemaNames::see_reference(std::string_view reference) {
  const std::size_t first = reference.find('.');
  const std::size_t second = reference.find('.', first == std::string_view::npos ? first : first + 1);
  if (second != std::string_view::npos && reference.find('.', second + 1) == std::string_view::npos) {
    add(reference.substr(0, first), reference.substr(first + 1, second - first - 1));
  }
}

void SchemaNames::fill_in(PlanNode& root) const {
  if (root.schema.empty() && !root.table.empty()) {
    const auto found = schemas_.find(root.alias);
    if (found != schemas_.end() && found->second.size() == 1) {
      root.schema = *found->second.begin();
    }
  }
  for (PlanNode& child : root.children) {
    fill_in(child);
  }
}

}  // namespace planwise::explain

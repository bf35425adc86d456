#include "analyzer/sql/quote.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "analyzer/sql/keywords.h"

namespace planwise {
namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Source: quote_identifier() in PostgreSQL's ruleutils.c; "Schema Object Names" in MySQL's manual. Stricter
// than both about the first letter and `$`, which no one misses.
bool is_plain(std::string_view identifier, Engine engine) {
  const bool folds = engine == Engine::kPostgres;
  const auto letter = [&](char c) { return is_lower(c) || c == '_' || (!folds && is_upper(c)); };
  return !identifier.empty() && letter(identifier.front()) &&
         std::ranges::all_of(identifier, [&](char c) { return letter(c) || is_digit(c); }) &&
         !must_be_quoted(identifier, engine);
}

std::string wrapped(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out.append(c == quote ? 2 : 1, c);
  }
  out += quote;
  return out;
}

// The position after the quoted run that starts at `at`; the end where it is not closed.
std::size_t after_quoted(std::string_view text, std::size_t at) {
  const std::size_t close = text.find(text[at], at + 1);
  return close == std::string_view::npos ? text.size() : close + 1;  // a doubled quote reads as two runs
}

// The position of the parenthesis that closes the one at `at`, quotes respected; npos where there is none.
std::size_t closing(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\'' || c == '"' || c == '`') {
      at = after_quoted(text, at);
      continue;
    }
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == ')' && depth == 0) {
      return at;
    }
    ++at;
  }
  return std::string_view::npos;
}

bool is_parenthesised(std::string_view text) {
  return text.starts_with('(') && closing(text, 0) == text.size() - 1;
}

// "lower" of `lower(email)`, "f" of `s.f(x)`; empty for all but a function call.
std::string_view called_function(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == 0 || open == std::string_view::npos || closing(text, open) != text.size() - 1) {
    return {};
  }
  std::string_view name = text.substr(0, open);
  const bool named = std::ranges::all_of(name, [](char c) {
    return is_lower(c) || is_upper(c) || is_digit(c) || c == '_' || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
  if (!named) {
    return {};
  }
  return name.substr(name.rfind('.') + 1);  // npos + 1 is 0
}

// Where a cast ends the expression: the position of its `::`, else npos.
std::size_t final_cast(std::string_view text) {
  const std::size_t at = text.rfind("::");
  const bool last = at != std::string_view::npos && text.find_first_of(")'\"", at) == std::string_view::npos;
  return last ? at : std::string_view::npos;
}

// The name PostgreSQL gives an index column. Source: FigureIndexColname() in parse_target.c: a function's
// name, the column under a cast, else "expr".
std::string name_of(const IndexKey& key) {
  if (!key.is_expression) {
    return key.expression;
  }
  std::string_view text = key.expression;
  for (;;) {
    if (is_parenthesised(text)) {
      text = text.substr(1, text.size() - 2);
    } else if (const std::size_t cast = final_cast(text); cast != std::string_view::npos) {
      text = text.substr(0, cast);
    } else {
      break;
    }
  }
  if (const std::string_view function = called_function(text); !function.empty()) {
    return lower_ascii(function);
  }
  return is_plain(text, Engine::kPostgres) ? std::string(text) : "expr";
}

// At most `limit` bytes, cut between code points. Source: pg_mbcliplen().
std::string_view clipped(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) {
    return text;
  }
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) {
    --limit;
  }
  return text.substr(0, limit);
}

// "table_columns_label" in at most `limit` bytes, the longer of the first two cut first.
// Source: makeObjectName() in PostgreSQL's indexcmds.c.
std::string object_name(std::string_view table, std::string_view columns, std::string_view label,
                        std::size_t limit) {
  const std::size_t room = limit - label.size() - 2;
  std::size_t table_bytes = table.size();
  std::size_t columns_bytes = columns.size();
  while (table_bytes + columns_bytes > room) {
    --(table_bytes > columns_bytes ? table_bytes : columns_bytes);
  }
  std::string name(clipped(table, table_bytes));
  name.append("_").append(clipped(columns, columns_bytes)).append("_").append(label);
  return name;
}

// Column names joined by "_". Source: ChooseIndexColumnNames(): a name used before gets a number.
std::string joined_names(const IndexDef& def) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& base) {
    std::string name = base;
    for (int i = 1; std::ranges::find(names, name) != names.end(); ++i) {
      name = base + std::to_string(i);
    }
    names.push_back(std::move(name));
  };
  for (const IndexKey& key : def.keys) {
    add(name_of(key));
  }
  for (const std::string& column : def.include) {
    add(column);
  }
  std::string joined;
  for (const std::string& name : names) {
    joined.append(joined.empty() ? "" : "_").append(name);
  }
  return joined;
}

std::string joined_columns(const std::vector<std::string>& columns, Engine engine) {
  std::string out;
  for (const std::string& column : columns) {
    out.append(out.empty() ? "" : ", ").append(quoted(column, engine));
  }
  return out;
}

// An operator class may be qualified and may carry parameters: "public.gist_trgm_ops(siglen='32')".
std::string opclass_text(std::string_view opclass) {
  const std::size_t parameters = std::min(opclass.find('('), opclass.size());
  const std::size_t dot = opclass.substr(0, parameters).find('.');
  std::string out;
  if (dot != std::string_view::npos) {
    out = quoted(opclass.substr(0, dot), Engine::kPostgres) + ".";
    opclass.remove_prefix(dot + 1);
    return out + opclass_text(opclass);
  }
  return quoted(opclass.substr(0, parameters), Engine::kPostgres).append(opclass.substr(parameters));
}

std::string key_text(const IndexKey& key, Engine engine) {
  std::string out;
  if (!key.is_expression) {
    out = quoted(key.expression, engine);
  } else if (is_parenthesised(key.expression) ||
             (engine == Engine::kPostgres && !called_function(key.expression).empty())) {
    out = key.expression;
  } else {
    out = "(" + key.expression + ")";
  }
  if (engine != Engine::kPostgres) {
    if (key.prefix_length && !key.is_expression) {
      out += "(" + std::to_string(*key.prefix_length) + ")";
    }
    return key.descending ? out + " DESC" : out;
  }
  if (!key.collation.empty()) {
    out += " COLLATE " + quoted(key.collation, engine);
  }
  if (!key.opclass.empty()) {
    out += " " + opclass_text(key.opclass);
  }
  if (key.descending) {
    out += " DESC";
  }
  if (key.nulls_first != key.descending) {
    out += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  }
  return out;
}

std::string options_text(const IndexDef& def) {
  std::string out;
  for (const auto& [name, value] : def.options) {
    const bool bare =
        !value.empty() && std::ranges::all_of(value, [](char c) { return is_lower(c) || is_digit(c); });
    out.append(out.empty() ? "" : ", ").append(quoted(name, Engine::kPostgres));
    out.append(" = ").append(bare ? value : literal(value, Engine::kPostgres));
  }
  return out;
}

std::string_view mysql_kind(IndexMethod method) {
  switch (method) {
    case IndexMethod::kFullText: return "FULLTEXT ";
    case IndexMethod::kSpatial: return "SPATIAL ";
    default: return "";
  }
}

}  // namespace

std::string quoted(std::string_view identifier, Engine engine) {
  if (is_plain(identifier, engine)) {
    return std::string(identifier);
  }
  return wrapped(identifier, engine == Engine::kPostgres ? '"' : '`');
}

std::string quoted(const TableName& name, Engine engine) {
  const std::string table = quoted(name.table, engine);
  return name.schema.empty() ? table : quoted(name.schema, engine) + "." + table;
}

std::string literal(std::string_view text, Engine engine) {
  const bool backslash = text.find('\\') != std::string_view::npos;
  if (!backslash) {
    return wrapped(text, '\'');
  }
  std::string doubled;
  for (const char c : text) {
    doubled.append(c == '\\' ? 2 : 1, c);
  }
  return (engine == Engine::kPostgres ? "E" : "") + wrapped(doubled, '\'');
}

std::string index_columns(const IndexDef& def, Engine engine) {
  std::string out;
  for (const IndexKey& key : def.keys) {
    out.append(out.empty() ? "(" : ", ").append(key_text(key, engine));
  }
  out += ")";
  if (engine != Engine::kPostgres) {
    return out;
  }
  if (!def.include.empty()) {
    out += " INCLUDE (" + joined_columns(def.include, engine) + ")";
  }
  if (def.nulls_not_distinct) {
    out += " NULLS NOT DISTINCT";
  }
  if (!def.options.empty()) {
    out += " WITH (" + options_text(def) + ")";
  }
  if (!def.predicate.empty()) {
    out += " WHERE " + def.predicate;
  }
  return out;
}

std::string create_index(const IndexDef& def, std::string_view name, Engine engine, bool concurrently) {
  const bool postgres = engine == Engine::kPostgres;
  std::string out = "CREATE ";
  out += def.unique ? "UNIQUE " : "";
  out += postgres ? "" : mysql_kind(def.method);
  out += "INDEX ";
  out += postgres && concurrently ? "CONCURRENTLY " : "";
  out += quoted(name, engine) + " ON " + quoted(def.table, engine) + " ";
  if (postgres && def.method != IndexMethod::kBtree) {
    out.append("USING ").append(to_string(def.method)).append(" ");
  }
  out += index_columns(def, engine);
  return !postgres && def.method == IndexMethod::kHash ? out + " USING HASH" : out;
}

std::string index_name(const IndexDef& def, const Table& table, Engine engine) {
  const std::size_t limit = engine == Engine::kPostgres ? 63 : 64;
  const std::string columns = joined_names(def);
  for (int pass = 0;; ++pass) {
    const std::string label = pass == 0 ? "idx" : "idx" + std::to_string(pass);
    std::string name = object_name(def.table.table, columns, label, limit);
    if (name != table.name.table && table.find_index(name) == nullptr) {
      return name;
    }
  }
}

}  // namespace planwise

// One statement's raw parse tree, from PostgreSQL's own grammar (libpg_query, PostgreSQL 15).
//
// Safe for any text: bounded before it is parsed, parsed as analyzer/sql/parse_postgres.h says, and walked to
// a bounded depth.
#pragma once

#include <simdjson.h>

#include <memory>
#include <string>
#include <string_view>

#include "analyzer/base/result.h"
#include "analyzer/model/schema.h"

namespace planwise::pg {

// Bounds on what is planned, beside those on what is parsed. Source: measured; planning time grows faster
// than linearly with relations.
inline constexpr std::size_t kMaxStatementBytes = std::size_t{64} << 10U;
inline constexpr int kMaxRelations = 100;

// Thread-compatible; views into the tree live as long as the ParseTree.
class ParseTree {
 public:
  // kInvalidArgument for what is not exactly one statement PostgreSQL's grammar knows; kUnsupported for one
  // beyond the bounds; kUnavailable where no thread could be started. The message says which and holds no
  // part of the text.
  static Result<ParseTree> parse(std::string_view sql);

  // The statement's one node, {"SelectStmt": {...}}.
  [[nodiscard]] simdjson::dom::object statement() const { return statement_; }

 private:
  std::unique_ptr<simdjson::dom::parser> parser_;  // owns the tree
  simdjson::dom::object statement_;
};

// A name as a statement writes it; without a schema it is looked up along the search path.
struct WrittenName {
  std::string schema;
  std::string name;
  auto operator<=>(const WrittenName&) const = default;
};

// Readers of the tree's idioms. All answer "nothing" for what has another form than expected.
[[nodiscard]] std::string_view text_of(simdjson::dom::element node, std::string_view key);
// {"key": {...}} or {"key": [...]}: the child, or an error.
[[nodiscard]] simdjson::simdjson_result<simdjson::dom::element> child(simdjson::dom::element node,
                                                                      std::string_view key);
// A list of {"String": {"sval": ...}}; other members are left out.
[[nodiscard]] std::vector<std::string_view> strings_of(simdjson::dom::element list);
// The same as a possibly qualified name (a catalogue in front is dropped).
[[nodiscard]] WrittenName name_of(simdjson::dom::element list);

}  // namespace planwise::pg

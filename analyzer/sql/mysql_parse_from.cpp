#include <array>
#include <utility>

#include "analyzer/sql/mysql_parser.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

constexpr std::array kJoinWords{"join"sv, "inner"sv, "cross"sv, "straight_join"sv, "natural"sv};

// A join whose right side is read, and whose condition may come.
struct PendingJoin {
  parse_tree::BuiltNode* left = nullptr;
  std::string_view type;
  bool natural = false;
  std::size_t location = 0;
};

parse_tree::BuiltNode* left_of(const parse_tree::BuiltNode& join) {
  return std::get<parse_tree::BuiltNode*>(*join.find("larg"));
}

// The join that is done first among those not in parentheses; null where the item is none.
parse_tree::BuiltNode* first_join(parse_tree::BuiltNode* item) {
  parse_tree::BuiltNode* found = nullptr;
  while (item->is("JoinExpr") && item->find("inParentheses") == nullptr) {
    found = item;
    item = left_of(*item);
  }
  return found;
}

}  // namespace

// Commas, and the joins between them.
MySqlParser::List MySqlParser::table_references() {
  List tables;
  do {
    if (next_is_mark("{") && next_is("oj", 1)) {  // ODBC
      skip_to(at_ + 2);
      tables.push_back(table_reference());
      expect_mark("}");
    } else {
      tables.push_back(table_reference());
    }
    if (tables.size() > kMaxTables) {
      fail("more than 61 tables, which the server refuses");
    }
  } while (take_mark(","));
  return tables;
}

// `a JOIN b JOIN c ON x ON y`: a condition belongs to the last join without one. A join that gets none is
// taken first: `a JOIN b LEFT JOIN c ON x` is `(a JOIN b) LEFT JOIN c ON x`, as the server has it.
MySqlParser::Node* MySqlParser::table_reference() {
  std::vector<PendingJoin> pending;
  Node* current = table_factor();
  const auto joined = [&](const PendingJoin& join, Fields fields) {
    fields.insert(fields.end(), {{"jointype", std::string(join.type)},
                                 {"isNatural", join.natural},
                                 {"larg", join.left},
                                 {"rarg", current}});
    return make("JoinExpr", join.location, std::move(fields));
  };
  while (!failed()) {
    const std::size_t location = peek().begin;
    if (!pending.empty() && take("on")) {
      Node* const condition = expression();
      current = joined(pending.back(), {{"quals", condition}});
      pending.pop_back();
      continue;
    }
    if (!pending.empty() && next_is("using") && next_is_mark("(", 1)) {
      advance();
      List columns = names_in_parentheses();
      current = joined(pending.back(), {{"usingClause", std::move(columns)}});
      pending.pop_back();
      continue;
    }
    const bool natural = next_is("natural");
    const bool outer = (next_is("left") || next_is("right")) && !next_is_mark("(", 1);
    if (!next_is_any(kJoinWords) && !outer) {
      break;
    }
    take("natural");
    std::string_view type = "JOIN_INNER";
    if (take("left") || next_is("right")) {
      type = take("right") ? "JOIN_RIGHT" : "JOIN_LEFT";
      take("outer");
      expect("join");
    } else if (!take("straight_join")) {
      if (!take("inner")) {
        take("cross");
      }
      expect("join");
    }
    pending.push_back({.left = current, .type = type, .natural = natural, .location = location});
    if (pending.size() > kMaxTables) {
      fail("more than 61 tables, which the server refuses");
    }
    current = table_factor();
    if (natural && !failed()) {
      current = joined(pending.back(), {});
      pending.pop_back();
    }
  }
  for (; !pending.empty() && !failed(); pending.pop_back()) {
    const PendingJoin& join = pending.back();
    if (join.type != "JOIN_INNER") {
      fail("an outer join lacks its condition");
    } else if (Node* const first = first_join(current); first == nullptr) {
      current = joined(join, {});
    } else {
      first->set(
          "larg",
          make("JoinExpr", join.location,
               {{"jointype", std::string(join.type)}, {"larg", join.left}, {"rarg", left_of(*first)}}));
    }
  }
  return failed() ? nullptr : current;
}

MySqlParser::Node* MySqlParser::table_factor() {
  const std::size_t location = peek().begin;
  const bool lateral = take("lateral");
  if (next_is_mark("(") && peek().opens_query) {
    advance();
    Node* const body = query();
    expect_mark(")");
    return make("RangeSubselect", location,
                {{"subquery", body}, {"lateral", lateral}, {"alias", alias_node()}});
  }
  if (next_is_mark("(")) {
    return table_in_parentheses();
  }
  if (next_is("json_table") && next_is_mark("(", 1)) {
    return json_table();
  }
  return table_name();
}

// `(a, b)` stands for `(a CROSS JOIN b)`.
MySqlParser::Node* MySqlParser::table_in_parentheses() {
  const Nesting guard(*this);
  const std::size_t location = advance().begin;
  const List tables = table_references();
  expect_mark(")");
  if (failed()) {
    return nullptr;
  }
  Node* whole = tables.front();
  for (std::size_t i = 1; i < tables.size(); ++i) {
    whole = make("JoinExpr", location,
                 {{"jointype", std::string("JOIN_INNER")}, {"larg", whole}, {"rarg", tables[i]}});
  }
  if (whole->is("JoinExpr")) {
    whole->set("inParentheses", true);
  }
  return whole;
}

MySqlParser::Node* MySqlParser::table_name() {
  const std::size_t location = peek().begin;
  std::string table = name("a table");
  std::string schema;
  if (take_mark(".")) {
    schema = std::exchange(table, name("a table"));
  }
  if (next_is("partition") && next_is_mark("(", 1)) {
    advance();
    static_cast<void>(names_in_parentheses());
  }
  if (take("for", "system_time")) {  // MariaDB's history of a table
    if (take("as", "of")) {
      static_cast<void>(expression());
    } else if (!take("all")) {
      if (!take("between")) {
        expect("from");
      }
      static_cast<void>(expression());  // FROM a TO b; BETWEEN a AND b is one expression
      if (take("to")) {
        static_cast<void>(expression());
      }
    }
  }
  Node* const named = alias_node();
  index_hints();
  return make("RangeVar", location,
              {{"relname", std::move(table)}, {"schemaname", std::move(schema)}, {"alias", named}});
}

// JSON_TABLE(document, path COLUMNS (...)): its columns are not looked into.
MySqlParser::Node* MySqlParser::json_table() {
  const std::size_t location = advance().begin;
  const std::size_t close = peek().partner;
  advance();
  Node* const document = expression();
  if (close == 0) {
    fail("( is not closed");
  }
  skip_to(failed() ? at_ : close);
  expect_mark(")");
  Node* const call = make("FuncCall", location,
                          {{"funcname", tree_.texts({"json_table"}, location)}, {"args", List{document}}});
  Node* const item = make("List", location, {{"items", List{call}}});
  return make("RangeFunction", location, {{"functions", List{item}}, {"alias", alias_node()}});
}

MySqlParser::Node* MySqlParser::alias_node() {
  const std::size_t location = peek().begin;
  std::string named = alias();
  if (named.empty()) {
    return nullptr;
  }
  List columns;
  if (next_is_mark("(") && !peek().opens_query) {
    columns = names_in_parentheses();
  }
  return make("Alias", location, {{"aliasname", std::move(named)}, {"colnames", std::move(columns)}});
}

// USE | FORCE | IGNORE {INDEX | KEY} [FOR {JOIN | ORDER BY | GROUP BY}] (names)
void MySqlParser::index_hints() {
  while (next_is("use") || next_is("force") || next_is("ignore")) {
    if (!next_is("index", 1) && !next_is("key", 1)) {
      return;
    }
    skip_to(at_ + 2);
    if (take("for")) {
      if (!take("join") && !take("order", "by") && !take("group", "by")) {
        fail_here();
      }
    }
    skip_parentheses();
    if (next_is_mark(",") && (next_is("index", 2) || next_is("key", 2))) {
      advance();
    }
  }
}

}  // namespace planwise

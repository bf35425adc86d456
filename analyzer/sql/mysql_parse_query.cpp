#include <array>
#include <utility>

#include "analyzer/sql/mysql_parser.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

constexpr std::array kSelectOptions{"all"sv,
                                    "high_priority"sv,
                                    "straight_join"sv,
                                    "sql_small_result"sv,
                                    "sql_big_result"sv,
                                    "sql_buffer_result"sv,
                                    "sql_no_cache"sv,
                                    "sql_cache"sv,
                                    "sql_calc_found_rows"sv};
constexpr std::array kFileOptions{"as"sv,       "by"sv,       "character"sv, "charset"sv, "columns"sv,
                                  "enclosed"sv, "escaped"sv,  "fields"sv,    "lines"sv,   "optionally"sv,
                                  "set"sv,      "starting"sv, "terminated"sv};

// UNION and EXCEPT are told in order, INTERSECT binds closer. Source: "Set Operations" in MySQL's manual.
std::string_view set_operation(const MySqlToken& token) {
  return is_word(token, "union")                               ? "SETOP_UNION"
         : is_word(token, "except") || is_word(token, "minus") ? "SETOP_EXCEPT"
         : is_word(token, "intersect")                         ? "SETOP_INTERSECT"
                                                               : "";
}

bool has_tail(const parse_tree::BuiltNode& query) {
  return query.find("sortClause") != nullptr || query.find("limitCount") != nullptr ||
         query.find("lockingClause") != nullptr || query.find("withClause") != nullptr;
}

}  // namespace

MySqlParser::Node* MySqlParser::query() {
  const Nesting guard(*this);
  Node* const with = next_is("with") ? with_clause() : nullptr;
  Node* body = set_operations();
  query_tail(body);
  if (failed() || body == nullptr) {
    return nullptr;
  }
  if (with != nullptr) {
    body->set("withClause", with);
  }
  return body;
}

MySqlParser::Node* MySqlParser::with_clause() {
  const std::size_t location = advance().begin;
  const bool recursive = take("recursive");
  List tables;
  do {
    const std::size_t begin = peek().begin;
    std::string table = name("the name of a common table expression");
    List columns = next_is_mark("(") ? names_in_parentheses() : List{};
    expect("as");
    expect_mark("(");
    Node* const body = query();
    expect_mark(")");
    if (take("cycle")) {  // MariaDB
      do {
        static_cast<void>(name("a column"));
      } while (take_mark(","));
      expect("restrict");
    }
    tables.push_back(
        make("CommonTableExpr", begin,
             {{"ctename", std::move(table)}, {"aliascolnames", std::move(columns)}, {"ctequery", body}}));
  } while (take_mark(","));
  return make("WithClause", location, {{"recursive", recursive}, {"ctes", std::move(tables)}});
}

MySqlParser::Node* MySqlParser::set_operations() {
  List operands{query_term()};
  std::vector<std::string_view> operations;
  const auto join_last = [&] {
    Node* const right = operands.back();
    operands.pop_back();
    if (!failed()) {
      operands.back() =
          make("SelectStmt", operands.back()->location,
               {{"op", std::string(operations.back())}, {"larg", operands.back()}, {"rarg", right}});
    }
    operations.pop_back();
  };
  for (std::string_view next = set_operation(peek()); !next.empty(); next = set_operation(peek())) {
    while (!operations.empty() && (operations.back() == "SETOP_INTERSECT" || next != "SETOP_INTERSECT")) {
      join_last();
    }
    advance();
    if (!take("all")) {
      take("distinct");
    }
    operations.push_back(next);
    operands.push_back(query_term());
  }
  while (!operations.empty()) {
    join_last();
  }
  return operands.back();
}

MySqlParser::Node* MySqlParser::query_term() {
  const std::size_t location = peek().begin;
  if (take_mark("(")) {
    Node* inner = query();
    expect_mark(")");
    return inner;
  }
  if (next_is("select")) {
    return select();
  }
  if (take("values")) {
    return values_query();
  }
  if (take("table")) {
    Node* const star = make("ColumnRef", {{"fields", List{make("A_Star", {})}}});
    Node* const table = table_name();
    return make("SelectStmt", location,
                {{"op", std::string("SETOP_NONE")},
                 {"targetList", List{make("ResTarget", {{"val", star}})}},
                 {"fromClause", List{table}}});
  }
  fail("a query is missing");
  return nullptr;
}

MySqlParser::Node* MySqlParser::values_query() {
  const std::size_t location = peek().begin;
  List rows;
  do {
    take("row");
    rows.push_back(row_of_values());
  } while (take_mark(","));
  return make("SelectStmt", location, {{"op", std::string("SETOP_NONE")}, {"valuesLists", std::move(rows)}});
}

MySqlParser::Node* MySqlParser::select() {
  const std::size_t location = advance().begin;
  bool distinct = false;
  for (;;) {
    if (take("distinct") || take("distinctrow")) {
      distinct = true;
    } else if (next_is("max_statement_time") && next_is_mark("=", 1)) {  // MySQL 5.7.4
      skip_to(at_ + 3);
    } else if (!take_any(kSelectOptions)) {
      break;
    }
  }
  Fields fields{{"op", std::string("SETOP_NONE")}, {"targetList", target_list()}};
  if (distinct) {
    fields.push_back({"distinctClause", List{nullptr}});
  }
  skip_into();
  if (take("from") && !take("dual")) {
    fields.push_back({"fromClause", table_references()});
  }
  if (take("where")) {
    fields.push_back({"whereClause", expression()});
  }
  if (take("group", "by")) {
    fields.push_back({"groupClause", group_list()});
  }
  if (take("having")) {
    fields.push_back({"havingClause", expression()});
  }
  List windows;
  if (take("window")) {
    do {
      static_cast<void>(name("the name of a window"));
      expect("as");
      windows.push_back(window_specification());
    } while (take_mark(","));
  }
  if (take("qualify")) {  // reads columns as a window does
    windows.push_back(expression());
  }
  fields.push_back({"windowClause", std::move(windows)});
  return make("SelectStmt", location, std::move(fields));
}

MySqlParser::List MySqlParser::target_list() {
  List targets;
  do {
    targets.push_back(target());
  } while (take_mark(","));
  return targets;
}

// What has no alias is named by its text. Source: "Aliases and expression names": the text as written.
MySqlParser::Node* MySqlParser::target() {
  const std::size_t first = at_;
  const std::size_t location = peek().begin;
  Node* value = nullptr;
  if (take_mark("*")) {
    value = make("ColumnRef", location, {{"fields", List{make("A_Star", {})}}});
  } else {
    value = expression();
  }
  const std::size_t end = at_;
  std::string named = alias();
  bool literal = false;  // a name that holds one is a secret, and nobody writes it
  for (std::size_t i = first; i < end; ++i) {
    const TokenKind kind = tokens_[i].kind;
    literal =
        literal || kind == TokenKind::kString || kind == TokenKind::kNumber || kind == TokenKind::kParameter;
  }
  if (named.empty() && !failed() && !literal && !value->is("ColumnRef")) {
    const MySqlToken& last = tokens_[end - 1];
    const auto length =
        static_cast<std::size_t>(last.text.data() - tokens_[first].text.data()) + last.text.size();
    constexpr std::size_t kLongestName = 64;  // characters; of a column
    named.assign(tokens_[first].text.data(), length <= kLongestName ? length : 0);
  }
  return make("ResTarget", location, {{"name", std::move(named)}, {"val", value}});
}

// Up to MySQL 5.7 GROUP BY takes ASC and DESC.
MySqlParser::List MySqlParser::group_list() {
  List items;
  if (next_is("rollup") && next_is_mark("(", 1)) {
    skip_to(at_ + 2);
    items = expressions();
    expect_mark(")");
    return items;
  }
  do {
    items.push_back(expression());
    if (!take("asc")) {
      take("desc");
    }
  } while (take_mark(","));
  take("with", "rollup");
  return items;
}

void MySqlParser::query_tail(Node*& body) {
  Fields fields;
  if (take("order", "by")) {
    fields.push_back({"sortClause", order_list()});
    take("with", "rollup");
  }
  limit(fields);
  if (take("procedure")) {
    static_cast<void>(name("the name of a procedure"));
    skip_parentheses();
  }
  skip_into();
  locking(fields);
  skip_into();
  if (failed() || fields.empty()) {
    return;
  }
  if (has_tail(*body)) {  // (SELECT ... LIMIT 5) LIMIT 2
    Node* const star = make("ColumnRef", {{"fields", List{make("A_Star", {})}}});
    Node* const from = make("RangeSubselect", body->location, {{"subquery", body}});
    body = make("SelectStmt", body->location,
                {{"op", std::string("SETOP_NONE")},
                 {"targetList", List{make("ResTarget", {{"val", star}})}},
                 {"fromClause", List{from}}});
  }
  for (parse_tree::BuiltField& field : fields) {
    body->set(field.key, std::move(field.value));
  }
}

void MySqlParser::limit(Fields& fields) {
  if (take("offset")) {  // MariaDB's OFFSET n ROWS FETCH FIRST m ROWS ONLY
    fields.push_back({"limitOffset", operand()});
    if (!take("rows")) {
      take("row");
    }
  }
  if (take("fetch")) {
    if (!take("first")) {
      expect("next");
    }
    Node* const count = next_is("row") || next_is("rows") ? nullptr : operand();
    Node* const one = make("A_Const", {{"ival", make("Integer", {{"ival", std::int64_t{1}}})}});
    fields.push_back({"limitCount", count == nullptr ? one : count});
    if (!take("rows")) {
      expect("row");
    }
    if (!take("with", "ties")) {
      expect("only");
    }
  }
  if (!take("limit")) {
    return;
  }
  if (!next_is("rows")) {
    Node* count = operand();
    if (take_mark(",")) {
      fields.push_back({"limitOffset", count});
      count = operand();
    } else if (take("offset")) {
      fields.push_back({"limitOffset", operand()});
    }
    fields.push_back({"limitCount", count});
  }
  if (take("rows", "examined")) {  // MariaDB
    static_cast<void>(operand());
  }
}

void MySqlParser::locking(Fields& fields) {
  List locks;
  for (;;) {
    const std::size_t location = peek().begin;
    if (take("for", "update") || take("for", "share")) {
      if (take("of")) {
        do {
          static_cast<void>(name("a table"));
          while (take_mark(".")) {
            static_cast<void>(name("a table"));
          }
        } while (take_mark(","));
      }
    } else if (take("lock", "in")) {
      expect("share");
      expect("mode");
    } else {
      break;
    }
    if (take("wait")) {
      static_cast<void>(operand());
    } else if (!take("nowait")) {
      take("skip", "locked");
    }
    locks.push_back(make("LockingClause", location, {}));
  }
  if (!locks.empty()) {
    fields.push_back({"lockingClause", std::move(locks)});
  }
}

void MySqlParser::skip_into() {
  if (!take("into")) {
    return;
  }
  if (!take("outfile") && !take("dumpfile")) {
    do {
      advance();  // a variable
    } while (take_mark(","));
    return;
  }
  static_cast<void>(operand());
  while (next_is_any(kFileOptions) || peek().kind == TokenKind::kString) {
    if (take("set")) {
      advance();  // a character set
    } else {
      advance();
    }
  }
}

}  // namespace planwise

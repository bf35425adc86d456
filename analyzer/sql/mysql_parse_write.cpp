#include <array>
#include <utility>

#include "analyzer/sql/mysql_parser.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

constexpr std::array kModifiers{"low_priority"sv, "delayed"sv, "high_priority"sv, "quick"sv, "ignore"sv};

}  // namespace

// After INSERT or REPLACE.
MySqlParser::Node* MySqlParser::insert(bool replace) {
  const std::size_t location = peek().begin;
  while (take_any(kModifiers)) {
  }
  take("into");
  Fields fields{{"replace", replace}};
  const std::size_t begin = peek().begin;
  std::string table = name("a table");
  std::string schema;
  if (take_mark(".")) {
    schema = std::exchange(table, name("a table"));
  }
  if (take("partition")) {
    static_cast<void>(names_in_parentheses());
  }
  fields.push_back({"relation", make("RangeVar", begin,
                                     {{"relname", std::move(table)}, {"schemaname", std::move(schema)}})});
  List columns;
  if (next_is_mark("(") && !peek().opens_query) {
    advance();
    while (!next_is_mark(")") && !failed()) {
      Node* const column_name = column();
      if (!failed()) {
        const List parts = std::get<List>(*column_name->find("fields"));
        const parse_tree::BuiltValue* const last = parts.back()->find("sval");
        columns.push_back(make("ResTarget", column_name->location,
                               {{"name", last == nullptr ? std::string() : std::get<std::string>(*last)}}));
      }
      if (!take_mark(",")) {
        break;
      }
    }
    expect_mark(")");
  }
  if (take("set")) {
    List row;
    for (Node* const assignment : assignments()) {
      if (const parse_tree::BuiltValue* value = failed() ? nullptr : assignment->find("val");
          value != nullptr) {
        row.push_back(std::get<Node*>(*value));
        columns.push_back(make("ResTarget", assignment->location,
                               {{"name", std::get<std::string>(*assignment->find("name"))}}));
      }
    }
    Node* const values = make("List", {{"items", std::move(row)}});
    fields.push_back({"selectStmt", make("SelectStmt", {{"op", std::string("SETOP_NONE")},
                                                        {"valuesLists", List{values}}})});
  } else if (take("values") || take("value")) {
    fields.push_back({"selectStmt", values_query()});
  } else {
    fields.push_back({"selectStmt", query()});
  }
  fields.push_back({"cols", std::move(columns)});
  if (take("as")) {  // MySQL's name for the row that is written
    static_cast<void>(name("an alias"));
    if (next_is_mark("(")) {
      static_cast<void>(names_in_parentheses());
    }
  }
  if (take("on", "duplicate")) {
    expect("key");
    expect("update");
    fields.push_back({"onConflictClause", make("OnConflictClause", {{"targetList", assignments()}})});
  }
  if (take("returning")) {  // MariaDB
    fields.push_back({"returningList", target_list()});
  }
  return make("InsertStmt", location, std::move(fields));
}

MySqlParser::Node* MySqlParser::row_of_values() {
  const std::size_t location = peek().begin;
  expect_mark("(");
  List items = next_is_mark(")") ? List{} : expressions();
  expect_mark(")");
  return make("List", location, {{"items", std::move(items)}});
}

// a = 1, t.b = DEFAULT
MySqlParser::List MySqlParser::assignments() {
  List found;
  do {
    const std::size_t location = peek().begin;
    std::string column_name = name("a column");
    std::string qualifier;
    while (take_mark(".")) {
      qualifier = std::exchange(column_name, name("a column"));
    }
    if (!take_mark(":=")) {
      expect_mark("=");
    }
    Node* const value = expression();
    found.push_back(
        make("ResTarget", location,
             {{"name", std::move(column_name)}, {"qualifier", std::move(qualifier)}, {"val", value}}));
  } while (take_mark(","));
  return found;
}

MySqlParser::Node* MySqlParser::update() {
  const std::size_t location = peek().begin;
  while (take_any(kModifiers)) {
  }
  List tables = table_references();
  expect("set");
  List changes = assignments();
  if (failed()) {
    return nullptr;
  }
  Fields fields{{"targetList", std::move(changes)}};
  const bool one = tables.size() == 1 && tables.front()->is("RangeVar");
  if (one) {
    fields.push_back({"relation", tables.front()});
  } else {
    fields.push_back({"fromClause", std::move(tables)});
  }
  write_tail(fields);
  return make("UpdateStmt", location, std::move(fields));
}

MySqlParser::Node* MySqlParser::remove() {
  const std::size_t location = peek().begin;
  while (take_any(kModifiers)) {
  }
  Fields fields;
  const bool from = take("from");
  // DELETE a, b FROM ...; DELETE FROM a, b USING ...; else one table
  bool several = !from;
  for (std::size_t i = at_; from && tokens_[i].kind != TokenKind::kEnd && !is_mark(tokens_[i], "("); ++i) {
    several = several || is_word(tokens_[i], "using");
    if (is_word(tokens_[i], "where")) {
      break;
    }
  }
  if (several) {
    fields.push_back({"targets", deleted_tables()});
    expect(from ? "using" : "from");
    fields.push_back({"usingClause", table_references()});
  } else {
    fields.push_back({"relation", table_name()});
  }
  write_tail(fields);
  return make("DeleteStmt", location, std::move(fields));
}

// a, s.b, c.*
MySqlParser::List MySqlParser::deleted_tables() {
  List found;
  do {
    const std::size_t location = peek().begin;
    std::string table = name("a table");
    while (take_mark(".") && !take_mark("*")) {
      table = name("a table");
    }
    found.push_back(tree_.text(table, location));
  } while (take_mark(","));
  return found;
}

void MySqlParser::write_tail(Fields& fields) {
  if (take("where")) {
    fields.push_back({"whereClause", expression()});
  }
  if (take("order", "by")) {
    fields.push_back({"sortClause", order_list()});
  }
  limit(fields);
  if (take("returning")) {  // MariaDB
    fields.push_back({"returningList", target_list()});
  }
}

}  // namespace planwise

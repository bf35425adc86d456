#include "connectors/postgres/parse_tree.h"

#include <pg_query.h>
#include <pthread.h>

#include <optional>
#include <utility>

#include "analyzer/sql/lexer.h"

namespace planwise::pg {
namespace {

using simdjson::dom::element;

constexpr std::size_t kParserStack = std::size_t{64} << 20U;

struct Parsing {
  const std::string* sql;
  std::optional<std::string> tree;
};

void* parse_on_this_thread(void* argument) {
  auto& parsing = *static_cast<Parsing*>(argument);
  const PgQueryParseResult result = pg_query_parse(parsing.sql->c_str());
  if (result.error == nullptr) {
    parsing.tree = result.parse_tree;
  }
  pg_query_free_parse_result(result);
  return nullptr;
}

Result<std::string> parsed_json(const std::string& sql) {
  Parsing parsing{&sql, std::nullopt};
  pthread_attr_t attributes;
  pthread_t thread{};
  pthread_attr_init(&attributes);
  const bool started = pthread_attr_setstacksize(&attributes, kParserStack) == 0 &&
                       pthread_create(&thread, &attributes, parse_on_this_thread, &parsing) == 0;
  pthread_attr_destroy(&attributes);
  if (!started) {
    return Error{ErrorCode::kInternal, "no thread to parse on"};
  }
  pthread_join(thread, nullptr);
  if (!parsing.tree) {
    return Error{ErrorCode::kInvalidArgument, "PostgreSQL's grammar does not know it"};
  }
  return *std::move(parsing.tree);
}

}  // namespace

Result<ParseTree> ParseTree::parse(std::string_view sql) {
  if (sql.size() > kMaxStatementBytes) {
    return Error{ErrorCode::kUnsupported, "its text is longer than 64 kB"};
  }
  if (sql.find('\0') != std::string_view::npos) {
    return Error{ErrorCode::kInvalidArgument, "its text holds a NUL byte"};
  }
  if (count_depth_makers(sql, Engine::kPostgres) > kMaxOperatorTokens) {
    return Error{ErrorCode::kUnsupported, "it has more than 5,000 operators"};
  }
  PLANWISE_TRY(const std::string json, parsed_json(std::string(sql)));
  ParseTree tree;
  tree.parser_ = std::make_unique<simdjson::dom::parser>();
  element document;
  if (tree.parser_->parse(json).get(document) != simdjson::SUCCESS) {
    return Error{ErrorCode::kUnsupported, "its expressions are nested too deeply"};
  }
  simdjson::dom::array statements;
  if (document["stmts"].get(statements) != simdjson::SUCCESS || statements.size() != 1) {
    return Error{ErrorCode::kInvalidArgument, "it is not exactly one statement"};
  }
  if (statements.at(0)["stmt"].get(tree.statement_) != simdjson::SUCCESS) {
    return Error{ErrorCode::kInvalidArgument, "it is not exactly one statement"};
  }
  return tree;
}

std::string_view text_of(element node, std::string_view key) {
  std::string_view text;
  simdjson::dom::object object;
  if (node.get(object) != simdjson::SUCCESS || object[key].get(text) != simdjson::SUCCESS) {
    return {};
  }
  return text;
}

simdjson::simdjson_result<element> child(element node, std::string_view key) {
  simdjson::dom::object object;
  if (const auto error = node.get(object); error != simdjson::SUCCESS) {
    return error;
  }
  return object[key];
}

std::vector<std::string_view> strings_of(element list) {
  std::vector<std::string_view> strings;
  simdjson::dom::array members;
  if (list.get(members) != simdjson::SUCCESS) {
    return strings;
  }
  for (const element member : members) {
    std::string_view text;
    if (child(member, "String")["sval"].get(text) == simdjson::SUCCESS) {
      strings.push_back(text);
    }
  }
  return strings;
}

WrittenName name_of(element list) {
  const std::vector<std::string_view> parts = strings_of(list);
  WrittenName name;
  if (!parts.empty()) {
    name.name = parts.back();
  }
  if (parts.size() > 1) {
    name.schema = parts[parts.size() - 2];
  }
  return name;
}

}  // namespace planwise::pg

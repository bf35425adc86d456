#include "connectors/postgres/parse_tree.h"

#include <utility>

#include "analyzer/sql/parse_postgres.h"

namespace planwise::pg {
namespace {

using simdjson::dom::element;

Result<std::string> parsed_json(std::string_view sql) {
  std::string tree;
  const Result<void> parsed = parse_postgres_json(sql, [&](const std::string& json) -> Result<void> {
    tree = json;
    return {};
  });
  if (parsed) {
    return tree;
  }
  // The library's own message holds names from the text.
  return parsed.error().code == ErrorCode::kInvalidArgument
             ? Error{ErrorCode::kInvalidArgument, "PostgreSQL's grammar does not know it"}
             : parsed.error();
}

}  // namespace

Result<ParseTree> ParseTree::parse(std::string_view sql) {
  if (sql.size() > kMaxStatementBytes) {
    return Error{ErrorCode::kUnsupported, "its text is longer than 64 kB"};
  }
  PLANWISE_TRY(const std::string json, parsed_json(sql));
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

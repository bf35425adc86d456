#include "analyzer/sql/parse_postgres.h"

#include <pg_query.h>
#include <pthread.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "analyzer/sql/fingerprint.h"
#include "analyzer/sql/lexer.h"

namespace planwise {
namespace {

constexpr std::size_t kStackBytes = std::size_t{64} << 20U;
// An operator is three levels of JSON; parentheses and sub-queries are more.
constexpr std::size_t kMaxTreeDepth = kMaxDepthMakers * 8;

using UseJson = std::function<Result<void>(const std::string& json)>;

struct Job {
  std::string sql;
  const UseJson& use;
  Result<void> outcome;
};

// libpg_query 15 prints only positive integers (_outInteger: `if (node->ival > 0)`); -5 comes out as 0 comes
// out, and its digits are still in the statement, where the constant's location is that of the sign.
std::string with_negative_integers(std::string_view json, std::string_view sql) {
  static constexpr std::string_view kNoValue = R"("ival":{},"location":)";
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = json.find(kNoValue); at != std::string_view::npos; at = json.find(kNoValue, at + 1)) {
    std::size_t location = 0;
    const char* const digits = json.data() + at + kNoValue.size();
    std::from_chars(digits, json.data() + json.size(), location);
    if (location >= sql.size() || sql[location] != '-') {
      continue;
    }
    const std::size_t first = std::min(sql.find_first_not_of(" \t\r\n0", location + 1), sql.size());
    const std::size_t end = std::min(sql.find_first_not_of("0123456789", first), sql.size());
    if (end > first) {
      out.append(json.substr(copied, at - copied)).append(R"("ival":{"ival":-)");
      out.append(sql.substr(first, end - first)).append("}");
      copied = at + std::string_view(R"("ival":{})").size();
    }
  }
  return out.append(json.substr(copied));
}

void* thread_main(void* argument) {
  Job& job = *static_cast<Job*>(argument);
  const PgQueryParseResult result = pg_query_parse(job.sql.c_str());
  job.outcome = result.error == nullptr
                    ? job.use(with_negative_integers(result.parse_tree, job.sql))
                    : Error{ErrorCode::kInvalidArgument, masked(result.error->message, Engine::kPostgres)};
  pg_query_free_parse_result(result);
  return nullptr;
}

}  // namespace

Result<void> parse_postgres_json(std::string_view sql, const UseJson& use) {
  if (sql.size() > kMaxParsedBytes) {
    return Error{ErrorCode::kUnsupported, "the statement is longer than 256 KiB"};
  }
  if (sql.find('\0') != std::string_view::npos) {
    return Error{ErrorCode::kUnsupported, "the statement holds a NUL byte"};
  }
  if (count_depth_makers(sql, Engine::kPostgres) > kMaxDepthMakers) {
    return Error{ErrorCode::kUnsupported,
                 "the statement has more than 5,000 operators, joins and parentheses"};
  }
  Job job{.sql = std::string(sql), .use = use, .outcome = {}};
  pthread_attr_t attributes;
  pthread_t thread{};
  if (pthread_attr_init(&attributes) != 0) {
    return Error{ErrorCode::kUnavailable, "no thread for the parser"};
  }
  const bool started = pthread_attr_setstacksize(&attributes, kStackBytes) == 0 &&
                       pthread_create(&thread, &attributes, thread_main, &job) == 0;
  pthread_attr_destroy(&attributes);
  if (!started || pthread_join(thread, nullptr) != 0) {
    return Error{ErrorCode::kUnavailable, "no thread for the parser"};
  }
  return std::move(job.outcome);
}

Result<void> parse_postgres(std::string_view sql,
                            const std::function<void(const std::vector<parse_tree::Node>&)>& use) {
  return parse_postgres_json(sql, [&](const std::string& json) -> Result<void> {
    simdjson::dom::parser parser;
    simdjson::dom::array list;
    if (parser.allocate(json.size() + 1, kMaxTreeDepth) != simdjson::SUCCESS ||
        parser.parse(json)["stmts"].get_array().get(list) != simdjson::SUCCESS) {
      return Error{ErrorCode::kUnsupported, "the parse tree is too deep"};
    }
    std::vector<parse_tree::Node> statements;
    for (const simdjson::dom::element item : list) {
      simdjson::dom::element statement;
      if (item["stmt"].get(statement) == simdjson::SUCCESS) {
        statements.push_back(parse_tree::Node::of(statement));
      }
    }
    use(statements);
    return {};
  });
}

}  // namespace planwise

#include "analyzer/sql/parse_postgres.h"

#include <pg_query.h>
#include <pthread.h>

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

void* thread_main(void* argument) {
  Job& job = *static_cast<Job*>(argument);
  const PgQueryParseResult result = pg_query_parse(job.sql.c_str());
  job.outcome = result.error == nullptr
                    ? job.use(result.parse_tree)
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

#include "connectors/mysql/gaps.h"

#include <fmt/format.h>

#include "analyzer/base/text.h"
#include "analyzer/sql/quote.h"
#include "connectors/mysql/privileges.h"

namespace planwise::mysql {
namespace {

std::string grantee(const Session& session) {
  return account_text(session.account());
}

bool is_mariadb(const Session& session) {
  return session.server().engine == Engine::kMariaDb;
}

std::string counted(std::int64_t number) {
  return human(planwise::Rows{static_cast<double>(number)});
}

}  // namespace

Gap failed_gap(std::string_view what, const Error& error, const Session& session, std::string_view table) {
  Gap gap{.what = std::string(what), .why = error.message, .remedy = error.hint};
  if (error.code == ErrorCode::kPermissionDenied && gap.remedy.empty()) {
    gap.remedy = "let the account read it";
    gap.remedy_sql = {table.empty()
                          ? fmt::format("GRANT SELECT ON performance_schema.* TO {}", grantee(session))
                          : fmt::format("GRANT SELECT ON {} TO {}", table, grantee(session))};
  }
  return gap;
}

Gap no_schemas_gap(const Session& session) {
  Gap gap{.what = "tables and indexes",
          .why = fmt::format("account {} may see no table", grantee(session)),
          .remedy = "let it read the databases to be audited",
          .remedy_sql = {}};
  if (!session.login().database.empty()) {
    gap.remedy_sql = {grant_on_schema(session.login().database, session.account())};
  }
  return gap;
}

Gap performance_schema_off_gap(const Session& session) {
  return {
      .what = "statement digests",
      .why = is_mariadb(session)
                 ? "performance_schema is off, as it is by default on MariaDB, so the statements that run "
                   "here are not counted"
                 : "performance_schema is off, so the statements that run here are not counted",
      .remedy =
          "write performance_schema=ON under [mysqld] in the server's option file and restart it; until "
          "then slow statements are seen if log_output is TABLE and slow_query_log is ON"};
}

Gap digests_off_gap(std::string_view setup_table, std::string_view name) {
  return {.what = "statement digests",
          .why = fmt::format("\"{}\" is switched off in performance_schema.{}, so statements are not counted",
                             name, setup_table),
          .remedy = "switch it on; for good, write the same into the server's option file",
          .remedy_sql = {fmt::format("UPDATE performance_schema.{} SET ENABLED = 'YES' WHERE NAME LIKE '{}'",
                                     setup_table, name)}};
}

Gap only_slow_statements_gap(const Session& session) {
  return {
      .what = "fast statements",
      .why = fmt::format("the load is taken from mysql.slow_log, which holds what took longer than {} s only",
                         session.variable("long_query_time")),
      .remedy = "let performance_schema count all statements"};
}

Gap no_statements_gap(const Session& session) {
  return {.what = "statements",
          .why = "neither digests nor a slow log in a table tell what runs here",
          .remedy = is_mariadb(session) ? "switch performance_schema on (restart), or the slow log in a table"
                                        : "let the account read performance_schema"};
}

Gap overflow_gap(std::int64_t calls) {
  return {.what = "rare statements",
          .why = fmt::format(
              "the digest table is full: {} calls of further statements fell into its one entry for "
              "all others",
              counted(calls)),
          .remedy = "raise performance_schema_digests_size in the server's option file and restart it"};
}

Gap cut_texts_gap(std::int64_t digests, const Session& session) {
  return {
      .what = fmt::format("text of {} statements", counted(digests)),
      .why = fmt::format("the server keeps the first {} bytes of a digest's text; longer statements with the "
                         "same beginning are counted as one",
                         session.variable("performance_schema_max_digest_length")),
      .remedy =
          "raise max_digest_length and performance_schema_max_digest_length in the server's option file "
          "and restart it"};
}

Gap unseen_executions_gap(const Executions& executions, bool counts_open, const Session& session) {
  const double share = static_cast<double>(executions.unseen()) / static_cast<double>(executions.total());
  const std::string open =
      executions.open > 0
          ? fmt::format(
                " ({} more are of statements still open, which are read from prepared_statements_instances)",
                counted(std::min(executions.open, executions.prepared)))
          : std::string();
  Gap gap{
      .what = "server-side prepared statements",
      .why = fmt::format("{} of the executions on this server ({} of {}) came through the binary protocol of "
                         "prepared statements, which leaves no digest: what they were is not known{}",
                         human_share(share), counted(executions.unseen()), counted(executions.total()), open),
      .remedy =
          "the slow log shows them with their values, if long_query_time is 0 for a while; or let the client "
          "prepare "
          "by itself (useServerPrepStmts=false, interpolateParams=true, emulated prepares)",
      .remedy_sql = {}};
  gap.remedy_sql = {is_mariadb(session)
                        ? "SET GLOBAL slow_query_log = ON, GLOBAL long_query_time = 0, GLOBAL "
                          "log_slow_verbosity = 'query_plan,explain'"
                        : "SET GLOBAL slow_query_log = ON, GLOBAL long_query_time = 0"};
  if (!counts_open) {
    gap.remedy =
        "switch on the consumer events_statements_current, so that statements which clients keep open are "
        "counted; " +
        gap.remedy;
    gap.remedy_sql.insert(gap.remedy_sql.begin(),
                          "UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' WHERE NAME = "
                          "'events_statements_current'");
  }
  return gap;
}

Gap no_usage_gap(const Session& session) {
  Gap gap{.what = "use of indexes",
          .why = "neither performance_schema nor userstat counts it",
          .remedy = "let the server count it",
          .remedy_sql = {}};
  if (session.is_on("performance_schema")) {
    gap.remedy_sql = {
        "UPDATE performance_schema.setup_instruments SET ENABLED = 'YES', TIMED = 'YES' WHERE NAME = "
        "'wait/io/table/sql/handler'"};
  } else if (!session.variable("userstat").empty()) {
    gap.remedy_sql = {"SET GLOBAL userstat = ON"};
  } else {
    gap.remedy = "write performance_schema=ON under [mysqld] in the server's option file and restart it";
  }
  return gap;
}

Gap other_sessions_gap(const Error& error, const Session& session) {
  Gap gap{.what = "sessions and transactions of other accounts", .why = error.message, .remedy = error.hint};
  if (error.code == ErrorCode::kPermissionDenied) {
    gap.remedy = "let the account see them";
    gap.remedy_sql = {fmt::format("GRANT PROCESS ON *.* TO {}", grantee(session))};
  }
  return gap;
}

Gap no_plans_gap() {
  return {
      .what = "plans",
      .why =
          "plans of MySQL and MariaDB servers are not read: statements are judged by their counters and by "
          "the schema, and no index is advised"};
}

}  // namespace planwise::mysql

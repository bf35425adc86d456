#include "connectors/postgres/gaps.h"

#include <fmt/format.h>

#include "analyzer/base/text.h"
#include "analyzer/sql/quote.h"
#include "connectors/postgres/statements.h"

namespace planwise::pg {
namespace {

constexpr std::size_t kNamesShown = 5;
constexpr std::size_t kGrantsShown = 50;

std::string role_of(const Session& session) {
  return quoted(session.user(), Engine::kPostgres);
}

std::string first_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kNamesShown; ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return names.size() > kNamesShown ? fmt::format("{} and {} more", text, names.size() - kNamesShown) : text;
}

std::vector<std::string> quoted_names(const std::vector<TableName>& tables) {
  std::vector<std::string> names;
  names.reserve(tables.size());
  for (const TableName& table : tables) {
    names.push_back(quoted(table, Engine::kPostgres));
  }
  return names;
}

// By the role that covers everything where there is one, else object by object.
std::vector<std::string> select_grants(const Session& session, const std::vector<std::string>& names,
                                       std::string_view kind) {
  if (session.has(kReadAllData)) {
    return {"GRANT pg_read_all_data TO " + role_of(session)};
  }
  std::vector<std::string> grants;
  for (std::size_t i = 0; i < names.size() && i < kGrantsShown; ++i) {
    grants.push_back(fmt::format("GRANT SELECT ON {}{} TO {}", kind, names[i], role_of(session)));
  }
  return grants;
}

}  // namespace

Gap failed_gap(std::string_view what, const Error& error, const Session& session) {
  Gap gap{.what = std::string(what), .why = error.message, .remedy = error.hint};
  if (error.code == ErrorCode::kPermissionDenied && gap.remedy.empty()) {
    gap.remedy = "let the role read the server's statistics";
    gap.remedy_sql = {"GRANT pg_monitor TO " + role_of(session)};
  }
  return gap;
}

Gap untested_version_gap(const Session& session) {
  return {.what = "server version",
          .why = fmt::format("PostgreSQL {} is newer than this planwise was tested with",
                             session.server().version_text),
          .remedy = "update planwise"};
}

Gap pooled_gap() {
  return {.what = "hypothetical indexes",
          .why =
              "a connection pooler stands between: nothing kept in the session lasts from one statement to "
              "the next",
          .remedy = "connect straight to the server, not to the pooler"};
}

Gap other_roles_gap(const Session& session, std::int64_t hidden_entries) {
  const std::string entries =
      hidden_entries > 0 ? fmt::format(" ({} entries of pg_stat_statements)", hidden_entries) : std::string();
  return {.what = "statements and sessions of other roles",
          .why = fmt::format("role \"{}\" may not read them{}", session.user(), entries),
          .remedy = "let the role read the server's statistics",
          .remedy_sql = {"GRANT pg_monitor TO " + role_of(session)}};
}

Gap settings_gap(const Session& session) {
  return {.what = "settings reserved to superusers",
          .why = fmt::format("role \"{}\" may not read them", session.user()),
          .remedy = "let the role read all settings",
          .remedy_sql = {"GRANT pg_monitor TO " + role_of(session)}};
}

Gap no_statements_gap(const Session& session, const Error& error) {
  const std::string extension(kStatementsExtension);
  if (!session.server().extensions.contains(extension)) {
    return {
        .what = extension,
        .why = "it is not installed in this database, so the statements that run here are not known",
        .remedy =
            "add it to shared_preload_libraries (needs a restart) if it is not there, then create it here",
        .remedy_sql = {"CREATE EXTENSION pg_stat_statements"}};
  }
  if (session.sqlstate() == "55000") {  // object_not_in_prerequisite_state
    return {
        .what = extension,
        .why = "its library is not loaded, so the statements that run here are not known",
        .remedy =
            "add pg_stat_statements to shared_preload_libraries in postgresql.conf and restart the server"};
  }

  if (session.sqlstate() == "22021") {  // character_not_in_repertoire
    return {
        .what = extension,
        .why =
            "the text of a statement in some database is no valid text of this one's encoding, and the "
            "extension "
            "then hands out none at all",
        .remedy =
            "look for databases of encoding SQL_ASCII (psql -l) and reset the statistics of their statements",
        .remedy_sql = {"SELECT pg_stat_statements_reset(0, oid, 0) FROM pg_database WHERE encoding = 0"}};
  }
  return failed_gap(extension, error, session);
}

Gap old_extension_gap(const Session& session, std::string_view shipped) {
  const auto installed = session.server().extensions.find(std::string(kStatementsExtension));
  const Version version = installed == session.server().extensions.end() ? Version{} : installed->second;
  return {.what = "newer counters of pg_stat_statements",
          .why = fmt::format("the extension is at {}.{}, the server ships {}", version.major, version.minor,
                             shipped),
          .remedy = "update the extension in this database",
          .remedy_sql = {"ALTER EXTENSION pg_stat_statements UPDATE"}};
}

Gap tracking_off_gap() {
  return {.what = "statements",
          .why = "pg_stat_statements.track is off, so nothing is counted",
          .remedy = "let top-level statements be counted, then reload",
          .remedy_sql = {"ALTER SYSTEM SET pg_stat_statements.track = 'top'", "SELECT pg_reload_conf()"}};
}

Gap evicted_gap(std::int64_t evictions) {
  return {.what = "rare statements",
          .why = fmt::format(
              "pg_stat_statements ran out of room {} times and dropped its rarest entries, so counters are "
              "lower bounds",
              human(planwise::Rows{static_cast<double>(evictions)})),
          .remedy = "raise pg_stat_statements.max and restart the server",
          .remedy_sql = {"ALTER SYSTEM SET pg_stat_statements.max = 20000"}};
}

Gap unknown_window_gap() {
  return {
      .what = "age of the statement counters",
      .why =
          "this version of pg_stat_statements does not say when counting began; taken is the server's start, "
          "though counters outlive restarts",
      .remedy = "audit an interval with --window, or update the server to 14 or later"};
}

Gap unreadable_tables_gap(const Session& session, const std::vector<TableName>& tables) {
  const auto names = quoted_names(tables);
  return {.what = fmt::format("column statistics of {} tables", tables.size()),
          .why = fmt::format("role \"{}\" may not read {}", session.user(), first_of(names)),
          .remedy = "let the role read the tables; planwise reads their statistics only",
          .remedy_sql = select_grants(session, names, "")};
}

Gap row_security_gap(const Session& session, const std::vector<TableName>& tables) {
  return {.what = fmt::format("column statistics of {} tables", tables.size()),
          .why = fmt::format("row security hides the statistics of {} from role \"{}\"",
                             first_of(quoted_names(tables)), session.user()),
          .remedy = "let the role pass row security, if your rules allow that",
          .remedy_sql = {"ALTER ROLE " + role_of(session) + " BYPASSRLS"}};
}

Gap unread_statistics_gap(std::size_t left_out, std::size_t read) {
  return {.what = fmt::format("column statistics of {} tables", left_out),
          .why = fmt::format(
              "an audit reads those of {} tables at most, the largest and those the workload names", read)};
}

Gap locked_tables_gap(const std::vector<TableName>& tables) {
  return {
      .what = fmt::format("{} tables", tables.size()),
      .why = fmt::format("another session holds or awaits an exclusive lock on {}; reading would wait for it",
                         first_of(quoted_names(tables))),
      .remedy = "run the audit again when the lock is gone"};
}

Gap unreadable_sequences_gap(const Session& session, const std::vector<std::string>& names) {
  return {.what = fmt::format("last value of {} sequences", names.size()),
          .why = fmt::format("role \"{}\" may not read {}", session.user(), first_of(names)),
          .remedy = "let the role read the sequences",
          .remedy_sql = select_grants(session, names, "SEQUENCE ")};
}

}  // namespace planwise::pg

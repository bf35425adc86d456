// How a session begins: the login, what stands on the other side, and the limits.
#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>

#include "connectors/postgres/dsn.h"
#include "connectors/postgres/privileges.h"
#include "connectors/postgres/server_error.h"
#include "connectors/postgres/session.h"
#include "connectors/version_text.h"

namespace planwise::pg {
namespace {

Address address_of(PGconn* connection) {
  const auto text = [](const char* value) { return std::string(value == nullptr ? "" : value); };
  return {text(PQhost(connection)), text(PQport(connection)), text(PQuser(connection)),
          text(PQdb(connection))};
}

// 150018 is 15.18. Source: libpq manual, PQserverVersion.
Version version_of(int number) {
  return {number / 10000, number % 10000, 0};
}

Error privileged_login(const std::string& user, const std::vector<std::string>& powers,
                       const ServerInfo& server) {
  std::string sql;
  for (const std::string& statement : least_privilege_sql("planwise", server.database, server)) {
    sql += " " + statement + ";";
  }
  std::string reasons;
  for (const std::string& power : powers) {
    reasons += (reasons.empty() ? "" : ", ") + power;
  }
  return {ErrorCode::kPermissionDenied, fmt::format("login \"{}\" is privileged ({})", user, reasons),
          "use a role made for it:" + sql + " or pass --allow-privileged"};
}

}  // namespace

Result<Session> Session::open(const std::string& dsn, SessionOptions options, Deadline deadline) {
  Session session(dsn, std::move(options));
  PLANWISE_CHECK_OK(session.connect(deadline));
  return session;
}

Result<void> Session::connect(Deadline deadline) {
  if (is_dsn(dsn_)) {
    PLANWISE_CHECK_OK(check_dsn(dsn_));
  }
  PLANWISE_CHECK_OK(log_in(std::min(deadline, deadline_)));
  auto ready = set_up(std::min(deadline, deadline_));
  if (!ready) {
    close();
  }
  return ready;
}

Result<void> Session::log_in(Deadline deadline) {
  // The later of two equal keywords wins, and expand_dbname reads the first as a connection string.
  const char* const keywords[] = {"dbname", "application_name", "client_encoding", nullptr};
  const char* const values[] = {dsn_.c_str(), "planwise", "UTF8", nullptr};
  connection_.reset(PQconnectStartParams(keywords, values, 1));
  PGconn* const connection = connection_.get();
  if (connection == nullptr) {
    return Error{ErrorCode::kInternal, "out of memory"};
  }
  PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
  PQsetNoticeReceiver(
      connection, [](void*, const PGresult*) {}, nullptr);
  PostgresPollingStatusType status =
      PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (status != PGRES_POLLING_OK) {
    if (status == PGRES_POLLING_FAILED) {
      Error error = connection_error(PQerrorMessage(connection), address_of(connection));
      close();
      return error;
    }
    if (auto ready = wait(status == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline); !ready) {
      const Address at = address_of(connection);
      close();
      return Error{ErrorCode::kTimeout, fmt::format("{}:{} did not answer in time", at.host, at.port),
                   "check host and port, and whether a firewall drops packets on the way"};
    }
    status = PQconnectPoll(connection);
  }
  if (PQsetnonblocking(connection, 1) != 0 || PQenterPipelineMode(connection) != 1) {
    return Error{ErrorCode::kInternal, "libpq refused pipeline mode"};
  }
  return {};
}

Result<void> Session::set_up(Deadline deadline) {
  PGconn* const connection = connection_.get();
  server_ = ServerInfo{};
  server_.version = version_of(PQserverVersion(connection));
  const char* const version_text = PQparameterStatus(connection, "server_version");
  server_.version_text = version_text == nullptr ? to_string(server_.version) : version_text;
  server_.database = PQdb(connection);
  if (!has(kSupported)) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("PostgreSQL {} is older than planwise supports", server_.version_text),
                 fmt::format("the oldest supported version is {}", kSupported.since.major)};
  }
  // A pooler hands out a made-up process id. Settings of a pooled session would end up with other clients.
  const Command identity{"SELECT pg_catalog.pg_backend_pid() AS pid", {}};
  is_pooled_ = false;
  PLANWISE_TRY(auto first, exchange({&identity, 1}, deadline));
  PLANWISE_TRY(const Rows pid, std::move(first[0]));
  is_pooled_ = pid.empty() || pid[0].integer("pid") != PQbackendPID(connection);

  std::vector<Command> commands = limits(is_pooled_);
  commands.push_back({std::string(kPowersSql), {}});
  commands.push_back(
      {"SELECT e.extname AS name, e.extversion AS version, n.nspname AS schema\n"
       "FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace",
       {}});
  PLANWISE_TRY(auto answers, exchange(commands, deadline));
  for (auto& answer : answers) {
    if (!answer) {
      return std::move(answer).error().in("setting up the session");
    }
  }
  const Rows& powers = *answers[answers.size() - 2];
  if (!powers.empty()) {
    user_ = powers[0].text_or_empty("user");
    const auto held = array_of(powers[0], "powers");
    if (held && !held->empty() && !options_.allow_privileged) {
      return privileged_login(user_, *held, server_);
    }
  }
  const Rows& extensions = *answers.back();
  server_.extension_schemas.clear();
  for (std::size_t i = 0; i < extensions.size(); ++i) {
    const std::string name = extensions[i].text_or_empty("name");
    server_.extensions[name] = parse_version(extensions[i].text_or_empty("version"));
    server_.extension_schemas[name] = extensions[i].text_or_empty("schema");
  }
  return {};
}

// All of them end with the transaction if local, else with the session.
std::vector<Command> Session::limits(bool local) const {
  const auto milliseconds = [](std::chrono::milliseconds time) { return std::to_string(time.count()); };
  std::string sql = "SELECT";
  std::vector<Parameter> parameters;
  const auto set = [&](std::string_view name, std::string value) {
    sql += fmt::format("{} pg_catalog.set_config('{}', ${}, {})", parameters.empty() ? "" : ",", name,
                       parameters.size() + 1, local);
    parameters.emplace_back(std::move(value));
  };
  set("statement_timeout", milliseconds(options_.statement_timeout));
  set("lock_timeout", milliseconds(options_.lock_timeout));
  set("idle_in_transaction_session_timeout", milliseconds(options_.idle_timeout));
  set("search_path", "pg_catalog, pg_temp");
  set("DateStyle", "ISO, YMD");
  set("IntervalStyle", "postgres");
  set("TimeZone", "UTC");
  // Such a database keeps any bytes, and refuses to hand out as UTF-8 what is none; Rows mends them.
  const char* const encoding = PQparameterStatus(connection_.get(), "server_encoding");
  if (encoding != nullptr && std::string_view(encoding) == "SQL_ASCII") {
    set("client_encoding", "SQL_ASCII");
  }
  if (!local) {
    set("default_transaction_read_only", "on");
    if (has(kConnectionCheck)) {
      set("client_connection_check_interval", "1000");
    }
  }
  std::vector<Command> commands{{std::move(sql), std::move(parameters)}};
  if (has(kParameterGrants)) {
    commands.push_back(
        {fmt::format("SELECT pg_catalog.set_config('pg_stat_statements.track', 'none', {}) "
                     "WHERE pg_catalog.has_parameter_privilege('pg_stat_statements.track', 'SET')",
                     local),
         {}});
  }
  return commands;
}

}  // namespace planwise::pg

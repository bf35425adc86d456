#include "connectors/mysql/activity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <set>

#include "analyzer/base/text.h"
#include "analyzer/sql/fingerprint.h"

namespace planwise::mysql {
namespace {

constexpr std::size_t kNameLimit = 256;

constexpr std::array kSessionColumns{
    CatalogColumn{"ID", "s.ID"},           CatalogColumn{"USER", "s.USER"},
    CatalogColumn{"COMMAND", "s.COMMAND"}, CatalogColumn{"TIME", "s.TIME"},
    CatalogColumn{"STATE", "s.STATE"},     CatalogColumn{"INFO", "LEFT(s.INFO, 65536)"},
};
constexpr std::string_view kProcesslistDocumentation =
    "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-processlist-table.html";
// MySQL 8.0.22; it takes no global lock.
constexpr CatalogQuery kSessionsWithoutLock{
    "sessions",           kProcesslistDocumentation,
    "performance_schema", "processlist",
    kSessionColumns,      "performance_schema.processlist AS s\nWHERE s.ID <> CONNECTION_ID()\nLIMIT 5000"};
constexpr CatalogQuery kSessions{
    "sessions",           kProcesslistDocumentation,
    "information_schema", "PROCESSLIST",
    kSessionColumns,      "information_schema.PROCESSLIST AS s\nWHERE s.ID <> CONNECTION_ID()\nLIMIT 5000"};

constexpr std::array kTransactionColumns{
    CatalogColumn{"trx_id", "s.TRX_ID"},
    CatalogColumn{"trx_state", "s.TRX_STATE"},
    CatalogColumn{"trx_mysql_thread_id", "s.TRX_MYSQL_THREAD_ID"},
    CatalogColumn{"age_s", "UNIX_TIMESTAMP() - UNIX_TIMESTAMP(s.TRX_STARTED)"},
};
constexpr CatalogQuery kTransactions{
    "transactions",       "https://dev.mysql.com/doc/refman/8.4/en/information-schema-innodb-trx-table.html",
    "information_schema", "INNODB_TRX",
    kTransactionColumns,  "information_schema.INNODB_TRX AS s\nLIMIT 5000",
};

constexpr std::array kDataLockColumns{
    CatalogColumn{"waiting", "s.REQUESTING_ENGINE_TRANSACTION_ID"},
    CatalogColumn{"blocking", "s.BLOCKING_ENGINE_TRANSACTION_ID"},
};
constexpr CatalogQuery kDataLockWaits{
    "lock_waits",
    "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-data-lock-waits-table.html",
    "performance_schema",
    "data_lock_waits",
    kDataLockColumns,
    "performance_schema.data_lock_waits AS s\nLIMIT 5000",
};
// Before MySQL 8.0, and MariaDB.
constexpr std::array kLockColumns{
    CatalogColumn{"waiting", "s.REQUESTING_TRX_ID"},
    CatalogColumn{"blocking", "s.BLOCKING_TRX_ID"},
};
constexpr CatalogQuery kLockWaits{
    "lock_waits",         "https://mariadb.com/kb/en/information-schema-innodb_lock_waits-table/",
    "information_schema", "INNODB_LOCK_WAITS",
    kLockColumns,         "information_schema.INNODB_LOCK_WAITS AS s\nLIMIT 5000",
};

constexpr std::array kProgramColumns{
    CatalogColumn{"id", "s.PROCESSLIST_ID"},
    CatalogColumn{"program", "s.ATTR_VALUE"},
};
constexpr CatalogQuery kPrograms{
    "programs",
    "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-session-connect-attrs-table.html",
    "performance_schema",
    "session_connect_attrs",
    kProgramColumns,
    "performance_schema.session_connect_attrs AS s\nWHERE s.ATTR_NAME = 'program_name'\nLIMIT 5000",
};

constexpr std::array kOriginColumns{
    CatalogColumn{"name", "s.VARIABLE_NAME"}, CatalogColumn{"origin", "s.GLOBAL_VALUE_ORIGIN"},  // MariaDB
    CatalogColumn{"origin", "s.VARIABLE_SOURCE"},                                                // MySQL 5.7
};
constexpr CatalogQuery kOriginsMariaDb{
    "variable_origins",   "https://mariadb.com/kb/en/information-schema-system_variables-table/",
    "information_schema", "SYSTEM_VARIABLES",
    kOriginColumns,       "information_schema.SYSTEM_VARIABLES AS s",
};
constexpr CatalogQuery kOriginsMySql{
    "variable_origins",
    "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-variables-info-table.html",
    "performance_schema",
    "variables_info",
    kOriginColumns,
    "performance_schema.variables_info AS s",
};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char letter) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  });
  return text;
}

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  return failure == std::errc{} && stop == end && !text.empty() ? std::optional(value) : std::nullopt;
}

// Words that tell how the server works; what else is text may be anything.
bool is_shown(const std::string& name, const std::string& value) {
  static const std::set<std::string> kSwitches{"ON", "OFF", "YES", "NO", "AUTO"};
  static const std::set<std::string> kNamed{"version",
                                            "version_comment",
                                            "sql_mode",
                                            "log_output",
                                            "optimizer_switch",
                                            "innodb_flush_method",
                                            "default_storage_engine",
                                            "character_set_server",
                                            "collation_server",
                                            "transaction_isolation",
                                            "tx_isolation",
                                            "binlog_format",
                                            "binlog_row_image",
                                            "log_slow_verbosity",
                                            "use_stat_tables",
                                            "explain_format",
                                            "innodb_file_format"};
  return number_of(value) || kSwitches.contains(value) || kNamed.contains(name);
}

std::string state_of(const std::string& command, bool in_transaction) {
  if (command == "Sleep") {
    return in_transaction ? "idle in transaction" : "idle";
  }
  return command == "Query" || command == "Execute" || command == "Fetch" || command == "Prepare"
             ? "active"
             : lower(command);
}

// Threads of the server's own, which hold no connection.
bool is_background(const Row& row) {
  const std::string user = row.text_or_empty("USER");
  return user == "system user" || user == "event_scheduler" || row.text_or_empty("COMMAND") == "Daemon";
}

// A replica's applier and receiver are "system user" threads with a command; InnoDB's are daemons.
bool is_replication(const Row& row) {
  return row.text_or_empty("USER") == "system user" && row.text_or_empty("COMMAND") != "Daemon";
}

}  // namespace

const CatalogQuery& sessions_query() noexcept {
  return kSessions;
}
const CatalogQuery& transactions_query() noexcept {
  return kTransactions;
}

Result<std::map<std::string, Setting>> read_settings(Session& session, const ViewColumns& views) {
  std::map<std::string, Setting> settings;
  for (const auto& [name, value] : session.variables()) {
    if (is_shown(name, value)) {
      settings[name] = {.value = value};
    }
  }
  const CatalogQuery& origins = views.has(kOriginsMariaDb) ? kOriginsMariaDb : kOriginsMySql;
  if (!views.has(origins)) {
    return settings;
  }
  PLANWISE_TRY(const Rows rows, run(session, views, origins));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (const auto at = settings.find(lower(rows[i].text_or_empty("name"))); at != settings.end()) {
      at->second.source = lower(rows[i].text_or_empty("origin"));
    }
  }
  return settings;
}

Status status_of(const Rows& status, TimePoint now) {
  Status out;
  out.now = now;
  for (std::size_t i = 0; i < status.size(); ++i) {
    if (const auto value = status[i].number("Value")) {
      out.numbers[lower(status[i].text_or_empty("Variable_name"))] = *value;
    }
  }
  const auto count = [&](const char* name) {
    const auto at = out.numbers.find(name);
    return at == out.numbers.end() ? std::int64_t{0} : static_cast<std::int64_t>(at->second);
  };
  if (out.numbers.contains("uptime")) {
    out.started_at = now - std::chrono::seconds(count("uptime"));
  }
  if (out.numbers.contains("innodb_buffer_pool_read_requests")) {
    DatabaseCounters counters;
    counters.blocks_read = count("innodb_buffer_pool_reads");
    counters.blocks_hit =
        std::max<std::int64_t>(0, count("innodb_buffer_pool_read_requests") - counters.blocks_read);
    counters.temp_files = count("created_tmp_disk_tables");
    counters.deadlocks = count("innodb_deadlocks");
    counters.commits = count("com_commit");
    counters.rollbacks = count("com_rollback");
    out.counters = counters;
  }
  return out;
}

Result<Status> read_status(Session& session) {
  PLANWISE_TRY(const Rows now,
               session.query("SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED) AS now"));
  PLANWISE_TRY(const Rows status, session.query("SHOW GLOBAL STATUS"));
  return status_of(status, now.empty() ? TimePoint{} : now[0].time("now").value_or(TimePoint{}));
}

Activity activity_of(const Rows& sessions, const Rows& transactions, const Rows& lock_waits,
                     const Rows& programs, Engine engine) {
  struct Transaction {
    std::optional<Millis> age;
    bool waits = false;
  };
  std::map<std::int64_t, Transaction> by_connection;
  std::map<std::string, std::int64_t> connection_of;  // by transaction
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    const Row row = transactions[i];
    const std::int64_t connection = row.integer("trx_mysql_thread_id").value_or(0);
    const auto age = row.number("age_s");
    by_connection[connection] = {age ? std::optional(Millis(*age * 1000)) : std::nullopt,
                                 row.text_or_empty("trx_state") == "LOCK WAIT"};
    connection_of[row.text_or_empty("trx_id")] = connection;
  }
  std::map<std::int64_t, std::set<std::int64_t>> blockers;
  for (std::size_t i = 0; i < lock_waits.size(); ++i) {
    const auto waiting = connection_of.find(lock_waits[i].text_or_empty("waiting"));
    const auto blocking = connection_of.find(lock_waits[i].text_or_empty("blocking"));
    if (waiting != connection_of.end() && blocking != connection_of.end()) {
      blockers[waiting->second].insert(blocking->second);
    }
  }
  std::map<std::int64_t, std::string> program_of;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    program_of[programs[i].integer("id").value_or(0)] =
        shortened(programs[i].text_or_empty("program"), kNameLimit);
  }
  Activity out;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const Row row = sessions[i];
    out.is_replica = out.is_replica || is_replication(row);
    if (is_background(row)) {
      continue;
    }
    planwise::Session one;
    one.pid = row.integer("ID").value_or(0);
    one.user = row.text_or_empty("USER");
    one.application = program_of[one.pid];
    const auto transaction = by_connection.find(one.pid);
    one.state = state_of(row.text_or_empty("COMMAND"), transaction != by_connection.end());
    if (const auto seconds = row.number("TIME")) {
      one.state_age = Millis(*seconds * 1000);
    }
    const std::string doing = row.text_or_empty("STATE");
    const bool waits_for_row = transaction != by_connection.end() && transaction->second.waits;
    if (waits_for_row || doing.find(" lock") != std::string::npos) {
      one.wait_event_type = "Lock";
      one.wait_event = waits_for_row ? "row lock" : shortened(doing, kNameLimit);
    }
    if (transaction != by_connection.end()) {
      one.transaction_age = transaction->second.age;
    }
    if (const std::string text = row.text_or_empty("INFO"); !text.empty()) {
      one.statement = normalise(text, engine).id;
    }
    const auto& blocking = blockers[one.pid];
    one.blocked_by.assign(blocking.begin(), blocking.end());
    out.sessions.push_back(std::move(one));
  }
  std::ranges::sort(out.sessions, {}, &planwise::Session::pid);
  return out;
}

Result<Activity> read_activity(Session& session, const ViewColumns& views) {
  PLANWISE_TRY(const Rows sessions,
               run(session, views, views.has(kSessionsWithoutLock) ? kSessionsWithoutLock : kSessions));
  // Who may not see transactions may not see other accounts' sessions either: PROCESS is for both.
  auto transactions = run(session, views, kTransactions);
  const CatalogQuery& waits_query = views.has(kDataLockWaits) ? kDataLockWaits : kLockWaits;
  Rows waits({"waiting", "blocking"});
  Rows programs({"id", "program"});
  if (transactions && views.has(waits_query)) {
    PLANWISE_TRY(waits, run(session, views, waits_query));
  }
  if (views.has(kPrograms)) {
    PLANWISE_TRY(programs, run(session, views, kPrograms));
  }
  Activity activity =
      activity_of(sessions, transactions ? *transactions : Rows{}, waits, programs, session.server().engine);
  if (!transactions) {
    activity.no_transactions = transactions.error();
  }
  return activity;
}

}  // namespace planwise::mysql

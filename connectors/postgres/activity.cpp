#include "connectors/postgres/activity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "analyzer/base/text.h"
#include "analyzer/sql/fingerprint.h"

namespace planwise::pg {
namespace {

constexpr std::size_t kNameLimit = 256;

constexpr std::array kIdentityColumns{
    CatalogColumn{"is_replica", "pg_is_in_recovery()"},
    CatalogColumn{"started_at", "(extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint"},
    CatalogColumn{"now", "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"},
    CatalogColumn{"encoding", "pg_encoding_to_char(d.encoding)"},
    CatalogColumn{"reads_statistics", "pg_has_role('pg_read_all_stats', 'USAGE')"},
    CatalogColumn{"reads_settings", "pg_has_role('pg_read_all_settings', 'USAGE')"},
};

constexpr CatalogQuery kIdentity{
    "identity",
    "https://www.postgresql.org/docs/current/functions-info.html",
    kIdentityColumns,
    "pg_database AS d\nWHERE d.datname = current_database()",
};

constexpr std::array kSettingColumns{
    CatalogColumn{"name", "g.name"},
    CatalogColumn{"value", "g.reset_val"},
    CatalogColumn{"unit", "g.unit"},
    CatalogColumn{"source", "g.source"},
};

constexpr CatalogQuery kSettings{
    "settings",
    "https://www.postgresql.org/docs/current/view-pg-settings.html",
    kSettingColumns,
    R"(pg_settings AS g
WHERE g.vartype IN ('bool', 'integer', 'real', 'enum')
   OR g.name IN ('shared_preload_libraries', 'search_path', 'server_version', 'server_encoding', 'lc_collate', 'TimeZone',
                 'pg_stat_statements.track')
ORDER BY g.name)",
};

// pg_blocking_pids() takes every lock of the lock manager for a moment, so it is asked only for who waits on
// a lock.
constexpr std::array kSessionColumns{
    CatalogColumn{"pid", "a.pid"},
    CatalogColumn{"user", "a.usename"},
    CatalogColumn{"application", "a.application_name"},
    CatalogColumn{"state", "a.state"},
    CatalogColumn{"state_age_ms", "extract(epoch FROM clock_timestamp() - a.state_change) * 1000"},
    CatalogColumn{"transaction_age_ms", "extract(epoch FROM clock_timestamp() - a.xact_start) * 1000"},
    CatalogColumn{"wait_event_type", "a.wait_event_type"},
    CatalogColumn{"wait_event", "a.wait_event"},
    CatalogColumn{"query", "left(a.query, 65536)"},
    CatalogColumn{"blocked_by", "CASE WHEN a.wait_event_type = 'Lock' THEN pg_blocking_pids(a.pid) END"},
};

constexpr CatalogQuery kSessions{
    "sessions",
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW",
    kSessionColumns,
    R"(pg_stat_activity AS a
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
  AND (a.backend_type = 'client backend' OR a.backend_type IS NULL)
ORDER BY a.pid
LIMIT 2000)",
};

constexpr std::array kDatabaseColumns{
    CatalogColumn{"blks_hit", "d.blks_hit"},
    CatalogColumn{"blks_read", "d.blks_read"},
    CatalogColumn{"temp_files", "d.temp_files"},
    CatalogColumn{"temp_bytes", "d.temp_bytes"},
    CatalogColumn{"deadlocks", "d.deadlocks"},
    CatalogColumn{"xact_commit", "d.xact_commit"},
    CatalogColumn{"xact_rollback", "d.xact_rollback"},
    CatalogColumn{"stats_reset", "(extract(epoch FROM d.stats_reset) * 1000000)::bigint"},
};

constexpr CatalogQuery kDatabase{
    "database",
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-DATABASE-VIEW",
    kDatabaseColumns,
    "pg_stat_database AS d\nWHERE d.datname = current_database()",
};

constexpr std::array kSearchPathColumns{
    CatalogColumn{"setting", "p.setting"},
};

constexpr CatalogQuery kSearchPaths{
    "search_paths",
    "https://www.postgresql.org/docs/current/catalog-pg-db-role-setting.html",
    kSearchPathColumns,
    R"((SELECT g.reset_val AS setting, 1 AS rank, ''::name AS role FROM pg_settings AS g WHERE g.name = 'search_path'
      UNION ALL
      SELECT substr(u.entry, length('search_path=') + 1), CASE WHEN r.setrole = 0 THEN 0 ELSE 2 END,
             COALESCE(o.rolname, '')
      FROM pg_db_role_setting AS r
      CROSS JOIN LATERAL unnest(r.setconfig) AS u (entry)
      LEFT JOIN pg_roles AS o ON o.oid = r.setrole
      WHERE u.entry LIKE 'search\_path=%'
        AND r.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))) AS p
ORDER BY p.rank, p.role, p.setting)",
};

}  // namespace

const CatalogQuery& identity_query() noexcept {
  return kIdentity;
}
const CatalogQuery& settings_query() noexcept {
  return kSettings;
}
const CatalogQuery& sessions_query() noexcept {
  return kSessions;
}
const CatalogQuery& database_query() noexcept {
  return kDatabase;
}
const CatalogQuery& search_paths_query() noexcept {
  return kSearchPaths;
}

Result<Identity> read_identity(Session& session) {
  PLANWISE_TRY(const pg::Rows rows, session.query(render(kIdentity, session.server().version)));
  if (rows.empty()) {
    return Error{ErrorCode::kMalformed, "the server does not list the database it serves"};
  }
  return Identity{rows[0].is_true("is_replica"),
                  rows[0].time("started_at"),
                  rows[0].time("now").value_or(TimePoint{}),
                  rows[0].text_or_empty("encoding"),
                  rows[0].is_true("reads_statistics"),
                  rows[0].is_true("reads_settings")};
}

Result<std::string> read_system_identifier(Session& session) {
  PLANWISE_TRY(const pg::Rows rows, session.query("SELECT system_identifier AS id FROM pg_control_system()"));
  return rows.empty() ? std::string() : rows[0].text_or_empty("id");
}

Result<std::map<std::string, Setting>> read_settings(Session& session) {
  PLANWISE_TRY(const pg::Rows rows, session.query(render(kSettings, session.server().version)));
  std::map<std::string, Setting> settings;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    settings[rows[i].text_or_empty("name")] = {rows[i].text_or_empty("value"), rows[i].text_or_empty("unit"),
                                               rows[i].text_or_empty("source")};
  }
  return settings;
}

Result<std::vector<planwise::Session>> read_sessions(Session& session) {
  PLANWISE_TRY(const pg::Rows rows, session.query(render(kSessions, session.server().version)));
  std::vector<planwise::Session> sessions;
  sessions.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    planwise::Session one;
    one.pid = row.integer("pid").value_or(0);
    one.user = row.text_or_empty("user");
    one.application = shortened(row.text_or_empty("application"), kNameLimit);
    one.state = row.text_or_empty("state");
    one.state_age = row.millis("state_age_ms");
    one.transaction_age = row.millis("transaction_age_ms");
    one.wait_event_type = row.text_or_empty("wait_event_type");
    one.wait_event = row.text_or_empty("wait_event");
    const std::string query = row.text_or_empty("query");
    if (!query.empty() && query != "<insufficient privilege>") {
      one.statement = normalise(query, Engine::kPostgres).id;
    }
    for (const std::string& pid : array_of(row, "blocked_by").value_or(std::vector<std::string>{})) {
      std::int64_t value = 0;
      std::from_chars(pid.data(), pid.data() + pid.size(), value);
      one.blocked_by.push_back(value);
    }
    sessions.push_back(std::move(one));
  }
  return sessions;
}

Result<DatabaseActivity> read_database(Session& session) {
  PLANWISE_TRY(const pg::Rows rows, session.query(render(kDatabase, session.server().version)));
  if (rows.empty()) {
    return Error{ErrorCode::kMalformed, "the server does not count the database it serves"};
  }
  const Row row = rows[0];
  const auto count = [&](std::string_view column) { return row.integer(column).value_or(0); };
  return DatabaseActivity{
      {count("blks_hit"), count("blks_read"), count("temp_files"), Bytes{count("temp_bytes")},
       count("deadlocks"), count("xact_commit"), count("xact_rollback")},
      row.time("stats_reset")};
}

std::vector<std::string> split_search_path(std::string_view setting) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at < setting.size()) {
    if (setting[at] == ',' || std::isspace(static_cast<unsigned char>(setting[at])) != 0) {
      ++at;
      continue;
    }
    std::string part;
    if (setting[at] == '"') {
      for (++at; at < setting.size() && (setting[at] != '"' || setting.substr(at).starts_with("\"\""));
           ++at) {
        at += setting[at] == '"' ? 1 : 0;
        part += setting[at];
      }
      ++at;
    } else {
      for (; at < setting.size() && setting[at] != ','; ++at) {
        part += static_cast<char>(std::tolower(static_cast<unsigned char>(setting[at])));
      }
      part.erase(part.find_last_not_of(" \t") + 1);
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

Result<std::vector<std::string>> read_search_path(Session& session) {
  PLANWISE_TRY(const pg::Rows rows, session.query(render(kSearchPaths, session.server().version)));
  std::vector<std::string> schemas;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::string& schema : split_search_path(rows[i].text_or_empty("setting"))) {
      if (schema != "$user" && !schema.empty() && std::ranges::find(schemas, schema) == schemas.end()) {
        schemas.push_back(std::move(schema));
      }
    }
  }
  return schemas;
}

}  // namespace planwise::pg

#include "connectors/postgres/statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "analyzer/base/text.h"
#include "analyzer/sql/fingerprint.h"
#include "analyzer/sql/quote.h"
#include "connectors/postgres/server_error.h"

namespace planwise::pg {
namespace {

constexpr std::size_t kTextLimit = 64 << 10;  // of a normalised text
constexpr const char* kHidden = StatementReading::kHidden;

constexpr Version kV18{1, 8, 0};    // PostgreSQL 13: planning and execution time told apart, WAL
constexpr Version kV19{1, 9, 0};    // PostgreSQL 14: toplevel
constexpr Version kV110{1, 10, 0};  // PostgreSQL 15: JIT, times of temporary blocks
constexpr Version kV111{1, 11, 0};  // PostgreSQL 17: block times told apart by kind, stats_since

// The texts come last, so that the counters are a prefix of this table. A text has at most 4 MiB: longer ones
// repeat themselves (lists of values), and their fingerprint needs no more.
constexpr std::array kColumns{
    CatalogColumn{"userid", "s.userid::bigint"},
    CatalogColumn{"queryid", "s.queryid"},
    CatalogColumn{"toplevel", "true", kAlways, kV19},
    CatalogColumn{"toplevel", "s.toplevel", kV19, kStill},
    CatalogColumn{"calls", "s.calls"},
    CatalogColumn{"total_time_ms", "s.total_time", kAlways, kV18},
    CatalogColumn{"total_time_ms", "s.total_exec_time", kV18, kStill},
    CatalogColumn{"min_time_ms", "s.min_time", kAlways, kV18},
    CatalogColumn{"min_time_ms", "s.min_exec_time", kV18, kStill},
    CatalogColumn{"max_time_ms", "s.max_time", kAlways, kV18},
    CatalogColumn{"max_time_ms", "s.max_exec_time", kV18, kStill},
    CatalogColumn{"stddev_time_ms", "s.stddev_time", kAlways, kV18},
    CatalogColumn{"stddev_time_ms", "s.stddev_exec_time", kV18, kStill},
    CatalogColumn{"planning_time_ms",
                  "CASE WHEN current_setting('pg_stat_statements.track_planning', true) = 'on' THEN "
                  "s.total_plan_time END",
                  kV18, kStill},
    CatalogColumn{"rows", "s.rows"},
    CatalogColumn{"blocks_hit", "s.shared_blks_hit + s.local_blks_hit"},
    CatalogColumn{"blocks_read", "s.shared_blks_read + s.local_blks_read"},
    CatalogColumn{"blocks_dirtied", "s.shared_blks_dirtied + s.local_blks_dirtied"},
    CatalogColumn{"temp_blocks_read", "s.temp_blks_read"},
    CatalogColumn{"temp_blocks_written", "s.temp_blks_written"},
    CatalogColumn{
        "io_time_ms",
        "CASE WHEN current_setting('track_io_timing') = 'on' THEN s.blk_read_time + s.blk_write_time END",
        kAlways, kV110},
    CatalogColumn{
        "io_time_ms",
        "CASE WHEN current_setting('track_io_timing') = 'on' THEN s.blk_read_time + s.blk_write_time + "
        "s.temp_blk_read_time + s.temp_blk_write_time END",
        kV110, kV111},
    CatalogColumn{
        "io_time_ms",
        "CASE WHEN current_setting('track_io_timing') = 'on' THEN s.shared_blk_read_time + "
        "s.shared_blk_write_time + s.local_blk_read_time + s.local_blk_write_time + s.temp_blk_read_time + "
        "s.temp_blk_write_time END",
        kV111, kStill},
    CatalogColumn{"wal_bytes", "LEAST(s.wal_bytes, 9223372036854775807)::bigint", kV18, kStill},
    CatalogColumn{
        "jit_time_ms",
        "s.jit_generation_time + s.jit_inlining_time + s.jit_optimization_time + s.jit_emission_time", kV110,
        kV111},
    CatalogColumn{
        "jit_time_ms",
        "s.jit_generation_time + s.jit_deform_time + s.jit_inlining_time + s.jit_optimization_time + "
        "s.jit_emission_time",
        kV111, kStill},
    CatalogColumn{"since", "(extract(epoch FROM s.stats_since) * 1000000)::bigint", kV111, kStill},
    CatalogColumn{"user", "pg_get_userbyid(s.userid)"},
    CatalogColumn{"is_own", "s.query LIKE '%/* planwise */'"},
    CatalogColumn{"query",
                  "CASE WHEN row_number() OVER (ORDER BY s.total_time DESC) <= $1::bigint THEN left(s.query, "
                  "4194304) END",
                  kAlways, kV18},
    CatalogColumn{"query",
                  "CASE WHEN row_number() OVER (ORDER BY s.total_exec_time DESC) <= $1::bigint THEN "
                  "left(s.query, 4194304) "
                  "END",
                  kV18, kStill},
};
constexpr std::size_t kTextColumns = 4;  // user, is_own, query (twice)

constexpr CatalogQuery kStatements{
    "statements",
    "https://www.postgresql.org/docs/current/pgstatstatements.html",
    kColumns,
    "{schema}.pg_stat_statements(true) AS s\n"
    "WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
};

constexpr CatalogQuery kCounters{
    "statement_counters",
    "https://www.postgresql.org/docs/current/pgstatstatements.html",
    std::span(kColumns).first(kColumns.size() - kTextColumns),
    "{schema}.pg_stat_statements(false) AS s\n"
    "WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
};

StatementStats stats_of(const Row& row) {
  StatementStats stats;
  stats.calls = row.integer("calls").value_or(0);
  stats.total_time = row.millis("total_time_ms").value_or(Millis{0});
  stats.min_time = row.millis("min_time_ms");
  stats.max_time = row.millis("max_time_ms");
  stats.stddev_time = row.millis("stddev_time_ms");
  stats.planning_time = row.millis("planning_time_ms");
  stats.rows = row.integer("rows").value_or(0);
  stats.blocks_hit = row.integer("blocks_hit");
  stats.blocks_read = row.integer("blocks_read");
  stats.blocks_dirtied = row.integer("blocks_dirtied");
  stats.temp_blocks_read = row.integer("temp_blocks_read");
  stats.temp_blocks_written = row.integer("temp_blocks_written");
  stats.io_time = row.millis("io_time_ms");
  stats.wal = row.bytes("wal_bytes");
  stats.jit_time = row.millis("jit_time_ms");
  return stats;
}

// Runs the query in the shape that fits the installed extension: by its version, and, where the view turns
// out to have other columns (a fork, or a library older than its scripts), by what it has.
Result<pg::Rows> run_fitting(Session& session, const CatalogQuery& query,
                             std::span<const Parameter> parameters) {
  const std::string extension(kStatementsExtension);
  const auto installed = session.server().extensions.find(extension);
  if (installed == session.server().extensions.end()) {
    return Error{ErrorCode::kNotFound, "the extension pg_stat_statements is not installed in this database"};
  }
  const std::string schema = quoted(session.extension_schema(extension), Engine::kPostgres);
  auto answer = session.query(render(query, installed->second, schema), parameters);
  if (answer || session.sqlstate() != kUndefinedColumn) {
    return answer;
  }
  PLANWISE_TRY(const pg::Rows none,
               session.query(fmt::format("SELECT * FROM {}.pg_stat_statements(false) LIMIT 0", schema)));
  const std::set<std::string> available(none.columns().begin(), none.columns().end());
  return session.query(render(query, installed->second, schema, &available), parameters);
}

Result<void> read_origin(Session& session, CounterReading& reading) {
  PLANWISE_TRY(
      const pg::Rows rows,
      session.query("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now, "
                    "(extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint AS started_at"));
  reading.taken_at = rows.empty() ? TimePoint{} : rows[0].time("now").value_or(TimePoint{});
  reading.since = rows.empty() ? std::nullopt : rows[0].time("started_at");
  if (!session.has(kStatementsInfo)) {
    return {};
  }
  const std::string schema =
      quoted(session.extension_schema(std::string(kStatementsExtension)), Engine::kPostgres);
  PLANWISE_TRY(
      const pg::Rows info,
      session.query(fmt::format("SELECT dealloc, (extract(epoch FROM stats_reset) * 1000000)::bigint AS "
                                "stats_reset FROM {}.pg_stat_statements_info",
                                schema)));
  if (!info.empty()) {
    reading.evicted = info[0].integer("dealloc");
    if (const auto reset = info[0].time("stats_reset")) {
      reading.since = reset;
    }
  }
  return {};
}

// Where it stands now.
std::pair<const std::string, CounterReading::Entry>& add(const Row& row, CounterReading& out) {
  const std::string key = row.integer("queryid")
                              ? fmt::format("{}/{}/{}", row.text_or_empty("userid"),
                                            row.text_or_empty("queryid"), row.is_true("toplevel") ? 't' : 'f')
                              : kHidden;
  const auto [at, is_new] = out.entries.try_emplace(key, CounterReading::Entry{{}, {}, stats_of(row)});
  CounterReading::Entry& entry = at->second;
  if (is_new) {
    entry.since = key != kHidden ? row.time("since") : std::nullopt;
  } else {
    ++entry.entries;
    entry.totals = sum(entry.totals, stats_of(row));
  }
  return *at;
}

}  // namespace

const CatalogQuery& statements_query() noexcept {
  return kStatements;
}

const CatalogQuery& counters_query() noexcept {
  return kCounters;
}

Result<StatementReading> read_statements(Session& session, std::size_t text_limit) {
  const std::array<Parameter, 1> parameters{std::to_string(text_limit)};
  StatementReading out;
  PLANWISE_TRY(const pg::Rows rows, run_fitting(session, kStatements, parameters));
  PLANWISE_CHECK_OK(read_origin(session, out.reading));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    if (row.is_true("is_own")) {
      continue;
    }
    auto& [key, entry] = add(row, out.reading);
    if (const auto query = row.text("query"); query && key != kHidden) {
      Normalised normalised = normalise(*query, Engine::kPostgres);
      entry.statement = normalised.id;
      out.texts[key] = {.query = shortened(normalised.text, kTextLimit),
                        .user = row.text_or_empty("user"),
                        .top_level = row.is_true("toplevel"),
                        .engine_id = row.text_or_empty("queryid")};
    }
  }
  return out;
}

Result<CounterReading> read_counters(Session& session) {
  CounterReading reading;
  PLANWISE_TRY(const pg::Rows rows, run_fitting(session, kCounters, {}));
  PLANWISE_CHECK_OK(read_origin(session, reading));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    add(rows[i], reading);
  }
  return reading;
}

}  // namespace planwise::pg

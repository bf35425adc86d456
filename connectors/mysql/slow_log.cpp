#include "connectors/mysql/slow_log.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/sql/fingerprint.h"

namespace planwise::mysql {
namespace {

constexpr std::size_t kTextLimit = 64 << 10;
constexpr std::size_t kFewestForPercentiles = 10;

// TIME_TO_SEC() keeps fractions on one server and drops them on another.
constexpr std::array kColumns{
    CatalogColumn{"start_us", "CAST(UNIX_TIMESTAMP(s.start_time) * 1000000 AS SIGNED)"},
    CatalogColumn{"user_host", "s.user_host"},
    CatalogColumn{
        "time_us",
        "HOUR(s.query_time) * 3600000000 + MINUTE(s.query_time) * 60000000 + SECOND(s.query_time) * "
        "1000000 + MICROSECOND(s.query_time)"},
    CatalogColumn{
        "lock_us",
        "HOUR(s.lock_time) * 3600000000 + MINUTE(s.lock_time) * 60000000 + SECOND(s.lock_time) * 1000000 "
        "+ MICROSECOND(s.lock_time)"},
    CatalogColumn{"rows_sent", "s.rows_sent"},
    CatalogColumn{"rows_examined", "s.rows_examined"},
    CatalogColumn{"rows_affected", "s.rows_affected"},  // MariaDB
    CatalogColumn{"db", "s.db"},
    CatalogColumn{"sql_text", "CONVERT(s.sql_text USING utf8mb4)"},
};
constexpr CatalogQuery kSlowLog{
    "slow_log",
    "https://dev.mysql.com/doc/refman/8.4/en/log-destinations.html",
    "mysql",
    "slow_log",
    kColumns,
    "mysql.slow_log AS s\nWHERE s.start_time >= NOW() - INTERVAL 7 DAY\nORDER BY s.start_time DESC\nLIMIT "
    "50000",
};

// The server writes the names of commands that carry no SQL into the same column.
// Source: MySQL source, sql/sql_parse.cc, Command_names.
bool is_command(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kCommands{
      "Init DB",    "Quit",       "Ping",       "Statistics",  "Field List", "Change user",
      "Close stmt", "Reset stmt", "Set option", "Binlog Dump", "Prepare",    "Fetch"};
  return text.empty() || std::ranges::find(kCommands, text) != kCommands.end();
}

struct Entries {
  Statement statement;
  std::vector<double> times_ms;
  double most_ms = -1;
};

Millis percentile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return Millis(sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1]);
}

void finish(StatementStats& stats, std::vector<double> times_ms) {
  std::ranges::sort(times_ms);
  stats.calls = static_cast<std::int64_t>(times_ms.size());
  double total = 0;
  double squares = 0;
  for (const double time : times_ms) {
    total += time;
    squares += time * time;
  }
  const auto count = static_cast<double>(times_ms.size());
  stats.total_time = Millis(total);
  stats.min_time = Millis(times_ms.front());
  stats.max_time = Millis(times_ms.back());
  stats.stddev_time = Millis(std::sqrt(std::max(0.0, squares / count - total / count * total / count)));
  if (times_ms.size() >= kFewestForPercentiles) {
    stats.p95_time = percentile(times_ms, 0.95);
    stats.p99_time = percentile(times_ms, 0.99);
    stats.percentiles_measured = true;
  }
}

void add(const Row& row, double time_ms, Engine engine, std::map<StatementId, Entries>& merged) {
  Normalised normalised = normalise(row.text_or_empty("sql_text"), engine);
  Entries& entries = merged[normalised.id];
  Statement& statement = entries.statement;
  statement.id = normalised.id;
  if (time_ms > entries.most_ms) {
    entries.most_ms = time_ms;
    statement.query = shortened(normalised.text, kTextLimit);
    statement.schema = row.text_or_empty("db");
    const std::string user = row.text_or_empty("user_host");
    statement.user = user.substr(0, user.find('['));
  }
  entries.times_ms.push_back(time_ms);
  StatementStats& stats = statement.stats;
  const auto count = [&](std::string_view column) { return row.integer(column).value_or(0); };
  stats.rows += count("rows_sent") + count("rows_affected");
  stats.rows_examined = stats.rows_examined.value_or(0) + count("rows_examined");
  stats.lock_time =
      stats.lock_time.value_or(Millis{0}) + Millis(static_cast<double>(count("lock_us")) / 1000);
}

}  // namespace

const CatalogQuery& slow_log_query() noexcept {
  return kSlowLog;
}

bool has_slow_log_table(const Session& session) {
  return session.is_on("slow_query_log") && session.variable("log_output").find("TABLE") != std::string::npos;
}

Workload slow_workload_of(const Rows& entries, std::string_view database, Engine engine, std::size_t limit) {
  std::map<StatementId, Entries> merged;
  Workload workload;
  workload.kind = WindowKind::kLog;
  std::optional<TimePoint> from;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Row row = entries[i];
    const std::string schema = row.text_or_empty("db");
    const bool is_other = !database.empty() && !schema.empty() && schema != database;
    const auto start = row.time("start_us");
    const auto time_us = row.number("time_us");
    if (is_other || is_system_schema(schema) || !start || !time_us ||
        is_command(row.text_or_empty("sql_text"))) {
      continue;
    }
    from = from ? std::min(from, start) : start;
    workload.window.to = std::max(workload.window.to, *start);
    add(row, *time_us / 1000, engine, merged);
  }
  workload.window.from = from.value_or(TimePoint{});
  for (auto& [id, one] : merged) {
    finish(one.statement.stats, std::move(one.times_ms));
    workload.total_time += one.statement.stats.total_time;
    workload.total_calls += one.statement.stats.calls;
    workload.statements.push_back(std::move(one.statement));
  }
  workload.total_statements = static_cast<std::int64_t>(workload.statements.size());
  std::ranges::stable_sort(workload.statements, std::ranges::greater{},
                           [](const Statement& statement) { return statement.stats.total_time; });
  if (workload.statements.size() > limit) {
    workload.statements.resize(limit);
  }
  return workload;
}

Result<Workload> read_slow_log(Session& session, const ViewColumns& views, std::size_t limit) {
  PLANWISE_TRY(const Rows entries, run(session, views, kSlowLog));
  return slow_workload_of(entries, session.login().database, session.server().engine, limit);
}

}  // namespace planwise::mysql

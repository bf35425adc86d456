#include "connectors/mysql/capture.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "connectors/capture_steps.h"
#include "connectors/given_workload.h"
#include "connectors/mysql/activity.h"
#include "connectors/mysql/constraints.h"
#include "connectors/mysql/digests.h"
#include "connectors/mysql/gaps.h"
#include "connectors/mysql/histograms.h"
#include "connectors/mysql/indexes.h"
#include "connectors/mysql/slow_log.h"
#include "connectors/mysql/tables.h"
#include "connectors/mysql/usage.h"

namespace planwise::mysql {
namespace {

constexpr double kShareWorthATell = 0.01;    // of executions that cannot be seen
constexpr std::size_t kHistogramsRead = 50;  // at both ends of a window

// A switch of performance_schema that is off; empty names where all that digests need is on.
struct SwitchedOff {
  std::string table;
  std::string name;
};

Result<std::optional<SwitchedOff>> switched_off(Session& session) {
  PLANWISE_TRY(
      const Rows consumers,
      session.query("SELECT NAME AS name FROM performance_schema.setup_consumers\n"
                    "WHERE NAME IN ('global_instrumentation', 'statements_digest') AND ENABLED = 'NO'\n"
                    "ORDER BY NAME"));
  if (!consumers.empty()) {
    return std::optional(SwitchedOff{"setup_consumers", consumers[0].text_or_empty("name")});
  }
  PLANWISE_TRY(const Rows instruments,
               session.query("SELECT NAME AS name FROM performance_schema.setup_instruments\n"
                             "WHERE NAME = 'statement/sql/select' AND ENABLED = 'NO'"));
  return instruments.empty() ? std::nullopt : std::optional(SwitchedOff{"setup_instruments", "statement/%"});
}

class Capture {
 public:
  Capture(Session& session, const CaptureOptions& options)
      : session_(session), options_(options), steps_(session, options, out_.gaps) {}

  Result<Snapshot> run() {
    PLANWISE_TRY(views_, ViewColumns::read(session_));
    out_.server = session_.server();
    subject(0.03, "status", [&] { return read_server(); });
    subject(0.06, "settings", [&] { return keep(read_settings(session_, views_), out_.settings); });
    if (options_.given.empty()) {
      read_workload();
    } else {
      out_.workload = workload_of(options_.given, out_.server.engine, out_.taken_at);
    }
    read_schema();
    subject(0.90, "views", [&] { return keep(read_views(session_, views_), out_.schema.views); });
    subject(0.95, "sessions", [&] { return read_sessions(); });
    finish();
    if (options_.cancel.stop_requested()) {
      return Error{ErrorCode::kTimeout, "cancelled"};
    }
    return std::move(out_);
  }

 private:
  // `table`: what SELECT has to be granted on where it is refused.
  bool subject(double share, std::string_view what, const std::function<Result<void>()>& read,
               std::string_view table = "") {
    if (options_.cancel.stop_requested()) {
      return false;
    }
    return steps_.step(share, what, read,
                       [&](const Error& error) { return failed_gap(what, error, session_, table); });
  }

  Result<void> read_server() {
    PLANWISE_TRY(Status status, read_status(session_));
    out_.taken_at = status.now;
    out_.server.started_at = status.started_at;
    out_.status = std::move(status.numbers);
    out_.database = status.counters;
    out_.workload.window = {status.now, status.now};
    return {};
  }

  void read_workload() {
    const bool has_digests =
        session_.is_on("performance_schema") &&
        subject(
            0.10, "statement digests", [&] { return read_digest_workload(); }, "performance_schema.*");
    if (!session_.is_on("performance_schema")) {
      out_.gaps.push_back(performance_schema_off_gap(session_));
    }
    if (has_digests || options_.cancel.stop_requested()) {
      return;
    }
    const bool has_log = has_slow_log_table(session_) &&
                         subject(
                             0.15, "slow log", [&] { return read_slow_workload(); }, "mysql.slow_log");
    out_.gaps.push_back(has_log ? only_slow_statements_gap(session_) : no_statements_gap(session_));
  }

  Result<void> read_digest_workload() {
    PLANWISE_TRY(const auto off, switched_off(session_));
    if (off) {
      out_.gaps.push_back(digests_off_gap(off->table, off->name));
    }
    std::optional<DigestReading> before;
    Histograms times_before;
    if (options_.window) {
      PLANWISE_TRY(before, read_digests(session_, views_));
      const auto heaviest = heaviest_digests(before->statements.reading, kHistogramsRead);
      PLANWISE_TRY(times_before, read_histograms(session_, views_, heaviest));
      steps_.wait_for_window(*options_.window);
    }
    auto reading_now = read_digests(session_, views_);
    if (!reading_now && before && !session_.is_open()) {  // the server went away in the window
      PLANWISE_CHECK_OK(session_.reopen(session_.deadline()));
      reading_now = read_digests(session_, views_);
    }
    PLANWISE_TRY(const DigestReading now, std::move(reading_now));
    const CounterReading& reading = now.statements.reading;
    auto since = before ? difference(before->statements.reading, reading) : std::nullopt;
    if (since && !times_before.empty()) {
      std::vector<std::string> keys;
      std::ranges::transform(times_before, std::back_inserter(keys),
                             [](const auto& one) { return one.first; });
      PLANWISE_TRY(const Histograms times_now, read_histograms(session_, views_, keys));
      add_percentiles(since->entries, times_before, times_now);
    }
    out_.workload =
        workload_of(now.statements, since ? since->entries : reading.entries, options_.statement_limit);
    out_.workload.kind = since ? WindowKind::kInterval : WindowKind::kSinceReset;
    out_.workload.window =
        since ? since->window : Window{reading.since.value_or(reading.taken_at), reading.taken_at};
    out_.taken_at = reading.taken_at;
    digests_since_ = reading.since;
    if (before && !since) {
      out_.gaps.push_back(no_difference_gap());
    }
    tell_about_digests(now, since ? since->evicted.value_or(0) : now.overflowed,
                       since && before->executions && now.executions
                           ? std::optional(difference(*before->executions, *now.executions))
                           : now.executions);
    return {};
  }

  void tell_about_digests(const DigestReading& now, std::int64_t overflowed,
                          const std::optional<Executions>& executions) {
    if (now.no_prepared && now.no_prepared->code != ErrorCode::kNotFound) {  // MySQL 5.6 has none
      out_.gaps.push_back(failed_gap("open prepared statements", *now.no_prepared, session_));
    }
    if (overflowed > 0) {
      out_.gaps.push_back(overflow_gap(overflowed));
    }
    if (now.cut_texts > 0) {
      out_.gaps.push_back(cut_texts_gap(now.cut_texts, session_));
    }
    if (executions && static_cast<double>(executions->unseen()) >
                          kShareWorthATell * static_cast<double>(executions->total())) {
      out_.gaps.push_back(unseen_executions_gap(*executions, now.counts_open, session_));
    }
  }

  Result<void> read_slow_workload() {
    PLANWISE_TRY(Workload workload, read_slow_log(session_, views_, options_.statement_limit));
    out_.workload = std::move(workload);
    return {};
  }

  // A table whose indexes are not known would look like one that has none: better no table than that.
  void read_schema() {
    const bool is_whole =
        subject(0.20, "tables", [&] { return keep(read_tables(session_, views_), list_); }) &&
        subject(0.40, "indexes", [&] { return read_indexes(session_, views_, list_.tables); });
    if (!is_whole) {
      out_.gaps.push_back(no_tables_gap());
      list_ = {};
      return;
    }
    if (list_.tables.empty()) {
      out_.gaps.push_back(no_schemas_gap(session_));
      return;
    }
    subject(
        0.55, "statistics of tables", [&] { return read_table_stats(session_, views_, list_.tables); },
        "mysql.innodb_table_stats");
    subject(
        0.60, "sizes and statistics of indexes",
        [&] { return read_index_stats(session_, views_, list_.tables); }, "mysql.innodb_index_stats");
    subject(
        0.70, "use of indexes", [&] { return read_index_use(); }, "performance_schema.*");
    subject(0.80, "foreign keys", [&] {
      return keep(read_foreign_keys(session_, views_, list_.tables), out_.schema.foreign_keys);
    });
  }

  // The counters cover at most what the server has been up for. A TRUNCATE of one table is not told, but who
  // empties performance_schema's empties all of them, digests too.
  Result<void> read_index_use() {
    PLANWISE_TRY(const UsageSource source, read_usage(session_, views_, list_.tables));
    if (source == UsageSource::kNone) {
      out_.gaps.push_back(no_usage_gap(session_));
    } else if (source == UsageSource::kPerformanceSchema && out_.server.started_at) {
      const TimePoint start = *out_.server.started_at;
      out_.schema.counters = Window{digests_since_ ? std::max(start, *digests_since_) : start, out_.taken_at};
    }
    return {};
  }

  Result<void> read_sessions() {
    PLANWISE_TRY(Activity activity, read_activity(session_, views_));
    out_.sessions = std::move(activity.sessions);
    out_.server.is_replica = activity.is_replica;
    if (activity.no_transactions) {
      out_.gaps.push_back(other_sessions_gap(*activity.no_transactions, session_));
    }
    return {};
  }

  void finish() {
    for (auto& [name, table] : list_.tables) {
      std::ranges::sort(table.indexes, {}, &Index::name);
      out_.schema.search_path.push_back(name.schema);
      out_.schema.tables.push_back(std::move(table));
    }
    const auto repeated = std::ranges::unique(out_.schema.search_path);
    out_.schema.search_path.erase(repeated.begin(), repeated.end());
    out_.schema.sequences = std::move(list_.sequences);
    if (options_.with_plans) {
      out_.gaps.push_back(no_plans_gap());
    }
    steps_.report(1, "read");
  }

  Session& session_;
  const CaptureOptions& options_;
  Snapshot out_;
  CaptureSteps<Session> steps_;
  ViewColumns views_;
  TableList list_;
  std::optional<TimePoint> digests_since_;
};

}  // namespace

Result<Snapshot> capture_catalog(Session& session, const CaptureOptions& options) {
  return Capture(session, options).run();
}

}  // namespace planwise::mysql

#include "connectors/postgres/capture.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <set>

#include "connectors/capture_steps.h"
#include "connectors/given_workload.h"
#include "connectors/postgres/activity.h"
#include "connectors/postgres/columns.h"
#include "connectors/postgres/constraints.h"
#include "connectors/postgres/gaps.h"
#include "connectors/postgres/indexes.h"
#include "connectors/postgres/statements.h"
#include "connectors/postgres/tables.h"

namespace planwise::pg {
namespace {

// Tables below it get no index advice unless the workload names them, so their statistics are not read.
constexpr Bytes kSmallTable{1 << 20};
constexpr std::size_t kTablesWithStatistics = 3000;

// Every name a statement could mean, quoted or not, as catalogues spell it.
void collect_words(std::string_view text, std::set<std::string>& words) {
  std::string word;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || letter == '_' || letter == '$' || byte >= 0x80) {
      word += letter;
    } else if (!word.empty()) {
      words.insert(std::move(word));
      word.clear();
    }
  }
  words.insert(std::move(word));
}

class Capture {
 public:
  Capture(Session& session, const CaptureOptions& options)
      : session_(session), options_(options), steps_(session, options, out_.gaps) {}

  Result<Snapshot> run() {
    PLANWISE_TRY(const Identity identity, read_identity(session_));
    start(identity);
    subject(0.03, "settings", [&] { return keep(read_settings(session_), out_.settings); });
    tell_about_session(identity);
    if (options_.given.empty()) {
      subject(0.10, "statements", [&] { return read_workload(); });
    } else {
      out_.workload = workload_of(options_.given, Engine::kPostgres, out_.taken_at);
    }
    // A table whose columns or indexes are not known would look like one that has none: better no table than
    // that.
    const bool is_whole = subject(0.25, "tables", [&] { return keep(read_tables(session_), tables_); }) &&
                          subject(0.40, "columns", [&] { return read_columns(session_, tables_); }) &&
                          subject(0.50, "indexes", [&] { return read_indexes(session_, tables_); });
    if (!is_whole) {
      out_.gaps.push_back(no_tables_gap());
      tables_ = {};
    }
    add_up_partitions(tables_.tables);
    subject(0.65, "column statistics", [&] { return read_statistics(); });
    subject(0.80, "foreign keys",
            [&] { return keep(read_foreign_keys(session_), out_.schema.foreign_keys); });
    subject(0.83, "sequences", [&] { return read_all_sequences(); });
    subject(0.86, "statistics objects",
            [&] { return keep(read_statistics_objects(session_), out_.schema.statistics); });
    subject(0.88, "views", [&] { return keep(read_views(session_), out_.schema.views); });
    subject(0.92, "search path", [&] { return keep(read_search_path(session_), out_.schema.search_path); });
    subject(0.94, "sessions", [&] { return keep(read_sessions(session_), out_.sessions); });
    subject(0.97, "database counters", [&] { return read_counters_of_database(); });
    finish();
    return std::move(out_);
  }

 private:
  bool subject(double share, std::string_view what, const std::function<Result<void>()>& read) {
    return steps_.step(share, what, read,
                       [&](const Error& error) { return failed_gap(what, error, session_); });
  }

  void start(const Identity& identity) {
    out_.server = session_.server();
    out_.server.is_replica = identity.is_replica;
    out_.server.started_at = identity.started_at;
    out_.taken_at = identity.now;
    out_.workload.window = {identity.now, identity.now};
    // Some clouds keep it to themselves; it only tells replicas of one primary apart from strangers.
    if (auto identifier = read_system_identifier(session_)) {
      out_.server.system_identifier = *std::move(identifier);
    }
  }

  void tell_about_session(const Identity& identity) {
    reads_statistics_ = identity.reads_statistics;
    if (session_.has(kUntested)) {
      out_.gaps.push_back(untested_version_gap(session_));
    }
    if (session_.is_pooled()) {
      out_.gaps.push_back(pooled_gap());
    }
    if (!identity.reads_settings) {
      out_.gaps.push_back(settings_gap(session_));
    }
  }

  Result<void> read_workload() {
    std::optional<CounterReading> before;
    if (options_.window) {
      if (auto first = read_counters(session_)) {
        before = *std::move(first);
        steps_.wait_for_window(*options_.window);
      }  // else the second reading tells why
    }
    // Entries of one statement merge, and some are planwise's own: so more texts than statements.
    auto statements = read_statements(session_, options_.statement_limit * 2);
    if (!statements) {
      out_.gaps.push_back(no_statements_gap(session_, statements.error()));
      return {};
    }
    const CounterReading& reading = statements->reading;
    const auto since = before ? difference(*before, reading) : std::nullopt;
    out_.workload =
        workload_of(*statements, since ? since->entries : reading.entries, options_.statement_limit);
    if (since) {
      out_.workload.kind = WindowKind::kInterval;
      out_.workload.window = since->window;
    } else {
      out_.workload.window = {reading.since.value_or(reading.taken_at), reading.taken_at};
    }
    out_.taken_at = reading.taken_at;
    if (before && !since) {
      out_.gaps.push_back(no_difference_gap());
    }
    const auto evicted = since ? since->evicted : reading.evicted;
    if (evicted.value_or(0) > 0) {
      out_.gaps.push_back(evicted_gap(*evicted));
    }
    tell_about_statements(statements->hidden_entries());
    return {};
  }

  void tell_about_statements(std::int64_t hidden_entries) {
    if (!reads_statistics_) {
      out_.gaps.push_back(other_roles_gap(session_, hidden_entries));
    }
    if (!session_.has(kStatementsInfo) && out_.workload.kind == WindowKind::kSinceReset) {
      out_.gaps.push_back(unknown_window_gap());
    }
    if (const auto track = out_.settings.find("pg_stat_statements.track");
        track != out_.settings.end() && track->second.value == "none") {
      out_.gaps.push_back(tracking_off_gap());
    }
    const auto shipped = session_.query(
        "SELECT default_version AS version FROM pg_available_extensions "
        "WHERE name = 'pg_stat_statements' AND installed_version <> default_version");
    if (shipped && !shipped->empty()) {
      out_.gaps.push_back(old_extension_gap(session_, (*shipped)[0].text_or_empty("version")));
    }
  }

  // Those the workload names come first, then by size.
  Result<void> read_statistics() {
    std::set<std::string> words;
    for (const Statement& statement : out_.workload.statements) {
      collect_words(statement.query, words);
    }
    std::set<TableName> parents_named;
    for (const Table& table : tables_.tables) {
      if (table.kind == TableKind::kPartitioned && words.contains(table.name.table)) {
        parents_named.insert(table.name);
      }
    }
    const auto is_named = [&](const Table& table) {
      return words.contains(table.name.table) ||
             (table.partition_of && parents_named.contains(*table.partition_of));
    };
    std::vector<TableName> unreadable;
    std::vector<TableName> hidden_rows;
    std::vector<std::size_t> wanted;
    for (const auto& [oid, position] : tables_.by_oid) {
      const Table& table = tables_.tables[position];
      if (!is_named(table) && table.size < kSmallTable) {
        continue;
      }
      if (tables_.unreadable.contains(oid)) {
        unreadable.push_back(table.name);
      } else if (tables_.row_security.contains(oid)) {
        hidden_rows.push_back(table.name);
      } else {
        wanted.push_back(position);
      }
    }
    std::ranges::stable_sort(wanted, [&](std::size_t a, std::size_t b) {
      const Table& first = tables_.tables[a];
      const Table& second = tables_.tables[b];
      return is_named(first) != is_named(second) ? is_named(first) : first.size > second.size;
    });
    if (!unreadable.empty()) {
      out_.gaps.push_back(unreadable_tables_gap(session_, unreadable));
    }
    if (!hidden_rows.empty()) {
      out_.gaps.push_back(row_security_gap(session_, hidden_rows));
    }
    if (wanted.size() > kTablesWithStatistics) {
      out_.gaps.push_back(
          unread_statistics_gap(wanted.size() - kTablesWithStatistics, kTablesWithStatistics));
      wanted.resize(kTablesWithStatistics);
    }
    return read_column_stats(session_, tables_, wanted);
  }

  Result<void> read_all_sequences() {
    PLANWISE_TRY(SequenceList list, read_sequences(session_));
    out_.schema.sequences = std::move(list.sequences);
    if (!list.unreadable.empty()) {
      out_.gaps.push_back(unreadable_sequences_gap(session_, list.unreadable));
    }
    return {};
  }

  // What usage counters cover for certain: since they were reset on purpose, or since the server started,
  // because a crash discards them without saying so.
  Result<void> read_counters_of_database() {
    PLANWISE_TRY(const DatabaseActivity activity, read_database(session_));
    out_.database = activity.counters;
    if (const auto from = activity.stats_reset ? activity.stats_reset : out_.server.started_at) {
      out_.schema.counters = Window{*from, out_.taken_at};
    }
    return {};
  }

  void finish() {
    if (!tables_.locked.empty()) {
      out_.gaps.push_back(locked_tables_gap(tables_.locked));
    }
    out_.schema.tables = std::move(tables_.tables);
    std::ranges::sort(out_.schema.tables, {}, &Table::name);
    std::ranges::sort(out_.schema.views, {}, &View::name);
    steps_.report(1, "read");
  }

  Session& session_;
  const CaptureOptions& options_;
  Snapshot out_;
  TableList tables_;
  CaptureSteps<Session> steps_;
  bool reads_statistics_ = true;
};

}  // namespace

Result<Snapshot> capture_catalog(Session& session, const CaptureOptions& options) {
  return Capture(session, options).run();
}

}  // namespace planwise::pg

// The workload: normalised statements with their counters over one window.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/units.h"

namespace planwise {

// Hash of the normalised text (analyzer/sql/fingerprint.h); the same for the same shape of query on every
// engine and in every audit.
struct StatementId {
  std::uint64_t value = 0;
  auto operator<=>(const StatementId&) const = default;
};

[[nodiscard]] std::string to_string(StatementId id);  // sixteen hex digits

// Counters over one window: always differences, never totals since an unknown time.
// What an engine or version does not count is nullopt, never zero.
struct StatementStats {
  std::int64_t calls = 0;
  Millis total_time{0};  // execution; planning apart
  std::optional<Millis> min_time;
  std::optional<Millis> max_time;
  std::optional<Millis> stddev_time;
  std::optional<Millis> p95_time;
  std::optional<Millis> p99_time;
  bool percentiles_measured = false;  // false: p95 and p99 are estimates from mean and stddev
  std::optional<Millis> planning_time;
  std::int64_t rows = 0;  // returned or affected
  std::optional<std::int64_t> blocks_hit;
  std::optional<std::int64_t> blocks_read;
  std::optional<std::int64_t> blocks_dirtied;
  std::optional<std::int64_t> temp_blocks_read;
  std::optional<std::int64_t> temp_blocks_written;
  std::optional<Millis> io_time;  // nullopt also where track_io_timing is off
  std::optional<Bytes> wal;
  std::optional<Millis> jit_time;

  // Counted by MySQL and MariaDB. Source: MySQL manual, "Statement Summary Tables".
  std::optional<std::int64_t> rows_examined;  // without the inner table of a join through the join buffer
  std::optional<std::int64_t> full_scans;     // calls that read their first table as a whole
  std::optional<std::int64_t> full_joins;     // joins that read a further table as a whole
  std::optional<std::int64_t> no_index_used;  // calls
  std::optional<std::int64_t> temp_tables;
  std::optional<std::int64_t> temp_disk_tables;  // of temp_tables, those on disk
  std::optional<std::int64_t> sort_merge_passes;
  std::optional<std::int64_t> sorted_rows;
  std::optional<std::int64_t> errors;  // calls that failed
  std::optional<Millis> lock_time;     // part of total_time
};

struct Statement {
  StatementId id;
  std::string query;                    // normalised: no literal and no comment of the user's gets this far
  std::vector<std::string> engine_ids;  // queryids or DIGESTs merged into this statement
  std::string user;                     // of the entry with most time
  std::string schema;                   // MySQL: the default database of the entry with most time
  bool top_level = true;                // false: run only inside functions
  StatementStats stats;
  std::int64_t entries = 1;  // of the engine's, merged into this statement: one a user, for instance

  [[nodiscard]] Millis mean_time() const;      // zero without calls
  [[nodiscard]] double rows_per_call() const;  // zero without calls
};

enum class WindowKind : std::uint8_t { kSinceReset, kInterval, kLog, kWorkloadFiles };

// "since-reset", "interval", "log", "workload-files".
[[nodiscard]] std::string_view to_string(WindowKind kind) noexcept;

struct Workload {
  Window window;
  WindowKind kind = WindowKind::kSinceReset;
  std::vector<Statement> statements;  // by total_time, largest first; ties by id
  Millis total_time{0};               // of all statements the source counted, listed or not
  std::int64_t total_calls = 0;
  std::int64_t total_statements = 0;

  [[nodiscard]] const Statement* find(StatementId id) const;
  // Share of total_time, 0..1; 0 where there is no load. The only statement of a workload without times (one
  // EXPLAIN document) is all of its load: 1.
  [[nodiscard]] double share(const Statement& statement) const;
  [[nodiscard]] double hours() const;  // length of the window; 0 where unknown
};

}  // namespace planwise

// What the SQLite store keeps for later audits, and how it grows old.
#include <spdlog/spdlog.h>

#include <chrono>

#include "server/store/compress.h"
#include "server/store/reading_codec.h"
#include "server/store/sqlite_store.h"

namespace planwise {
namespace {

using sqlite::Connection;
using sqlite::Durability;

constexpr std::int64_t kHourMicros = 3'600'000'000;
constexpr std::int64_t kDayMicros = 24 * kHourMicros;

// `days` before `now`, at the start of a bucket, so that no bucket is rolled up half.
std::int64_t cut(TimePoint now, int days, std::int64_t bucket) {
  const std::int64_t at = now.time_since_epoch().count() - days * kDayMicros;
  return at - (at % bucket + bucket) % bucket;
}

Result<Reading> decode_stored(std::string_view blob) {
  PLANWISE_TRY(const std::string document, uncompressed(blob));
  return decode_reading(document);
}

// A reading that cannot be read is like none: the next one starts anew, and no audit fails for it.
Result<std::optional<Reading>> read_reading(Connection& connection, std::string_view rest, TargetId target,
                                            TimePoint since) {
  PLANWISE_TRY(
      auto query,
      connection.prepare(std::string("SELECT document FROM readings WHERE target_id = ? AND taken_us >= ?"
                                     " ORDER BY taken_us ")
                             .append(rest)));
  PLANWISE_TRY(const bool row, query.bind(target.value, since).step());
  if (!row) {
    return std::optional<Reading>();
  }
  Result<Reading> reading = decode_stored(query.blob(0));
  if (!reading && reading.error().code == ErrorCode::kMalformed) {
    spdlog::warn("target {}: {}; its counters start anew", target.value, reading.error().message);
    return std::optional<Reading>();
  }
  PLANWISE_CHECK_OK(reading);
  return std::optional(*std::move(reading));
}

// Points of `grain` that are older than `before` become points of the next grain, `bucket` long.
Result<void> roll_up(Connection& connection, TargetId target, int grain, std::int64_t before,
                     std::int64_t bucket) {
  PLANWISE_CHECK_OK(connection.run(
      "INSERT INTO statement_points (target_id, statement_id, grain, from_us, to_us, calls, rows, "
      "total_time_ms)"
      " SELECT target_id, statement_id, ?2 + 1, min(from_us), max(to_us), sum(calls), sum(rows), "
      "sum(total_time_ms)"
      " FROM statement_points WHERE target_id = ?1 AND grain = ?2 AND from_us < ?3"
      " GROUP BY statement_id, from_us / ?4"
      " ON CONFLICT DO UPDATE SET to_us = max(to_us, excluded.to_us), calls = calls + excluded.calls,"
      " rows = rows + excluded.rows, total_time_ms = total_time_ms + excluded.total_time_ms",
      target.value, grain, before, bucket));
  return connection.run("DELETE FROM statement_points WHERE target_id = ? AND grain = ? AND from_us < ?",
                        target.value, grain, before);
}

Result<void> age_target(Connection& connection, TargetId target, const Retention& retention, TimePoint now) {
  const std::int64_t raw = cut(now, retention.raw_days, kHourMicros);
  const std::int64_t audits = cut(now, retention.audit_days, 1);
  const std::int64_t daily = cut(now, retention.daily_days, kDayMicros);
  PLANWISE_CHECK_OK(roll_up(connection, target, 0, raw, kHourMicros));
  PLANWISE_CHECK_OK(roll_up(connection, target, 1, cut(now, retention.hourly_days, kDayMicros), kDayMicros));
  PLANWISE_CHECK_OK(connection.run(
      "DELETE FROM statement_points WHERE target_id = ? AND grain = 2 AND from_us < ?", target.value, daily));
  PLANWISE_CHECK_OK(
      connection.run("DELETE FROM intervals WHERE target_id = ? AND from_us < ?", target.value, raw));
  PLANWISE_CHECK_OK(
      connection.run("DELETE FROM readings WHERE target_id = ?1 AND taken_us < ?2"
                     " AND taken_us <> (SELECT max(taken_us) FROM readings WHERE target_id = ?1)",
                     target.value, raw - kDayMicros));
  PLANWISE_CHECK_OK(
      connection.run("DELETE FROM audits WHERE target_id = ?1 AND finished_us < ?2 AND id IS NOT"
                     " (SELECT max(id) FROM audits WHERE target_id = ?1 AND state = 'succeeded')",
                     target.value, audits));
  PLANWISE_CHECK_OK(connection.run(
      "INSERT INTO recommendation_search (recommendation_search, rowid, search) SELECT 'delete', id, search"
      " FROM recommendations WHERE target_id = ? AND is_current = 0 AND last_seen_us < ?",
      target.value, daily));
  return connection.run(
      "DELETE FROM recommendations WHERE target_id = ? AND is_current = 0 AND last_seen_us < ?", target.value,
      daily);
}

}  // namespace

Result<std::optional<Reading>> SqliteStore::newest_reading(TargetId target) {
  return readers_.read<std::optional<Reading>>([&](Connection& connection) {
    return read_reading(connection, "DESC LIMIT 1", target, TimePoint::min());
  });
}

Result<std::optional<Reading>> SqliteStore::oldest_reading(TargetId target, TimePoint since) {
  return readers_.read<std::optional<Reading>>(
      [&](Connection& connection) { return read_reading(connection, "LIMIT 1", target, since); });
}

Result<History> SqliteStore::history(TargetId target, TimePoint since) {
  return readers_.read<History>([&](Connection& connection) -> Result<History> {
    History history;
    std::map<TimePoint, CounterInterval> intervals;
    PLANWISE_TRY(auto windows, connection.prepare("SELECT from_us, to_us, total_calls FROM intervals"
                                                  " WHERE target_id = ? AND from_us >= ?"));
    windows.bind(target.value, since);
    PLANWISE_CHECK_OK(windows.for_each_row([&] {
      CounterInterval& interval = intervals[windows.time(0)];
      interval.window = Window{windows.time(0), windows.time(1)};
      interval.total_calls = windows.integer(2);
    }));
    PLANWISE_TRY(auto points, connection.prepare("SELECT from_us, statement_id, calls, rows, total_time_ms"
                                                 " FROM statement_points WHERE target_id = ? AND grain = 0"
                                                 " AND from_us >= ?"));
    points.bind(target.value, since);
    PLANWISE_CHECK_OK(points.for_each_row([&] {
      const auto interval = intervals.find(points.time(0));
      if (interval != intervals.end()) {
        interval->second.statements[StatementId{static_cast<std::uint64_t>(points.integer(1))}] = {
            points.integer(2), points.integer(3), Millis(points.real(4))};
      }
    }));
    for (auto& [from, interval] : intervals) {
      history.intervals.push_back(std::move(interval));
    }
    PLANWISE_TRY(auto scans,
                 connection.prepare("SELECT schema_name, index_name, unused_since_us FROM index_scans"
                                    " WHERE target_id = ?"));
    scans.bind(target.value);
    PLANWISE_CHECK_OK(scans.for_each_row([&] {
      history.index_unused_since.emplace(IndexName{scans.text(0), scans.text(1)}, scans.time(2));
    }));
    return history;
  });
}

Result<void> SqliteStore::maintain(const Retention& retention) {
  using Ids = std::vector<TargetId>;
  PLANWISE_TRY(const Ids targets, readers_.read<Ids>([](Connection& connection) -> Result<Ids> {
    PLANWISE_TRY(auto rows, connection.prepare("SELECT id FROM targets"));
    Ids ids;
    PLANWISE_CHECK_OK(rows.for_each_row([&] { ids.push_back(TargetId{rows.integer(0)}); }));
    return ids;
  }));
  for (const TargetId target : targets) {  // a transaction each, so that other writers need not wait for all
    PLANWISE_CHECK_OK(writer_.write<void>(Durability::kProcess, [&](Connection& connection) {
      return age_target(connection, target, retention, clock_.now());
    }));
  }
  return writer_.checkpoint();
}

}  // namespace planwise

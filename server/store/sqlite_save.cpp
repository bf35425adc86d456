// What a successful audit leaves in the SQLite store, in one transaction.
#include <fmt/format.h>

#include "analyzer/base/hash.h"
#include "server/store/compress.h"
#include "server/store/reading.h"
#include "server/store/reading_codec.h"
#include "server/store/report_parts.h"
#include "server/store/sqlite_store.h"

namespace planwise {
namespace {

using sqlite::Blob;
using sqlite::Connection;
using sqlite::Durability;

struct Saved {
  AuditId audit;
  TargetId target;
  TimePoint now;
};

std::string hex(std::int64_t id) {
  return hex16(static_cast<std::uint64_t>(id));
}

// The target of a running audit.
Result<TargetId> target_of_running(Connection& connection, AuditId id) {
  PLANWISE_TRY(auto query, connection.prepare("SELECT target_id, state FROM audits WHERE id = ?"));
  PLANWISE_TRY(const bool row, query.bind(id.value).step());
  if (!row) {
    return Error{ErrorCode::kNotFound, fmt::format("no audit {}", id.value)};
  }
  if (query.text(1) != "running") {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("audit {} is not running but {}", id.value, query.text(1))};
  }
  return TargetId{query.integer(0)};
}

Result<void> save_state(Connection& connection, const Saved& saved, const AuditReport& report,
                        std::string_view packed) {
  PLANWISE_CHECK_OK(
      connection.run("UPDATE audits SET state = 'succeeded', finished_us = ?2, progress = 1, step = '', "
                     "recommendations = ?3,"
                     " skipped = ?4 WHERE id = ?1",
                     saved.audit.value, saved.now, report.recommendations.size(), report.skipped.size()));
  PLANWISE_CHECK_OK(
      connection.run("INSERT INTO reports (audit_id, json) VALUES (?, ?)", saved.audit.value, Blob{packed}));
  return connection.run(
      "UPDATE targets SET state = 'up', last_success_us = ?2, last_error = '', engine = ?3, version = ?4,"
      " revision = revision + 1 WHERE id = ?1",
      saved.target.value, saved.now, to_string(report.server.engine), report.server.version_text);
}

Result<void> unindex(Connection& connection, std::int64_t id) {
  return connection.run(
      "INSERT INTO recommendation_search (recommendation_search, rowid, search)"
      " SELECT 'delete', id, search FROM recommendations WHERE id = ?",
      id);
}

Result<void> save_recommendation(Connection& connection, const Saved& saved, const RecommendationPart& part,
                                 SaveSummary& summary) {
  PLANWISE_TRY(auto before,
               connection.prepare("SELECT is_current, search = ?2 FROM recommendations WHERE id = ?1"));
  PLANWISE_TRY(const bool known, before.bind(part.id, part.search).step());
  const bool was_current = known && before.boolean(0);
  const bool same_text = known && before.boolean(1);
  if (!was_current) {
    summary.appeared.push_back(part.value->id);
  }
  if (known && !same_text) {
    PLANWISE_CHECK_OK(unindex(connection, part.id));
  }
  const Finding& finding = part.value->finding;
  // A status that the audit itself found out (verified, ineffective) is newer than what is stored; kOpen says
  // nothing.
  PLANWISE_CHECK_OK(connection.run(
      "INSERT INTO recommendations (id, target_id, audit_id, rule, severity, impact, status, first_seen_us,"
      " last_seen_us, search) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)"
      " ON CONFLICT (id) DO UPDATE SET audit_id = ?3, rule = ?4, severity = ?5, impact = ?6,"
      " status = iif(?7 = 0, status, ?7), last_seen_us = ?8, search = ?9, is_current = 1, revision = "
      "revision + 1",
      part.id, saved.target.value, saved.audit.value, finding.rule, static_cast<int>(finding.severity),
      part.impact, static_cast<int>(part.value->status), saved.now, part.search));
  if (!same_text) {
    PLANWISE_CHECK_OK(connection.run("INSERT INTO recommendation_search (rowid, search) VALUES (?, ?)",
                                     part.id, part.search));
  }
  return connection.run(
      "INSERT INTO recommendation_documents (id, document) VALUES (?1, ?2)"
      " ON CONFLICT (id) DO UPDATE SET document = ?2",
      part.id, Blob{part.document});
}

Result<void> retire_missing(Connection& connection, const Saved& saved, SaveSummary& summary) {
  PLANWISE_TRY(auto gone,
               connection.prepare("UPDATE recommendations SET is_current = 0, revision = revision + 1"
                                  " WHERE target_id = ? AND is_current = 1 AND audit_id <> ? RETURNING id"));
  gone.bind(saved.target.value, saved.audit.value);
  return gone.for_each_row([&] { summary.gone.push_back(hex(gone.integer(0))); });
}

Result<SaveSummary> save_recommendations(Connection& connection, const Saved& saved,
                                         const ReportParts& parts) {
  SaveSummary summary;
  PLANWISE_CHECK_OK(
      connection.run("UPDATE recommendations SET status = 0, snoozed_until_us = NULL, revision = revision + 1"
                     " WHERE target_id = ? AND status = 1 AND snoozed_until_us <= ?",
                     saved.target.value, saved.now));
  for (const RecommendationPart& part : parts.recommendations) {
    PLANWISE_CHECK_OK(save_recommendation(connection, saved, part, summary));
  }
  PLANWISE_CHECK_OK(retire_missing(connection, saved, summary));
  PLANWISE_CHECK_OK(
      connection.run("DELETE FROM recommendation_counts WHERE target_id = ?", saved.target.value));
  PLANWISE_CHECK_OK(
      connection.run("INSERT INTO recommendation_counts (target_id, rule, severity, status, count)"
                     " SELECT target_id, rule, severity, status, count(*) FROM recommendations"
                     " WHERE target_id = ? AND is_current = 1 GROUP BY target_id, rule, severity, status",
                     saved.target.value));
  return summary;
}

Result<void> save_statements(Connection& connection, const Saved& saved, const AuditReport& report,
                             const ReportParts& parts) {
  for (const StatementPart& part : parts.statements) {
    PLANWISE_CHECK_OK(
        connection.run("INSERT INTO statements (target_id, statement_id, audit_id, seen_us, calls, rows, "
                       "total_time_ms, mean_time_ms,"
                       " search, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
                       " ON CONFLICT (target_id, statement_id) DO UPDATE SET audit_id = ?3, seen_us = ?4, "
                       "calls = ?5, rows = ?6,"
                       " total_time_ms = ?7, mean_time_ms = ?8, search = ?9, document = ?10",
                       saved.target.value, part.id, saved.audit.value, report.window.to,
                       part.value->stats.calls, part.value->stats.rows, part.value->stats.total_time.count(),
                       part.value->mean_time().count(), part.search, Blob{part.document}));
  }
  return connection.run("DELETE FROM statements WHERE target_id = ? AND audit_id <> ?", saved.target.value,
                        saved.audit.value);
}

Result<void> save_interval(Connection& connection, const Saved& saved, const Reading& before,
                           const Reading& now) {
  // Intervals are of one server uptime each.
  const std::optional<Workload> between =
      before.server.started_at == now.server.started_at ? difference(before, now) : std::nullopt;
  if (!between) {
    return {};
  }
  PLANWISE_CHECK_OK(
      connection.run("INSERT INTO intervals (target_id, from_us, to_us, total_calls) VALUES (?, ?, ?, ?) ON "
                     "CONFLICT DO NOTHING",
                     saved.target.value, between->window.from, between->window.to, between->total_calls));
  for (const Statement& statement : between->statements) {
    PLANWISE_CHECK_OK(connection.run(
        "INSERT INTO statement_points (target_id, statement_id, grain, from_us, to_us, calls, rows, "
        "total_time_ms)"
        " VALUES (?, ?, 0, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        saved.target.value, static_cast<std::int64_t>(statement.id.value), between->window.from,
        between->window.to, statement.stats.calls, statement.stats.rows, statement.stats.total_time.count()));
  }
  return {};
}

Result<void> save_index_scans(Connection& connection, const Saved& saved, const Reading& reading) {
  for (const auto& [name, scans] : reading.index_scans) {
    // Unused since before only where the same counters stand still; a reset hides what was scanned until
    // then.
    PLANWISE_CHECK_OK(connection.run(
        "INSERT INTO index_scans (target_id, schema_name, index_name, scans, counters_since_us, "
        "unused_since_us)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (target_id, schema_name, index_name) DO UPDATE SET"
        " unused_since_us = iif(scans = ?4 AND counters_since_us IS ?5, unused_since_us, ?6), scans = ?4,"
        " counters_since_us = ?5",
        saved.target.value, name.schema, name.index, scans, reading.counters_since, reading.taken_at));
  }
  PLANWISE_TRY(auto known,
               connection.prepare("SELECT schema_name, index_name FROM index_scans WHERE target_id = ?"));
  known.bind(saved.target.value);
  std::vector<IndexName> dropped;
  PLANWISE_CHECK_OK(known.for_each_row([&] {
    IndexName name{known.text(0), known.text(1)};
    if (!reading.index_scans.contains(name)) {
      dropped.push_back(std::move(name));
    }
  }));
  for (const IndexName& name : dropped) {
    PLANWISE_CHECK_OK(
        connection.run("DELETE FROM index_scans WHERE target_id = ? AND schema_name = ? AND index_name = ?",
                       saved.target.value, name.schema, name.index));
  }
  return {};
}

Result<void> save_reading(Connection& connection, const Saved& saved, const Reading& now,
                          const std::optional<Reading>& before, std::string_view packed) {
  if (before) {
    PLANWISE_CHECK_OK(save_interval(connection, saved, *before, now));
  }
  PLANWISE_CHECK_OK(save_index_scans(connection, saved, now));
  PLANWISE_CHECK_OK(
      connection.run("INSERT INTO readings (target_id, taken_us, document) VALUES (?1, ?2, ?3)"
                     " ON CONFLICT DO UPDATE SET document = ?3",
                     saved.target.value, now.taken_at, Blob{packed}));
  // What stays: the newest, and the first of every day.
  return connection.run(
      "DELETE FROM readings WHERE target_id = ?1 AND taken_us <> (SELECT max(taken_us) FROM readings WHERE "
      "target_id = ?1)"
      " AND taken_us NOT IN (SELECT min(taken_us) FROM readings WHERE target_id = ?1 GROUP BY taken_us / "
      "86400000000)",
      saved.target.value);
}

}  // namespace

Result<SaveSummary> SqliteStore::save_audit(AuditId id, const AuditOutcome& outcome) {
  // Everything that takes time and needs no database is done before the writer is held up.
  PLANWISE_TRY(const ReportParts parts, parts_of(outcome.report, outcome.json));
  const std::string report = compressed(outcome.json);
  std::string reading;
  std::optional<Reading> before;
  if (outcome.reading != nullptr) {
    reading = compressed(encode_reading(*outcome.reading));
    PLANWISE_TRY(const Audit running, audit(id));
    PLANWISE_TRY(before, newest_reading(running.target));
  }
  return writer_.write<SaveSummary>(Durability::kProcess, [&](Connection& connection) -> Result<SaveSummary> {
    PLANWISE_TRY(const TargetId target, target_of_running(connection, id));
    const Saved saved{id, target, clock_.now()};
    PLANWISE_CHECK_OK(save_state(connection, saved, outcome.report, report));
    PLANWISE_TRY(SaveSummary summary, save_recommendations(connection, saved, parts));
    PLANWISE_CHECK_OK(save_statements(connection, saved, outcome.report, parts));
    if (outcome.reading != nullptr) {
      PLANWISE_CHECK_OK(save_reading(connection, saved, *outcome.reading, before, reading));
    }
    return summary;
  });
}

}  // namespace planwise

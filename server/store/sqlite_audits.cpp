// Audits of the SQLite store: the queue and its states.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "server/store/compress.h"
#include "server/store/paging.h"
#include "server/store/sqlite_store.h"

namespace planwise {
namespace {

using sqlite::Connection;
using sqlite::Durability;
using sqlite::Query;

// The columns of audit_of(), in its order.
std::string select_audits(std::string_view rest) {
  return fmt::format(
      "SELECT a.id, a.target_id, t.name, a.state, a.started_by, a.progress, a.step, a.queued_us, "
      "a.started_us,"
      " a.finished_us, a.error, a.hint, a.recommendations, a.skipped"
      " FROM audits AS a JOIN targets AS t ON t.id = a.target_id {}",
      rest);
}

Audit audit_of(const Query& row) {
  Audit audit;
  audit.id = AuditId{row.integer(0)};
  audit.target = TargetId{row.integer(1)};
  audit.target_name = row.text(2);
  audit.state = parse_audit_state(row.text(3)).value_or(AuditState::kFailed);
  audit.trigger = row.text(4) == "schedule" ? AuditTrigger::kSchedule : AuditTrigger::kManual;
  audit.progress = row.real(5);
  audit.step = row.text(6);
  audit.queued_at = row.time(7);
  audit.started_at = row.optional_time(8);
  audit.finished_at = row.optional_time(9);
  audit.error = row.text(10);
  audit.hint = row.text(11);
  audit.recommendations = row.integer(12);
  audit.skipped = row.integer(13);
  return audit;
}

Error no_audit(AuditId id) {
  return Error{ErrorCode::kNotFound, fmt::format("no audit {}", id.value)};
}

Result<std::optional<Audit>> read_audit(Connection& connection, std::string_view where, std::int64_t value) {
  PLANWISE_TRY(auto query, connection.prepare(select_audits(where)));
  PLANWISE_TRY(const bool row, query.bind(value).step());
  return row ? std::optional(audit_of(query)) : std::nullopt;
}

}  // namespace

Result<Store::Queued> SqliteStore::queue_audit(TargetId target, AuditTrigger trigger) {
  return writer_.write<Queued>(Durability::kProcess, [&](Connection& connection) -> Result<Queued> {
    PLANWISE_TRY(
        auto active,
        connection.prepare("SELECT id FROM audits WHERE target_id = ? AND state IN ('queued', 'running')"));
    PLANWISE_TRY(const bool exists, active.bind(target.value).step());
    if (exists) {
      return Queued{AuditId{active.integer(0)}, false};
    }
    PLANWISE_CHECK_OK(
        connection.run("INSERT INTO audits (target_id, state, started_by, queued_us)"
                       " SELECT id, 'queued', ?2, ?3 FROM targets WHERE id = ?1",
                       target.value, to_string(trigger), clock_.now()));
    if (connection.changes() == 0) {
      return Error{ErrorCode::kNotFound, fmt::format("no target {}", target.value)};
    }
    return Queued{AuditId{connection.last_id()}, true};
  });
}

Result<std::optional<Audit>> SqliteStore::claim_audit() {
  using Claimed = std::optional<Audit>;
  return writer_.write<Claimed>(Durability::kProcess, [&](Connection& connection) -> Result<Claimed> {
    PLANWISE_TRY(auto queued,
                 read_audit(connection, "WHERE a.state = 'queued' AND a.id > ? ORDER BY a.id LIMIT 1", 0));
    if (!queued) {
      return Claimed();
    }
    PLANWISE_CHECK_OK(connection.run("UPDATE audits SET state = 'running', started_us = ?2 WHERE id = ?1",
                                     queued->id.value, clock_.now()));
    return read_audit(connection, "WHERE a.id = ?", queued->id.value);
  });
}

Result<void> SqliteStore::set_progress(AuditId id, double progress, std::string_view step) {
  return writer_.write<void>(Durability::kProcess, [&](Connection& connection) {
    return connection.run("UPDATE audits SET progress = ?2, step = ?3 WHERE id = ?1 AND state = 'running'",
                          id.value, std::clamp(progress, 0.0, 1.0), step);
  });
}

Result<void> SqliteStore::end_audit(AuditId id, AuditState state, const Error& error, bool target_down) {
  if (state != AuditState::kFailed && state != AuditState::kCancelled) {
    return Error{ErrorCode::kInternal, "end_audit() is for failed and cancelled audits"};
  }
  return writer_.write<void>(Durability::kProcess, [&](Connection& connection) -> Result<void> {
    PLANWISE_TRY(const auto audit, read_audit(connection, "WHERE a.id = ?", id.value));
    if (!audit) {
      return no_audit(id);
    }
    if (audit->state != AuditState::kQueued && audit->state != AuditState::kRunning) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("audit {} is over: {}", id.value, to_string(audit->state))};
    }
    PLANWISE_CHECK_OK(connection.run(
        "UPDATE audits SET state = ?2, finished_us = ?3, step = '', error = ?4, hint = ?5 WHERE id = ?1",
        id.value, to_string(state), clock_.now(), error.message, error.hint));
    if (state == AuditState::kCancelled) {
      return {};
    }
    return connection.run(
        "UPDATE targets SET last_error = ?2, state = CASE WHEN ?3 THEN 'down' ELSE state END, revision = "
        "revision + 1"
        " WHERE id = ?1",
        audit->target.value, error.message, target_down);
  });
}

Result<std::int64_t> SqliteStore::fail_interrupted() {
  return writer_.write<std::int64_t>(
      Durability::kProcess, [&](Connection& connection) -> Result<std::int64_t> {
        PLANWISE_CHECK_OK(
            connection.run("UPDATE audits SET state = 'failed', finished_us = ?, step = '',"
                           " error = 'interrupted', hint = 'planwise ended while it ran; start it again'"
                           " WHERE state = 'running'",
                           clock_.now()));
        return connection.changes();
      });
}

Result<Audit> SqliteStore::audit(AuditId id) {
  return readers_.read<Audit>([&](Connection& connection) -> Result<Audit> {
    PLANWISE_TRY(auto found, read_audit(connection, "WHERE a.id = ?", id.value));
    if (!found) {
      return no_audit(id);
    }
    return *std::move(found);
  });
}

Result<Page<Audit>> SqliteStore::audits(const AuditQuery& query) {
  PLANWISE_CHECK_OK(check_limit(query.page));
  const std::string state(query.state ? to_string(*query.state) : "");
  const std::string identity = fmt::format("audits/{}/{}", query.target ? query.target->value : 0, state);
  CursorKey before{{std::numeric_limits<std::int64_t>::max()}, {}, {}};
  if (!query.page.cursor.empty()) {
    PLANWISE_TRY(before, read_cursor(query.page.cursor, identity, cursor_secret_));
  }
  return readers_.read<Page<Audit>>([&](Connection& connection) -> Result<Page<Audit>> {
    std::string where = "WHERE a.id < ?1";
    where += query.target ? " AND a.target_id = ?3" : " AND ?3 IS NULL";
    where += query.state ? " AND a.state = ?4" : " AND ?4 = ''";
    PLANWISE_TRY(auto rows, connection.prepare(select_audits(where + " ORDER BY a.id DESC LIMIT ?2")));
    rows.bind(before.integers.at(0), query.page.limit + 1,
              query.target ? std::optional(query.target->value) : std::nullopt, state);
    return read_page<Audit>(
        rows, query.page, identity, cursor_secret_,
        [](const Query& row) -> Result<Audit> { return audit_of(row); },
        [](const Query& row) {
          return CursorKey{{row.integer(0)}, {}, {}};
        });
  });
}

Result<std::optional<Audit>> SqliteStore::newest_success(TargetId target) {
  return readers_.read<std::optional<Audit>>([&](Connection& connection) {
    return read_audit(connection,
                      "WHERE a.target_id = ? AND a.state = 'succeeded' ORDER BY a.id DESC LIMIT 1",
                      target.value);
  });
}

Result<std::string> SqliteStore::report_json(AuditId id) {
  return readers_.read<std::string>([&](Connection& connection) -> Result<std::string> {
    PLANWISE_TRY(auto query, connection.prepare("SELECT json FROM reports WHERE audit_id = ?"));
    PLANWISE_TRY(const bool row, query.bind(id.value).step());
    if (!row) {
      return Error{ErrorCode::kNotFound, fmt::format("no report of audit {}", id.value),
                   "only an audit that succeeded has one"};
    }
    return uncompressed(query.blob(0));
  });
}

}  // namespace planwise

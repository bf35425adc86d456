// Targets of the SQLite store.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "server/store/paging.h"
#include "server/store/sqlite_store.h"

namespace planwise {
namespace {

using sqlite::Connection;
using sqlite::Durability;
using sqlite::Query;

// The columns of target_of(), in its order.
std::string select_targets(std::string_view rest) {
  return fmt::format(
      "SELECT id, name, address, schedule, labels, query_p95_ms, cache_hit_ratio, connection_usage, origin, "
      "enabled,"
      " state, last_success_us, last_error, engine, version, created_us, revision FROM targets {}",
      rest);
}

std::string labels_text(const std::map<std::string, std::string>& labels) {
  // Labels come from people: bytes that are no UTF-8 are replaced instead of thrown about.
  return nlohmann::json(labels).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<double> millis(const std::optional<Millis>& time) {
  return time ? std::optional(time->count()) : std::nullopt;
}

Target target_of(const Query& row) {
  Target target;
  target.id = TargetId{row.integer(0)};
  target.name = row.text(1);
  target.address = row.text(2);
  target.schedule = row.text(3);
  const auto labels = nlohmann::json::parse(row.text(4), nullptr, false);
  for (const auto& [key, value] : labels.items()) {
    if (value.is_string()) {
      target.labels.emplace(key, value.get<std::string>());
    }
  }
  if (const auto p95 = row.optional_real(5)) {
    target.budget.query_p95 = Millis(*p95);
  }
  target.budget.cache_hit_ratio = row.optional_real(6);
  target.budget.connection_usage = row.optional_real(7);
  target.origin = row.text(8) == "config" ? TargetOrigin::kConfig : TargetOrigin::kRest;
  target.enabled = row.boolean(9);
  target.state = parse_target_state(row.text(10)).value_or(TargetState::kUnknown);
  target.last_success = row.optional_time(11);
  target.last_error = row.text(12);
  target.engine = row.text(13);
  target.version = row.text(14);
  target.created_at = row.time(15);
  target.revision = row.integer(16);
  return target;
}

Error no_target(TargetId id) {
  return Error{ErrorCode::kNotFound, fmt::format("no target {}", id.value)};
}

Result<Target> read_target(Connection& connection, TargetId id) {
  PLANWISE_TRY(auto statement, connection.prepare(select_targets("WHERE id = ?")));
  PLANWISE_TRY(const bool row, statement.bind(id.value).step());
  if (!row) {
    return no_target(id);
  }
  return target_of(statement);
}

Result<TargetId> insert(Connection& connection, const TargetSpec& spec, TargetOrigin origin, TimePoint now) {
  PLANWISE_TRY(auto taken, connection.prepare("SELECT origin FROM targets WHERE name = ?"));
  PLANWISE_TRY(const bool exists, taken.bind(spec.name).step());
  if (exists) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("a target named \"{}\" exists already", spec.name),
                 "choose another name"};
  }
  const auto dsn = origin == TargetOrigin::kConfig ? std::nullopt : std::optional(spec.dsn);
  PLANWISE_CHECK_OK(
      connection.run("INSERT INTO targets (name, dsn, address, schedule, labels, query_p95_ms, "
                     "cache_hit_ratio, connection_usage,"
                     " origin, created_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     spec.name, dsn, without_secrets(spec.dsn), spec.schedule, labels_text(spec.labels),
                     millis(spec.budget.query_p95), spec.budget.cache_hit_ratio, spec.budget.connection_usage,
                     to_string(origin), now));
  return TargetId{connection.last_id()};
}

Result<void> sync(Connection& connection, const std::vector<TargetSpec>& specs, TimePoint now) {
  PLANWISE_CHECK_OK(
      connection.run("CREATE TEMP TABLE IF NOT EXISTS configured (name TEXT PRIMARY KEY) WITHOUT ROWID"));
  PLANWISE_CHECK_OK(connection.run("DELETE FROM configured"));
  for (const TargetSpec& spec : specs) {
    PLANWISE_CHECK_OK(connection.run("INSERT INTO configured (name) VALUES (?)", spec.name));
    PLANWISE_TRY(auto found, connection.prepare("SELECT origin FROM targets WHERE name = ?"));
    PLANWISE_TRY(const bool exists, found.bind(spec.name).step());
    if (!exists) {
      PLANWISE_CHECK_OK(insert(connection, spec, TargetOrigin::kConfig, now));
      continue;
    }
    if (found.text(0) != "config") {
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("target \"{}\" of the configuration has the name of one added over REST", spec.name),
          "rename the one in the configuration, or delete the other"};
    }
    PLANWISE_CHECK_OK(connection.run(
        "UPDATE targets SET address = ?2, schedule = ?3, labels = ?4, query_p95_ms = ?5, cache_hit_ratio = "
        "?6,"
        " connection_usage = ?7, enabled = 1, revision = revision + 1 WHERE name = ?1 AND (address, "
        "schedule, labels,"
        " query_p95_ms, cache_hit_ratio, connection_usage, enabled) IS NOT (?2, ?3, ?4, ?5, ?6, ?7, 1)",
        spec.name, without_secrets(spec.dsn), spec.schedule, labels_text(spec.labels),
        millis(spec.budget.query_p95), spec.budget.cache_hit_ratio, spec.budget.connection_usage));
  }
  return connection.run(
      "UPDATE targets SET enabled = 0, revision = revision + 1"
      " WHERE origin = 'config' AND enabled = 1 AND name NOT IN (SELECT name FROM configured)");
}

}  // namespace

Result<TargetId> SqliteStore::add_target(const TargetSpec& spec) {
  return writer_.write<TargetId>(Durability::kPower, [&](Connection& connection) {
    return insert(connection, spec, TargetOrigin::kRest, clock_.now());
  });
}

Result<Target> SqliteStore::target(TargetId id) {
  return readers_.read<Target>([&](Connection& connection) { return read_target(connection, id); });
}

Result<Target> SqliteStore::target_by_name(std::string_view name) {
  return readers_.read<Target>([&](Connection& connection) -> Result<Target> {
    PLANWISE_TRY(auto statement, connection.prepare(select_targets("WHERE name = ?")));
    PLANWISE_TRY(const bool row, statement.bind(name).step());
    if (!row) {
      return Error{ErrorCode::kNotFound, fmt::format("no target named \"{}\"", name)};
    }
    return target_of(statement);
  });
}

Result<Page<Target>> SqliteStore::targets(const TargetQuery& query) {
  PLANWISE_CHECK_OK(check_limit(query.page));
  const std::string state(query.state ? to_string(*query.state) : "");
  const std::string text = lower_case(query.text);
  const std::string identity = fmt::format("targets/{}/{}", state, text);
  CursorKey after;
  if (!query.page.cursor.empty()) {
    PLANWISE_TRY(after, read_cursor(query.page.cursor, identity, cursor_secret_));
  }
  return readers_.read<Page<Target>>([&](Connection& connection) -> Result<Page<Target>> {
    PLANWISE_TRY(auto statement, connection.prepare(select_targets(
                                     "WHERE name > ?1 AND (?2 = '' OR state = ?2)"
                                     " AND (?3 = '' OR contains(lower(name || ' ' || address), ?3))"
                                     " ORDER BY name LIMIT ?4")));
    statement.bind(after.text, state, text, query.page.limit + 1);
    return read_page<Target>(
        statement, query.page, identity, cursor_secret_,
        [](const Query& row) -> Result<Target> { return target_of(row); },
        [](const Query& row) {
          return CursorKey{{}, {}, row.text(1)};
        });
  });
}

Result<Target> SqliteStore::change_target(TargetId id, const TargetChange& change) {
  return writer_.write<Target>(Durability::kPower, [&](Connection& connection) -> Result<Target> {
    PLANWISE_TRY(Target target, read_target(connection, id));
    const TargetBudget budget = change.budget.value_or(target.budget);
    PLANWISE_CHECK_OK(connection.run(
        "UPDATE targets SET dsn = coalesce(?2, dsn), address = ?3, schedule = ?4, labels = ?5, query_p95_ms "
        "= ?6,"
        " cache_hit_ratio = ?7, connection_usage = ?8, enabled = ?9, revision = revision + 1 WHERE id = ?1",
        id.value, change.dsn, change.dsn ? without_secrets(*change.dsn) : target.address,
        change.schedule.value_or(target.schedule), labels_text(change.labels.value_or(target.labels)),
        millis(budget.query_p95), budget.cache_hit_ratio, budget.connection_usage,
        change.enabled.value_or(target.enabled)));
    return read_target(connection, id);
  });
}

Result<void> SqliteStore::remove_target(TargetId id) {
  return writer_.write<void>(Durability::kPower, [&](Connection& connection) -> Result<void> {
    // An external-content index of FTS5 does not follow the rows it indexes by itself.
    PLANWISE_CHECK_OK(
        connection.run("INSERT INTO recommendation_search (recommendation_search, rowid, search)"
                       " SELECT 'delete', id, search FROM recommendations WHERE target_id = ?",
                       id.value));
    PLANWISE_CHECK_OK(connection.run("DELETE FROM targets WHERE id = ?", id.value));
    if (connection.changes() == 0) {
      return no_target(id);
    }
    return {};
  });
}

Result<std::string> SqliteStore::target_dsn(TargetId id) {
  return readers_.read<std::string>([&](Connection& connection) -> Result<std::string> {
    PLANWISE_TRY(auto statement, connection.prepare("SELECT dsn FROM targets WHERE id = ?"));
    PLANWISE_TRY(const bool row, statement.bind(id.value).step());
    if (!row) {
      return no_target(id);
    }
    if (statement.is_null(0)) {
      return Error{ErrorCode::kNotFound,
                   fmt::format("target {}: its connection string is in the configuration", id.value)};
    }
    return statement.text(0);
  });
}

Result<void> SqliteStore::sync_config_targets(const std::vector<TargetSpec>& specs) {
  return writer_.write<void>(Durability::kPower,
                             [&](Connection& connection) { return sync(connection, specs, clock_.now()); });
}

}  // namespace planwise

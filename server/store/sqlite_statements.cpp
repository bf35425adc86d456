// Statements of the SQLite store: those of the newest audits, and their points over time.
#include <fmt/format.h>

#include "analyzer/base/hash.h"
#include "server/store/compress.h"
#include "server/store/paging.h"
#include "server/store/sqlite_store.h"

namespace planwise {
namespace {

using sqlite::Connection;
using sqlite::Query;

// The columns of statement_of(), in its order; then the sort keys.
constexpr std::string_view kSelect =
    "SELECT s.statement_id, s.target_id, t.name, s.audit_id, s.seen_us, s.document, s.row, s.total_time_ms, "
    "s.calls,"
    " s.mean_time_ms, s.rows FROM statements AS s";

Result<StoredStatement> statement_of(const Query& row) {
  StoredStatement item;
  item.id = StatementId{static_cast<std::uint64_t>(row.integer(0))};
  item.target = TargetId{row.integer(1)};
  item.target_name = row.text(2);
  item.audit = AuditId{row.integer(3)};
  item.seen_at = row.time(4);
  PLANWISE_TRY(item.document, uncompressed(row.blob(5)));
  return item;
}

struct Order {
  std::string_view column;  // of the table; its index is statements_<name>
  std::string_view index;
  int position = 0;  // in kSelect
  bool real = false;
};

Order order_of(StatementSort sort) {
  switch (sort) {
    case StatementSort::kTotalTime: return {"s.total_time_ms", "statements_total_time", 7, true};
    case StatementSort::kCalls: return {"s.calls", "statements_calls", 8, false};
    case StatementSort::kMeanTime: return {"s.mean_time_ms", "statements_mean_time", 9, true};
    case StatementSort::kRows: return {"s.rows", "statements_rows", 10, false};
  }
  return {"s.total_time_ms", "statements_total_time", 7, true};
}

CursorKey key_of(const Query& row, const Order& order) {
  CursorKey key{{row.integer(6)}, {}, {}};
  if (order.real) {
    key.reals.push_back(row.real(order.position));
  } else {
    key.integers.push_back(row.integer(order.position));
  }
  return key;
}

}  // namespace

Result<Page<StoredStatement>> SqliteStore::statements(const StatementQuery& query) {
  PLANWISE_CHECK_OK(check_limit(query.page));
  const Order order = order_of(query.sort);
  const std::string text = lower_case(query.text);
  const std::string identity = fmt::format("statements/{}/{}/{}/{}", query.target ? query.target->value : 0,
                                           order.column, query.descending, text);
  std::optional<CursorKey> after;
  if (!query.page.cursor.empty()) {
    PLANWISE_TRY(after, read_cursor(query.page.cursor, identity, cursor_secret_));
  }
  using List = Page<StoredStatement>;
  return readers_.read<List>([&](Connection& connection) -> Result<List> {
    const std::string_view direction = query.descending ? "DESC" : "ASC";
    std::string where = query.target ? "WHERE s.target_id = ?1" : "WHERE ?1 IS NULL";
    where += " AND (?2 = '' OR contains(s.search, ?2))";
    if (after) {
      where += fmt::format(" AND ({}, s.row) {} (?4, ?5)", order.column, query.descending ? "<" : ">");
    }
    PLANWISE_TRY(auto rows, connection.prepare(fmt::format(
                                "{} INDEXED BY {} CROSS JOIN targets AS t ON t.id = s.target_id {}"
                                " ORDER BY {} {}, s.row {} LIMIT ?3",
                                kSelect, order.index, where, order.column, direction, direction)));
    rows.bind(query.target ? std::optional(query.target->value) : std::nullopt, text, query.page.limit + 1);
    if (after) {
      order.real ? rows.bind(after->reals.at(0)) : rows.bind(after->integers.at(1));
      rows.bind(after->integers.at(0));
    }
    return read_page<StoredStatement>(rows, query.page, identity, cursor_secret_, statement_of,
                                      [&order](const Query& row) { return key_of(row, order); });
  });
}

Result<StoredStatement> SqliteStore::statement(StatementId id, std::optional<TargetId> target) {
  return readers_.read<StoredStatement>([&](Connection& connection) -> Result<StoredStatement> {
    PLANWISE_TRY(auto query,
                 connection.prepare(fmt::format(
                     "{} JOIN targets AS t ON t.id = s.target_id WHERE s.statement_id = ?1"
                     " AND (?2 IS NULL OR s.target_id = ?2) ORDER BY s.total_time_ms DESC LIMIT 1",
                     kSelect)));
    query.bind(static_cast<std::int64_t>(id.value), target ? std::optional(target->value) : std::nullopt);
    PLANWISE_TRY(const bool row, query.step());
    if (!row) {
      return Error{ErrorCode::kNotFound, fmt::format("no statement {}", to_string(id))};
    }
    return statement_of(query);
  });
}

Result<std::vector<StatementPoint>> SqliteStore::statement_history(StatementId id, TargetId target,
                                                                   Window window) {
  using Points = std::vector<StatementPoint>;
  return readers_.read<Points>([&](Connection& connection) -> Result<Points> {
    PLANWISE_TRY(auto rows, connection.prepare(
                                "SELECT from_us, to_us, calls, rows, total_time_ms FROM statement_points"
                                " WHERE target_id = ? AND statement_id = ? AND from_us >= ? AND from_us < ?"
                                " ORDER BY from_us"));
    rows.bind(target.value, static_cast<std::int64_t>(id.value), window.from, window.to);
    Points points;
    PLANWISE_CHECK_OK(rows.for_each_row([&] {
      points.push_back(
          {Window{rows.time(0), rows.time(1)}, rows.integer(2), rows.integer(3), Millis(rows.real(4))});
    }));
    return points;
  });
}

}  // namespace planwise

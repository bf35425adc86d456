// Recommendations of the SQLite store: lists, one, and what people decide about them.
#include <fmt/format.h>

#include <algorithm>

#include "analyzer/base/hash.h"
#include "server/store/compress.h"
#include "server/store/paging.h"
#include "server/store/sqlite_store.h"

namespace planwise {
namespace {

using sqlite::Connection;
using sqlite::Durability;
using sqlite::Query;

// The status a reader sees: what was snoozed is open again when its time has come, before any audit notes it.
// ?1 is now.
constexpr std::string_view kStatus = "iif(r.status = 1 AND r.snoozed_until_us <= ?1, 0, r.status)";

// The columns of recommendation_of(), in its order. ?1 is now.
std::string select_recommendations(std::string_view source, std::string_view rest) {
  return fmt::format(
      "SELECT r.id, r.target_id, t.name, r.audit_id, r.rule, r.severity, {}, r.first_seen_us, r.last_seen_us,"
      " r.snoozed_until_us, r.note, r.is_current, r.revision, d.document, r.impact, r.critical"
      " FROM recommendations AS r {} CROSS JOIN targets AS t ON t.id = r.target_id"
      " CROSS JOIN recommendation_documents AS d ON d.id = r.id {}",
      kStatus, source, rest);
}

Result<StoredRecommendation> recommendation_of(const Query& row) {
  StoredRecommendation item;
  item.id = hex16(static_cast<std::uint64_t>(row.integer(0)));
  item.target = TargetId{row.integer(1)};
  item.target_name = row.text(2);
  item.audit = AuditId{row.integer(3)};
  item.rule = row.text(4);
  item.severity = static_cast<Severity>(row.integer(5));
  item.status = static_cast<RecommendationStatus>(row.integer(6));
  item.first_seen_at = row.time(7);
  item.last_seen_at = row.time(8);
  if (item.status == RecommendationStatus::kSnoozed) {
    item.snoozed_until = row.optional_time(9);
  }
  item.note = row.text(10);
  item.current = row.boolean(11);
  item.revision = row.integer(12);
  PLANWISE_TRY(item.document, uncompressed(row.blob(13)));
  return item;
}

// How a list is ordered: the key columns before `id`, and the index that has them.
struct Order {
  std::string_view index;
  std::string_view columns;  // "r.critical, r.impact, r.id"
  std::string_view
      key;  // which of CursorKey's values they are, in order: c critical, s severity, t time, i impact, d id
};

Order order_of(RecommendationSort sort) {
  switch (sort) {
    case RecommendationSort::kRank: return {"recommendations_rank", "r.critical, r.impact, r.id", "cid"};
    case RecommendationSort::kImpact: return {"recommendations_impact", "r.impact, r.id", "id"};
    case RecommendationSort::kSeverity:
      return {"recommendations_severity", "r.severity, r.impact, r.id", "sid"};
    case RecommendationSort::kFirstSeen: return {"recommendations_first_seen", "r.first_seen_us, r.id", "fd"};
    case RecommendationSort::kLastSeen: return {"recommendations_last_seen", "r.last_seen_us, r.id", "ld"};
  }
  return {"recommendations_rank", "r.critical, r.impact, r.id", "cid"};
}

CursorKey key_of(const Query& row, const Order& order) {
  CursorKey key;
  for (const char part : order.key) {
    switch (part) {
      case 'c': key.integers.push_back(row.integer(15)); break;
      case 's': key.integers.push_back(row.integer(5)); break;
      case 'f': key.integers.push_back(row.integer(7)); break;
      case 'l': key.integers.push_back(row.integer(8)); break;
      case 'i': key.reals.push_back(row.real(14)); break;
      default: key.integers.push_back(row.integer(0)); break;
    }
  }
  return key;
}

void bind_key(Query& query, const CursorKey& key, const Order& order) {
  std::size_t integer = 0;
  for (const char part : order.key) {
    if (part == 'i') {
      query.bind(key.reals.at(0));
    } else {
      query.bind(key.integers.at(integer++));
    }
  }
}

bool fits(const CursorKey& key, const Order& order) {
  const auto reals = static_cast<std::size_t>(std::count(order.key.begin(), order.key.end(), 'i'));
  return key.reals.size() == reals && key.integers.size() == order.key.size() - reals;
}

unsigned status_mask(const RecommendationQuery& query) {
  unsigned mask = 0;
  for (const RecommendationStatus status : query.status) {
    mask |= 1U << static_cast<unsigned>(status);
  }
  constexpr unsigned kListed = 0x3fU & ~(1U << static_cast<unsigned>(RecommendationStatus::kSnoozed)) &
                               ~(1U << static_cast<unsigned>(RecommendationStatus::kDismissed));
  return query.status.empty() ? kListed : mask;
}

std::string identity_of(const RecommendationQuery& query) {
  return fmt::format("recommendations/{}/{}/{}/{}/{}/{}/{}/{}", query.target ? query.target->value : 0,
                     query.rule, query.severity ? static_cast<int>(*query.severity) : -1, status_mask(query),
                     query.history, static_cast<int>(query.sort), query.descending, query.text);
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
  }));
}

// A search phrase as FTS5 quotes it.
std::string phrase(std::string_view text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    quoted += letter;
    if (letter == '"') {
      quoted += '"';
    }
  }
  return quoted + '"';
}

// How many matches are few enough to be fetched and sorted; more are so frequent that walking the list's own
// order meets a page of them soon.
constexpr int kFewMatches = 2000;

bool has_trigram(std::string_view text) {
  return code_points(text) >= 3 && text.find('\0') == std::string_view::npos;
}

// The ids of what matches a text: from the index of trigrams, or, for what is shorter, by reading the narrow
// index of all current texts.
std::string matching_ids(std::string_view text, std::string_view parameter) {
  if (has_trigram(text)) {
    return fmt::format("SELECT rowid FROM recommendation_search WHERE recommendation_search MATCH {}",
                       parameter);
  }
  return fmt::format(
      "SELECT id FROM recommendations INDEXED BY recommendations_text WHERE is_current = 1 AND "
      "contains(search, {})",
      parameter);
}

// The text as matching_ids() takes it.
std::string match_argument(std::string_view text) {
  return has_trigram(text) ? phrase(text) : std::string(text);
}

Result<bool> has_few_matches(Connection& connection, std::string_view text) {
  PLANWISE_TRY(auto query, connection.prepare(
                               fmt::format("SELECT count(*) FROM ({} LIMIT ?2)", matching_ids(text, "?1"))));
  PLANWISE_TRY(const bool row, query.bind(match_argument(text), kFewMatches + 1).step());
  return row && query.integer(0) <= kFewMatches;
}

// Parameters 1 to 7 are bound by recommendations(), the cursor's from 8 on.
std::string list_sql(const RecommendationQuery& query, const Order& order, bool after_cursor,
                     bool few_matches) {
  std::string_view index = order.index;
  if (query.target && query.sort == RecommendationSort::kRank) {
    index = "recommendations_target";
  }
  // Without statistics the planner would guess; the indexes are made for these lists.
  const bool walk = !query.history && !few_matches;
  std::string where = fmt::format("WHERE (?2 >> {}) & 1", kStatus);
  where += query.history ? " AND r.is_current IN (0, 1)"
           : walk        ? " AND r.is_current = 1"
                         : " AND +r.is_current = 1";
  where += query.target ? " AND r.target_id = ?3" : " AND ?3 IS NULL";
  where += query.rule.empty() ? " AND ?4 = ''" : " AND r.rule = ?4";
  where += query.severity ? " AND r.severity = ?5" : " AND ?5 IS NULL";
  if (query.text.empty()) {
    where += " AND ?6 = ''";
  } else {
    where += few_matches ? fmt::format(" AND r.id IN ({})", matching_ids(query.text, "?6"))
                         : " AND contains(r.search, ?6)";
  }
  const std::string_view direction = query.descending ? " DESC" : "";
  std::string by;
  std::string parameters;
  std::string_view columns = order.columns;
  for (std::size_t i = 0; i < order.key.size(); ++i) {
    const std::size_t end = std::min(columns.find(", "), columns.size());
    by += fmt::format("{}{}{}", i == 0 ? "" : ", ", columns.substr(0, end), direction);
    parameters += fmt::format("{}?{}", i == 0 ? "" : ", ", 8 + i);
    columns.remove_prefix(std::min(end + 2, columns.size()));
  }
  if (after_cursor) {
    where += fmt::format(" AND ({}) {} ({})", order.columns, query.descending ? "<" : ">", parameters);
  }
  return select_recommendations(walk ? fmt::format("INDEXED BY {}", index) : "NOT INDEXED",
                                fmt::format("{} ORDER BY {} LIMIT ?7", where, by));
}

Result<StoredRecommendation> read_one(Connection& connection, std::string_view id, TimePoint now) {
  const Error missing{ErrorCode::kNotFound, fmt::format("no recommendation {}", id)};
  const auto number = parse_hex16(id);
  if (!number) {
    return missing;
  }
  PLANWISE_TRY(auto query, connection.prepare(select_recommendations("", "WHERE r.id = ?2")));
  PLANWISE_TRY(const bool row, query.bind(now, static_cast<std::int64_t>(*number)).step());
  if (!row) {
    return missing;
  }
  return recommendation_of(query);
}

Result<void> check(const RecommendationChange& change, RecommendationStatus status, TimePoint now) {
  if (change.status == RecommendationStatus::kVerified ||
      change.status == RecommendationStatus::kIneffective) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("status \"{}\" is found out by an audit, not set", to_string(*change.status))};
  }
  if (change.snoozed_until && status != RecommendationStatus::kSnoozed) {
    return Error{ErrorCode::kInvalidArgument, "snoozed_until goes with the status \"snoozed\" only"};
  }
  if (change.snoozed_until && *change.snoozed_until <= now) {
    return Error{ErrorCode::kInvalidArgument, "snoozed_until has passed"};
  }
  return {};
}

Result<void> recount(Connection& connection, std::int64_t id, int by) {
  return connection.run(
      "INSERT INTO recommendation_counts (target_id, rule, severity, status, count)"
      " SELECT target_id, rule, severity, status, ?2 FROM recommendations WHERE id = ?1 AND is_current = 1"
      " ON CONFLICT (target_id, rule, severity, status) DO UPDATE SET count = count + ?2",
      id, by);
}

}  // namespace

Result<Page<StoredRecommendation>> SqliteStore::recommendations(const RecommendationQuery& query) {
  PLANWISE_CHECK_OK(check_limit(query.page));
  const std::string identity = identity_of(query);
  const Order order = order_of(query.sort);
  const std::string text = lower_case(query.text);
  std::optional<CursorKey> after;
  if (!query.page.cursor.empty()) {
    PLANWISE_TRY(after, read_cursor(query.page.cursor, identity, cursor_secret_));
    if (!fits(*after, order)) {
      return Error{ErrorCode::kInvalidArgument, "cursor is not one of this list"};
    }
  }
  using List = Page<StoredRecommendation>;
  return readers_.read<List>([&](Connection& connection) -> Result<List> {
    bool few = false;
    if (!text.empty() && (!query.history || has_trigram(text))) {
      PLANWISE_TRY(few, has_few_matches(connection, text));
    }
    PLANWISE_TRY(auto rows, connection.prepare(list_sql(query, order, after.has_value(), few)));
    rows.bind(clock_.now(), status_mask(query),
              query.target ? std::optional(query.target->value) : std::nullopt, query.rule,
              query.severity ? std::optional(static_cast<int>(*query.severity)) : std::nullopt,
              few ? match_argument(text) : text, query.page.limit + 1);
    if (after) {
      bind_key(rows, *after, order);
    }
    return read_page<StoredRecommendation>(rows, query.page, identity, cursor_secret_, recommendation_of,
                                           [&order](const Query& row) { return key_of(row, order); });
  });
}

Result<StoredRecommendation> SqliteStore::recommendation(std::string_view id) {
  return readers_.read<StoredRecommendation>(
      [&](Connection& connection) { return read_one(connection, id, clock_.now()); });
}

Result<StoredRecommendation> SqliteStore::change_recommendation(std::string_view id,
                                                                const RecommendationChange& change) {
  using Item = StoredRecommendation;
  return writer_.write<Item>(Durability::kPower, [&](Connection& connection) -> Result<Item> {
    const TimePoint now = clock_.now();
    PLANWISE_TRY(const Item before, read_one(connection, id, now));
    const RecommendationStatus status = change.status.value_or(before.status);
    PLANWISE_CHECK_OK(check(change, status, now));
    std::optional<TimePoint> until;
    if (status == RecommendationStatus::kSnoozed) {
      // Snoozing anew without a time is without end; a change of the note alone leaves the time as it is.
      until = change.snoozed_until || change.status ? change.snoozed_until : before.snoozed_until;
    }
    const auto number = static_cast<std::int64_t>(parse_hex16(id).value_or(0));
    PLANWISE_CHECK_OK(recount(connection, number, -1));
    PLANWISE_CHECK_OK(
        connection.run("UPDATE recommendations SET status = ?2, snoozed_until_us = ?3, note = ?4, revision = "
                       "revision + 1 WHERE id = ?1",
                       number, static_cast<int>(status), until, change.note.value_or(before.note)));
    PLANWISE_CHECK_OK(recount(connection, number, 1));
    return read_one(connection, id, now);
  });
}

Result<std::vector<RecommendationCount>> SqliteStore::recommendation_counts(std::optional<TargetId> target) {
  using Counts = std::vector<RecommendationCount>;
  return readers_.read<Counts>([&](Connection& connection) -> Result<Counts> {
    // The kept counters, with what has woken up since the last audit moved from snoozed to open: few rows, by
    // their index.
    PLANWISE_TRY(auto rows,
                 connection.prepare(
                     "SELECT target_id, rule, severity, status, sum(count) FROM ("
                     " SELECT target_id, rule, severity, status, count FROM recommendation_counts"
                     " UNION ALL SELECT target_id, rule, severity, column1, column2 FROM recommendations"
                     "  INDEXED BY recommendations_snoozed"
                     "  CROSS JOIN (VALUES (0, 1), (1, -1))"
                     "  WHERE status = 1 AND snoozed_until_us <= ?1 AND is_current = 1)"
                     " WHERE ?2 IS NULL OR target_id = ?2"
                     " GROUP BY 1, 2, 3, 4 HAVING sum(count) > 0 ORDER BY 1, 2, 3, 4"));
    rows.bind(clock_.now(), target ? std::optional(target->value) : std::nullopt);
    Counts counts;
    PLANWISE_CHECK_OK(rows.for_each_row([&] {
      counts.push_back({TargetId{rows.integer(0)}, rows.text(1), static_cast<Severity>(rows.integer(2)),
                        static_cast<RecommendationStatus>(rows.integer(3)), rows.integer(4)});
    }));
    return counts;
  });
}

}  // namespace planwise

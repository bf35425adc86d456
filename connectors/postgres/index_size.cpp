#include "connectors/postgres/index_size.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/advise/btree_size.h"
#include "analyzer/explain/explain.h"
#include "analyzer/sql/quote.h"
#include "connectors/postgres/explain.h"
#include "connectors/postgres/gates.h"
#include "connectors/postgres/session.h"

namespace planwise::pg {
namespace {

Result<Plan> explained(Session& session, const Snapshot& snapshot, std::string sql) {
  PlannableStatement statement;
  statement.sql = std::move(sql);
  for (const std::string& schema : snapshot.schema.search_path) {
    statement.search_path += (statement.search_path.empty() ? "" : ", ") + quoted(schema, Engine::kPostgres);
  }
  Explainer explainer(session, {});
  PLANWISE_TRY(const std::string json, explainer.explain(statement));
  return read_postgres_plan(json);
}

// Units of date_trunc and their length in days; a cast to date is a day.
struct TimeUnit {
  std::string_view name;
  double days;
};
constexpr std::array kTimeUnits{TimeUnit{"'hour'", 1.0 / 24}, TimeUnit{"'day'", 1},
                                TimeUnit{"'week'", 7},        TimeUnit{"'month'", 30.4},
                                TimeUnit{"'quarter'", 91.3},  TimeUnit{"'year'", 365.2}};

std::optional<double> day_number(std::string_view date) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (date.size() < 10 || std::from_chars(date.data(), date.data() + 4, year).ec != std::errc{} ||
      std::from_chars(date.data() + 5, date.data() + 7, month).ec != std::errc{} ||
      std::from_chars(date.data() + 8, date.data() + 10, day).ec != std::errc{}) {
    return std::nullopt;
  }
  const std::chrono::year_month_day parsed{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
  return parsed.ok() ? std::optional(double(std::chrono::sys_days(parsed).time_since_epoch().count()))
                     : std::nullopt;
}

// A time cut to units: as many values as there are units between the ends of the column's histogram.
std::optional<EntryColumn> truncated_time(const Table& table, const std::string& expression) {
  const bool truncates = expression.starts_with("date_trunc(");
  const bool is_date = expression.ends_with("::date") || expression.starts_with("date(");
  const auto* const unit = std::ranges::find_if(kTimeUnits, [&](const TimeUnit& candidate) {
    return expression.find(candidate.name) != std::string::npos;
  });
  if (!is_date && (!truncates || unit == kTimeUnits.end())) {
    return std::nullopt;
  }
  for (const Column& column : table.columns) {
    const bool is_time = column.base_type == "timestamp" || column.base_type == "timestamptz";
    const bool has_ends = column.stats && column.stats->histogram.size() > 1;
    if (!is_time || !has_ends ||
        expression.find(quoted(column.name, Engine::kPostgres)) == std::string::npos) {
      continue;
    }
    const auto first = day_number(column.stats->histogram.front());
    const auto last = day_number(column.stats->histogram.back());
    if (!first || !last) {
      return std::nullopt;
    }
    EntryColumn entry = entry_column(column);
    entry.fixed_width = is_date ? 4 : 8;
    entry.alignment = entry.fixed_width;
    entry.stats.common_values.clear();
    entry.stats.common_total = 0;
    entry.stats.distinct = std::min(entry.stats.distinct, 1 + (*last - *first) / (is_date ? 1 : unit->days));
    return entry;
  }
  return std::nullopt;
}

// The expression's values by the planner's own estimate: how many differ, and how wide they are.
Result<EntryColumn> expression_column(Session& session, const Snapshot& snapshot, const IndexDef& index,
                                      const std::string& expression) {
  PLANWISE_TRY(const Plan plan, explained(session, snapshot,
                                          "SELECT DISTINCT (" + expression + ") FROM " +
                                              quoted(index.table, Engine::kPostgres)));
  EntryColumn entry;
  entry.stats.distinct = plan.root.rows.count;
  entry.stats.average_width = plan.root.width.value_or(Bytes{32});
  const std::int64_t width = entry.stats.average_width.count;
  const bool is_fixed = width == 1 || width == 2 || width == 4 || width == 8;
  entry.fixed_width = is_fixed ? static_cast<int>(width) : 0;
  entry.alignment = is_fixed ? static_cast<int>(width) : 1;
  return entry;
}

Result<EntryColumn> key_column(Session& session, const Snapshot& snapshot, const Table& table,
                               const IndexDef& index, const IndexKey& key) {
  if (!key.is_expression) {
    const Column* column = table.find_column(key.expression);
    return column == nullptr
               ? Result<EntryColumn>(Error{ErrorCode::kNotFound, "the table has no such column"})
               : entry_column(*column);
  }
  // lower(x) and upper(x) are as long and nearly as distinct as x itself.
  for (const Column& column : table.columns) {
    const std::string name = quoted(column.name, Engine::kPostgres);
    for (const std::string_view function : {"lower", "upper"}) {
      const std::string call = std::string(function) + "(" + name;
      if (key.expression == call + ")" || key.expression == call + "::text)" ||
          key.expression == std::string(function) + "((" + name + ")::text)") {
        return entry_column(column);
      }
    }
  }
  if (auto entry = truncated_time(table, key.expression)) {
    return *std::move(entry);
  }
  return expression_column(session, snapshot, index, key.expression);
}

std::optional<int> number_option(const IndexDef& index, const std::string& name) {
  const auto found = index.options.find(name);
  int value = 0;
  if (found == index.options.end()) {
    return std::nullopt;
  }
  const std::string& text = found->second;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && stop == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

Result<Bytes> btree_index_size(Session& session, const Snapshot& snapshot, const IndexDef& index) {
  const Table* table = snapshot.schema.find(index.table);
  if (table == nullptr) {
    return Error{ErrorCode::kNotFound, "the snapshot has no such table"};
  }
  BtreeShape shape;
  shape.rows = table->rows.value_or(planwise::Rows{0}).count;
  shape.fill_factor = std::clamp(number_option(index, "fillfactor").value_or(90), 10, 100);
  const auto deduplicate = index.options.find("deduplicate_items");
  shape.deduplicates =
      session.has(kDeduplication) && (deduplicate == index.options.end() || deduplicate->second != "off");
  for (const IndexKey& key : index.keys) {
    PLANWISE_TRY(EntryColumn column, key_column(session, snapshot, *table, index, key));
    shape.keys.push_back(std::move(column));
  }
  for (const std::string& name : index.include) {
    const Column* column = table->find_column(name);
    if (column == nullptr) {
      return Error{ErrorCode::kNotFound, "the table has no such column"};
    }
    shape.include.push_back(entry_column(*column));
  }
  if (!index.predicate.empty()) {
    PLANWISE_TRY(const Plan plan, explained(session, snapshot,
                                            "SELECT 1 FROM " + quoted(index.table, Engine::kPostgres) +
                                                " WHERE " + index.predicate));
    shape.rows = std::min(shape.rows, plan.root.rows.count);
  }
  return btree_size(shape);
}

}  // namespace planwise::pg

#include "connectors/postgres/columns.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

namespace planwise::pg {
namespace {

constexpr std::size_t kTablesAtOnce = 300;

constexpr std::array kColumnColumns{
    CatalogColumn{"table_oid", "a.attrelid::bigint"},
    CatalogColumn{"name", "a.attname"},
    CatalogColumn{"type", "format_type(a.atttypid, a.atttypmod)"},
    CatalogColumn{"base_type", "COALESCE(b.typname, t.typname)"},
    CatalogColumn{"position", "a.attnum"},
    CatalogColumn{"not_null", "a.attnotnull"},
    CatalogColumn{"is_identity", "a.attidentity <> ''"},
    CatalogColumn{"collation", "CASE WHEN a.attcollation <> t.typcollation THEN l.collname END"},
};

// A domain can stand on a domain.
constexpr CatalogQuery kColumns{
    "columns",
    "https://www.postgresql.org/docs/current/catalog-pg-attribute.html",
    kColumnColumns,
    R"(pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN (WITH RECURSIVE chain AS (
             SELECT oid AS domain, typbasetype AS base FROM pg_type WHERE typtype = 'd'
             UNION ALL
             SELECT chain.domain, u.typbasetype FROM chain JOIN pg_type AS u ON u.oid = chain.base WHERE u.typtype = 'd')
           SELECT chain.domain, u.typname FROM chain JOIN pg_type AS u ON u.oid = chain.base WHERE u.typtype <> 'd') AS b
  ON b.domain = a.atttypid
LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
WHERE a.attnum > 0 AND NOT a.attisdropped
  AND c.relkind IN ('r', 'p', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
ORDER BY a.attrelid, a.attnum)",
};

constexpr std::array kStatsColumns{
    CatalogColumn{"schema", "s.schemaname"},
    CatalogColumn{"table", "s.tablename"},
    CatalogColumn{"column", "s.attname"},
    CatalogColumn{"inherited", "s.inherited"},
    CatalogColumn{"null_frac", "s.null_frac"},
    CatalogColumn{"avg_width", "s.avg_width"},
    CatalogColumn{"n_distinct", "s.n_distinct"},
    CatalogColumn{"correlation", "s.correlation"},
    CatalogColumn{"common_values", "s.most_common_vals::text"},
    CatalogColumn{"common_frequencies", "s.most_common_freqs"},
    CatalogColumn{"histogram", "s.histogram_bounds::text"},
    CatalogColumn{"element_frequencies", "s.most_common_elem_freqs"},
    CatalogColumn{"element_counts", "s.elem_count_histogram"},
};

constexpr CatalogQuery kStats{
    "column_stats",
    "https://www.postgresql.org/docs/current/view-pg-stats.html",
    kStatsColumns,
    R"(pg_stats AS s
WHERE (s.schemaname, s.tablename) IN (SELECT w.schema, w.name FROM unnest($1::name[], $2::name[]) AS w (schema, name)))",
};

// Negative is a share of the rows. Source: https://www.postgresql.org/docs/current/view-pg-stats.html
double absolute_distinct(double n_distinct, const Table& table) {
  return n_distinct >= 0 ? n_distinct : table.rows ? -n_distinct * table.rows->count : 0;
}

std::vector<double> numbers(const Row& row, std::string_view column) {
  std::vector<double> values;
  for (const std::string& text : array_of(row, column).value_or(std::vector<std::string>{})) {
    std::from_chars(text.data(), text.data() + text.size(), values.emplace_back());
  }
  return values;
}

// Behind the frequencies stand their least and greatest and, of arrays, that of NULL elements; behind the
// bounds of the histogram of counts their average. Source: "STATISTIC_KIND_MCELEM" and
// "STATISTIC_KIND_DECHIST" in src/include/catalog/pg_statistic.h.
void add_elements(const Row& row, ColumnStats& stats) {
  const std::vector<double> counts = numbers(row, "element_counts");
  if (!counts.empty()) {
    stats.elements_per_row = counts.back();
  }
  stats.element_frequencies = numbers(row, "element_frequencies");
  const std::size_t extra = counts.empty() ? 2 : 3;
  stats.element_frequencies.resize(stats.element_frequencies.size() -
                                   std::min(extra, stats.element_frequencies.size()));
  std::ranges::sort(stats.element_frequencies, std::ranges::greater());
}

ColumnStats stats_of(const Row& row, const Table& table) {
  ColumnStats stats;
  stats.null_fraction = row.number("null_frac").value_or(0);
  stats.average_width = row.bytes("avg_width").value_or(Bytes{});
  stats.distinct = absolute_distinct(row.number("n_distinct").value_or(0), table);
  stats.correlation = row.number("correlation");
  auto values = array_of(row, "common_values").value_or(std::vector<std::string>{});
  const std::vector<double> frequencies = numbers(row, "common_frequencies");
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    stats.common_total += frequencies[i];
    if (values.size() == frequencies.size()) {  // arrays of arrays do not parse: their values are left out
      stats.common_values.push_back({std::move(values[i]), frequencies[i]});
    }
  }
  stats.histogram = array_of(row, "histogram").value_or(std::vector<std::string>{});
  add_elements(row, stats);
  return stats;
}

}  // namespace

const CatalogQuery& columns_query() noexcept {
  return kColumns;
}

const CatalogQuery& column_stats_query() noexcept {
  return kStats;
}

Result<void> read_columns(Session& session, TableList& list) {
  PLANWISE_TRY(const pg::Rows rows, session.query(render(kColumns, session.server().version)));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    const auto table = list.by_oid.find(row.integer("table_oid").value_or(0));
    if (table == list.by_oid.end()) {  // created since the tables were read
      continue;
    }
    Column column;
    column.name = row.text_or_empty("name");
    column.type = row.text_or_empty("type");
    column.base_type = row.text_or_empty("base_type");
    column.position = static_cast<int>(row.integer("position").value_or(0));
    column.not_null = row.is_true("not_null");
    column.is_identity = row.is_true("is_identity");
    column.collation = row.text_or_empty("collation");
    list.tables[table->second].columns.push_back(std::move(column));
  }
  return {};
}

Result<void> read_column_stats(Session& session, TableList& list, std::span<const std::size_t> positions) {
  const std::string sql = render(kStats, session.server().version);
  while (!positions.empty()) {
    const auto batch = positions.first(std::min(kTablesAtOnce, positions.size()));
    positions = positions.subspan(batch.size());
    std::vector<std::string> schemas;
    std::vector<std::string> names;
    std::map<TableName, std::size_t> asked;
    for (const std::size_t position : batch) {
      const TableName& name = list.tables[position].name;
      schemas.push_back(name.schema);
      names.push_back(name.table);
      asked[name] = position;
    }
    const std::array<Parameter, 2> parameters{array_text(schemas), array_text(names)};
    PLANWISE_TRY(const pg::Rows rows, session.query(sql, parameters));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row row = rows[i];
      const auto at = asked.find({row.text_or_empty("schema"), row.text_or_empty("table")});
      if (at == asked.end()) {
        continue;
      }
      Table& table = list.tables[at->second];
      // An inheritance parent has a row for itself and one with its children.
      if (row.is_true("inherited") != (table.kind == TableKind::kPartitioned)) {
        continue;
      }
      const auto column = std::ranges::find(table.columns, row.text_or_empty("column"), &Column::name);
      if (column != table.columns.end()) {
        column->stats = stats_of(row, table);
      }
    }
  }
  return {};
}

}  // namespace planwise::pg

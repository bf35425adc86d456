#include "connectors/mysql/catalog_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "analyzer/sql/quote.h"
#include "connectors/view_columns.h"

namespace planwise::mysql {
namespace {

constexpr std::array<std::string_view, 4> kSystemSchemas{"information_schema", "performance_schema", "mysql",
                                                         "sys"};

std::string upper(std::string_view text) {
  std::string out;
  std::ranges::transform(text, std::back_inserter(out), [](char letter) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  });
  return out;
}

// Servers spell the columns of their views in either case.
bool names_only(std::string_view sql, const std::set<std::string>& available) {
  return std::ranges::all_of(view_columns_in(sql),
                             [&](std::string_view column) { return available.contains(upper(column)); });
}

std::string_view spelling_of(const CatalogQuery& query, std::string_view name,
                             const std::set<std::string>& available) {
  for (const CatalogColumn& column : query.columns) {
    if (column.name == name && names_only(column.sql, available)) {
      return column.sql;
    }
  }
  return "NULL";
}

}  // namespace

std::string render(const CatalogQuery& query, const std::set<std::string>& available) {
  std::vector<std::string_view> names;
  for (const CatalogColumn& column : query.columns) {
    if (std::ranges::find(names, column.name) == names.end()) {
      names.push_back(column.name);
    }
  }
  std::string sql = "SELECT";
  for (const std::string_view name : names) {
    sql += name == names.front() ? "\n  " : ",\n  ";
    sql.append(spelling_of(query, name, available)).append(" AS `").append(name) += '`';
  }
  return sql.append("\nFROM ").append(query.from) + "\n";
}

Result<ViewColumns> ViewColumns::read(Session& session) {
  PLANWISE_TRY(const Rows rows,
               session.query("SELECT TABLE_SCHEMA AS place, TABLE_NAME AS view, COLUMN_NAME AS name\n"
                             "FROM information_schema.COLUMNS\n"
                             "WHERE TABLE_SCHEMA IN ('information_schema', 'performance_schema', 'mysql')"));
  ViewColumns views;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    views.columns_[upper(row.text_or_empty("place") + "." + row.text_or_empty("view"))].insert(
        upper(row.text_or_empty("name")));
  }
  return views;
}

const std::set<std::string>& ViewColumns::of(const CatalogQuery& query) const {
  static const std::set<std::string> kNone;
  const auto at = columns_.find(upper(fmt::format("{}.{}", query.schema, query.view)));
  return at == columns_.end() ? kNone : at->second;
}

Result<Rows> run(Session& session, const ViewColumns& views, const CatalogQuery& query,
                 std::string_view where) {
  if (!views.has(query)) {
    PLANWISE_TRY(const Rows none,
                 session.query(fmt::format("SELECT 1 FROM {}.{} LIMIT 0", query.schema, query.view)));
  }
  return session.query(render(query, views.of(query)).append(where));
}

std::string in_watched_schemas(const Session& session, std::string_view column) {
  const Engine engine = session.server().engine;
  if (!session.login().database.empty()) {
    return fmt::format("{} = {}", column, literal(session.login().database, engine));
  }
  std::string names;
  for (const std::string_view schema : kSystemSchemas) {
    names += (names.empty() ? "" : ", ") + literal(schema, engine);
  }
  return fmt::format("{} NOT IN ({})", column, names);
}

bool is_system_schema(std::string_view schema) {
  return std::ranges::find(kSystemSchemas, schema) != kSystemSchemas.end();
}

}  // namespace planwise::mysql

#include "connectors/postgres/catalog_query.h"

#include <algorithm>
#include <vector>

#include "connectors/view_columns.h"

namespace planwise::pg {
namespace {

bool names_only(std::string_view sql, const std::set<std::string>& available) {
  return std::ranges::all_of(
      view_columns_in(sql), [&](std::string_view column) { return available.contains(std::string(column)); });
}

std::string_view spelling_of(const CatalogQuery& query, std::string_view name, const Version& version,
                             const std::set<std::string>* available) {
  for (const CatalogColumn& column : query.columns) {
    if (column.name == name && column.since <= version && version < column.before &&
        (available == nullptr || names_only(column.sql, *available))) {
      return column.sql;
    }
  }
  return "NULL";
}

}  // namespace

std::string render(const CatalogQuery& query, const Version& version, std::string_view schema,
                   const std::set<std::string>* available) {
  std::vector<std::string_view> names;
  for (const CatalogColumn& column : query.columns) {
    if (std::ranges::find(names, column.name) == names.end()) {
      names.push_back(column.name);
    }
  }
  std::string sql = "SELECT";
  for (const std::string_view name : names) {
    sql += name == names.front() ? "\n  " : ",\n  ";
    sql += spelling_of(query, name, version, available);
    sql.append(" AS ").append(name);
  }
  sql.append("\nFROM ").append(query.from);
  static constexpr std::string_view kSchema = "{schema}";
  for (std::size_t at = sql.find(kSchema); at != std::string::npos;
       at = sql.find(kSchema, at + schema.size())) {
    sql.replace(at, kSchema.size(), schema);
  }
  return sql + "\n";
}

}  // namespace planwise::pg

#include "connectors/postgres/catalog_query.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace planwise::pg {
namespace {

bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

// True where every "s.column" of the spelling is available.
bool is_available(std::string_view sql, const std::set<std::string>& available) {
  for (std::size_t at = sql.find("s."); at != std::string_view::npos; at = sql.find("s.", at + 1)) {
    if (at > 0 && is_word(sql[at - 1])) {
      continue;
    }
    std::size_t end = at + 2;
    while (end < sql.size() && is_word(sql[end])) {
      ++end;
    }
    if (!available.contains(std::string(sql.substr(at + 2, end - at - 2)))) {
      return false;
    }
  }
  return true;
}

std::string_view spelling_of(const CatalogQuery& query, std::string_view name, const Version& version,
                             const std::set<std::string>* available) {
  for (const CatalogColumn& column : query.columns) {
    if (column.name == name && column.since <= version && version < column.before &&
        (available == nullptr || is_available(column.sql, *available))) {
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

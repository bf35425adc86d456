// Catalogue queries as data: one column a row. Which columns a server has, it is asked; no version says it.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "connectors/mysql/session.h"

namespace planwise::mysql {

// Of rows with the same name the first whose columns of the view ("s.COLUMN") are all there is taken; without
// one the column is NULL.
struct CatalogColumn {
  std::string_view name;  // what the reader asks for; the server's own name where it is that column
  std::string_view sql;
};

struct CatalogQuery {
  std::string_view name;
  std::string_view source;  // where the view is documented
  std::string_view schema;
  std::string_view view;
  std::span<const CatalogColumn> columns;
  std::string_view from;  // what follows FROM; the view has the alias s
};

// `available`: the columns of the view, in upper case.
[[nodiscard]] std::string render(const CatalogQuery& query, const std::set<std::string>& available);

// The columns of the server's own views and tables that this account may read.
class ViewColumns {
 public:
  // One round trip.
  static Result<ViewColumns> read(Session& session);
  // Empty where the view is not there or not to be read.
  [[nodiscard]] const std::set<std::string>& of(const CatalogQuery& query) const;
  [[nodiscard]] bool has(const CatalogQuery& query) const { return !of(query).empty(); }

 private:
  std::map<std::string, std::set<std::string>> columns_;  // by "SCHEMA.VIEW" in upper case
};

// Runs the query in the shape that fits the server; `where` follows it. Of a view that is not there or not to
// be read the error is the server's own: kNotFound or kPermissionDenied.
Result<Rows> run(Session& session, const ViewColumns& views, const CatalogQuery& query,
                 std::string_view where = "");

// "AND s.TABLE_SCHEMA = 'shop'" for the session's database, else all but the system's. `column` is of the
// view.
[[nodiscard]] std::string in_watched_schemas(const Session& session, std::string_view column);
[[nodiscard]] bool is_system_schema(std::string_view schema);

}  // namespace planwise::mysql

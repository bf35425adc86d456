// Catalogue queries as data: one column a row, each with the versions that have it.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "analyzer/model/engine.h"

namespace planwise::pg {

inline constexpr Version kAlways{0, 0, 0};
inline constexpr Version kStill{999, 0, 0};

// Two rows with the same name and touching version ranges are one column whose spelling changed.
struct CatalogColumn {
  std::string_view name;    // the name the reader asks for; the same in every version
  std::string_view sql;     // how this range of versions spells it
  Version since = kAlways;  // first version that has it
  Version before = kStill;  // first version that has it no more
};

// The gate is the version of whatever owns the view: the server, or the extension.
struct CatalogQuery {
  std::string_view name;    // of its golden files
  std::string_view source;  // where the view is documented
  std::span<const CatalogColumn> columns;
  std::string_view from;  // what follows FROM; "{schema}" stands for the extension's schema
};

// The SQL for one version, columns in table order; those without a spelling for `version` are NULL.
// `schema` is quoted already. With `available`, the columns that the view `s` really has (a fork, or an
// extension whose scripts and library differ), a spelling that names another one is NULL too.
[[nodiscard]] std::string render(const CatalogQuery& query, const Version& version,
                                 std::string_view schema = "public",
                                 const std::set<std::string>* available = nullptr);

}  // namespace planwise::pg

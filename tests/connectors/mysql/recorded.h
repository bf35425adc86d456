// The columns of a catalogue query, for rows that were recorded.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "connectors/mysql/catalog_query.h"
#include "tests/support/recorded_rows.h"

namespace planwise::mysql {

inline std::vector<std::string> names_of(const CatalogQuery& query) {
  std::vector<std::string> names;
  for (const CatalogColumn& column : query.columns) {
    if (std::ranges::find(names, column.name) == names.end()) {
      names.emplace_back(column.name);
    }
  }
  return names;
}

inline Rows recorded(const std::string& file, const CatalogQuery& query) {
  return test::recorded_rows("mysql/" + file + ".json", names_of(query));
}

}  // namespace planwise::mysql

// Foreign keys.
#pragma once

#include <vector>

#include "analyzer/base/result.h"
#include "connectors/mysql/catalog_query.h"
#include "connectors/mysql/tables.h"

namespace planwise::mysql {

[[nodiscard]] const CatalogQuery& key_columns_query() noexcept;
[[nodiscard]] const CatalogQuery& foreign_keys_query() noexcept;

// Marks the indexes they point at (Index::referenced). Two round trips.
Result<std::vector<ForeignKey>> read_foreign_keys(Session& session, const ViewColumns& views, Tables& tables);
[[nodiscard]] std::vector<ForeignKey> foreign_keys_of(const Rows& key_columns, const Rows& rules);

}  // namespace planwise::mysql

// Foreign keys, sequences and extended statistics objects of one database.
#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/schema.h"
#include "connectors/postgres/catalog_query.h"
#include "connectors/postgres/session.h"

namespace planwise::pg {

[[nodiscard]] const CatalogQuery& foreign_keys_query() noexcept;
[[nodiscard]] const CatalogQuery& sequences_query() noexcept;
[[nodiscard]] const CatalogQuery& statistics_objects_query() noexcept;

// Those of partitions that a partitioned table's key made are left out. By table, then name.
Result<std::vector<ForeignKey>> read_foreign_keys(Session& session);
struct SequenceList {
  std::vector<Sequence> sequences;
  std::vector<std::string> unreadable;  // qualified names of those whose last value the role may not see
};
// Sequence::owner is the column that owns it, or the one whose default calls it.
Result<SequenceList> read_sequences(Session& session);
Result<std::vector<StatisticsObject>> read_statistics_objects(Session& session);

}  // namespace planwise::pg

// The name of an index that is its own in the whole database, for findings and for the history of its use.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/model/engine.h"
#include "analyzer/model/schema.h"

namespace planwise {

// PostgreSQL's names of indexes are the schema's, MySQL's are the table's: there IndexName::index is
// "orders.idx_total".
[[nodiscard]] inline IndexName index_name_in(Engine engine, const TableName& table, std::string_view index) {
  return {table.schema,
          engine == Engine::kPostgres ? std::string(index) : table.table + "." + std::string(index)};
}

}  // namespace planwise

// Applies the statements that recommendations hand out to a described database.
//
// Reads CREATE and DROP INDEX, ALTER INDEX ... ATTACH PARTITION, REINDEX INDEX, ANALYZE, ALTER TABLE (ADD
// PRIMARY KEY, ADD CONSTRAINT, ADD COLUMN, ALTER COLUMN TYPE and SET NOT NULL), ALTER SEQUENCE ... AS, CREATE
// EXTENSION and settings. Anything else throws std::runtime_error: a statement nobody can apply must not pass
// for a cure.
#pragma once

#include <string_view>

#include "analyzer/model/snapshot.h"

namespace planwise::test {

void apply_sql(Snapshot& snapshot, std::string_view sql);

// The index a CREATE INDEX statement makes. A name without a schema is the table's.
[[nodiscard]] Index parse_create_index(std::string_view sql);

// A table of the snapshot that must be there; throws if it is not.
[[nodiscard]] Table& table_in(Snapshot& snapshot, const TableName& name);

}  // namespace planwise::test

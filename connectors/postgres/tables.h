// Tables, views and partitions of one database, with sizes and activity counters.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/schema.h"
#include "analyzer/model/snapshot.h"
#include "connectors/postgres/catalog_query.h"
#include "connectors/postgres/session.h"

namespace planwise::pg {

using Oid = std::int64_t;

// The tables as read, with what later queries need to hang columns and indexes on them.
struct TableList {
  std::vector<Table> tables;          // in the order of oids
  std::map<Oid, std::size_t> by_oid;  // positions in `tables`
  std::set<Oid> unreadable;           // no SELECT on any column: pg_stats shows nothing of them
  std::set<Oid> row_security;     // policies hide rows from this role: pg_stats shows nothing of them either
  std::vector<TableName> locked;  // left out: reading them would wait for an ACCESS EXCLUSIVE lock
};

[[nodiscard]] const CatalogQuery& tables_query() noexcept;
[[nodiscard]] const CatalogQuery& views_query() noexcept;

// Two attempts where a lock taken in between fails the first.
Result<TableList> read_tables(Session& session);
Result<std::vector<View>> read_views(Session& session);

// Adds what partitions hold to their parents: rows, size, pages, counters, the number of leaves. Rows of a
// parent are known only where those of every leaf are.
void add_up_partitions(std::vector<Table>& tables);

// "fillfactor=70" and its like, as a map.
[[nodiscard]] std::map<std::string, std::string> options_map(const std::vector<std::string>& options);

}  // namespace planwise::pg

// What keeping an index up to date costs the statements that write its table.
#pragma once

#include <map>
#include <string>

#include "analyzer/advise/candidates.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/sql/shape.h"

namespace planwise {

// Rows written to one table during the workload's window.
struct TableWrites {
  double inserted = 0;
  double updated = 0;
  double deleted = 0;
  double hot_share = 0;                     // of the updates that touched no index, 0..1
  std::map<std::string, double> by_column;  // rows whose update assigned the column
};

// Taken from the table counters, brought to the length of the workload's window, where they are there (a load
// that filled the table is not taken for its steady inserts); else, and for the columns that updates assign,
// from the statements' own counters (calls where rows are not counted).
[[nodiscard]] std::map<TableName, TableWrites> table_writes(
    const Snapshot& snapshot, const std::map<StatementId, StatementShape>& shapes);

// Index entries that the window's writes would add because the index exists: one for each insert, one for
// each update that is not HOT, and for HOT updates of its columns, which it ends, one in every index of the
// table. An inverted index adds one for each of a row's elements, each at a quarter of the work. Deletes add
// none; VACUUM's later work on them counts as half an entry. Source:
// https://www.postgresql.org/docs/current/storage-hot.html
[[nodiscard]] double entries_added(const Candidate& candidate, const Table& table, const TableWrites& writes);

// Share by which the table's writes get dearer: bytes of the added entries against bytes of the rows written
// and of the entries that existing indexes need for them. An entry has 8 bytes beside its columns
// (IndexTupleData), plus a line pointer of 4; a row 24 and 4
// (https://www.postgresql.org/docs/current/storage-page-layout.html). 0 without writes.
[[nodiscard]] double write_overhead(const Candidate& candidate, const Table& table,
                                    const TableWrites& writes);

}  // namespace planwise

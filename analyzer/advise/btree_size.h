// How large a B-tree index of PostgreSQL is right after CREATE INDEX.
//
// HypoPG's own estimate leaves deduplication out and is 3.4 to 3.9 times too large for columns of few values
// (measured); this one follows the build itself: tuples of equal keys merged into posting lists (13 and
// later), pages filled to the fill factor, levels of pivot tuples above. Frequencies of several key columns
// are taken to be independent. Source: nbtsort.c (_bt_buildadd, _bt_load), nbtdedup.c (_bt_dedup_save_htid),
// itup.h, PostgreSQL 13 to 18.
#pragma once

#include <span>
#include <vector>

#include "analyzer/base/units.h"
#include "analyzer/model/schema.h"

namespace planwise {

// One key or INCLUDE column of an index.
struct EntryColumn {
  ColumnStats stats;     // of the column, or of the values of the expression
  int fixed_width = 0;   // bytes of a type of fixed length; 0: of varying length, see `stats`
  int alignment = 1;     // bytes
  bool is_text = false;  // stats' values are stored as they are written, with a header of one or four bytes
  bool equal_is_same =
      true;  // equal values have equal bytes (no numeric, float, jsonb, array, interval, ...)
};

// What is known of a column's storage from its base type.
[[nodiscard]] EntryColumn entry_column(const Column& column);

struct BtreeShape {
  std::vector<EntryColumn> keys;
  std::vector<EntryColumn> include;
  double rows = 0;           // entries: the rows a partial index's predicate lets through
  int fill_factor = 90;      // percent
  bool deduplicates = true;  // false before 13 and with deduplicate_items = off
};

[[nodiscard]] Bytes btree_size(const BtreeShape& shape);

}  // namespace planwise

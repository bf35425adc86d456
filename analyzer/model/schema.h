// Tables, columns and indexes as the catalogue describes them, with the statistics the planner has.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/units.h"

namespace planwise {

// A qualified name, unquoted and case-exact. Quoting happens only in analyzer/sql/quote.h.
struct TableName {
  std::string schema;
  std::string table;
  auto operator<=>(const TableName&) const = default;
};

struct IndexName {
  std::string schema;
  std::string index;
  auto operator<=>(const IndexName&) const = default;
};

struct CommonValue {
  std::string value;  // in the type's text form
  double frequency = 0;
};

// From pg_stats (or the engine's histograms). Encodings are resolved by the connector.
struct ColumnStats {
  double null_fraction = 0;
  double distinct = 0;  // absolute count of distinct values, negative n_distinct resolved; 0 where unknown
  Bytes average_width;
  std::optional<double> correlation;       // -1..1, physical to logical order
  std::vector<CommonValue> common_values;  // most frequent first; empty in a snapshot file without values
  std::vector<std::string> histogram;      // bounds of equal-frequency buckets, without the common values
  double common_total = 0;                 // sum of the frequencies, kept where the values are not
  // Of arrays and tsvector: the share of the rows that hold each of the most common elements (highest first),
  // and how many different elements a row holds on average (arrays only).
  std::vector<double> element_frequencies;
  std::optional<double> elements_per_row;
};

struct Column {
  std::string name;
  std::string type;  // as the server spells it: "character varying(20)", "int(10) unsigned"
  std::string
      base_type;  // "varchar", "int4", "jsonb", "_int4": pg_type.typname, domains resolved; MySQL: DATA_TYPE
  int position = 0;
  bool not_null = false;
  bool is_identity = false;          // MySQL: AUTO_INCREMENT
  std::string collation;             // PostgreSQL: empty for the type's default. MySQL: of every text
  std::optional<ColumnStats> stats;  // nullopt: never analysed, or not readable
};

enum class IndexMethod : std::uint8_t {
  kBtree,
  kHash,
  kGin,
  kGist,
  kSpGist,
  kBrin,
  kFullText,
  kSpatial,
  kOther
};
[[nodiscard]] std::string_view to_string(IndexMethod method) noexcept;  // "btree", "hash", ...

struct IndexKey {
  std::string expression;  // a column's name, or an expression's text as the catalogue prints it
  bool is_expression = false;
  std::string opclass;    // empty for the type's default
  std::string collation;  // empty for the column's own
  bool descending = false;
  bool nulls_first = false;          // the default is `descending`, and MySQL has no other
  std::optional<int> prefix_length;  // MySQL: first N characters only
  auto operator<=>(const IndexKey&) const = default;
};

// What an index is. Existing, proposed and hypothetical indexes are all described by this one type.
struct IndexDef {
  TableName table;
  std::vector<IndexKey> keys;
  std::vector<std::string> include;  // payload columns, a set
  std::string predicate;             // partial-index condition, or empty
  IndexMethod method = IndexMethod::kBtree;
  bool unique = false;
  bool nulls_not_distinct = false;
  std::map<std::string, std::string> options;  // fillfactor, ...
  auto operator<=>(const IndexDef&) const = default;
};

enum class ConstraintKind : std::uint8_t { kNone, kPrimaryKey, kUnique, kExclusion };

struct Index {
  std::string name;  // in the table's schema
  IndexDef def;
  std::string definition;  // the CREATE INDEX statement as the server prints it
  Bytes size;
  // Since Schema::counters began; nullopt where not counted. MySQL counts rows reached through it, not scans.
  std::optional<std::int64_t> scans;
  std::optional<std::int64_t> rows_read;  // entries read by scans
  std::optional<std::int64_t> rows_fetched;
  std::optional<TimePoint> last_scan;  // PostgreSQL 16+
  bool valid = true;
  bool ready = true;
  bool being_built = false;  // a CREATE INDEX or REINDEX is at work on it
  bool visible = true;       // MySQL INVISIBLE, MariaDB IGNORED
  bool replica_identity = false;
  bool referenced = false;        // a foreign key of another table points at it
  bool expression_stats = false;  // ANALYZE keeps statistics on its expression
  ConstraintKind constraint = ConstraintKind::kNone;
  std::string parent_index;  // of a partition's index: the partitioned one; empty if none
  std::vector<double>
      distinct;  // values of the first 1, 2, ... keys, as far as the engine keeps them (MySQL)
};

enum class TableKind : std::uint8_t { kTable, kPartitioned, kMaterializedView, kForeign, kView };

struct TableCounters {
  std::optional<std::int64_t> sequential_scans;  // nullopt where only rows are counted
  std::int64_t sequential_rows_read = 0;
  std::optional<std::int64_t> index_scans;
  std::int64_t inserts = 0;
  std::int64_t updates = 0;
  std::int64_t hot_updates = 0;
  std::int64_t deletes = 0;
  std::int64_t live_rows = 0;
  std::int64_t dead_rows = 0;
  std::optional<std::int64_t> modified_since_analyze;  // nullopt where not counted
  std::optional<TimePoint> last_analyze;               // manual or automatic, the later
  std::optional<TimePoint> last_vacuum;
};

struct Table {
  TableName name;
  TableKind kind = TableKind::kTable;
  std::optional<Rows>
      rows;  // the planner's; nullopt where never analysed. Partitioned: sum of the partitions
  // Heap and TOAST, no indexes. Partitioned: sum of the partitions. InnoDB: the clustered index, which
  // PRIMARY is.
  Bytes size;
  std::int64_t pages = 0;
  std::int64_t all_visible_pages = 0;
  bool temporary = false;
  bool unlogged = false;
  char replica_identity = 'd';            // pg_class.relreplident: d default, n nothing, f full, i index
  std::optional<TableName> partition_of;  // nullopt for what is no partition
  std::string partition_key;              // "RANGE (created_at)"; empty where not partitioned
  std::vector<std::string> partition_columns;
  int partitions = 0;  // leaf partitions; on MySQL they are no tables, and the table is of kind kTable
  std::map<std::string, std::string> options;  // reloptions; MySQL: "engine", "row_format", "collation"
  std::optional<TableCounters> counters;       // nullopt where the engine does not count. Partitioned: sum
  std::vector<Column> columns;                 // by position
  std::vector<Index> indexes;                  // by name

  [[nodiscard]] const Column* find_column(std::string_view column) const;
  [[nodiscard]] const Index* find_index(std::string_view index) const;
};

struct ForeignKey {
  std::string name;
  TableName table;
  std::vector<std::string> columns;
  TableName parent;
  std::vector<std::string> parent_columns;
  char on_delete =
      'a';  // pg_constraint.confdeltype: a no action, r restrict, c cascade, n set null, d set default
  char on_update = 'a';
  bool validated = true;
};

struct Sequence {
  std::string schema;
  std::string name;
  std::string data_type;           // of the sequence
  std::optional<TableName> owner;  // the table whose column it feeds
  std::string owner_column;
  std::string owner_type;                  // base type of that column; empty if none
  std::optional<std::int64_t> last_value;  // nullopt: unused, or not readable
  std::int64_t increment = 1;
  std::int64_t max_value = 0;
  bool cycles = false;
};

// Extended statistics (CREATE STATISTICS).
struct StatisticsObject {
  std::string schema;
  std::string name;
  TableName table;
  std::vector<std::string> columns;
  std::string kinds;  // pg_statistic_ext.stxkind letters: d ndistinct, f dependencies, m mcv, e expressions
};

struct View {
  TableName name;
  std::string definition;  // the SELECT behind it
};

struct Schema {
  std::vector<Table> tables;  // sorted by name; system schemas left out
  std::vector<View> views;    // sorted by name
  std::vector<ForeignKey> foreign_keys;
  std::vector<Sequence> sequences;
  std::vector<StatisticsObject> statistics;
  std::vector<std::string> search_path;  // schemas, for names written without one
  std::optional<Window> counters;  // what table and index counters cover; nullopt if the engine does not say

  // Returns nullptr if there is no such table. The pointer lives as long as the Schema.
  [[nodiscard]] const Table* find(const TableName& name) const;
  // By a name as a statement writes it; an empty schema is looked up along search_path.
  [[nodiscard]] const Table* resolve(std::string_view schema, std::string_view table) const;
  // The partitioned table at the root of a partition; the table itself where it is no partition.
  [[nodiscard]] const Table& root_of(const Table& table) const;
};

}  // namespace planwise

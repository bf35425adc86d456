// A statement as the cost model plans it: blocks of units to join, with the share of rows that each of their
// conditions keeps.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/cost_model/selectivity.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/sql/shape.h"

namespace planwise::cost_model {

// A condition on one unit. Its key is the column's name or the expression's text, as an index key has it.
struct Clause {
  Predicate predicate;
  std::string key;
  double share = 1;         // of the unit's rows; of two bounds of one range the first has that of both
  double prefix_share = 1;  // LIKE: of the rows that begin with the pattern's prefix
  bool guessed = false;     // `share` rests on a default, not on statistics and a value
};

// An OR: of its branches, each a list of AND-ed clauses.
struct Alternative {
  std::vector<std::vector<Clause>> branches;
  double share = 1;
};

// An equality of a unit's key with a value from an outer block.
struct Binding {
  int unit = 0;
  std::string key;
  double share = 1;
};

// Keys that a join makes equal belong to one class (the planner's equivalence class).
struct Key {
  int key_class = -1;
  ValueStats values;
};

enum class UnitKind : std::uint8_t {
  kTable,
  kDerived,  // a sub-query in FROM or a CTE
  kSemi,     // EXISTS, IN
  kAnti,     // NOT EXISTS
};

using UnitSet = std::uint64_t;  // bits by position in Block::units

struct Unit {
  UnitKind kind = UnitKind::kTable;
  std::string alias;
  const Table* table = nullptr;  // of kTable
  int block = -1;                // that computes it; of other kinds
  bool nullable = false;         // by an outer join
  UnitSet needs = 0;             // units that must be joined before it
  double table_rows = 1;
  double rows = 1;  // that its conditions keep; of kDerived and semi-joins known once their block is planned
  double pages = 1;
  double width = 8;
  double visible_share = 0;  // of its pages that an index-only scan need not visit
  double partitions = 1;     // scanned
  std::vector<Clause> clauses;
  std::vector<Alternative> alternatives;
  std::set<std::string> shown;  // columns read by more than a comparison of `clauses`
  std::vector<std::string>
      joined;  // keys that are compared with other units', so never NULL in what they join
  bool all_columns = false;
  std::map<std::string, Key> keys;
};

struct SortKey {
  int key_class = -1;  // -1: of no unit's key
  bool descending = false;
  bool nulls_first = false;
  bool operator==(const SortKey&) const = default;
};

struct LooseJoin {
  UnitSet units = 0;
  double share = 1;
};

struct Block {
  SubqueryUse use = SubqueryUse::kTop;
  std::vector<Unit> units;       // the shape's relations in their order, then EXISTS and IN
  std::vector<bool> fixed;       // by class: one value in all rows
  std::vector<LooseJoin> loose;  // joins by something else than equality of keys
  std::vector<Binding> bindings;
  std::vector<SortKey> order;
  std::vector<SortKey> groups;                       // GROUP BY or DISTINCT
  std::vector<std::pair<int, double>> group_values;  // unit (-1: unknown) and distinct values of each
  double loose_share = 1;                            // of conditions on no single unit
  bool grouped = false;
  bool aggregates = false;
  bool windows = false;
  double having_share = 1;  // of the groups
  bool parallel = true;
  bool limited = false;
  std::optional<double> limit;                         // with OFFSET; nullopt: unknown
  std::optional<std::pair<int, std::string>> extreme;  // min() or max() of this unit's key is all it asks
  std::vector<int> once;                               // sub-queries run once
  std::vector<int> per_row;                            // sub-queries run for every row
  std::vector<int> parts;                              // of a UNION and its kin
};

struct Query {
  std::vector<Block> blocks;  // those of the shape
  double pages = 0;           // of all tables it reads
};

// `statement` tells how many rows LIMIT $1 lets through, `plan` (may be nullptr; the server's for the indexes
// that exist) corrects what conditions were estimated to keep. kUnsupported for what is not modelled:
// functions in FROM, views, foreign tables, recursion, tables without statistics.
[[nodiscard]] Result<Query> read_query(const Snapshot& snapshot, const StatementShape& shape,
                                       const Statement* statement, const Plan* plan);

// The row estimates of `plan` put in the place of the model's own. Internal to read_query().
void correct_rows(Query& query, const Plan& plan, const Schema& schema);

// Share of its rows that all conditions of a unit keep.
[[nodiscard]] double share_of_conditions(const Unit& unit);

}  // namespace planwise::cost_model

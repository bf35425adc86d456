// Look-ups that several rules share: which tables may be spoken of, names for people, how often a plan node
// runs.
//
// Pure functions of the snapshot. Pointers live as long as the Analysis.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rule.h"

namespace planwise::rules {

// RULES "words with a number".
inline constexpr double kTinyRows = 1000;
inline constexpr Bytes kTinySize{std::int64_t{1} << 20};
inline constexpr double kLargeRows = 10'000;
inline constexpr double kHotShare = 0.01;
inline constexpr double kRarelyPerHour = 1;

// ---- tables

// Neither temporary, foreign nor a view: something planwise may advise on.
[[nodiscard]] bool is_advisable(const Table& table);
// As is_advisable, and no partition: partitions speak through their parent.
[[nodiscard]] bool speaks_for_itself(const Table& table);
// The planner's estimate, else the counted live rows; nullopt where neither is known.
[[nodiscard]] std::optional<double> row_count(const Table& table);
// Under 1,000 rows and 1 MB. A table of unknown row count is tiny if it is small enough to hold nothing.
[[nodiscard]] bool is_tiny(const Table& table);
// At least 10,000 rows. False where the row count is unknown.
[[nodiscard]] bool is_large(const Table& table);
[[nodiscard]] std::vector<const Table*> partitions_of(const Schema& schema, const Table& table);

// ---- indexes

// Valid, ready and visible: the planner may read it.
[[nodiscard]] bool is_usable(const Index& index);
// A usable index already does all that `def` would do; of a partitioned table, one on every partition that
// can have any.
[[nodiscard]] bool is_served(const Schema& schema, const Table& table, const IndexDef& def);
// The columns are, as a set, the leading keys of a usable index without a predicate that would hide rows.
// `except` is looked past; nullptr for none. Source: RI checks compare all columns with =, so their order is
// free.
[[nodiscard]] bool leads_an_index(const Table& table, const std::vector<std::string>& columns,
                                  const Index* except);

// ---- engines

[[nodiscard]] bool is_postgres(const Analysis& analysis);
// Where a figure is from: the column or counter by its name on the snapshot's engine.
[[nodiscard]] std::string metric(const Analysis& analysis, std::string_view postgres, std::string_view mysql);

// ---- statements

[[nodiscard]] const StatementShape* shape_of(const Analysis& analysis, StatementId id);
// nullopt where the length of the window is unknown.
[[nodiscard]] std::optional<double> calls_per_hour(const Analysis& analysis, const Statement& statement);
[[nodiscard]] std::optional<Millis> time_per_hour(const Analysis& analysis, const Statement& statement);
[[nodiscard]] bool is_hot(const Analysis& analysis, const Statement& statement);
// The known table a column of the statement belongs to, partitions' parent for a partition; nullptr if
// unknown.
[[nodiscard]] const Table* table_of(const Analysis& analysis, const StatementShape& shape,
                                    const ColumnUse& use);
[[nodiscard]] const Column* column_of(const Analysis& analysis, const StatementShape& shape,
                                      const ColumnUse& use);
// Every known table the statement names, partitions' parents for partitions, sub-queries included; each once.
[[nodiscard]] std::vector<const Table*> tables_read(const Analysis& analysis, const StatementShape& shape);
// A comparison of a known table's column with a value.
struct PredicateUse {
  const QueryBlock* block = nullptr;
  const Predicate* predicate = nullptr;
  const Table* table = nullptr;    // partitions' parent for a partition
  const Column* column = nullptr;  // the (first) column; nullptr where the catalogue has none of that name
};
[[nodiscard]] std::vector<PredicateUse> predicates_of(const Analysis& analysis, const StatementShape& shape);
// A finding about the statement with subject, severity by load, object and load evidence filled in.
[[nodiscard]] Finding statement_finding(const Analysis& analysis, const Statement& statement);
// The best proposal of the advisor that speeds up the statement by an index on the table; nullptr if there is
// none.
[[nodiscard]] const IndexProposal* proposal_for(const Analysis& analysis, StatementId id,
                                                const TableName& table);
// True if the advisor looked at the statement and found no index worth building.
[[nodiscard]] bool advisor_declined(const Analysis& analysis, StatementId id);

// ---- plans

// A node that reads a table, with what stands above it.
struct TableScan {
  const PlanNode* node = nullptr;
  const Table* table = nullptr;  // as read: a partition where it is one
  const Table* root = nullptr;   // the partitioned table, else the same
  double loops = 1;              // per call: counted where the plan was run, else estimated
  double rows_read = 0;          // per call, all loops; before the filter
  double rows_kept = 0;          // per call, all loops; after the filter
  bool stops_early = false;      // under a LIMIT that ends the scan before its end
};

// Scans of known tables, in the order of the plan. `shape` (may be nullptr) ties aliases to tables.
[[nodiscard]] std::vector<TableScan> scans_of(const Plan& plan, const Schema& schema,
                                              const StatementShape* shape);
// The scans of the table among them that read it from end to end.
[[nodiscard]] std::vector<TableScan> full_scans_of(const std::vector<TableScan>& scans, const Table& table);
// How often a node runs per call: counted where the plan was run, else estimated from the nested loops above
// it.
[[nodiscard]] double loops_of(const PlanNode& node, const std::vector<const PlanNode*>& ancestors);
// By how much an estimate below a Gather must be multiplied to be that of all workers together; 1 elsewhere.
// Source: get_parallel_divisor() in PostgreSQL's costsize.c.
[[nodiscard]] double parallel_divisor(const std::vector<const PlanNode*>& ancestors);
// True if a LIMIT above may end the node before it has handed on all its rows.
[[nodiscard]] bool stops_early(const PlanNode& node, const std::vector<const PlanNode*>& ancestors);
// True if the expression names the word as a whole identifier.
[[nodiscard]] bool mentions(std::string_view expression, std::string_view word);

// ---- objects and evidence

[[nodiscard]] std::string name_of(const Analysis& analysis, const TableName& name);
[[nodiscard]] std::string name_of(const Analysis& analysis, const IndexName& name);
// By which findings and the history know an index of the table.
[[nodiscard]] IndexName index_name_of(const Analysis& analysis, const Table& table, std::string_view index);
[[nodiscard]] ObjectRef object_of(const Analysis& analysis, const TableName& name);
[[nodiscard]] ObjectRef object_of(const Analysis& analysis, const IndexName& name);
[[nodiscard]] ObjectRef object_of(const Analysis& analysis, const TableName& table, std::string_view column);
[[nodiscard]] ObjectRef object_of(StatementId id);
[[nodiscard]] std::string column_list(const Analysis& analysis, const std::vector<std::string>& columns);
// "42.0 % of the measured time", as evidence.
[[nodiscard]] Evidence load_evidence(const Analysis& analysis, const Statement& statement);
// What an index takes on disk: `words` and the size.
[[nodiscard]] Evidence size_evidence(const Analysis& analysis, std::string_view words, Bytes size);
// The writes that had to maintain every index of the table; nothing where they are not counted.
void add_upkeep_evidence(const Analysis& analysis, const Table& table, std::vector<Evidence>& out);
// "warning" for a statement with at least 1 % of the load, else "info".
[[nodiscard]] Severity severity_by_load(const Analysis& analysis, const Statement& statement);

}  // namespace planwise::rules

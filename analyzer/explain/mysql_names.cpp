#include "analyzer/explain/mysql_names.h"

#include <algorithm>
#include <array>

namespace planwise::explain {
namespace {

struct AccessType {
  std::string_view name;
  NodeKind kind = NodeKind::kOther;
};

// Sources: join_type_str in MySQL's opt_explain.cc and in MariaDB's sql_select.cc; sorted by name. The hash_
// types are MariaDB's, of a table that is read into a hash join.
constexpr std::array kAccessTypes{
    AccessType{"ALL", NodeKind::kFullScan},
    AccessType{"const", NodeKind::kIndexScan},
    AccessType{"eq_ref", NodeKind::kIndexScan},
    AccessType{"fulltext", NodeKind::kIndexScan},
    AccessType{"hash", NodeKind::kFullScan},
    AccessType{"hash_ALL", NodeKind::kFullScan},
    AccessType{"hash_index", NodeKind::kFullIndexScan},
    AccessType{"hash_index_merge", NodeKind::kBitmapScan},
    AccessType{"hash_range", NodeKind::kIndexScan},
    AccessType{"index", NodeKind::kFullIndexScan},
    AccessType{"index_merge", NodeKind::kBitmapScan},
    AccessType{"index_subquery", NodeKind::kIndexScan},
    AccessType{"range", NodeKind::kIndexScan},
    AccessType{"ref", NodeKind::kIndexScan},
    AccessType{"ref_or_null", NodeKind::kIndexScan},
    AccessType{"system", NodeKind::kIndexScan},
    AccessType{"unique_subquery", NodeKind::kIndexScan},
};
static_assert(std::ranges::is_sorted(kAccessTypes, {}, &AccessType::name));

// Source: SetObjectMembers() in MySQL's explain_access_path.cc, releases 8.3 to 9.7; sorted by name.
constexpr std::array kPaths{
    PathName{"aggregate", NodeKind::kAggregate, "Aggregate"},
    PathName{"alternative_plans_for_in_subquery", NodeKind::kOther, "Alternative plans for IN subquery"},
    PathName{"append", NodeKind::kUnion, "Append"},
    PathName{"constant_row", NodeKind::kIndexScan, "Constant row"},
    PathName{"count_rows", NodeKind::kFullIndexScan, "Count rows"},
    PathName{"delete_rows", NodeKind::kWrite, "Delete"},
    PathName{"filter", NodeKind::kResult, "Filter"},
    PathName{"index_merge", NodeKind::kBitmapScan, "Sort-deduplicate by row ID"},
    PathName{"insert_values", NodeKind::kWrite, "Insert"},
    PathName{"invalidate_materialized_tables", NodeKind::kOther, "Invalidate materialized tables"},
    PathName{"join", NodeKind::kJoin, "Join"},
    PathName{"limit", NodeKind::kLimit, "Limit"},
    PathName{"materialize", NodeKind::kMaterialize, "Materialize"},
    PathName{"materialize_information_schema", NodeKind::kMaterialize, "Fill information schema table"},
    PathName{"materialized_table_function", NodeKind::kMaterialize, "Materialize table function"},
    PathName{"remove_duplicates_from_groups", NodeKind::kAggregate, "Remove duplicates from groups"},
    PathName{"remove_duplicates_on_index", NodeKind::kAggregate, "Remove duplicates on index"},
    PathName{"replace_values", NodeKind::kWrite, "Replace"},
    PathName{"rowid_intersection", NodeKind::kBitmapScan, "Intersect rows sorted by row ID"},
    PathName{"rowid_union", NodeKind::kBitmapScan, "Deduplicate rows sorted by row ID"},
    PathName{"rows_fetched_before_execution", NodeKind::kResult, "Rows fetched before execution"},
    PathName{"sample_scan", NodeKind::kOther, "Sample scan"},  // a share of the table, on purpose
    PathName{"scan_new_records", NodeKind::kSubquery, "Scan new records"},
    PathName{"sort", NodeKind::kSort, "Sort"},
    PathName{"stream", NodeKind::kResult, "Stream results"},
    PathName{"table", NodeKind::kFullScan, "Table scan"},
    PathName{"temp_table_aggregate", NodeKind::kAggregate, "Aggregate using temporary table"},
    PathName{"update_rows", NodeKind::kWrite, "Update"},
    PathName{"weedout", NodeKind::kAggregate, "Remove duplicate rows using temporary table (weedout)"},
    PathName{"window", NodeKind::kWindow, "Window aggregate"},
    PathName{"zero_rows", NodeKind::kResult, "Zero rows"},
    PathName{"zero_rows_aggregated", NodeKind::kResult, "Zero input rows, aggregated into one output row"},
};
static_assert(std::ranges::is_sorted(kPaths, {}, &PathName::name));

constexpr std::array kIndexAccess{
    PathName{"dynamic_index_range_scan", NodeKind::kIndexScan,
             "Index range scan (re-planned for each iteration)"},
    PathName{"full_text_search", NodeKind::kIndexScan, "Full-text index search"},
    PathName{"group_index_skip_scan", NodeKind::kIndexScan, "Index skip scan for grouping"},
    PathName{"index_distance_scan", NodeKind::kIndexScan, "Index distance scan"},
    PathName{"index_lookup", NodeKind::kIndexScan, "Index lookup"},
    PathName{"index_range_scan", NodeKind::kIndexScan, "Index range scan"},
    PathName{"index_scan", NodeKind::kFullIndexScan, "Index scan"},
    PathName{"index_skip_scan", NodeKind::kIndexScan, "Index skip scan"},
    PathName{"multi_range_read", NodeKind::kIndexScan, "Multi-range index lookup"},
    PathName{"pushed_join_ref", NodeKind::kIndexScan, "Index lookup in a pushed join"},
};
static_assert(std::ranges::is_sorted(kIndexAccess, {}, &PathName::name));

template <class Table>
auto find_in(const Table& table, std::string_view name) noexcept -> const typename Table::value_type* {
  const auto at = std::ranges::lower_bound(table, name, {}, &Table::value_type::name);
  return at != table.end() && at->name == name ? &*at : nullptr;
}

}  // namespace

std::optional<NodeKind> find_access_type(std::string_view name) noexcept {
  const AccessType* const found = find_in(kAccessTypes, name);
  return found == nullptr ? std::nullopt : std::optional(found->kind);
}

const PathName* find_access_path(std::string_view name) noexcept {
  return find_in(kPaths, name);
}

const PathName* find_index_access(std::string_view name) noexcept {
  return find_in(kIndexAccess, name);
}

}  // namespace planwise::explain

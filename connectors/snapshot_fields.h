// The fields of a snapshot file, once for both directions: an archive writes or reads each by its name.
#pragma once

#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>

#include "analyzer/model/snapshot.h"

namespace planwise {

template <class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

// Enumerations stand as their words. The last value tells the reader how many there are.
template <class E>
inline constexpr E kLast{};
template <>
inline constexpr Engine kLast<Engine> = Engine::kMariaDb;
template <>
inline constexpr WindowKind kLast<WindowKind> = WindowKind::kWorkloadFiles;
template <>
inline constexpr IndexMethod kLast<IndexMethod> = IndexMethod::kOther;
template <>
inline constexpr NodeKind kLast<NodeKind> = NodeKind::kOther;
template <>
inline constexpr JoinMethod kLast<JoinMethod> = JoinMethod::kMerge;
template <>
inline constexpr PlanSource kLast<PlanSource> = PlanSource::kRecorded;
template <>
inline constexpr TableKind kLast<TableKind> = TableKind::kView;
template <>
inline constexpr ConstraintKind kLast<ConstraintKind> = ConstraintKind::kExclusion;

[[nodiscard]] constexpr std::string_view to_string(TableKind kind) noexcept {
  constexpr std::array<std::string_view, 5> kWords{"table", "partitioned", "materialized-view", "foreign",
                                                   "view"};
  return kWords.at(static_cast<std::size_t>(kind));
}
[[nodiscard]] constexpr std::string_view to_string(ConstraintKind kind) noexcept {
  constexpr std::array<std::string_view, 4> kWords{"none", "primary-key", "unique", "exclusion"};
  return kWords.at(static_cast<std::size_t>(kind));
}

template <class A, Is<Version> T>
void fields(A& a, T& v) {
  a("major", v.major);
  a("minor", v.minor);
  a("patch", v.patch);
}
template <class A, Is<ServerInfo> T>
void fields(A& a, T& v) {
  a("engine", v.engine);
  a("version", v.version);
  a("version_text", v.version_text);
  a("database", v.database);
  a("system_identifier", v.system_identifier);
  a("is_replica", v.is_replica);
  a("started_at", v.started_at);
  a("extensions", v.extensions);
  a("extension_schemas", v.extension_schemas);
}
template <class A, Is<Window> T>
void fields(A& a, T& v) {
  a("from", v.from);
  a("to", v.to);
}
template <class A, Is<StatementStats> T>
void fields(A& a, T& v) {
  a("calls", v.calls);
  a("total_time_ms", v.total_time);
  a("min_time_ms", v.min_time);
  a("max_time_ms", v.max_time);
  a("stddev_time_ms", v.stddev_time);
  a("p95_time_ms", v.p95_time);
  a("p99_time_ms", v.p99_time);
  a("percentiles_measured", v.percentiles_measured);
  a("planning_time_ms", v.planning_time);
  a("rows", v.rows);
  a("blocks_hit", v.blocks_hit);
  a("blocks_read", v.blocks_read);
  a("blocks_dirtied", v.blocks_dirtied);
  a("temp_blocks_read", v.temp_blocks_read);
  a("temp_blocks_written", v.temp_blocks_written);
  a("io_time_ms", v.io_time);
  a("wal_bytes", v.wal);
  a("jit_time_ms", v.jit_time);
  a("rows_examined", v.rows_examined);
  a("full_scans", v.full_scans);
  a("full_joins", v.full_joins);
  a("no_index_used", v.no_index_used);
  a("temp_tables", v.temp_tables);
  a("temp_disk_tables", v.temp_disk_tables);
  a("sort_merge_passes", v.sort_merge_passes);
  a("sorted_rows", v.sorted_rows);
  a("errors", v.errors);
  a("lock_time_ms", v.lock_time);
}
template <class A, Is<Statement> T>
void fields(A& a, T& v) {
  a("id", v.id);
  a("query", v.query);
  a("engine_ids", v.engine_ids);
  a("user", v.user);
  a("schema", v.schema);
  a("top_level", v.top_level);
  a("stats", v.stats);
  a("entries", v.entries);
}
template <class A, Is<Workload> T>
void fields(A& a, T& v) {
  a("window", v.window);
  a("kind", v.kind);
  a("statements", v.statements);
  a("total_time_ms", v.total_time);
  a("total_calls", v.total_calls);
  a("total_statements", v.total_statements);
}
template <class A, Is<TableName> T>
void fields(A& a, T& v) {
  a("schema", v.schema);
  a("table", v.table);
}
template <class A, Is<CommonValue> T>
void fields(A& a, T& v) {
  a("value", v.value);
  a("frequency", v.frequency);
}
template <class A, Is<ColumnStats> T>
void fields(A& a, T& v) {
  a("null_fraction", v.null_fraction);
  a("distinct", v.distinct);
  a("average_width", v.average_width);
  a("correlation", v.correlation);
  a.values("common_values", v.common_values);
  a.values("histogram", v.histogram);
  a("common_total", v.common_total);
  a("element_frequencies", v.element_frequencies);
  a("elements_per_row", v.elements_per_row);
}
template <class A, Is<Column> T>
void fields(A& a, T& v) {
  a("name", v.name);
  a("type", v.type);
  a("base_type", v.base_type);
  a("position", v.position);
  a("not_null", v.not_null);
  a("is_identity", v.is_identity);
  a("collation", v.collation);
  a("stats", v.stats);
}
template <class A, Is<IndexKey> T>
void fields(A& a, T& v) {
  a("expression", v.expression);
  a("is_expression", v.is_expression);
  a("opclass", v.opclass);
  a("collation", v.collation);
  a("descending", v.descending);
  a("nulls_first", v.nulls_first);
  a("prefix_length", v.prefix_length);
}
template <class A, Is<IndexDef> T>
void fields(A& a, T& v) {
  a("table", v.table);
  a("keys", v.keys);
  a("include", v.include);
  a("predicate", v.predicate);
  a("method", v.method);
  a("unique", v.unique);
  a("nulls_not_distinct", v.nulls_not_distinct);
  a("options", v.options);
}
template <class A, Is<Index> T>
void fields(A& a, T& v) {
  a("name", v.name);
  a("def", v.def);
  a("definition", v.definition);
  a("size", v.size);
  a("scans", v.scans);
  a("rows_read", v.rows_read);
  a("rows_fetched", v.rows_fetched);
  a("last_scan", v.last_scan);
  a("valid", v.valid);
  a("ready", v.ready);
  a("being_built", v.being_built);
  a("visible", v.visible);
  a("replica_identity", v.replica_identity);
  a("referenced", v.referenced);
  a("expression_stats", v.expression_stats);
  a("constraint", v.constraint);
  a("parent_index", v.parent_index);
  a("distinct", v.distinct);
}
template <class A, Is<TableCounters> T>
void fields(A& a, T& v) {
  a("sequential_scans", v.sequential_scans);
  a("sequential_rows_read", v.sequential_rows_read);
  a("index_scans", v.index_scans);
  a("inserts", v.inserts);
  a("updates", v.updates);
  a("hot_updates", v.hot_updates);
  a("deletes", v.deletes);
  a("live_rows", v.live_rows);
  a("dead_rows", v.dead_rows);
  a("modified_since_analyze", v.modified_since_analyze);
  a("last_analyze", v.last_analyze);
  a("last_vacuum", v.last_vacuum);
}
template <class A, Is<Table> T>
void fields(A& a, T& v) {
  a("name", v.name);
  a("kind", v.kind);
  a("rows", v.rows);
  a("size", v.size);
  a("pages", v.pages);
  a("all_visible_pages", v.all_visible_pages);
  a("temporary", v.temporary);
  a("unlogged", v.unlogged);
  a("replica_identity", v.replica_identity);
  a("partition_of", v.partition_of);
  a("partition_key", v.partition_key);
  a("partition_columns", v.partition_columns);
  a("partitions", v.partitions);
  a("options", v.options);
  a("counters", v.counters);
  a("columns", v.columns);
  a("indexes", v.indexes);
}
template <class A, Is<ForeignKey> T>
void fields(A& a, T& v) {
  a("name", v.name);
  a("table", v.table);
  a("columns", v.columns);
  a("parent", v.parent);
  a("parent_columns", v.parent_columns);
  a("on_delete", v.on_delete);
  a("on_update", v.on_update);
  a("validated", v.validated);
}
template <class A, Is<Sequence> T>
void fields(A& a, T& v) {
  a("schema", v.schema);
  a("name", v.name);
  a("data_type", v.data_type);
  a("owner", v.owner);
  a("owner_column", v.owner_column);
  a("owner_type", v.owner_type);
  a("last_value", v.last_value);
  a("increment", v.increment);
  a("max_value", v.max_value);
  a("cycles", v.cycles);
}
template <class A, Is<StatisticsObject> T>
void fields(A& a, T& v) {
  a("schema", v.schema);
  a("name", v.name);
  a("table", v.table);
  a("columns", v.columns);
  a("kinds", v.kinds);
}
template <class A, Is<View> T>
void fields(A& a, T& v) {
  a("name", v.name);
  a("definition", v.definition);
}
template <class A, Is<Schema> T>
void fields(A& a, T& v) {
  a("tables", v.tables);
  a("views", v.views);
  a("foreign_keys", v.foreign_keys);
  a("sequences", v.sequences);
  a("statistics", v.statistics);
  a("search_path", v.search_path);
  a("counters", v.counters);
}
template <class A, Is<ActualRun> T>
void fields(A& a, T& v) {
  a("rows", v.rows);
  a("loops", v.loops);
  a("time_ms", v.time);
  a("rows_removed_by_filter", v.rows_removed_by_filter);
  a("rows_removed_by_join_filter", v.rows_removed_by_join_filter);
  a("rows_removed_by_recheck", v.rows_removed_by_recheck);
  a("heap_fetches", v.heap_fetches);
  a("exact_heap_blocks", v.exact_heap_blocks);
  a("lossy_heap_blocks", v.lossy_heap_blocks);
  a("blocks_hit", v.blocks_hit);
  a("blocks_read", v.blocks_read);
  a("temp_blocks_read", v.temp_blocks_read);
  a("temp_blocks_written", v.temp_blocks_written);
  a("disk_used", v.disk_used);
  a("hash_batches", v.hash_batches);
  a("sort_passes", v.sort_passes);
}
template <class A, Is<PlanNode> T>
void fields(A& a, T& v) {
  a("kind", v.kind);
  a("label", v.label);
  a("relationship", v.relationship);
  a("subplan", v.subplan);
  a("schema", v.schema);
  a("table", v.table);
  a("alias", v.alias);
  a("index", v.index);
  a("index_columns", v.index_columns);
  a("covering", v.covering);
  a("join", v.join);
  a("join_type", v.join_type);
  a.expression("filter", v.filter);
  a.expression("index_condition", v.index_condition);
  a.expression("recheck_condition", v.recheck_condition);
  a.expression("join_condition", v.join_condition);
  a.expression("join_filter", v.join_filter);
  a("sort_keys", v.sort_keys);
  a("presorted_keys", v.presorted_keys);
  a("group_keys", v.group_keys);
  a("rows", v.rows);
  a("rows_read", v.rows_read);
  a("startup_cost", v.startup_cost);
  a("cost", v.cost);
  a("width", v.width);
  a("workers", v.workers);
  a("disabled", v.disabled);
  a("actual", v.actual);
  a("children", v.children);
}
template <class A, Is<Plan> T>
void fields(A& a, T& v) {
  a("root", v.root);
  a("source", v.source);
  a("planning_time_ms", v.planning_time);
  a("execution_time_ms", v.execution_time);
  a("jit_time_ms", v.jit_time);
  a("unknown_nodes", v.unknown_nodes);
}
template <class A, Is<StatementPlan> T>
void fields(A& a, T& v) {
  a("plan", v.plan);
  a("worst", v.worst);
  a("error", v.error);
}
template <class A, Is<Setting> T>
void fields(A& a, T& v) {
  a("value", v.value);
  a("unit", v.unit);
  a("source", v.source);
}
template <class A, Is<Session> T>
void fields(A& a, T& v) {
  a("pid", v.pid);
  a("user", v.user);
  a("application", v.application);
  a("state", v.state);
  a("state_age_ms", v.state_age);
  a("transaction_age_ms", v.transaction_age);
  a("wait_event_type", v.wait_event_type);
  a("wait_event", v.wait_event);
  a("statement", v.statement);
  a("blocked_by", v.blocked_by);
}
template <class A, Is<DatabaseCounters> T>
void fields(A& a, T& v) {
  a("blocks_hit", v.blocks_hit);
  a("blocks_read", v.blocks_read);
  a("temp_files", v.temp_files);
  a("temp_bytes", v.temp_bytes);
  a("deadlocks", v.deadlocks);
  a("commits", v.commits);
  a("rollbacks", v.rollbacks);
}
template <class A, Is<Gap> T>
void fields(A& a, T& v) {
  a("what", v.what);
  a("why", v.why);
  a("remedy", v.remedy);
  a("remedy_sql", v.remedy_sql);
  a("rule", v.rule);
  a("statement", v.statement);
}
// History is of the store, not of the source: a file has none.
template <class A, Is<Snapshot> T>
void fields(A& a, T& v) {
  a("server", v.server);
  a("taken_at", v.taken_at);
  a("workload", v.workload);
  a("database_schema", v.schema);
  a("plans", v.plans);
  a("settings", v.settings);
  a("status", v.status);
  a("sessions", v.sessions);
  a("database", v.database);
  a("gaps", v.gaps);
}

}  // namespace planwise

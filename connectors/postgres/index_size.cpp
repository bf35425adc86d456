#include "connectors/postgres/index_size.h"

#include <algorithm>
#include <string>

#include "analyzer/advise/btree_size.h"
#include "analyzer/advise/index_entries.h"
#include "analyzer/explain/explain.h"
#include "analyzer/sql/quote.h"
#include "connectors/postgres/explain.h"
#include "connectors/postgres/gates.h"
#include "connectors/postgres/session.h"

namespace planwise::pg {
namespace {

Result<Plan> explained(Session& session, const Snapshot& snapshot, std::string sql) {
  PlannableStatement statement;
  statement.sql = std::move(sql);
  for (const std::string& schema : snapshot.schema.search_path) {
    statement.search_path += (statement.search_path.empty() ? "" : ", ") + quoted(schema, Engine::kPostgres);
  }
  Explainer explainer(session, {});
  PLANWISE_TRY(const std::string json, explainer.explain(statement));
  return read_postgres_plan(json);
}

// The expression's values by the planner's own estimate: how many differ, and how wide they are.
Result<EntryColumn> expression_column(Session& session, const Snapshot& snapshot, const IndexDef& index,
                                      const std::string& expression) {
  PLANWISE_TRY(const Plan plan, explained(session, snapshot,
                                          "SELECT DISTINCT (" + expression + ") FROM " +
                                              quoted(index.table, Engine::kPostgres)));
  EntryColumn entry;
  entry.stats.distinct = plan.root.rows.count;
  entry.stats.average_width = plan.root.width.value_or(Bytes{32});
  const std::int64_t width = entry.stats.average_width.count;
  const bool is_fixed = width == 1 || width == 2 || width == 4 || width == 8;
  entry.fixed_width = is_fixed ? static_cast<int>(width) : 0;
  entry.alignment = is_fixed ? static_cast<int>(width) : 1;
  return entry;
}

Result<EntryColumn> key_column(Session& session, const Snapshot& snapshot, const Table& table,
                               const IndexDef& index, const IndexKey& key) {
  if (auto entry = key_entry(table, key)) {
    return *std::move(entry);
  }
  if (!key.is_expression) {
    return Error{ErrorCode::kNotFound, "the table has no such column"};
  }
  return expression_column(session, snapshot, index, key.expression);
}

}  // namespace

Result<Bytes> btree_index_size(Session& session, const Snapshot& snapshot, const IndexDef& index) {
  const Table* table = snapshot.schema.find(index.table);
  if (table == nullptr) {
    return Error{ErrorCode::kNotFound, "the snapshot has no such table"};
  }
  BtreeShape shape;
  shape.rows = table->rows.value_or(planwise::Rows{0}).count;
  shape.fill_factor = fill_factor(index);
  const auto deduplicate = index.options.find("deduplicate_items");
  shape.deduplicates =
      session.has(kDeduplication) && (deduplicate == index.options.end() || deduplicate->second != "off");
  for (const IndexKey& key : index.keys) {
    PLANWISE_TRY(EntryColumn column, key_column(session, snapshot, *table, index, key));
    shape.keys.push_back(std::move(column));
  }
  for (const std::string& name : index.include) {
    const Column* column = table->find_column(name);
    if (column == nullptr) {
      return Error{ErrorCode::kNotFound, "the table has no such column"};
    }
    shape.include.push_back(entry_column(*column));
  }
  if (!index.predicate.empty()) {
    PLANWISE_TRY(const Plan plan, explained(session, snapshot,
                                            "SELECT 1 FROM " + quoted(index.table, Engine::kPostgres) +
                                                " WHERE " + index.predicate));
    shape.rows = std::min(shape.rows, plan.root.rows.count);
  }
  return btree_size(shape);
}

}  // namespace planwise::pg

#include "analyzer/cost_model/cost_model.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "analyzer/advise/btree_size.h"
#include "analyzer/cost_model/planner.h"

namespace planwise {
namespace {

using cost_model::IndexInfo;
using cost_model::Path;
using cost_model::Planner;
using cost_model::Query;

using IndexesByTable = std::map<TableName, std::vector<IndexInfo>>;

}  // namespace

struct CostModelWhatIf::Known {
  Query query;
  std::string error;
  double scale = 1;  // the server's cost for the indexes that exist, to the model's
};

CostModelWhatIf::CostModelWhatIf(const Snapshot& snapshot,
                                 const std::map<StatementId, StatementShape>& shapes)
    : snapshot_(snapshot), shapes_(shapes), settings_(cost_model::cost_settings(snapshot)) {}

CostModelWhatIf::~CostModelWhatIf() = default;

bool CostModelWhatIf::is_possible(const Snapshot& snapshot) {
  return snapshot.server.engine == Engine::kPostgres &&
         std::ranges::any_of(snapshot.schema.tables, [](const Table& table) {
           return table.rows && std::ranges::any_of(table.columns, [](const Column& column) {
                    return column.stats.has_value();
                  });
         });
}

const std::vector<IndexInfo>& CostModelWhatIf::existing(const Table& table) {
  const auto [entry, added] = existing_.try_emplace(table.name);
  for (std::size_t i = 0; added && i < table.indexes.size(); ++i) {
    if (auto info = cost_model::existing_index(table.indexes[i], table, snapshot_)) {
      entry->second.push_back(*std::move(info));
    }
  }
  return entry->second;
}

const IndexInfo* CostModelWhatIf::proposed(const IndexDef& def) {
  const auto [entry, added] = proposed_.try_emplace(def);
  const Table* table = added ? snapshot_.schema.find(def.table) : nullptr;
  if (table != nullptr) {
    entry->second = cost_model::proposed_index(def, *table, snapshot_);
  }
  return entry->second ? &*entry->second : nullptr;
}

CostModelWhatIf::Known& CostModelWhatIf::known(StatementId id) {
  std::unique_ptr<Known>& entry = known_[id];
  if (entry) {
    return *entry;
  }
  entry = std::make_unique<Known>();
  const auto shape = shapes_.find(id);
  if (shape == shapes_.end()) {
    entry->error = "the statement is not in the snapshot";
    return *entry;
  }
  const Plan* plan = snapshot_.plan_of(id);
  auto query = cost_model::read_query(snapshot_, shape->second, snapshot_.workload.find(id), plan);
  if (!query) {
    entry->error = query.error().message;
    return *entry;
  }
  entry->query = *std::move(query);
  Planner planner(
      entry->query, [&](const Table& table) { return std::span(existing(table)); }, settings_);
  const double cost = planner.plan().total;
  if (!std::isfinite(cost)) {
    entry->error = "the cost model found no order to join its tables in";
  } else if (plan != nullptr && plan->root.cost && plan->root.cost->units > 0 && cost > 0) {
    entry->scale = plan->root.cost->units / cost;
  }
  return *entry;
}

Result<std::vector<StatementCost>> CostModelWhatIf::costs(std::span<const StatementId> statements,
                                                          const IndexSet& indexes, bool with_plans) {
  IndexesByTable by_table;
  for (std::size_t i = 0; i < indexes.added.size(); ++i) {
    const IndexInfo* info = proposed(indexes.added[i]);
    if (info == nullptr) {
      continue;
    }
    const auto [entry, added] = by_table.try_emplace(info->def.table);
    if (const Table* table = added ? snapshot_.schema.find(info->def.table) : nullptr) {
      entry->second = existing(*table);
    }
    entry->second.push_back(*info);
    entry->second.back().position = i;
    entry->second.back().name = "proposed " + std::to_string(i);
  }
  for (const IndexName& removed : indexes.removed) {
    for (const Table& table : snapshot_.schema.tables) {
      if (table.name.schema != removed.schema || table.find_index(removed.index) == nullptr) {
        continue;
      }
      const auto [entry, added] = by_table.try_emplace(table.name);
      if (added) {
        entry->second = existing(table);
      }
      std::erase_if(entry->second, [&](const IndexInfo& info) { return info.name == removed.index; });
    }
  }
  std::vector<StatementCost> answers;
  for (const StatementId id : statements) {
    StatementCost& answer = answers.emplace_back();
    const Known& statement = known(id);
    answer.error = statement.error;
    if (!answer.error.empty()) {
      continue;
    }
    Planner planner(
        statement.query,
        [&](const Table& table) {
          const auto found = by_table.find(table.name);
          return std::span<const IndexInfo>(found == by_table.end() ? existing(table) : found->second);
        },
        settings_);
    const Path& best = planner.plan();
    answer.cost = PlanCost{best.total * statement.scale};
    std::set<std::size_t> used;
    std::set<std::string> used_existing;
    collect_indexes(best, used, used_existing);
    answer.used.assign(used.begin(), used.end());
    answer.used_existing.assign(used_existing.begin(), used_existing.end());
    if (with_plans) {
      for (const std::size_t position : used) {
        answer.names.emplace("proposed " + std::to_string(position), position);
      }
      answer.plan = Plan{.root = plan_node(best, statement.scale), .source = PlanSource::kStatistics};
    }
  }
  return answers;
}

Result<Bytes> CostModelWhatIf::size(const IndexDef& index) {
  const Table* table = snapshot_.schema.find(index.table);
  if (table == nullptr) {
    return Error{ErrorCode::kNotFound, "the snapshot has no such table"};
  }
  const IndexInfo* info = proposed(index);
  if (info == nullptr) {
    return Error{ErrorCode::kUnsupported, "the cost model does not know indexes of this kind"};
  }
  return btree_size(cost_model::btree_shape(index, *table, snapshot_, info->rows));
}

}  // namespace planwise

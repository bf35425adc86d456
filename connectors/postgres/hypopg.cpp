#include "connectors/postgres/hypopg.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "analyzer/advise/btree_size.h"
#include "analyzer/explain/explain.h"
#include "analyzer/sql/quote.h"
#include "connectors/postgres/explain.h"
#include "connectors/postgres/gates.h"
#include "connectors/postgres/index_size.h"
#include "connectors/postgres/session.h"

namespace planwise::pg {
namespace {

// Statements sent ahead before an answer is read: twice as many as before where the last ones took less than
// a quarter of a statement_timeout, half as many where they took longer, so that no batch of large joins on a
// busy server comes near its deadline.
constexpr std::size_t kFirstBatch = 4;
constexpr std::size_t kLargestBatch = 64;
// Hypothetical indexes that one proposal on a partitioned table may stand for.
constexpr std::size_t kMaxPartitions = 200;

// HypoPG draws OIDs from a supply of about 2,500. A failure beyond this many is taken for its end, since its
// errors cannot be told apart by SQLSTATE.
constexpr std::size_t kManyObjects = 1'000;

// "public.orders (customer_id, ...)", for messages: no predicate.
std::string described(const IndexDef& index) {
  std::string text = quoted(index.table, Engine::kPostgres) + " (";
  for (const IndexKey& key : index.keys) {
    text += (text.ends_with('(') ? "" : ", ") +
            (key.is_expression ? std::string("an expression") : quoted(key.expression, Engine::kPostgres));
  }
  return text + ")";
}

class HypopgWhatIf final : public WhatIf {
 public:
  HypopgWhatIf(std::unique_ptr<Session> session, PlannedStatements statements, const Snapshot& snapshot,
               std::string schema)
      : owned_(std::move(session)), session_(*owned_), snapshot_(snapshot), schema_(std::move(schema)) {
    for (PlannableStatement& statement : statements.statements) {
      const StatementId id = statement.id;
      statements_.emplace(id, std::move(statement));
    }
  }
  ~HypopgWhatIf() override { (void)reset(); }

  Result<std::vector<StatementCost>> costs(std::span<const StatementId> statements, const IndexSet& indexes,
                                           bool with_plans) override;
  Result<Bytes> size(const IndexDef& index) override;
  [[nodiscard]] bool can_plan(const IndexDef& index) const override;
  [[nodiscard]] bool can_hide() const override { return session_.has(kHideIndexes); }
  [[nodiscard]] std::string basis() const override { return "what-if"; }

  Result<void> reset();

 private:
  // An index as HypoPG holds it.
  struct Hypothetical {
    std::string oid;
    std::string name;
  };
  using Wanted =
      std::map<IndexDef, std::size_t>;  // on a table of its own, to its position in IndexSet::added

  [[nodiscard]] std::string call(std::string_view function) const;
  Result<void> set_up(const IndexSet& indexes);
  Result<Wanted> wanted_by(const IndexSet& indexes) const;
  Result<void> drop_unwanted(const Wanted& wanted);
  Result<void> create_missing(const Wanted& wanted);
  Result<void> hide(const IndexName& index);
  [[nodiscard]] std::vector<TableName> leaves_of(const TableName& table) const;
  [[nodiscard]] StatementCost answer(const Rows& rows, bool with_plans) const;
  Result<void> plan_batch(std::span<const PlannableStatement* const> statements, bool with_plans,
                          std::vector<StatementCost>& costs);

  std::unique_ptr<Session> owned_;
  Session& session_;
  std::map<StatementId, PlannableStatement> statements_;
  const Snapshot& snapshot_;
  std::string schema_;  // of the extension, quoted
  ExplainLimits limits_;
  std::map<IndexDef, Hypothetical> hypothetical_;  // kept from one question to the next
  std::map<std::string, std::size_t> positions_;   // by name, in the IndexSet of now
  std::vector<IndexName> hidden_;
  std::size_t batch_ = kFirstBatch;
};

std::string HypopgWhatIf::call(std::string_view function) const {
  return schema_ + "." + std::string(function);
}

Result<void> HypopgWhatIf::reset() {
  if (!session_.is_open()) {
    return {};  // they ended with the session
  }
  PLANWISE_TRY(const Rows done, session_.query("SELECT " + call("hypopg_reset()")));
  if (can_hide()) {
    PLANWISE_TRY(const Rows shown, session_.query("SELECT " + call("hypopg_unhide_all_indexes()")));
  }
  hypothetical_.clear();
  hidden_.clear();
  return {};
}

std::vector<TableName> HypopgWhatIf::leaves_of(const TableName& table) const {
  const Table* root = snapshot_.schema.find(table);
  if (root == nullptr || root->kind != TableKind::kPartitioned) {
    return {table};
  }
  std::vector<TableName> leaves;
  for (const Table& candidate : snapshot_.schema.tables) {
    // Any ancestor counts: a sub-partitioned table is a parent too.
    bool below = false;
    for (const Table* part = &candidate; part != nullptr && part->partition_of && !below;) {
      below = *part->partition_of == table;
      part = snapshot_.schema.find(*part->partition_of);
    }
    if (below && candidate.kind != TableKind::kPartitioned) {
      leaves.push_back(candidate.name);
    }
  }
  return leaves;
}

Result<HypopgWhatIf::Wanted> HypopgWhatIf::wanted_by(const IndexSet& indexes) const {
  Wanted wanted;
  for (std::size_t i = 0; i < indexes.added.size(); ++i) {
    // HypoPG's index on a partitioned parent is not used for its partitions (measured on 1.3), so each gets
    // its own.
    const std::vector<TableName> leaves = leaves_of(indexes.added[i].table);
    if (leaves.size() > kMaxPartitions) {
      return Error{ErrorCode::kUnsupported,
                   indexes.added[i].table.table + " has more partitions than are tried at once"};
    }
    for (const TableName& leaf : leaves) {
      IndexDef local = indexes.added[i];
      local.table = leaf;
      wanted.emplace(std::move(local), i);
    }
  }
  return wanted;
}

Result<void> HypopgWhatIf::drop_unwanted(const Wanted& wanted) {
  std::vector<Command> drops;
  for (const auto& [def, held] : hypothetical_) {
    if (!wanted.contains(def)) {
      drops.push_back({"SELECT " + call("hypopg_drop_index($1::oid)"), {held.oid}});
    }
  }
  if (drops.size() == hypothetical_.size()) {
    return drops.empty() ? Result<void>{} : reset();
  }
  PLANWISE_TRY(const auto dropped, session_.run(drops));
  for (const Result<Rows>& result : dropped) {
    if (!result) {
      return reset();
    }
  }
  std::erase_if(hypothetical_, [&](const auto& held) { return !wanted.contains(held.first); });
  return {};
}

Result<void> HypopgWhatIf::create_missing(const Wanted& wanted) {
  std::vector<Command> commands;
  std::vector<const IndexDef*> created;
  for (const auto& [def, position] : wanted) {
    if (!hypothetical_.contains(def)) {
      commands.push_back({"SELECT indexrelid, indexname FROM " + call("hypopg_create_index($1)"),
                          {create_index(def, "planwise_hypothetical", Engine::kPostgres, false)}});
      created.push_back(&def);
    }
  }
  PLANWISE_TRY(const auto results, session_.run(commands));
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i] && hypothetical_.size() >= kManyObjects) {
      return Error{ErrorCode::kUnsupported, "HypoPG has no room for more hypothetical indexes"};
    }
    if (!results[i] || results[i]->empty()) {
      // Its messages come without a SQLSTATE of their own, and may hold the predicate's literals.
      return Error{ErrorCode::kUnsupported, "HypoPG refused an index on " + described(*created[i])};
    }
    const Row& row = (*results[i])[0];
    hypothetical_[*created[i]] = {row.text_or_empty("indexrelid"), row.text_or_empty("indexname")};
  }
  return {};
}

Result<void> HypopgWhatIf::hide(const IndexName& index) {
  const std::vector<Parameter> name{index.schema, index.index};
  PLANWISE_TRY(const Rows rows,
               session_.query("SELECT " + call("hypopg_hide_index") +
                                  "(to_regclass(quote_ident($1) || '.' || quote_ident($2))::oid)",
                              name));
  hidden_.push_back(index);
  return {};
}

Result<void> HypopgWhatIf::set_up(const IndexSet& indexes) {
  if (!session_.is_open()) {
    PLANWISE_CHECK_OK(session_.reopen(session_.deadline()));
    hypothetical_.clear();
    hidden_.clear();
  }
  if (!hidden_.empty()) {
    PLANWISE_CHECK_OK(reset());
  }
  positions_.clear();
  PLANWISE_TRY(const Wanted wanted, wanted_by(indexes));
  PLANWISE_CHECK_OK(drop_unwanted(wanted));
  PLANWISE_CHECK_OK(create_missing(wanted));
  for (const auto& [def, position] : wanted) {
    positions_.emplace(hypothetical_.at(def).name, position);
  }
  if (can_hide()) {
    for (const IndexName& index : indexes.removed) {
      PLANWISE_CHECK_OK(hide(index));
    }
  }
  return {};
}

StatementCost HypopgWhatIf::answer(const Rows& rows, bool with_plans) const {
  StatementCost cost;
  auto json = plan_in(rows, limits_);
  auto plan = json ? read_postgres_plan(*json) : Result<Plan>(json.error());
  if (!plan) {
    cost.error = plan.error().message;
    return cost;
  }
  cost.cost = plan->root.cost;
  walk(*plan, [&](const PlanNode& node, const std::string&) {
    if (node.index.empty()) {
      return;
    }
    if (const auto found = positions_.find(node.index); found != positions_.end()) {
      cost.used.push_back(found->second);
      cost.names.emplace(node.index, found->second);
    } else {
      cost.used_existing.push_back(node.index);
    }
  });
  std::ranges::sort(cost.used);
  cost.used.erase(std::unique(cost.used.begin(), cost.used.end()), cost.used.end());
  std::ranges::sort(cost.used_existing);
  cost.used_existing.erase(std::unique(cost.used_existing.begin(), cost.used_existing.end()),
                           cost.used_existing.end());
  if (with_plans) {
    cost.plan = *std::move(plan);
  }
  return cost;
}

// Sends all of them and reads all answers: one round trip, more only after a failure, behind which nothing is
// run.
Result<void> HypopgWhatIf::plan_batch(std::span<const PlannableStatement* const> statements, bool with_plans,
                                      std::vector<StatementCost>& costs) {
  while (!statements.empty()) {
    std::vector<Command> commands;
    std::vector<std::size_t> answers;
    std::vector<std::size_t> ends;
    for (const PlannableStatement* statement : statements) {
      PlanningCommands planning = planning_commands(*statement, limits_);
      answers.push_back(commands.size() + planning.answer);
      std::ranges::move(planning.commands, std::back_inserter(commands));
      ends.push_back(commands.size());
    }
    const auto time = 2 * limits_.statement_timeout + statements.size() * limits_.statement_timeout / 8;
    PLANWISE_TRY(auto results, session_.run(commands, std::chrono::steady_clock::now() + time));
    std::size_t done = 0;
    const auto failed = std::ranges::find_if(results, [](const Result<Rows>& result) { return !result; });
    const auto reached = static_cast<std::size_t>(failed - results.begin());
    while (done < statements.size() && ends[done] <= reached) {
      costs.push_back(answer(*results[answers[done]], with_plans));
      ++done;
    }
    if (done < statements.size()) {
      StatementCost cost;
      cost.error = failed->error().message;
      costs.push_back(std::move(cost));
      PLANWISE_CHECK_OK(end_planning(session_, statements[done]->mode));
      ++done;
    }
    statements = statements.subspan(done);
  }
  return {};
}

Result<std::vector<StatementCost>> HypopgWhatIf::costs(std::span<const StatementId> statements,
                                                       const IndexSet& indexes, bool with_plans) {
  if (auto ready = set_up(indexes); !ready) {
    if (!session_.is_open()) {
      return std::move(ready).error().in("setting up hypothetical indexes");
    }
    StatementCost cost;
    cost.error = ready.error().message;
    return std::vector<StatementCost>(statements.size(), cost);
  }
  std::vector<const PlannableStatement*> known;
  for (const StatementId id : statements) {
    if (const auto found = statements_.find(id); found != statements_.end()) {
      known.push_back(&found->second);
    }
  }
  std::vector<StatementCost> planned;
  while (planned.size() < known.size()) {
    const std::size_t from = planned.size();
    const auto batch = std::span(known).subspan(from, std::min(batch_, known.size() - from));
    const auto began = std::chrono::steady_clock::now();
    PLANWISE_CHECK_OK(plan_batch(batch, with_plans, planned));
    const bool quick = std::chrono::steady_clock::now() - began < limits_.statement_timeout / 4;
    batch_ = std::clamp(quick ? batch_ * 2 : batch_ / 2, std::size_t{1}, kLargestBatch);
  }
  std::vector<StatementCost> costs;
  std::size_t next = 0;
  for (const StatementId id : statements) {
    if (next < known.size() && known[next]->id == id) {
      costs.push_back(std::move(planned[next++]));
    } else {
      costs.emplace_back();
      costs.back().error = "it was not planned when the snapshot was taken";
    }
  }
  return costs;
}

Result<Bytes> HypopgWhatIf::size(const IndexDef& index) {
  if (!can_plan(index)) {
    return Error{ErrorCode::kUnsupported, "HypoPG does not know indexes of this kind"};
  }
  Bytes total;
  for (const TableName& leaf : leaves_of(index.table)) {
    IndexDef local = index;
    local.table = leaf;
    if (local.method == IndexMethod::kBtree) {
      PLANWISE_TRY(const Bytes size, btree_index_size(session_, snapshot_, local));
      total.count += size.count;
      continue;
    }
    PLANWISE_CHECK_OK(set_up({{local}, {}}));
    const Parameter oid = hypothetical_.at(local).oid;
    PLANWISE_TRY(const Rows rows,
                 session_.query("SELECT " + call("hypopg_relation_size($1::oid)") + " AS size", {&oid, 1}));
    total.count += rows.empty() ? 0 : rows[0].integer("size").value_or(0);
  }
  return total;
}

bool HypopgWhatIf::can_plan(const IndexDef& index) const {
  return index.method == IndexMethod::kBtree || index.method == IndexMethod::kHash ||
         index.method == IndexMethod::kBrin;
}

}  // namespace

std::unique_ptr<WhatIf> open_hypopg(std::unique_ptr<Session> session, PlannedStatements statements,
                                    const Snapshot& snapshot, std::vector<Gap>& gaps) {
  Gap gap;
  gap.what = "HypoPG";
  const std::string schema = session->extension_schema("hypopg");
  if (schema.empty()) {
    gap.why = "the extension is not installed in this database, so the server's planner cannot be asked about indexes "
        "that do not exist: what they give is worked out by planwise's own cost model";
    gap.remedy = "install the package (Debian: postgresql-" +
                 std::to_string(session->server().version.major) +
                 "-hypopg; most cloud services offer it) and create the extension";
    gap.remedy_sql = {"CREATE EXTENSION hypopg"};
    gaps.push_back(std::move(gap));
    return nullptr;
  }
  if (session->is_pooled()) {
    gap.why = "the connection goes through a pooler, where hypothetical indexes would be other clients' too";
    gap.remedy = "connect straight to the server";
    gaps.push_back(std::move(gap));
    return nullptr;
  }
  auto what_if = std::make_unique<HypopgWhatIf>(std::move(session), std::move(statements), snapshot,
                                                quoted(schema, Engine::kPostgres));
  if (auto clean = what_if->reset(); !clean) {
    gap.why = clean.error().message;
    gap.remedy = clean.error().hint;
    gaps.push_back(std::move(gap));
    return nullptr;
  }
  return what_if;
}

}  // namespace planwise::pg

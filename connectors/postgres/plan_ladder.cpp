#include "connectors/postgres/plan_ladder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/explain/explain.h"
#include "analyzer/sql/repair.h"
#include "connectors/postgres/read_form.h"
#include "connectors/postgres/server_error.h"

namespace planwise::pg {
namespace {

bool reads_a_table(const PlanNode& node) {
  return !node.table.empty() || std::ranges::any_of(node.children, reads_a_table);
}

// A forced generic plan prunes every partition by its NULLs and keeps nothing but the Append.
bool has_pruned_everything(const PlanNode& node) {
  const bool appends = node.label == "Append" || node.label == "Merge Append";
  return (appends && !reads_a_table(node)) || std::ranges::any_of(node.children, has_pruned_everything);
}

// A login without the right to write or lock, or a standby, where no lock for writing can be had.
bool may_only_read(std::string_view sqlstate) {
  return sqlstate == kInsufficientPrivilege || sqlstate == "55000";
}

struct Write {
  std::string_view node;
  std::string_view label;
};
constexpr std::array kWrites{Write{"UpdateStmt", "Update"}, Write{"DeleteStmt", "Delete"},
                             Write{"InsertStmt", "Insert"}};

// Puts the node of the write that `tree` is above a plan of its read form.
void add_write(Plan& plan, const ParseTree& tree) {
  for (const auto [key, value] : tree.statement()) {
    const auto* const write = std::ranges::find(kWrites, key, &Write::node);
    simdjson::dom::element relation;
    if (write == kWrites.end() || child(value, "relation").get(relation) != simdjson::SUCCESS) {
      return;
    }
    PlanNode node;
    node.kind = NodeKind::kWrite;
    node.label = write->label;
    node.schema = text_of(relation, "schemaname");
    node.table = text_of(relation, "relname");
    node.alias = node.table;
    node.cost = plan.root.cost;
    node.startup_cost = plan.root.startup_cost;
    node.children.push_back(std::move(plan.root));
    plan.root = std::move(node);
  }
}

PlanningOutcome failure(std::string why, std::string remedy) {
  PlanningOutcome outcome;
  outcome.plan.error = std::move(why);
  outcome.remedy = std::move(remedy);
  return outcome;
}

PlanningOutcome failure(const Error& error) {
  return failure(error.message, error.hint);
}

PlanningOutcome success(PlannableStatement form, Plan plan) {
  PlanningOutcome outcome;
  outcome.plan.plan = std::move(plan);
  outcome.form = std::move(form);
  return outcome;
}

}  // namespace

Result<Plan> PlanLadder::explain(const PlannableStatement& form) {
  PLANWISE_TRY(const std::string json, explainer_.explain(form));
  PLANWISE_TRY(Plan plan, read_postgres_plan(json));
  plan.source = form.source;
  return plan;
}

PlanningOutcome PlanLadder::plan(const Statement& statement, const std::optional<std::string>& literal,
                                 PlanSource source) {
  // The sample with its literals first, then the normalised text, then that with its typed literals mended.
  std::vector<std::pair<std::string, PlanSource>> texts;
  if (literal) {
    texts.emplace_back(*literal, source);
  }
  texts.emplace_back(statement.query, PlanSource::kStatistics);
  if (std::string mended = repaired(statement.query); mended != statement.query) {
    texts.emplace_back(std::move(mended), PlanSource::kStatistics);
  }
  PlanningOutcome outcome;
  for (const auto& [sql, kind] : texts) {
    PlanningOutcome attempt = plan_text(sql, statement, kind);
    if (!attempt.plan.plan && may_only_read(explainer_.sqlstate())) {
      PlanningOutcome reading = plan_reading(sql, statement, kind);
      if (reading.plan.plan || reading.reads_nothing) {
        return reading;
      }
    }
    if (attempt.plan.plan || attempt.reads_nothing) {
      return attempt;
    }
    if (outcome.plan.error.empty()) {
      outcome = std::move(attempt);
    }
  }
  // Types that could not be inferred: ambiguous or undefined operators and functions, indeterminate types.
  const std::string& state = explainer_.sqlstate();
  const auto tree = ParseTree::parse(texts.back().first);
  if (tree && (state == "42725" || state == kUndefinedFunction || state == "42P18" || state == "42804")) {
    const ParameterUses uses = read_parameter_uses(*tree, snapshot_.schema);
    PlanningOutcome attempt =
        plan_text(with_integer_parameters(texts.back().first, uses), statement, PlanSource::kStatistics);
    if (attempt.plan.plan) {
      return attempt;
    }
  }
  return outcome;
}

PlanningOutcome PlanLadder::plan_text(const std::string& sql, const Statement& statement, PlanSource source) {
  auto tree = ParseTree::parse(sql);
  if (!tree) {
    return failure(tree.error());
  }
  auto names = read_names(*tree);
  if (!names) {
    PlanningOutcome outcome = failure(names.error());
    outcome.reads_nothing = names.error().code == ErrorCode::kInvalidArgument;
    return outcome;
  }
  PlannableStatement form{statement.id, sql, {}, context_.search_path_of(statement.user), source};
  auto objection = context_.objection(*names, form.search_path);
  if (!objection) {
    return failure(objection.error());
  }
  if (*objection) {
    return failure((*objection)->why, (*objection)->remedy);
  }
  const ParameterUses uses = read_parameter_uses(*tree, snapshot_.schema);
  if (!uses.parameters.empty()) {
    return plan_with_values(std::move(form), uses, statement);
  }
  form.source = source == PlanSource::kParameters ? source : PlanSource::kAsIs;
  auto plan = explain(form);
  return plan ? success(std::move(form), *std::move(plan)) : failure(plan.error());
}

PlanningOutcome PlanLadder::plan_reading(const std::string& sql, const Statement& statement,
                                         PlanSource source) {
  const std::optional<std::string> reading = read_form(sql);
  const auto tree = ParseTree::parse(sql);
  if (!tree || (reading && *reading == sql)) {
    return {};
  }
  if (!reading) {
    PlanningOutcome outcome;
    if (tree->statement().begin() != tree->statement().end() &&
        (*tree->statement().begin()).key == "InsertStmt") {
      outcome = failure("it inserts given values and reads nothing", "");
      outcome.reads_nothing = true;
    }
    return outcome;
  }
  PlanningOutcome outcome = plan_text(*reading, statement, source);
  for (std::optional<Plan>* plan : {&outcome.plan.plan, &outcome.plan.worst}) {
    if (*plan) {
      add_write(**plan, *tree);
    }
  }
  return outcome;
}

PlanningOutcome PlanLadder::plan_with_values(PlannableStatement form, const ParameterUses& uses,
                                             const Statement& statement) {
  auto types = context_.parameter_types(form.sql, form.search_path);
  if (!types) {
    return failure(types.error());
  }
  ChosenValues values =
      choose_values(uses, *types, snapshot_.schema, statement.rows_per_call(), snapshot_.taken_at);
  form.parameters = values.typical;
  form.source = values.from_statistics ? PlanSource::kStatistics : PlanSource::kGeneric;
  if (!values.is_complete) {
    return plan_generic(std::move(form));
  }
  auto plan = explain(form);
  if (!plan) {
    // A value its type or a function refused (class 22, and 23 for domains) says nothing about the statement.
    const std::string& state = explainer_.sqlstate();
    const bool value_refused = state.starts_with("22") || state.starts_with("23");
    return value_refused ? plan_generic(std::move(form)) : failure(plan.error());
  }
  PlannableStatement worst_form = form;
  PlanningOutcome outcome = success(std::move(form), *std::move(plan));
  if (values.worst != values.typical) {
    worst_form.parameters = std::move(values.worst);
    auto worst = explain(worst_form);
    if (worst && plan_signature(*worst) != plan_signature(*outcome.plan.plan)) {
      outcome.plan.worst = *std::move(worst);
    }
  }
  return outcome;
}

PlanningOutcome PlanLadder::plan_generic(PlannableStatement form) {
  form.mode = session_.has(kGenericPlan) ? PlanMode::kGeneric : PlanMode::kForced;
  form.source = PlanSource::kGeneric;
  form.parameters.assign(form.parameters.size(), std::nullopt);
  auto plan = explain(form);
  if (!plan) {
    return failure(plan.error());
  }
  if (form.mode == PlanMode::kForced && has_pruned_everything(plan->root)) {
    return failure("without values for its parameters every partition is pruned",
                   "PostgreSQL 16 or later plans it without values");
  }
  return success(std::move(form), *std::move(plan));
}

}  // namespace planwise::pg

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "analyzer/base/text.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_runs", 1'000, "runs", "runs of the sub-query a call below which it does no harm"},
    Option{"min_cost_share", 0.1, "share", "share of the statement's cost the runs take together"},
};

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/functions-subquery.html",
    "https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-LATERAL",
};

struct Runs {
  const PlanNode* node = nullptr;
  double count = 0;  // per call
  double cost_share = 0;
};

// A sub-plan in a filter runs for every row the node reads, one in the output for every row it hands on.
double outer_rows(const PlanNode& parent, const std::vector<const PlanNode*>& ancestors, const PlanNode& sub,
                  const Schema& schema) {
  const std::vector<const PlanNode*> above(ancestors.begin(), ancestors.end() - 1);
  double rows = parent.rows.count;
  if (!sub.subplan.empty() && parent.filter.find(sub.subplan) != std::string::npos) {
    const Table* table = schema.resolve(parent.schema, parent.table);
    const bool reads_all = parent.kind == NodeKind::kFullScan && table != nullptr;
    rows = std::max(rows, reads_all ? row_count(*table).value_or(0) : 0);
  }
  for (const PlanNode* node : above) {
    if (node->kind == NodeKind::kLimit && stops_early(parent, above)) {
      rows = std::min(rows, node->rows.count);
    }
  }
  return rows * loops_of(parent, above);
}

std::optional<Runs> costliest(const Plan& plan, const Schema& schema) {
  std::optional<Runs> found;
  walk_with_ancestors(plan, [&](const PlanNode& node, const std::vector<const PlanNode*>& ancestors) {
    if (node.relationship != "SubPlan" || ancestors.empty() || node.label == "Memoize") {
      return;
    }
    const PlanNode& parent = *ancestors.back();
    // A hashed sub-plan is run once and looked up; a CTE is one sub-plan for all who read it.
    if (node.subplan.starts_with("CTE") ||
        parent.filter.find("hashed " + node.subplan) != std::string::npos ||
        parent.join_filter.find("hashed " + node.subplan) != std::string::npos) {
      return;
    }
    Runs runs{.node = &node};
    runs.count = node.actual ? node.actual->loops : outer_rows(parent, ancestors, node, schema);
    if (node.cost && plan.root.cost && plan.root.cost->units > 0) {
      // The planner tests cheap conditions first, so the whole statement's cost bounds how often it expects a
      // run.
      if (!node.actual && node.cost->units > 0) {
        runs.count = std::min(runs.count, std::round(plan.root.cost->units / node.cost->units));
      }
      runs.cost_share = std::min(1.0, node.cost->units * runs.count / plan.root.cost->units);
    }
    if (node.actual && node.actual->time && plan.execution_time && plan.execution_time->count() > 0) {
      runs.cost_share = std::min(1.0, *node.actual->time / *plan.execution_time);
    }
    if (!found || runs.count * runs.cost_share > found->count * found->cost_share) {
      found = runs;
    }
  });
  return found;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    const Plan* plan = analysis.snapshot.plan_of(statement.id);
    const StatementShape* shape = shape_of(analysis, statement.id);
    if (shape != nullptr && std::ranges::none_of(shape->blocks, &QueryBlock::correlated)) {
      continue;  // NOT IN over a plain list is run again too, but needs another cure
    }
    const auto runs = plan == nullptr ? std::nullopt : costliest(*plan, analysis.snapshot.schema);
    if (!runs || runs->count < options.get("min_runs") || runs->cost_share < options.get("min_cost_share")) {
      continue;
    }
    const bool measured = runs->node->actual.has_value();
    Finding finding = statement_finding(analysis, statement);
    finding.confidence = measured ? Confidence::kConfirmed : Confidence::kStrong;
    finding.title =
        fmt::format("Replace the sub-query that statement {} runs for every row", to_string(statement.id));
    finding.why =
        "The sub-query depends on the outer row, so the server runs it again for each of them instead of "
        "once "
        "for all.";
    walk(Plan{.root = *runs->node}, [&](const PlanNode& node, const std::string&) {
      const Table* table =
          node.table.empty() ? nullptr : analysis.snapshot.schema.resolve(node.schema, node.table);
      if (table != nullptr) {
        const ObjectRef object = object_of(analysis, analysis.snapshot.schema.root_of(*table).name);
        if (std::ranges::find(finding.objects, object) == finding.objects.end()) {
          finding.objects.push_back(object);
        }
      }
    });
    finding.evidence.push_back(
        {.text = fmt::format("{} runs {} times a call{}",
                             runs->node->subplan.empty() ? "the sub-query" : runs->node->subplan,
                             human(Rows{runs->count}), measured ? "" : ", as the planner expects"),
         .metric = "subplan_loops",
         .value = runs->count,
         .unit = "runs"});
    finding.evidence.push_back({.text = human_share(runs->cost_share) + " of the statement's cost",
                                .metric = "subplan_cost_share",
                                .value = runs->cost_share,
                                .unit = "share"});
    finding.action = {
        .kind = ActionKind::kApplication,
        .text =
            "Join instead: aggregate the inner table by its key in a sub-query in FROM and LEFT JOIN it "
            "once. For the first or last row of each group use LEFT JOIN LATERAL (... LIMIT 1) with an "
            "index on the key and the order.",
        .effort = Effort::kMedium};
    out.findings.push_back(std::move(finding));
  }
}

}  // namespace

constinit const Rule correlated_subquery{
    .info = {.id = "correlated-subquery",
             .title = "A sub-query runs once for every row of the outer query",
             .severity = Severity::kWarning,
             .engines = Engines::kPostgres,
             .what = "A plan with a sub-plan that is run `min_runs` times a call or more and takes at least "
                     "`min_cost_share` of the statement: counted where the plan was run, else expected from "
                     "the rows of "
                     "the node it stands in.",
             .why = "The work is the product of the two sides instead of their sum.",
             .fix = "Rewrite it as a join with a grouped sub-query, or as a LATERAL join.",
             .quiet = "Sub-queries that run once (InitPlan), that are hashed or memoized, and those over few "
                      "outer rows.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

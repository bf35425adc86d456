#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "analyzer/base/text.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_rows", 1'000, "rows", "rows of the sub-query that are searched for each outer row"},
    Option{"min_hashed_rows", 10'000, "rows", "the same where the server hashes them: a look-up is cheap"},
};

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/functions-subquery.html#FUNCTIONS-SUBQUERY-NOTIN",
    "https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_NOT_IN",
};

bool excludes_null(const QueryBlock& block, std::string_view column) {
  return std::ranges::any_of(block.predicates, [&](const Predicate& predicate) {
    return predicate.kind == PredicateKind::kIsNotNull && predicate.or_group < 0 &&
           predicate.column.column == column;
  });
}

struct Subquery {
  const Table* table = nullptr;
  const Column* column = nullptr;
};

std::optional<Subquery> nullable_not_in(const Analysis& analysis, const StatementShape& shape) {
  for (const QueryBlock& block : shape.blocks) {
    if (block.use != SubqueryUse::kNotIn || block.output.empty() ||
        !block.output.front().expression.empty()) {
      continue;
    }
    const Table* table = table_of(analysis, shape, block.output.front());
    const Column* column = column_of(analysis, shape, block.output.front());
    if (table != nullptr && column != nullptr && !column->not_null && !excludes_null(block, column->name)) {
      return Subquery{table, column};
    }
  }
  return std::nullopt;
}

struct Execution {
  bool hashed = false;
  double rows = 0;  // of the sub-query
};

std::optional<Execution> execution_in(const Plan& plan) {
  std::optional<Execution> found;
  walk_with_ancestors(plan, [&](const PlanNode& node, const std::vector<const PlanNode*>& ancestors) {
    if (found || node.relationship != "SubPlan" || ancestors.empty()) {
      return;
    }
    const std::string& filter = ancestors.back()->filter;
    found = Execution{.hashed = filter.find("hashed") != std::string::npos, .rows = node.rows.count};
  });
  return found;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    const StatementShape* shape = shape_of(analysis, statement.id);
    const auto subquery = shape == nullptr ? std::nullopt : nullable_not_in(analysis, *shape);
    if (!subquery) {
      continue;
    }
    const Plan* plan = analysis.snapshot.plan_of(statement.id);
    const auto execution = plan == nullptr ? std::nullopt : execution_in(*plan);
    const double rows = execution ? execution->rows : row_count(*subquery->table).value_or(0);
    const bool hashed = execution && execution->hashed;
    if (rows < options.get(hashed ? "min_hashed_rows" : "min_rows")) {
      continue;
    }
    const std::string column = name_of(analysis, subquery->table->name) + "." + subquery->column->name;
    Finding finding = statement_finding(analysis, statement);
    finding.confidence = execution ? Confidence::kStrong : Confidence::kPossible;
    finding.title = fmt::format("Use NOT EXISTS instead of NOT IN in statement {}", to_string(statement.id));
    finding.why = fmt::format(
        "{} may be NULL. One NULL makes NOT IN answer with no row at all, and because of that the "
        "server cannot turn it into a join.",
        column);
    finding.objects.insert(finding.objects.begin(),
                           {object_of(analysis, subquery->table->name, subquery->column->name),
                            object_of(analysis, subquery->table->name)});
    finding.evidence.push_back({.text = fmt::format("the sub-query has {} rows, {}", human(Rows{rows}),
                                                    hashed      ? "hashed in memory"
                                                    : execution ? "searched one by one for each outer row"
                                                                : "by the table's size"),
                                .metric = "subplan_rows",
                                .value = rows,
                                .unit = "rows"});
    finding.action = {.kind = ActionKind::kApplication,
                      .text = fmt::format(
                          "Write NOT EXISTS (SELECT FROM {} WHERE {} = <outer column>), which is planned as "
                          "an anti join. If the column can never be NULL, declare it NOT NULL.",
                          name_of(analysis, subquery->table->name), subquery->column->name),
                      .effort = Effort::kLow};
    out.findings.push_back(std::move(finding));
  }
}

}  // namespace

constinit const Rule not_in_nullable{
    .info = {.id = "not-in-nullable",
             .title = "NOT IN over a sub-query whose column may be NULL",
             .severity = Severity::kWarning,
             .engines = Engines::kPostgres,
             .what = "NOT IN (SELECT column ...) where the column may be NULL and nothing in the sub-query "
                     "excludes it, over "
                     "`min_rows` rows or more, or `min_hashed_rows` where the plan hashes them.",
             .why =
                 "A single NULL in the sub-query empties the result, which is hardly ever meant. And the "
                 "server may not "
                 "use an anti join: it searches the sub-query's rows for each outer row, or hashes them all.",
             .fix = "NOT EXISTS, or declare the column NOT NULL.",
             .quiet = "The column is NOT NULL, or the sub-query says IS NOT NULL; few rows, hashed.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

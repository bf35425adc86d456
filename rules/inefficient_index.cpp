#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "analyzer/base/text.h"
#include "rules/actions.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_rows", 1'000, "rows", "rows fetched through the index a call; fewer are cheap"},
    Option{"min_discarded_share", 0.9, "share", "share of them that the filter then throws away"},
};

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/using-explain.html",
    "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
};

struct Fetch {
  const TableScan* scan = nullptr;
  double fetched = 0;
  double kept = 0;
  std::string source;
};

// PostgreSQL's EXPLAIN does not say how many rows an index scan fetches before its filter. Where the
// condition is made of equalities alone, the statistics do: rows / distinct values, column by column.
std::optional<double> fetched_by_equalities(const Analysis& analysis, const StatementShape& shape,
                                            const TableScan& scan) {
  double rows = row_count(*scan.table).value_or(0);
  bool any = false;
  for (const Column& column : scan.root->columns) {
    if (!mentions(scan.node->index_condition, column.name)) {
      continue;
    }
    const auto predicates = predicates_of(analysis, shape);
    const bool equal = std::ranges::any_of(predicates, [&](const PredicateUse& use) {
      return use.table == scan.root && use.column == &column && use.predicate->kind == PredicateKind::kEqual;
    });
    if (!equal || !column.stats || column.stats->distinct <= 0) {
      return std::nullopt;
    }
    rows *= (1 - column.stats->null_fraction) / column.stats->distinct;
    any = true;
  }
  return any ? std::optional(rows * scan.loops) : std::nullopt;
}

std::optional<Fetch> fetch_of(const Analysis& analysis, const StatementShape* shape, const TableScan& scan) {
  const PlanNode& node = *scan.node;
  const bool by_index = node.kind == NodeKind::kIndexScan || node.kind == NodeKind::kBitmapScan;
  if (!by_index || node.label == "Bitmap Index Scan" || node.filter.empty() || scan.stops_early) {
    return std::nullopt;
  }
  Fetch fetch{.scan = &scan, .kept = scan.rows_kept};
  if (node.actual) {
    fetch.fetched = scan.rows_read;
    fetch.source = "counted when the plan was run";
    return fetch;
  }
  if (node.kind == NodeKind::kBitmapScan || node.rows_read) {
    fetch.fetched = scan.rows_read;
    fetch.source = "as the planner expects";
    return fetch;
  }
  const auto rows = shape == nullptr ? std::nullopt : fetched_by_equalities(analysis, *shape, scan);
  if (!rows) {
    return std::nullopt;
  }
  fetch.fetched = *rows;
  fetch.source = "by the columns' statistics";
  return fetch;
}

Finding finding_for(const Analysis& analysis, const Statement& statement, const Fetch& fetch) {
  const Table& table = *fetch.scan->root;
  const PlanNode& node = *fetch.scan->node;
  std::string index = node.index;
  for (const PlanNode& child : node.children) {
    index = index.empty() ? child.index : index;
  }
  Finding finding = statement_finding(analysis, statement);
  const IndexProposal* proposal = proposal_for(analysis, statement.id, table.name);
  if (proposal != nullptr) {
    const Finding proposed = proposal_finding(analysis, table, *proposal);
    finding.title = proposed.title;
    finding.action = proposed.action;
    finding.objects.insert(finding.objects.begin(), proposed.objects.begin(), proposed.objects.end());
  } else {
    finding.title = fmt::format("Narrow the search of {} in statement {}", index, to_string(statement.id));
    finding.objects.insert(finding.objects.begin(), object_of(analysis, table.name));
    const auto declined = analysis.advice.not_helped.find(statement.id);
    finding.action = {
        .kind = ActionKind::kInvestigate,
        .text =
            "Extend the index by the columns of the filter, equality columns first, if they are "
            "compared in a way an index can serve." +
            (declined == analysis.advice.not_helped.end()
                 ? std::string()
                 : " The index advisor found none that helps: " + declined->second + "."),
        .effort = Effort::kMedium};
  }
  finding.objects.push_back(object_of(analysis, IndexName{fetch.scan->table->name.schema, index}));
  finding.confidence = node.actual ? Confidence::kConfirmed : Confidence::kStrong;
  finding.why =
      "The index finds many rows, each is fetched from the table, and nearly all are then thrown away: the "
      "index "
      "does not know the column that decides.";
  finding.evidence.push_back(
      {.text = fmt::format("{} fetches {} rows a call to keep {}, {}", index, human(Rows{fetch.fetched}),
                           human(Rows{fetch.kept}), fetch.source),
       .metric = "rows_fetched_per_call",
       .value = fetch.fetched,
       .unit = "rows"});
  return finding;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    const Plan* plan = analysis.snapshot.plan_of(statement.id);
    if (plan == nullptr) {
      continue;
    }
    const StatementShape* shape = shape_of(analysis, statement.id);
    const std::vector<TableScan> scans = scans_of(*plan, analysis.snapshot.schema, shape);
    std::optional<Fetch> worst;
    for (const TableScan& scan : scans) {
      const auto fetch = fetch_of(analysis, shape, scan);
      if (fetch && fetch->fetched >= options.get("min_rows") &&
          fetch->fetched - fetch->kept >= options.get("min_discarded_share") * fetch->fetched &&
          (!worst || fetch->fetched > worst->fetched)) {
        worst = fetch;
      }
    }
    const IndexProposal* proposal =
        worst ? proposal_for(analysis, statement.id, worst->scan->root->name) : nullptr;
    if (worst &&
        (proposal == nullptr || !is_served(analysis.snapshot.schema, *worst->scan->root, proposal->def))) {
      out.findings.push_back(finding_for(analysis, statement, *worst));
    }
  }
}

}  // namespace

constinit const Rule inefficient_index{
    .info = {.id = "inefficient-index",
             .title = "An index finds many rows and nearly all are thrown away",
             .severity = Severity::kWarning,
             .engines = Engines::kPostgres,
             .what = "An index scan or bitmap scan that fetches `min_rows` rows or more a call, of which its "
                     "filter discards "
                     "at least `min_discarded_share`. Counted where the plan was run; else from the "
                     "planner's estimate of "
                     "a bitmap, or from the distinct values of the columns in the index condition where "
                     "these are all "
                     "equalities.",
             .why = "Each of those rows costs a visit to the table, often a page each.",
             .fix = "Extend or replace the index so that it holds the column that decides; the index advisor "
                    "says which.",
             .quiet = "Scans that keep most of what they fetch; scans under a LIMIT that ends them early; "
                      "index scans of "
                      "which nobody can say how much they fetch.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

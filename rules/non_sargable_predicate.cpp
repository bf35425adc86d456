#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "analyzer/advise/redundancy.h"
#include "analyzer/base/text.h"
#include "rules/actions.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/indexes-expressional.html",
    "https://use-the-index-luke.com/sql/where-clause/obfuscation",
};

// IMMUTABLE for every argument, so that an index may hold them; date_trunc, extract and casts of timestamptz
// are not. Source: pg_proc.provolatile of PostgreSQL 15.
constexpr std::array<std::string_view, 10> kIndexable{"lower", "upper", "btrim",  "ltrim", "rtrim",
                                                      "left",  "md5",   "length", "abs",   "reverse"};

bool is_comparison(const Predicate& predicate) {
  return predicate.kind == PredicateKind::kEqual || predicate.kind == PredicateKind::kRange ||
         predicate.kind == PredicateKind::kIn || predicate.kind == PredicateKind::kLike;
}

bool has_arithmetic(std::string_view expression) {
  return expression.find("->") == std::string_view::npos && expression.find("#>") == std::string_view::npos &&
         expression.find_first_of("+-*/%") != std::string_view::npos;
}

// The column stands inside a function, a cast or a calculation. Paths into JSON do not hide an index: they
// are columns of their own, which the advisor indexes.
bool is_wrapped(const ColumnUse& use) {
  return !use.expression.empty() &&
         (!use.function.empty() || !use.cast.empty() || has_arithmetic(use.expression));
}

bool is_indexed_expression(const Table& table, const std::string& expression) {
  return std::ranges::any_of(table.indexes, [&](const Index& index) {
    return is_usable(index) && std::ranges::any_of(index.def.keys, [&](const IndexKey& key) {
             return key.is_expression && same_expression(key.expression, expression);
           });
  });
}

const Index* plain_index_on(const Table& table, std::string_view column) {
  const auto at = std::ranges::find_if(table.indexes, [&](const Index& index) {
    return is_usable(index) && !index.def.keys.empty() && !index.def.keys.front().is_expression &&
           index.def.keys.front().expression == column;
  });
  return at == table.indexes.end() ? nullptr : &*at;
}

std::string rewrite_of(const PredicateUse& use) {
  const ColumnUse& column = use.predicate->column;
  const std::string& name = column.column;
  if (column.function == "coalesce") {
    return fmt::format(
        "Write {} = $1 where the value is not the default, and ({} = $1 OR {} IS NULL) where it is; or "
        "make the column NOT NULL.",
        name, name, name);
  }
  if (column.function == "date" || column.cast == "date" || column.function == "date_trunc") {
    return fmt::format(
        "Compare the bare column with the ends of the period: {} >= $1 AND {} < $1 + interval '1 day' (or "
        "whatever the period is).",
        name, name);
  }
  if (column.function == "extract" || column.function == "date_part" || column.function == "to_char") {
    return fmt::format(
        "Compare the bare column with the ends of the period: {} >= '2026-01-01' AND {} < '2027-01-01' "
        "for a year.",
        name, name);
  }
  if (column.function == "substr" || column.function == "substring" || column.function == "left") {
    return fmt::format("For a prefix write {} LIKE 'prefix%', which an index with text_pattern_ops serves.",
                       name);
  }
  if (!column.cast.empty()) {
    return fmt::format("Cast the value instead of the column: {} = CAST($1 AS {}).", name,
                       use.column == nullptr ? std::string("the column's type") : use.column->type);
  }
  if (column.function.empty()) {
    return fmt::format("Move the calculation to the other side, so that {} stands alone.", name);
  }
  return fmt::format("Compare the bare column {} with a value computed beforehand.", name);
}

IndexDef expression_index(const PredicateUse& use) {
  IndexDef def;
  def.table = use.table->name;
  def.keys = {{.expression = use.predicate->column.expression, .is_expression = true}};
  return def;
}

// The change: what the advisor proposes, an index on the expression where one may be built, else a rewrite.
Finding with_action(const Analysis& analysis, const Statement& statement, const PredicateUse& use) {
  Finding finding = statement_finding(analysis, statement);
  const ColumnUse& column = use.predicate->column;
  const std::string rewrite = rewrite_of(use);
  const IndexProposal* proposal = proposal_for(analysis, statement.id, use.table->name);
  const bool proposed = proposal != nullptr && proposal->def.keys.front().is_expression;
  if (proposed || std::ranges::find(kIndexable, column.function) != kIndexable.end()) {
    const Finding index = proposed
                              ? proposal_finding(analysis, *use.table, *proposal)
                              : index_finding(analysis, *use.table, expression_index(use), "", std::nullopt);
    finding.title = index.title;
    finding.action = index.action;
    finding.objects.insert(finding.objects.begin(), index.objects.begin(), index.objects.end());
  } else {
    finding.title =
        fmt::format("Free the column {}.{} from {} in statement {}", name_of(analysis, use.table->name),
                    column.column, column.expression, to_string(statement.id));
    finding.action = {.kind = ActionKind::kApplication, .text = rewrite, .effort = Effort::kLow};
    finding.objects.insert(finding.objects.begin(), object_of(analysis, use.table->name));
  }
  finding.objects.push_back(object_of(analysis, use.table->name, column.column));
  return finding;
}

// What the plan says: nullopt without a plan, else the rows it reads to evaluate the predicate; 0 where an
// index serves.
std::optional<double> rows_scanned(const Analysis& analysis, StatementId id, const StatementShape& shape,
                                   const PredicateUse& use) {
  const Plan* plan = analysis.snapshot.plan_of(id);
  if (plan == nullptr) {
    return std::nullopt;
  }
  double rows = 0;
  for (const TableScan& scan : full_scans_of(scans_of(*plan, analysis.snapshot.schema, &shape), *use.table)) {
    rows +=
        mentions(scan.node->filter, use.predicate->column.column) && !scan.stops_early ? scan.rows_read : 0;
  }
  return rows;
}

bool check_predicate(const Analysis& analysis, const Statement& statement, const StatementShape& shape,
                     const PredicateUse& use, Verdict& out) {
  if (!is_comparison(*use.predicate) || !is_wrapped(use.predicate->column) || use.column == nullptr ||
      !is_large(*use.table) || is_indexed_expression(*use.table, use.predicate->column.expression)) {
    return false;
  }
  const auto scanned = rows_scanned(analysis, statement.id, shape, use);
  if (scanned && *scanned < kLargeRows) {
    return false;
  }
  Finding finding = with_action(analysis, statement, use);
  const Index* hidden = plain_index_on(*use.table, use.predicate->column.column);
  finding.confidence = scanned ? Confidence::kStrong : Confidence::kPossible;
  finding.why = fmt::format(
      "The statement compares {} instead of the column itself. An index on the column cannot serve "
      "that, so the value is computed for every row of the table.",
      use.predicate->column.expression);
  finding.evidence.push_back(
      {.text = fmt::format("{} {} ...", use.predicate->column.expression, use.predicate->op),
       .metric = "predicate"});
  if (scanned) {
    finding.evidence.push_back({.text = human(Rows{*scanned}) + " rows read by a full scan a call",
                                .metric = "rows_read_per_call",
                                .value = *scanned,
                                .unit = "rows"});
  }
  if (hidden != nullptr) {
    finding.evidence.push_back({.text = hidden->name + " is an index on the bare column and stays unused",
                                .metric = "pg_stat_user_indexes.indexrelname"});
  }
  out.findings.push_back(std::move(finding));
  return true;
}

void check(const Analysis& analysis, const RuleOptions& /*options*/, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    const StatementShape* shape = shape_of(analysis, statement.id);
    if (shape == nullptr) {
      continue;
    }
    for (const PredicateUse& use : predicates_of(analysis, *shape)) {
      if (check_predicate(analysis, statement, *shape, use, out)) {
        break;  // one finding a statement: the first predicate that hides its column
      }
    }
  }
}

}  // namespace

constinit const Rule non_sargable_predicate{
    .info =
        {.id = "non-sargable-predicate",
         .title = "A function or calculation around a column keeps an index from being used",
         .severity = Severity::kWarning,
         .engines = Engines::kPostgres,
         .what =
             "A comparison in which a column of a table of at least 10,000 rows stands inside a function, a "
             "cast or "
             "a calculation, and the plan reads the table by a full scan. Without a plan it is `possible`.",
         .why = "An index holds the column's values, not what the function makes of them; so the function is "
                "computed "
                "for every row.",
         .fix = "Rewrite the predicate so that the column stands alone; where the function is what the "
                "question asks "
                "(lower, left, md5, ...), index the expression.",
         .quiet =
             "An index on the same expression exists; the plan uses an index for the table; paths into JSON; "
             "functions on the value's side.",
         .options = {},
         .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

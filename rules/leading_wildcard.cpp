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
    Option{"min_read_share", 0.5, "share",
           "share of the table's pages a call touches from which on an unknown pattern is taken to read all "
           "of it"},
};

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/pgtrgm.html",
    "https://www.postgresql.org/docs/current/indexes-opclass.html",
};

enum class Anchor { kStart, kNowhere, kUnknown };

bool is_pattern(PredicateKind kind) {
  return kind == PredicateKind::kLike || kind == PredicateKind::kILike || kind == PredicateKind::kRegex;
}

// Where the pattern is tied to: an index in text order serves what is tied to the start.
Anchor anchor_of(const Predicate& predicate) {
  if (predicate.kind == PredicateKind::kILike || predicate.op == "~*") {
    return Anchor::kNowhere;  // ignores case, which no text order does
  }
  if (predicate.constants.empty()) {
    return Anchor::kUnknown;
  }
  const bool tied = std::ranges::all_of(predicate.constants, [&](const std::string& pattern) {
    return predicate.kind == PredicateKind::kRegex ? pattern.starts_with('^')
                                                   : !pattern.starts_with('%') && !pattern.starts_with('_');
  });
  return tied ? Anchor::kStart : Anchor::kNowhere;
}

bool serves_patterns(const Index& index, std::string_view column) {
  const bool inverted = index.def.method == IndexMethod::kGin || index.def.method == IndexMethod::kGist ||
                        index.def.method == IndexMethod::kFullText;
  return is_usable(index) && inverted && std::ranges::any_of(index.def.keys, [&](const IndexKey& key) {
           return mentions(key.expression, column);
         });
}

bool serves_prefixes(const Table& table, std::string_view column) {
  return std::ranges::any_of(table.indexes, [&](const Index& index) {
    return is_usable(index) && index.def.method == IndexMethod::kBtree && !index.def.keys.empty() &&
           index.def.keys.front().expression == column &&
           (index.def.keys.front().opclass.ends_with("_pattern_ops") ||
            index.def.keys.front().collation == "C");
  });
}

// A full scan of the table, as planned. nullopt without a plan.
std::optional<bool> reads_all(const Analysis& analysis, StatementId id, const StatementShape& shape,
                              const PredicateUse& use) {
  const Plan* plan = analysis.snapshot.plan_of(id);
  if (plan == nullptr) {
    return std::nullopt;
  }
  return std::ranges::any_of(full_scans_of(scans_of(*plan, analysis.snapshot.schema, &shape), *use.table),
                             [&](const TableScan& scan) {
                               return mentions(scan.node->filter, use.predicate->column.column) &&
                                      !scan.stops_early;
                             });
}

// Blocks touched a call against the table's pages: what is measured, whatever the pattern was.
bool touches_all(const Statement& statement, const Table& table, double min_share) {
  if (!statement.stats.blocks_hit || !statement.stats.blocks_read || statement.stats.calls == 0 ||
      table.pages <= 0) {
    return false;
  }
  const auto blocks = static_cast<double>(*statement.stats.blocks_hit + *statement.stats.blocks_read);
  return blocks / static_cast<double>(statement.stats.calls) >= min_share * static_cast<double>(table.pages);
}

Finding trigram_index(const Analysis& analysis, const Statement& statement, const PredicateUse& use) {
  const ColumnUse& column = use.predicate->column;
  const IndexProposal* proposal = proposal_for(analysis, statement.id, use.table->name);
  if (proposal != nullptr && proposal->def.method == IndexMethod::kGin) {
    return proposal_finding(analysis, *use.table, *proposal);
  }
  IndexDef def;
  def.table = use.table->name;
  def.method = IndexMethod::kGin;
  def.keys = {{.expression = column.expression.empty() ? column.column : column.expression,
               .is_expression = !column.expression.empty(),
               .opclass = "gin_trgm_ops"}};
  return index_finding(analysis, *use.table, def, "", std::nullopt);
}

Finding finding_for(const Analysis& analysis, const Statement& statement, const PredicateUse& use,
                    Confidence confidence) {
  const Finding index = trigram_index(analysis, statement, use);
  Finding finding = statement_finding(analysis, statement);
  finding.confidence = confidence;
  finding.title = index.title;
  finding.why = fmt::format(
      "The pattern on {} may match anywhere in the text, so an index in text order cannot narrow the "
      "search and every row is compared. A trigram index finds such matches.",
      use.predicate->column.column);
  finding.objects.insert(finding.objects.begin(), index.objects.begin(), index.objects.end());
  finding.evidence.push_back(
      {.text = fmt::format("{} {} a pattern", use.predicate->column.column, use.predicate->op),
       .metric = "predicate"});
  const double rows = row_count(*use.table).value_or(0);
  finding.evidence.push_back({.text = human(Rows{rows}) + " rows compared a call",
                              .metric = "pg_class.reltuples",
                              .value = rows,
                              .unit = "rows"});
  finding.action = index.action;
  finding.action.text +=
      " Patterns of fewer than three characters are not helped. If all patterns only end in the text "
      "('%x'), an index on reverse(column) is smaller; for whole words use full-text search.";
  finding.action.risk += " GIN indexes slow down writes more than B-trees and are larger.";
  return finding;
}

std::optional<Confidence> confidence_for(const Analysis& analysis, const Statement& statement,
                                         const StatementShape& shape, const PredicateUse& use,
                                         const RuleOptions& options) {
  const auto scan = reads_all(analysis, statement.id, shape, use);
  if (scan && !*scan) {
    return std::nullopt;
  }
  switch (anchor_of(*use.predicate)) {
    case Anchor::kStart: return std::nullopt;
    case Anchor::kNowhere: return scan ? Confidence::kStrong : Confidence::kPossible;
    case Anchor::kUnknown: break;
  }
  // A prefix would use the index that serves prefixes. Reading the whole table all the same, it was none.
  const bool measured = touches_all(statement, *use.table, options.get("min_read_share"));
  return measured && serves_prefixes(*use.table, use.predicate->column.column)
             ? std::optional(Confidence::kStrong)
         : measured ? std::optional(Confidence::kPossible)
                    : std::nullopt;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    const StatementShape* shape = shape_of(analysis, statement.id);
    if (shape == nullptr) {
      continue;
    }
    for (const PredicateUse& use : predicates_of(analysis, *shape)) {
      if (!is_pattern(use.predicate->kind) || use.column == nullptr || !is_large(*use.table) ||
          std::ranges::any_of(use.table->indexes, [&](const Index& index) {
            return serves_patterns(index, use.predicate->column.column);
          })) {
        continue;
      }
      if (const auto confidence = confidence_for(analysis, statement, *shape, use, options)) {
        out.findings.push_back(finding_for(analysis, statement, use, *confidence));
        break;
      }
    }
  }
}

}  // namespace

constinit const Rule leading_wildcard{
    .info =
        {.id = "leading-wildcard",
         .title = "A pattern that may match anywhere reads the whole table",
         .severity = Severity::kWarning,
         .engines = Engines::kPostgres,
         .what =
             "LIKE with a wildcard in front, ILIKE, or a regular expression without `^` on a column of a "
             "table of "
             "at least 10,000 rows that no trigram or full-text index serves, where the plan is a full scan. "
             "Normalised statements hide the pattern: then the blocks touched a call must be at least "
             "`min_read_share` of the table, and the finding is `possible` unless an index for prefixes "
             "exists and "
             "goes unused.",
         .why = "Text order helps to find a beginning, not a middle: each call compares every row.",
         .fix = "A trigram index (pg_trgm, GIN). It is larger and dearer to maintain than a B-tree. Suffixes "
                "alone are "
                "served by an index on reverse(column); words by full-text search.",
         .quiet = "Prefix patterns; columns with a trigram or full-text index; small tables.",
         .options = kOptions,
         .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

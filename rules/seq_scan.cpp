#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "analyzer/base/text.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_rows", 10'000, "rows", "rows read a call; smaller scans are cheap"},
    Option{"max_kept_share", 0.1, "share", "above this share of rows kept an index would not be used"},
    Option{"min_load_share", 0.01, "share", "share of the load below which the statement does not matter"},
};

constexpr std::array<std::string_view, 1> kReferences{
    "https://www.postgresql.org/docs/current/using-explain.html",
};

struct Reading {
  const Table* table = nullptr;
  double read = 0;
  double kept = 0;
};

// What the statement returns is what the scan keeps: one table, nothing added up, cut off or thrown away.
bool returns_what_it_keeps(const StatementShape& shape) {
  if (shape.kind != StatementKind::kSelect || shape.blocks.size() != 1) {
    return false;
  }
  const QueryBlock& top = shape.blocks.front();
  return top.relations.size() == 1 && !top.has_aggregate && !top.has_limit && !top.distinct &&
         top.group_by.empty();
}

// `<>` keeps nearly all rows or nearly none, by the value: one that planwise drew from the statistics decides
// nothing.
bool hangs_on_the_value(const Analysis& analysis, const StatementShape& shape, const Table& table) {
  const auto uses = predicates_of(analysis, shape);
  return std::ranges::any_of(uses, [&](const PredicateUse& use) {
    return use.table == &table &&
           (use.predicate->kind == PredicateKind::kNotEqual || use.predicate->kind == PredicateKind::kNotIn);
  });
}

// The rows kept as counted where the statement tells, else as planned; nothing where the plan cannot know.
void use_what_was_counted(const Analysis& analysis, const Statement& statement, const Plan& plan,
                          std::vector<Reading>& readings) {
  const StatementShape* shape = shape_of(analysis, statement.id);
  if (shape == nullptr) {
    return;
  }
  const bool drawn = plan.source == PlanSource::kStatistics || plan.source == PlanSource::kGeneric;
  if (returns_what_it_keeps(*shape)) {
    for (Reading& reading : readings) {
      reading.kept = std::max(reading.kept, statement.rows_per_call());
    }
  } else if (drawn) {
    std::erase_if(readings, [&](const Reading& reading) {
      return hangs_on_the_value(analysis, *shape, *reading.table);
    });
  }
}

// All full scans of one table (or of its partitions) that filter.
std::vector<Reading> readings_of(const Analysis& analysis, const Statement& statement) {
  const StatementId id = statement.id;
  std::vector<Reading> readings;
  const Plan* plan = analysis.snapshot.plan_of(id);
  if (plan == nullptr) {
    return readings;
  }
  for (const TableScan& scan : scans_of(*plan, analysis.snapshot.schema, shape_of(analysis, id))) {
    if (scan.node->kind != NodeKind::kFullScan || scan.node->filter.empty() || scan.stops_early) {
      continue;
    }
    auto at = std::ranges::find(readings, scan.root, &Reading::table);
    if (at == readings.end()) {
      at = readings.insert(readings.end(), Reading{.table = scan.root});
    }
    at->read += scan.rows_read;
    at->kept += scan.rows_kept;
  }
  use_what_was_counted(analysis, statement, *plan, readings);
  return readings;
}

std::string why_no_index(const Analysis& analysis, StatementId id, const Table& table) {
  const StatementShape* shape = shape_of(analysis, id);
  bool seen = false;
  if (shape != nullptr) {
    for (const PredicateUse& use : predicates_of(analysis, *shape)) {
      if (use.table != &table) {
        continue;
      }
      seen = true;
      const Predicate& predicate = *use.predicate;
      const std::string column = predicate.column.column;
      if (!predicate.column.expression.empty()) {
        return fmt::format("the predicate computes {} for every row", predicate.column.expression);
      }
      if (predicate.kind == PredicateKind::kLike || predicate.kind == PredicateKind::kILike ||
          predicate.kind == PredicateKind::kRegex) {
        return fmt::format("a pattern on {} cannot use a plain index", column);
      }
      if (predicate.kind == PredicateKind::kNotEqual || predicate.kind == PredicateKind::kNotIn) {
        return fmt::format("{} is compared with {}, which says only what the rows are not", column,
                           predicate.op);
      }
      if (predicate.or_group >= 0) {
        return "the predicates are joined by OR";
      }
    }
  }
  const auto declined = analysis.advice.not_helped.find(id);
  if (declined != analysis.advice.not_helped.end()) {
    return "the index advisor found none that helps: " + declined->second;
  }
  return seen || shape == nullptr ? "no index was tried: there is no what-if planner for this target"
                                  : "the statement has no predicate on the table that an index could serve";
}

Finding finding_for(const Analysis& analysis, const Statement& statement, const Reading& reading) {
  const std::string table = name_of(analysis, reading.table->name);
  const std::string reason = why_no_index(analysis, statement.id, *reading.table);
  Finding finding = statement_finding(analysis, statement);
  finding.confidence = Confidence::kStrong;
  finding.title = fmt::format("Keep statement {} from reading all of {}", to_string(statement.id), table);
  finding.why = fmt::format(
      "Each call reads the whole table to keep few of its rows, and no index can take over as the "
      "statement stands: {}.",
      reason);
  finding.objects.push_back(object_of(analysis, reading.table->name));
  finding.evidence.push_back({.text = fmt::format("reads {} rows a call to keep {}",
                                                  human(Rows{reading.read}), human(Rows{reading.kept})),
                              .metric = "rows_read_per_call",
                              .value = reading.read,
                              .unit = "rows"});
  finding.action = {
      .kind = ActionKind::kInvestigate,
      .text =
          "Add a predicate that an index can serve, or rewrite the one there is; if the statement "
          "must read everything, run it less often or keep its result.",
      .effort = Effort::kMedium};
  return finding;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    if (analysis.snapshot.workload.share(statement) < options.get("min_load_share")) {
      continue;
    }
    const Reading* worst = nullptr;
    const std::vector<Reading> readings = readings_of(analysis, statement);
    for (const Reading& reading : readings) {
      if (reading.read >= options.get("min_rows") &&
          reading.kept < options.get("max_kept_share") * reading.read &&
          proposal_for(analysis, statement.id, reading.table->name) == nullptr &&
          (worst == nullptr || reading.read > worst->read)) {
        worst = &reading;
      }
    }
    if (worst != nullptr) {
      out.findings.push_back(finding_for(analysis, statement, *worst));
    }
  }
}

}  // namespace

constinit const Rule seq_scan{
    .info = {.id = "seq-scan",
             .title = "A statement reads a whole table to keep a few rows, and no index is proposed",
             .severity = Severity::kWarning,
             .engines = Engines::kPostgres,
             .what = "A statement with at least `min_load_share` of the load reads `min_rows` rows or more a "
                     "call by full "
                     "scans with a filter, keeps less than `max_kept_share` of them, and the index advisor "
                     "proposes no "
                     "index for it. The finding names the reason.",
             .why = "The work grows with the table, not with the result; on a growing table the statement "
                    "gets slower "
                    "every day.",
             .fix =
                 "Give it a predicate an index can serve, or rewrite the one it has; the reason says which.",
             .quiet = "Scans that keep most of what they read, as aggregates over a table do; scans under a "
                      "LIMIT that "
                      "ends them early; `<>` under an aggregate where only a value drawn from the statistics "
                      "was planned; statements for which `missing-index` speaks.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

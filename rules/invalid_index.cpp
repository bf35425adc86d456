#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "analyzer/advise/redundancy.h"
#include "analyzer/base/text.h"
#include "rules/actions.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    "https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY",
};

const Index* valid_twin(const Table& table, const Index& broken) {
  const auto at = std::ranges::find_if(table.indexes, [&](const Index& other) {
    return &other != &broken && is_usable(other) && is_duplicate(broken.def, other.def);
  });
  return at == table.indexes.end() ? nullptr : &*at;
}

// REINDEX CONCURRENTLY names what it works on so; after a failure these are leftovers beside the index
// itself.
bool is_leftover(const Index& index) {
  const auto stem = std::string_view(index.name);
  const auto at = stem.rfind("_cc");
  return at != std::string_view::npos &&
         (stem.substr(at).starts_with("_ccnew") || stem.substr(at).starts_with("_ccold"));
}

Action rebuild(const Analysis& analysis, const IndexName& name, const Index& index) {
  Action action{
      .kind = ActionKind::kSql,
      .sql = {"REINDEX INDEX CONCURRENTLY " + name_of(analysis, name)},
      .text = "Build the index again without blocking writes, outside a transaction.",
      .effort = Effort::kLow,
      .risk = fmt::format("Waits for open transactions, reads the table twice and needs about {} of disk.",
                          human(index.size))};
  if (index.def.unique) {
    action.risk += " It fails again if the table holds duplicates: remove those first.";
  }
  return action;
}

Finding finding_for(const Analysis& analysis, const Table& table, const Index& index) {
  const IndexName name{table.name.schema, index.name};
  const Index* twin = valid_twin(table, index);
  const bool drop = twin != nullptr || is_leftover(index);
  Finding finding;
  finding.subject = subject_of(name);
  finding.severity = Severity::kWarning;
  finding.confidence = Confidence::kConfirmed;
  finding.title = (drop ? "Drop the invalid index " : "Rebuild the invalid index ") + name_of(analysis, name);
  finding.why = "A build of this index failed. No query can use it, yet every write still maintains it.";
  finding.objects = {object_of(analysis, name), object_of(analysis, table.name)};
  finding.evidence = {{.text = "pg_index.indisvalid is false and no build is running",
                       .metric = "pg_index.indisvalid",
                       .value = 0,
                       .unit = ""},
                      size_evidence(analysis, "it takes ", index.size)};
  if (twin != nullptr) {
    finding.evidence.push_back(
        {.text = fmt::format("{} is the same index and valid", twin->name), .metric = "valid_twin"});
  }
  finding.action = drop ? drop_index(analysis, table, index) : rebuild(analysis, name, index);
  if (drop) {
    finding.action.rollback.clear();  // nobody wants the broken one back
    finding.action.text = "Drop it outside a transaction.";
  }
  return finding;
}

void check(const Analysis& analysis, const RuleOptions& /*options*/, Verdict& out) {
  for (const Table& table : analysis.snapshot.schema.tables) {
    // The index of a partitioned table is invalid until each partition has its part: no build of it failed.
    if (!is_advisable(table) || table.kind == TableKind::kPartitioned) {
      continue;
    }
    for (const Index& index : table.indexes) {
      if (!index.valid && !index.being_built) {
        out.findings.push_back(finding_for(analysis, table, index));
      }
    }
  }
}

}  // namespace

constinit const Rule invalid_index{
    .info =
        {.id = "invalid-index",
         .title = "An index is left over from a build that failed",
         .severity = Severity::kWarning,
         .engines = Engines::kPostgres,
         .what =
             "An index with `pg_index.indisvalid` false that no running CREATE INDEX or REINDEX works on.",
         .why = "`CREATE INDEX CONCURRENTLY` that is cancelled or fails leaves its index behind. The planner "
                "never "
                "uses it, but every write maintains it and it takes disk.",
         .fix = "If the table has a valid index with the same definition, or the name ends in `_ccnew` or "
                "`_ccold` "
                "(a REINDEX that failed), drop the invalid one. Otherwise rebuild it with `REINDEX INDEX "
                "CONCURRENTLY`.",
         .quiet = "Builds that are running. The index of a partitioned table, which is invalid until every "
                  "partition "
                  "has its part.",
         .options = {},
         .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <vector>

#include "analyzer/advise/redundancy.h"
#include "analyzer/base/text.h"
#include "rules/actions.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/indexes-unique.html",
    "https://dev.mysql.com/doc/refman/8.4/en/drop-index.html",
};

// Dropping it changes no constraint, no replication and no foreign key. On MySQL a constraint or foreign key
// asks for any index that serves it, so the equal one that stays does.
bool backs_nothing(const Analysis& analysis, const Index& index) {
  if (!is_postgres(analysis)) {
    return index.constraint != ConstraintKind::kPrimaryKey;
  }
  return index.constraint == ConstraintKind::kNone && !index.replica_identity && !index.referenced &&
         index.parent_index.empty();
}

// Which of two equal indexes stays: the one that backs something, then the one used more, then by name.
bool stays_before(const Analysis& analysis, const Index& left, const Index& right) {
  const auto key = [&](const Index& index) {
    return std::tuple(backs_nothing(analysis, index), !index.expression_stats, -index.scans.value_or(0),
                      index.name);
  };
  return key(left) < key(right);
}

Finding finding_for(const Analysis& analysis, const Table& table, const Index& stays, const Index& goes) {
  const IndexName name = index_name_of(analysis, table, goes.name);
  const IndexName kept = index_name_of(analysis, table, stays.name);
  Finding finding;
  finding.subject = subject_of(name);
  finding.severity = Severity::kWarning;
  finding.confidence = Confidence::kConfirmed;
  finding.title = fmt::format("Drop {}, a duplicate of {}", name_of(analysis, name), name_of(analysis, kept));
  finding.why =
      "Two indexes of the table are the same. Each write maintains both, and no query needs the second.";
  finding.objects = {object_of(analysis, name), object_of(analysis, kept), object_of(analysis, table.name)};
  finding.evidence = {{.text = "both are " + index_text(analysis, goes.def),
                       .metric = metric(analysis, "pg_get_indexdef", "information_schema.STATISTICS")},
                      size_evidence(analysis, "the duplicate takes ", goes.size)};
  add_upkeep_evidence(analysis, table, finding.evidence);
  finding.action = drop_index(analysis, table, goes);
  return finding;
}

void check_table(const Analysis& analysis, const Table& table, Verdict& out) {
  std::vector<const Index*> ordered;
  for (const Index& index : table.indexes) {
    // Of a full-text index the catalogue does not tell the parser.
    if (is_usable(index) && !index.being_built && index.def.method != IndexMethod::kFullText) {
      ordered.push_back(&index);
    }
  }
  std::ranges::sort(
      ordered, [&](const Index* left, const Index* right) { return stays_before(analysis, *left, *right); });
  for (std::size_t i = 1; i < ordered.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (backs_nothing(analysis, *ordered[i]) && is_duplicate(ordered[j]->def, ordered[i]->def)) {
        out.findings.push_back(finding_for(analysis, table, *ordered[j], *ordered[i]));
        break;
      }
    }
  }
}

void check(const Analysis& analysis, const RuleOptions& /*options*/, Verdict& out) {
  for (const Table& table : analysis.snapshot.schema.tables) {
    if (is_advisable(table)) {
      check_table(analysis, table, out);
    }
  }
}

}  // namespace

constinit const Rule duplicate_index{
    .info = {.id = "duplicate-index",
             .title = "Two indexes of a table are the same",
             .severity = Severity::kWarning,
             .engines = Engines::kAll,
             .what =
                 "Two valid indexes of one table that agree in method, columns and their order, "
                 "direction, NULLS, "
                 "operator classes, collations, prefix lengths, expressions, included columns, predicate and "
                 "uniqueness.",
             .why = "Every insert, and every update that is not HOT, writes both. Both take disk and cache.",
             .fix = "Drop the one that backs no constraint, no foreign key and no replica identity; of two "
                    "such, the one "
                    "that was scanned less.",
             .quiet =
                 "Indexes that differ in any of these. Two that both back something. Parts of a partitioned "
                 "table's index, which go with it.",
             .options = {},
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

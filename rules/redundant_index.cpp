#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <tuple>

#include "analyzer/advise/redundancy.h"
#include "analyzer/base/text.h"
#include "rules/actions.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"max_size_ratio", 0.5, "share",
           "an index smaller than this share of the wider one is worth keeping while it is used..."},
    Option{"min_scan_share", 0.5, "share", "...for at least this share of the scans of the two"},
};

constexpr std::array<std::string_view, 1> kReferences{
    "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
};

double scans_of_index(const Index& index) {
  return static_cast<double>(index.scans.value_or(0));
}

// A much smaller index that carries most of the scans stays in cache where the wider one would not.
bool earns_its_keep(const Index& narrow, const Index& wide, const RuleOptions& options) {
  const bool small = static_cast<double>(narrow.size.count) <
                     options.get("max_size_ratio") * static_cast<double>(wide.size.count);
  const double scans = scans_of_index(narrow) + scans_of_index(wide);
  return small && scans > 0 && scans_of_index(narrow) >= options.get("min_scan_share") * scans;
}

// Nobody scans the wider one: then it is the one to go (`unused-index` speaks), and following both would
// leave none.
bool is_unused_instead(const Index& narrow, const Index& wide) {
  return is_plain(wide) && scans_of_index(wide) == 0 && scans_of_index(narrow) > 0;
}

// (a) and (a DESC) do all that the other does. Only one of them may go: the one scanned less, then the later
// name.
bool stays_instead(const Index& narrow, const Index& wide) {
  return is_plain(wide) && covered_by(wide.def, narrow.def) &&
         std::tuple(-scans_of_index(narrow), narrow.name) < std::tuple(-scans_of_index(wide), wide.name);
}

const Index* covering(const Table& table, const Index& narrow, const RuleOptions& options) {
  const Index* best = nullptr;
  for (const Index& wide : table.indexes) {
    if (&wide == &narrow || !is_usable(wide) || is_duplicate(narrow.def, wide.def) ||
        !covered_by(narrow.def, wide.def) || earns_its_keep(narrow, wide, options) ||
        is_unused_instead(narrow, wide) || stays_instead(narrow, wide)) {
      continue;
    }
    if (best == nullptr || wide.size < best->size) {
      best = &wide;
    }
  }
  return best;
}

Finding finding_for(const Analysis& analysis, const Table& table, const Index& narrow, const Index& wide) {
  const IndexName name = index_name_of(analysis, table, narrow.name);
  const IndexName kept = index_name_of(analysis, table, wide.name);
  Finding finding;
  finding.subject = subject_of(name);
  finding.severity = Severity::kInfo;
  finding.confidence = Confidence::kStrong;
  finding.title =
      fmt::format("Drop {}, which {} makes redundant", name_of(analysis, name), name_of(analysis, kept));
  finding.why =
      "The wider index starts with the same columns and serves the same queries. Every write maintains both.";
  finding.objects = {object_of(analysis, name), object_of(analysis, kept), object_of(analysis, table.name)};
  finding.evidence = {{.text = "redundant: " + index_text(analysis, narrow.def),
                       .metric = metric(analysis, "pg_get_indexdef", "information_schema.STATISTICS")},
                      {.text = "kept: " + index_text(analysis, wide.def),
                       .metric = metric(analysis, "pg_get_indexdef", "information_schema.STATISTICS")},
                      {.text = "it takes " + human(narrow.size) + ", the kept one " + human(wide.size),
                       .metric = metric(analysis, "pg_relation_size", "innodb_index_stats.size"),
                       .value = static_cast<double>(narrow.size.count),
                       .unit = "bytes"}};
  if (narrow.scans) {
    finding.evidence.push_back(
        {.text =
             human(Rows{scans_of_index(narrow)}) +
             (is_postgres(analysis) ? " scans would move to the kept index"
                                    : " rows were reached through it, and would be through the kept index"),
         .metric = metric(analysis, "pg_stat_user_indexes.idx_scan",
                          "table_io_waits_summary_by_index_usage.COUNT_STAR"),
         .value = scans_of_index(narrow),
         .unit = "scans"});
  }
  finding.action = drop_index(analysis, table, narrow);
  return finding;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Table& table : analysis.snapshot.schema.tables) {
    if (!is_advisable(table)) {
      continue;
    }
    for (const Index& narrow : table.indexes) {
      if (!is_usable(narrow) || narrow.being_built || !is_plain(narrow)) {
        continue;
      }
      if (const Index* wide = covering(table, narrow, options); wide != nullptr) {
        out.findings.push_back(finding_for(analysis, table, narrow, *wide));
      }
    }
  }
}

}  // namespace

constinit const Rule redundant_index{
    .info =
        {.id = "redundant-index",
         .title = "A wider index does all that this one does",
         .severity = Severity::kInfo,
         .engines = Engines::kAll,
         .what = "A plain B-tree index whose columns lead another usable index of the table in the same "
                 "order and "
                 "direction (or all reversed), with the same operator classes, collations and predicate, and "
                 "whose "
                 "included columns the other one holds. It stays silent while the index is smaller than "
                 "`max_size_ratio` of the other and takes at least `min_scan_share` of the scans of both.",
         .why = "Every insert, and every update that is not HOT, writes both. Both take disk and cache.",
         .fix = "Drop the narrower index. Its scans move to the wider one, which is a little slower to read.",
         .quiet = "Unique indexes and indexes that back a constraint, a foreign key or the replica identity. "
                  "Indexes "
                  "that differ in operator class, collation, direction or predicate. Duplicates "
                  "(`duplicate-index` "
                  "speaks). Parts of a partitioned table's index.",
         .options = kOptions,
         .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

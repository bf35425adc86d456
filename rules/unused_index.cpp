#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "analyzer/advise/redundancy.h"
#include "analyzer/base/text.h"
#include "rules/actions.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_window", 14, "d", "counters younger than this say nothing about monthly work"},
    Option{"strong_window", 30, "d", "from this age on the finding is `strong`, before it `possible`"},
    Option{"min_size", 1'048'576, "bytes", "smaller indexes are not worth a change"},
};

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-INDEXES-VIEW",
    "https://www.postgresql.org/docs/current/sql-dropindex.html",
};

double days_of(Millis length) {
  return length / Millis{86'400'000};
}

// An index with its parts: a partitioned index is scanned, and takes its disk, through the indexes of the
// partitions.
struct Usage {
  std::optional<std::int64_t> scans;
  Bytes size;
  std::optional<TimePoint> last_scan;
};

void add_usage(const Schema& schema, const Table& table, const Index& index, Usage& usage, int depth) {
  if (table.kind != TableKind::kPartitioned) {
    usage.size.count += index.size.count;
    if (index.scans) {
      usage.scans = usage.scans.value_or(0) + *index.scans;
    }
    usage.last_scan = std::max(usage.last_scan, index.last_scan);
    return;
  }
  for (const Table* partition : partitions_of(schema, table)) {
    for (const Index& part : partition->indexes) {
      if (part.parent_index == index.name && depth < 32) {
        add_usage(schema, *partition, part, usage, depth + 1);
      }
    }
  }
}

// Since when no scan can have happened; nullopt where one did, or nothing is known.
std::optional<TimePoint> unused_since(const Snapshot& snapshot, const IndexName& name, const Usage& usage) {
  const auto& counters = snapshot.schema.counters;
  if (!usage.scans || !counters) {
    return std::nullopt;
  }
  const auto& history = snapshot.history.index_unused_since;
  const auto own = history.find(name);
  if (*usage.scans > 0) {
    if (usage.last_scan) {
      return usage.last_scan;
    }
    return own == history.end() ? std::nullopt : std::optional(own->second);
  }
  // Earlier audits met other indexes before this one: it is younger than the counters.
  for (const auto& [other, since] : history) {
    if (own != history.end() && since + std::chrono::days{1} < own->second) {
      return std::max(counters->from, own->second);
    }
  }
  return counters->from;
}

bool supports_foreign_key_alone(const Schema& schema, const Table& table, const Index& index) {
  return std::ranges::any_of(schema.foreign_keys, [&](const ForeignKey& key) {
    if (key.table != table.name) {
      return false;
    }
    Table with = table;
    with.indexes = {index};
    Table without = table;
    std::erase_if(without.indexes, [&](const Index& other) {
      return other.name == index.name || (is_plain(other) && other.scans.value_or(0) == 0);
    });
    return leads_an_index(with, key.columns, nullptr) && !leads_an_index(without, key.columns, nullptr);
  });
}

std::set<std::pair<std::string, std::string>> indexes_in_plans(const Snapshot& snapshot) {
  std::set<std::pair<std::string, std::string>> used;
  const auto collect = [&](const std::optional<Plan>& plan) {
    if (plan) {
      walk(*plan, [&](const PlanNode& node, const std::string&) { used.emplace(node.schema, node.index); });
    }
  };
  for (const auto& [id, plan] : snapshot.plans) {
    collect(plan.plan);
    collect(plan.worst);
  }
  return used;
}

bool is_candidate(const Schema& schema, const Table& table, const Index& index) {
  return is_usable(index) && !index.being_built && !index.def.unique &&
         index.constraint == ConstraintKind::kNone && !index.replica_identity && !index.referenced &&
         !index.expression_stats && index.parent_index.empty() &&
         !supports_foreign_key_alone(schema, table, index);
}

Finding finding_for(const Analysis& analysis, const Table& table, const Index& index, const Usage& usage,
                    double window, const RuleOptions& options) {
  const IndexName name = index_name_of(analysis, table, index.name);
  Finding finding;
  finding.subject = subject_of(name);
  finding.severity = Severity::kInfo;
  finding.confidence = window >= options.get("strong_window") ? Confidence::kStrong : Confidence::kPossible;
  finding.title = "Drop the unused index " + name_of(analysis, name);
  finding.why = fmt::format(
      "No query scanned it for {:.0f} days, but every write maintains it and it takes disk and cache.",
      window);
  finding.objects = {object_of(analysis, name), object_of(analysis, table.name)};
  finding.evidence = {{.text = fmt::format("not scanned for {:.0f} days", window),
                       .metric = metric(analysis, "pg_stat_user_indexes.idx_scan",
                                        "table_io_waits_summary_by_index_usage.COUNT_STAR"),
                       .value = window,
                       .unit = "d"},
                      size_evidence(analysis, "it takes ", usage.size)};
  add_upkeep_evidence(analysis, table, finding.evidence);
  if (const auto hidden = hide_index(analysis, table, index)) {
    finding.title = "Hide, then drop the unused index " + name_of(analysis, name);
    finding.action = *hidden;
    return finding;
  }
  finding.action = drop_index(analysis, table, index);
  finding.action.text =
      "Check replicas and work that runs less often than the counters reach back; then drop it outside a "
      "transaction.";
  return finding;
}

Gap too_young(double window, std::size_t count, const RuleOptions& options) {
  return {.what = "use of indexes",
          .why = fmt::format("the counters are {:.1f} days old, {:.0f} are needed; {} without a scan so far",
                             window, options.get("min_window"),
                             count == 1 ? "1 index" : fmt::format("{} indexes", count)),
          .remedy = "audit again when the counters are old enough; do not reset them"};
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  const Snapshot& snapshot = analysis.snapshot;
  const auto used_in_plans = indexes_in_plans(snapshot);
  std::size_t young = 0;
  std::size_t unknown = 0;
  double youngest = options.get("min_window");
  for (const Table& table : snapshot.schema.tables) {
    if (!is_advisable(table)) {
      continue;
    }
    for (const Index& index : table.indexes) {
      Usage usage;
      add_usage(snapshot.schema, table, index, usage, 0);
      if (static_cast<double>(usage.size.count) < options.get("min_size") ||
          !is_candidate(snapshot.schema, table, index) ||
          used_in_plans.contains({table.name.schema, index.name}) ||
          used_in_plans.contains({"", index.name})) {
        continue;
      }
      if (!snapshot.schema.counters || !usage.scans) {
        ++unknown;
        continue;
      }
      const auto since = unused_since(snapshot, index_name_of(analysis, table, index.name), usage);
      if (!since) {
        continue;
      }
      const double window = days_of(snapshot.taken_at - *since);
      if (window >= options.get("min_window")) {
        out.findings.push_back(finding_for(analysis, table, index, usage, window, options));
      } else if (*usage.scans == 0) {
        ++young;
        youngest = std::min(youngest, window);
      }
    }
  }
  if (young > 0) {
    out.gaps.push_back(too_young(youngest, young, options));
  }
  if (unknown > 0) {
    out.gaps.push_back(
        {.what = "use of indexes",
         .why = "the server does not say since when it counts scans",
         .remedy = "keep auditing: planwise notes from which reading on an index is never scanned"});
  }
}

}  // namespace

constinit const Rule unused_index{
    .info =
        {.id = "unused-index",
         .title = "An index is never scanned",
         .severity = Severity::kInfo,
         .engines = Engines::kAll,
         .what = "An index of at least `min_size` that was not scanned for `min_window` days or longer: "
                 "since the "
                 "counters began, since its last scan (PostgreSQL 16 and later), or since the first of "
                 "planwise's own "
                 "readings without a new scan. From `strong_window` days on the confidence is `strong`. A "
                 "partitioned "
                 "index counts as used when one of its parts is.",
         .why =
             "Every insert, and every update that is not HOT, maintains it. It takes disk, cache and time in "
             "VACUUM and backups.",
         .fix =
             "Drop it without blocking. The rollback builds it again. Replicas count their scans "
             "themselves: look "
             "there first. MySQL 8.0 and MariaDB 10.6 can hide it first: the optimizer leaves a hidden index "
             "alone, and showing it again takes no time.",
         .quiet = "Unique indexes; indexes that back a constraint or the replica identity, that a foreign "
                  "key points "
                  "at, or that alone support one; indexes whose expression statistics the planner uses; "
                  "indexes that a "
                  "plan of this workload uses; invalid ones and parts of a partitioned index. Counters that "
                  "are too "
                  "young are told as skipped. A reset of one table's counters cannot be seen before "
                  "PostgreSQL 19.",
         .options = kOptions,
         .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "analyzer/base/text.h"
#include "analyzer/sql/quote.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_temp", 1'048'576, "bytes", "written to temporary files a call; less is lost in the noise"},
    Option{"memory_factor", 3, "times", "memory that rows take for each byte they take on disk"},
    Option{"max_memory_share", 0.05, "share", "of the server's memory that one operation may be given"},
};

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM",
    "https://www.postgresql.org/docs/current/sql-alterrole.html",
};

constexpr double kBlock = 8192;  // pg_stat_statements counts temporary blocks of this size
constexpr double kKilobyte = 1024;

std::optional<double> kilobytes(const Snapshot& snapshot, const std::string& name) {
  const auto at = snapshot.settings.find(name);
  const auto value = snapshot.setting(name);
  if (!value) {
    return std::nullopt;
  }
  return at->second.unit == "8kB" ? *value * 8 : value;
}

std::string operation_in(const Plan* plan) {
  std::string found;
  if (plan != nullptr) {
    walk(*plan, [&](const PlanNode& node, const std::string&) {
      const bool sorts = node.kind == NodeKind::kSort || node.label == "Hash" ||
                         node.label == "HashAggregate" || node.kind == NodeKind::kWindow ||
                         node.kind == NodeKind::kMaterialize;
      if (found.empty() && sorts) {
        found = node.label;
      }
    });
  }
  return found;
}

// The next power of two that holds the rows in memory, in kB.
double needed_kilobytes(double temp_bytes, double work_mem, double factor) {
  const double wanted = std::max(work_mem * 2, work_mem + temp_bytes * factor / kKilobyte);
  return std::exp2(std::ceil(std::log2(wanted)));
}

Action action_for(const Statement& statement, double needed, std::optional<double> limit) {
  const std::string size = fmt::format("{:.0f}MB", std::max(1.0, needed / kKilobyte));
  if (!limit || needed > *limit) {
    return {.kind = ActionKind::kApplication,
            .text = fmt::format(
                "It would take about {}. Sort or group fewer rows: filter earlier, select fewer columns, or "
                "let an index deliver the order.",
                limit ? size + " of work_mem, more than one operation should get on this server"
                      : size + " more work_mem than it has, and planwise cannot tell what the server has"),
            .effort = Effort::kMedium};
  }
  if (statement.user.empty()) {
    return {
        .kind = ActionKind::kApplication,
        .text = fmt::format("Run SET LOCAL work_mem = '{}' in the transaction before this statement.", size),
        .effort = Effort::kLow};
  }
  const std::string role = quoted(statement.user, Engine::kPostgres);
  return {.kind = ActionKind::kConfiguration,
          .sql = {fmt::format("ALTER ROLE {} SET work_mem = '{}'", role, size)},
          .rollback = {fmt::format("ALTER ROLE {} RESET work_mem", role)},
          .text = fmt::format(
              "Give the role more memory for sorting and hashing; it holds from the next connection on. Or "
              "SET LOCAL work_mem = '{}' in the transaction of this statement alone.",
              size),
          .effort = Effort::kLow,
          .risk =
              "Each sort and hash of each of the role's connections may take that much at the same time. "
              "Keep the "
              "product of connections and work_mem well below the server's memory."};
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  const Snapshot& snapshot = analysis.snapshot;
  const auto work_mem = kilobytes(snapshot, "work_mem");
  // The planner's idea of the memory for caching is the best measure of the machine that SQL gives.
  const auto cache = kilobytes(snapshot, "effective_cache_size");
  const auto limit =
      work_mem && cache ? std::optional(*cache * options.get("max_memory_share")) : std::nullopt;
  for (const Statement& statement : snapshot.workload.statements) {
    const StatementShape* shape = shape_of(analysis, statement.id);
    if (!statement.stats.temp_blocks_written || statement.stats.calls == 0 ||
        (shape != nullptr && shape->kind == StatementKind::kUtility)) {
      continue;
    }
    const double temp = static_cast<double>(*statement.stats.temp_blocks_written) * kBlock /
                        static_cast<double>(statement.stats.calls);
    if (temp < options.get("min_temp")) {
      continue;
    }
    // More memory has been set since than the rows take: the counters are older than the change.
    if (work_mem && temp * options.get("memory_factor") <= *work_mem * kKilobyte) {
      continue;
    }
    const std::string operation = operation_in(snapshot.plan_of(statement.id));
    Finding finding = statement_finding(analysis, statement);
    finding.confidence = Confidence::kConfirmed;
    finding.title = fmt::format("Keep statement {} from sorting on disk", to_string(statement.id));
    finding.why =
        "Rows that do not fit into work_mem are written to temporary files and read again, on every call.";
    finding.objects.push_back({ObjectKind::kSetting, "work_mem"});
    finding.evidence.push_back(
        {.text = human(Bytes{static_cast<std::int64_t>(temp)}) + " written to temporary files a call" +
                 (operation.empty() ? "" : ", by " + operation + " at the top of the plan"),
         .metric = "pg_stat_statements.temp_blks_written",
         .value = temp,
         .unit = "bytes"});
    if (work_mem) {
      finding.evidence.push_back(
          {.text = "work_mem is " + human(Bytes{static_cast<std::int64_t>(*work_mem * kKilobyte)}),
           .metric = "work_mem",
           .value = *work_mem * kKilobyte,
           .unit = "bytes"});
    }
    finding.action = action_for(
        statement, needed_kilobytes(temp, work_mem.value_or(0), options.get("memory_factor")), limit);
    out.findings.push_back(std::move(finding));
  }
}

}  // namespace

constinit const Rule spill_to_disk{
    .info = {.id = "spill-to-disk",
             .title = "A statement sorts or hashes on disk",
             .severity = Severity::kWarning,
             .engines = Engines::kPostgres,
             .what = "A statement that writes `min_temp` or more to temporary files a call, by "
                     "pg_stat_statements' own "
                     "count. The memory it needs is taken as work_mem plus `memory_factor` times what it "
                     "wrote, and is "
                     "proposed only up to `max_memory_share` of effective_cache_size.",
             .why = "Disk is a thousand times slower than memory, and temporary files push other data out of "
                    "the cache.",
             .fix = "More work_mem for that role or that transaction, never for the whole server; or an "
                    "index that delivers "
                    "the order; or fewer and narrower rows.",
             .quiet =
                 "What fits into memory; small spills; CREATE INDEX and other utility statements, which use "
                 "maintenance_work_mem.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

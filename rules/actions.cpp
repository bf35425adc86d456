#include "rules/actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "analyzer/advise/redundancy.h"
#include "analyzer/base/text.h"
#include "analyzer/sql/quote.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr int kPartitionDepth = 32;  // deeper nesting than anybody builds; ends a catalogue that loops
constexpr std::size_t kStatementsAsEvidence = 5;

Engine engine_of(const Analysis& analysis) {
  return analysis.snapshot.server.engine;
}

constexpr Version kInvisibleIndexes{8, 0, 0};  // MySQL
constexpr Version kIgnoredIndexes{10, 6, 0};   // MariaDB

std::string drop_mysql_index(const Analysis& analysis, const Table& table, const Index& index) {
  return fmt::format("DROP INDEX {} ON {}", quoted(index.name, engine_of(analysis)),
                     name_of(analysis, table.name));
}

std::string drop_statement(const Analysis& analysis, const IndexName& name, bool partitioned) {
  return std::string("DROP INDEX ") + (partitioned ? "" : "CONCURRENTLY ") + name_of(analysis, name);
}

// CREATE INDEX on the partitioned table alone. Source: "Building Indexes Concurrently" of the manual's CREATE
// INDEX page: partitioned tables do not support CONCURRENTLY; ON ONLY, then ATTACH PARTITION is the way
// around it.
std::string create_on_only(const IndexDef& def, const std::string& name, Engine engine) {
  std::string sql = create_index(def, name, engine, false);
  const std::string head =
      std::string(def.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ") + quoted(name, engine) + " ON ";
  return sql.insert(head.size(), "ONLY ");
}

const Index* attachable(const Table& partition, const IndexDef& def) {
  const auto at = std::ranges::find_if(partition.indexes, [&](const Index& index) {
    return is_usable(index) && index.parent_index.empty() && index.constraint == ConstraintKind::kNone &&
           is_duplicate(index.def, def);
  });
  return at == partition.indexes.end() ? nullptr : &*at;
}

class IndexBuild {
 public:
  IndexBuild(const Analysis& analysis, Action& action) : analysis_(analysis), action_(action) {}

  void add(const Table& table, IndexDef def, const std::string& name, int depth) {
    def.table = table.name;
    const Engine engine = engine_of(analysis_);
    const std::vector<const Table*> partitions = partitions_of(analysis_.snapshot.schema, table);
    if (table.kind != TableKind::kPartitioned || depth >= kPartitionDepth) {
      action_.sql.push_back(create_index(def, name, engine, true));
      undo(table, name, false, depth);
      return;
    }
    // The parent's index only becomes valid with a part on every partition; a foreign one cannot have any.
    const bool attach =
        std::ranges::none_of(partitions, [](const Table* one) { return one->kind == TableKind::kForeign; });
    if (attach) {
      action_.sql.push_back(create_on_only(def, name, engine));
      undo(table, name, true, depth);
    }
    for (const Table* partition : partitions) {
      if (partition->kind == TableKind::kForeign) {
        continue;
      }
      IndexDef part = def;
      part.table = partition->name;
      const Index* existing = attachable(*partition, part);
      const std::string part_name =
          existing != nullptr ? existing->name : index_name(part, *partition, engine);
      if (existing == nullptr) {
        add(*partition, part, part_name, attach ? depth + 1 : 0);
      }
      if (attach) {
        action_.sql.push_back(fmt::format("ALTER INDEX {} ATTACH PARTITION {}",
                                          name_of(analysis_, IndexName{table.name.schema, name}),
                                          name_of(analysis_, IndexName{partition->name.schema, part_name})));
      }
    }
  }

 private:
  // Dropping the parent's index drops its parts, so only the outermost one is undone.
  void undo(const Table& table, const std::string& name, bool partitioned, int depth) {
    if (depth == 0) {
      action_.rollback.push_back(drop_statement(analysis_, IndexName{table.name.schema, name}, partitioned));
    }
  }

  const Analysis& analysis_;
  Action& action_;
};

std::string build_risk(const Table& table, std::optional<Bytes> size) {
  std::string risk =
      "Reads and writes go on while it builds (SHARE UPDATE EXCLUSIVE lock); it waits for transactions that "
      "are open, "
      "reads the table twice";
  risk += size ? fmt::format(", and takes about {} of disk.", human(*size)) : ".";
  if (table.kind == TableKind::kPartitioned) {
    risk += " ON ONLY and ATTACH PARTITION take a short lock on the parent.";
  }
  risk += " A build that fails leaves an invalid index to drop.";
  return risk;
}

}  // namespace

std::string index_text(const Analysis& analysis, const IndexDef& def) {
  std::string text = name_of(analysis, def.table) + " ";
  if (def.method != IndexMethod::kBtree) {
    text.append("using ").append(to_string(def.method)).append(" ");
  }
  return text + index_columns(def, engine_of(analysis));
}

std::string concurrently(const std::string& definition) {
  for (const std::string_view head : {"CREATE UNIQUE INDEX ", "CREATE INDEX "}) {
    if (definition.starts_with(head) && !definition.substr(head.size()).starts_with("CONCURRENTLY ")) {
      return std::string(head) + "CONCURRENTLY " + definition.substr(head.size());
    }
  }
  return definition;
}

Finding index_finding(const Analysis& analysis, const Table& table, const IndexDef& def, std::string name,
                      std::optional<Bytes> size) {
  if (name.empty()) {
    name = index_name(def, table, engine_of(analysis));
  }
  Finding finding;
  finding.title = "Add an index on " + index_text(analysis, def);
  finding.objects = {object_of(analysis, table.name),
                     object_of(analysis, IndexName{table.name.schema, name})};
  for (const IndexKey& key : def.keys) {
    if (!key.is_expression) {
      finding.objects.push_back(object_of(analysis, table.name, key.expression));
    }
  }
  finding.action = {.kind = ActionKind::kSql,
                    .text = "Build the index without blocking writes, outside a transaction.",
                    .effort = Effort::kLow,
                    .risk = build_risk(table, size)};
  IndexBuild(analysis, finding.action).add(table, def, name, 0);
  const bool trigrams = std::ranges::any_of(
      def.keys, [](const IndexKey& key) { return key.opclass.find("trgm_ops") != std::string::npos; });
  if (trigrams && !analysis.snapshot.server.extensions.contains("pg_trgm")) {
    finding.action.sql.insert(finding.action.sql.begin(), "CREATE EXTENSION IF NOT EXISTS pg_trgm");
    finding.action.rollback.emplace_back("DROP EXTENSION pg_trgm");
  }
  if (std::ranges::any_of(def.keys, &IndexKey::is_expression)) {
    finding.action.sql.push_back("ANALYZE " + name_of(analysis, table.name));
    finding.action.text += " ANALYZE gives the planner statistics of the expression.";
  }
  finding.impact.index_size = size;
  return finding;
}

Finding proposal_finding(const Analysis& analysis, const Table& table, const IndexProposal& proposal) {
  Finding finding = index_finding(analysis, table, proposal.def, proposal.name, proposal.size);
  if (!proposal.replaces.empty()) {
    finding.title = fmt::format("Replace {} by an index on {}", fmt::join(proposal.replaces, " and "),
                                index_text(analysis, proposal.def));
  }
  for (const std::string& old : proposal.replaces) {
    const Index* index = table.find_index(old);
    if (index == nullptr) {
      continue;
    }
    const Action drop = drop_index(analysis, table, *index);
    finding.action.sql.insert(finding.action.sql.end(), drop.sql.begin(), drop.sql.end());
    finding.action.rollback.insert(finding.action.rollback.begin(), drop.rollback.begin(),
                                   drop.rollback.end());
    finding.action.text += " Then drop " + old + ", which the new index replaces.";
    finding.objects.push_back(object_of(analysis, IndexName{table.name.schema, old}));
  }
  const bool timed = proposal.saved_per_hour.count() > 0;
  Millis before{0};
  for (const StatementGain& gain : proposal.gains) {
    finding.statements.push_back(
        {.id = gain.statement, .cost_before = gain.before, .cost_after = gain.after});
    const Statement* statement = analysis.snapshot.workload.find(gain.statement);
    if (statement != nullptr) {
      before += time_per_hour(analysis, *statement).value_or(Millis{0});
    }
    if (finding.evidence.size() < kStatementsAsEvidence) {
      finding.evidence.push_back(
          {.text = fmt::format("statement {}: planner cost {:.1f} before, {:.1f} after",
                               to_string(gain.statement), gain.before.units, gain.after.units),
           .metric = "plan_cost_ratio",
           .value = gain.after.units > 0 ? gain.before.units / gain.after.units : 0,
           .unit = "times"});
    }
  }
  for (const std::string& alternative : proposal.alternatives) {
    finding.evidence.push_back({.text = "also tried: " + alternative, .metric = "alternative"});
  }
  Impact& impact = finding.impact;
  impact.write_overhead = proposal.write_overhead;
  impact.basis = proposal.basis == "what-if" ? Basis::kWhatIf : Basis::kCostModel;
  if (proposal.verified) {
    impact.load_saved = proposal.load_saved;
    impact.low = proposal.load_saved_low;
    impact.high = proposal.load_saved_high;
  }
  if (proposal.verified && timed) {
    impact.time_saved_per_hour = proposal.saved_per_hour;
    if (before > proposal.saved_per_hour) {
      impact.speedup = before / (before - proposal.saved_per_hour);
    }
  }
  return finding;
}

std::optional<Action> hide_index(const Analysis& analysis, const Table& table, const Index& index) {
  const ServerInfo& server = analysis.snapshot.server;
  const bool can = server.engine == Engine::kMySql     ? kInvisibleIndexes <= server.version
                   : server.engine == Engine::kMariaDb ? kIgnoredIndexes <= server.version
                                                       : false;
  if (!can) {
    return std::nullopt;
  }
  const bool is_mysql = server.engine == Engine::kMySql;
  const std::string head = fmt::format("ALTER TABLE {} ALTER INDEX {} ", name_of(analysis, table.name),
                                       quoted(index.name, server.engine));
  return Action{
      .kind = ActionKind::kSql,
      .sql = {head + (is_mysql ? "INVISIBLE" : "IGNORED")},
      .rollback = {head + (is_mysql ? "VISIBLE" : "NOT IGNORED")},
      .text = fmt::format("Hide it from the optimizer, on replicas too. If nothing has become slower after "
                          "the longest cycle of your work, drop it: {}",
                          drop_mysql_index(analysis, table, index)),
      .effort = Effort::kLow,
      .risk = "A hint that names the index is an error while it is hidden. Writes go on keeping it."};
}

Action drop_index(const Analysis& analysis, const Table& table, const Index& index) {
  if (!is_postgres(analysis)) {
    return {.kind = ActionKind::kSql,
            .sql = {drop_mysql_index(analysis, table, index)},
            .rollback = {index.definition.empty()
                             ? create_index(index.def, index.name, engine_of(analysis), false)
                             : index.definition},
            .text = "Drop the index; the rollback builds it again.",
            .effort = Effort::kLow,
            .risk =
                "Waits for transactions that use the table, and lets nobody else at it meanwhile: set "
                "lock_wait_timeout before. Statements on replicas may use the index unseen, and a hint that "
                "names "
                "it becomes an error."};
  }
  const bool partitioned = table.kind == TableKind::kPartitioned;
  const IndexName name{table.name.schema, index.name};
  Action action{.kind = ActionKind::kSql,
                .sql = {drop_statement(analysis, name, partitioned)},
                .text = "Drop the index outside a transaction; the rollback builds it again.",
                .effort = Effort::kLow};
  if (partitioned) {
    action.risk =
        "Takes an ACCESS EXCLUSIVE lock on the table and its partitions until it is done: run it with a "
        "lock_timeout.";
  } else {
    action.risk =
        "Waits for transactions that use the table, blocks nobody. Statements on replicas may use the index "
        "unseen.";
  }
  const std::string definition = index.definition.empty()
                                     ? create_index(index.def, index.name, engine_of(analysis), false)
                                     : index.definition;
  action.rollback.push_back(partitioned ? definition : concurrently(definition));
  return action;
}

}  // namespace planwise::rules

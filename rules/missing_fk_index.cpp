#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/base/text.h"
#include "rules/actions.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array<std::string_view, 1> kReferences{
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
};

// What makes the server look for the child's rows by this key.
struct Use {
  std::int64_t parent_deletes = 0;
  bool counted = false;                  // the parent's deletes are known
  std::vector<StatementId> key_updates;  // statements that change the referenced columns
  std::vector<StatementId> joins;        // statements that join the two tables on the key
  [[nodiscard]] bool any() const { return parent_deletes > 0 || !key_updates.empty() || !joins.empty(); }
};

bool joins_on(const Analysis& analysis, const StatementShape& shape, const ForeignKey& key) {
  const auto is_pair = [&](const ColumnUse& child, const ColumnUse& parent) {
    const Table* left = table_of(analysis, shape, child);
    const Table* right = table_of(analysis, shape, parent);
    return left != nullptr && right != nullptr && left->name == key.table && right->name == key.parent &&
           std::ranges::find(key.columns, child.column) != key.columns.end() &&
           std::ranges::find(key.parent_columns, parent.column) != key.parent_columns.end();
  };
  return std::ranges::any_of(shape.blocks, [&](const QueryBlock& block) {
    return std::ranges::any_of(block.joins, [&](const JoinPredicate& join) {
      return join.equality && (is_pair(join.left, join.right) || is_pair(join.right, join.left));
    });
  });
}

bool updates_key(const StatementShape& shape, const ForeignKey& key) {
  return shape.kind == StatementKind::kUpdate && !shape.blocks.empty() &&
         !shape.blocks[0].relations.empty() && shape.blocks[0].relations[0].table == key.parent &&
         std::ranges::any_of(key.parent_columns, [&](const std::string& column) {
           return std::ranges::find(shape.written_columns, column) != shape.written_columns.end();
         });
}

Use use_of(const Analysis& analysis, const ForeignKey& key) {
  Use use;
  const Table* parent = analysis.snapshot.schema.find(key.parent);
  if (parent != nullptr && parent->counters) {
    use.counted = true;
    use.parent_deletes = parent->counters->deletes;
  }
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    const StatementShape* shape = shape_of(analysis, statement.id);
    if (shape == nullptr) {
      continue;
    }
    if (updates_key(*shape, key)) {
      use.key_updates.push_back(statement.id);
    } else if (joins_on(analysis, *shape, key)) {
      use.joins.push_back(statement.id);
    }
  }
  return use;
}

IndexDef index_for(const Table& table, const ForeignKey& key) {
  IndexDef def;
  def.table = table.name;
  for (const std::string& column : key.columns) {
    def.keys.push_back({.expression = column});
  }
  return def;
}

// A proposal of the advisor that begins with the key's columns does this work too.
const IndexProposal* covering_proposal(const Analysis& analysis, const ForeignKey& key) {
  for (const IndexProposal& proposal : analysis.advice.proposals) {
    if (proposal.def.table != key.table) {
      continue;
    }
    Table with;
    Index index;
    index.def = proposal.def;
    with.indexes.push_back(std::move(index));
    if (leads_an_index(with, key.columns, nullptr)) {
      return &proposal;
    }
  }
  return nullptr;
}

void add_evidence(const Table& table, const ForeignKey& key, const Use& use, Finding& finding) {
  const double rows = row_count(table).value_or(0);
  finding.evidence.push_back(
      {.text = fmt::format("constraint {}: no index begins with its columns", key.name),
       .metric = "pg_constraint.conkey"});
  finding.evidence.push_back(
      {.text = human(Rows{rows}) + " rows to search for each deleted row of the parent",
       .metric = "pg_class.reltuples",
       .value = rows,
       .unit = "rows"});
  if (use.parent_deletes > 0) {
    finding.evidence.push_back(
        {.text = human(Rows{static_cast<double>(use.parent_deletes)}) + " rows of the parent deleted so far",
         .metric = "pg_stat_user_tables.n_tup_del",
         .value = static_cast<double>(use.parent_deletes),
         .unit = "rows"});
  }
  const auto count = [&](const std::vector<StatementId>& statements, std::string_view what,
                         std::string_view metric) {
    if (!statements.empty()) {
      finding.evidence.push_back({.text = fmt::format("{} statement{} {}", statements.size(),
                                                      statements.size() == 1 ? "" : "s", what),
                                  .metric = std::string(metric),
                                  .value = static_cast<double>(statements.size()),
                                  .unit = "statements"});
    }
    for (const StatementId id : statements) {
      finding.statements.push_back({.id = id});
    }
  };
  count(use.key_updates, "change the referenced key", "statements_updating_key");
  count(use.joins, "join the two tables on it", "statements_joining");
}

Finding finding_for(const Analysis& analysis, const Table& table, const ForeignKey& key, const Use& use) {
  const IndexProposal* proposal = covering_proposal(analysis, key);
  Finding finding;
  if (proposal != nullptr) {
    const Finding proposed = proposal_finding(analysis, table, *proposal);
    finding.title = proposed.title;
    finding.objects = proposed.objects;
    finding.action = proposed.action;
  } else {
    finding = index_finding(analysis, table, index_for(table, key), "", std::nullopt);
  }
  const bool checked = use.parent_deletes > 0 || !use.key_updates.empty();
  finding.subject = "constraint:" + key.table.schema + "." + key.table.table + "." + key.name;
  finding.severity = checked ? Severity::kWarning : Severity::kInfo;
  finding.confidence = checked ? Confidence::kStrong : Confidence::kPossible;
  finding.why = fmt::format(
      "Each delete or key change in {} must find the rows here that refer to it; without an index it reads "
      "the whole "
      "table while it holds its locks.",
      name_of(analysis, key.parent));
  finding.objects.push_back(
      {ObjectKind::kConstraint, name_of(analysis, IndexName{key.table.schema, key.name})});
  add_evidence(table, key, use, finding);
  return finding;
}

// The key of a partition that its parent has as well is the parent's business.
bool is_inherited(const Schema& schema, const ForeignKey& key) {
  const Table* table = schema.find(key.table);
  if (table == nullptr || !table->partition_of) {
    return false;
  }
  const Table& root = schema.root_of(*table);
  return std::ranges::any_of(schema.foreign_keys, [&](const ForeignKey& other) {
    return other.table == root.name && other.columns == key.columns;
  });
}

void check(const Analysis& analysis, const RuleOptions& /*options*/, Verdict& out) {
  const Schema& schema = analysis.snapshot.schema;
  for (const ForeignKey& key : schema.foreign_keys) {
    const Table* table = schema.find(key.table);
    if (table == nullptr || !is_advisable(*table) || is_tiny(*table) || is_inherited(schema, key) ||
        leads_an_index(*table, key.columns, nullptr)) {
      continue;
    }
    const Use use = use_of(analysis, key);
    if (use.any()) {
      out.findings.push_back(finding_for(analysis, *table, key, use));
    } else if (!use.counted) {
      out.gaps.push_back({.what = "foreign key " + name_of(analysis, key.table) + " " + key.name,
                          .why = "the server does not count deletes of the table it refers to",
                          .remedy = "set track_counts to on"});
    }
  }
}

}  // namespace

constinit const Rule missing_fk_index{
    .info =
        {.id = "missing-fk-index",
         .title = "A foreign key has no index on its own side",
         .severity = Severity::kWarning,
         .engines = Engines::kPostgres,
         .what =
             "A foreign key whose columns, in any order, begin no usable index of its table, while rows of "
             "the "
             "table it refers to are deleted, or their keys changed, or statements join the two on the key. "
             "Deletes and key changes make it a warning, a join alone makes it info.",
         .why = "PostgreSQL indexes the side that is referred to, not this one. Each delete or key change "
                "there reads "
                "this whole table, holding row locks meanwhile; with many deletes that is the load.",
         .fix = "Index the columns. If the index advisor proposes an index that begins with them, that one "
                "does both.",
         .quiet = "Keys covered by any index that begins with their columns, the primary key included, or by "
                  "a partial "
                  "index on the column IS NOT NULL; tiny tables; partitions of a table that has the key "
                  "itself; keys "
                  "whose parent is never deleted from nor joined.",
         .options = {},
         .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

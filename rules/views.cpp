#include "rules/views.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/advise/redundancy.h"
#include "analyzer/base/text.h"
#include "analyzer/model/index_names.h"
#include "analyzer/sql/quote.h"

namespace planwise::rules {
namespace {

// An index with a predicate holds every row that an equality on the column can ask for only if the predicate
// is `column IS NOT NULL`, as PostgreSQL prints it.
bool hides_no_match(const IndexDef& def, const std::vector<std::string>& columns) {
  return def.predicate.empty() || std::ranges::any_of(columns, [&](const std::string& column) {
           return same_expression(def.predicate, column + " IS NOT NULL") ||
                  same_expression(def.predicate, "\"" + column + "\" IS NOT NULL");
         });
}

bool is_identifier_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool is_advisable(const Table& table) {
  return !table.temporary && table.kind != TableKind::kForeign && table.kind != TableKind::kView;
}

bool speaks_for_itself(const Table& table) {
  return is_advisable(table) && !table.partition_of;
}

std::optional<double> row_count(const Table& table) {
  if (table.rows) {
    return table.rows->count;
  }
  if (table.counters) {
    return static_cast<double>(table.counters->live_rows);
  }
  return std::nullopt;
}

bool is_tiny(const Table& table) {
  return row_count(table).value_or(0) < kTinyRows && table.size < kTinySize;
}

bool is_large(const Table& table) {
  return row_count(table).value_or(0) >= kLargeRows;
}

std::vector<const Table*> partitions_of(const Schema& schema, const Table& table) {
  std::vector<const Table*> partitions;
  for (const Table& other : schema.tables) {
    if (other.partition_of == table.name) {
      partitions.push_back(&other);
    }
  }
  return partitions;
}

bool is_usable(const Index& index) {
  return index.valid && index.ready && index.visible;
}

bool is_served(const Schema& schema, const Table& table, const IndexDef& def) {
  if (std::ranges::any_of(table.indexes, [&](const Index& index) {
        const IndexDef same = in_spelling_of(def, index.def);
        return is_usable(index) && (is_duplicate(same, index.def) || covered_by(same, index.def).has_value());
      })) {
    return true;
  }
  const std::vector<const Table*> partitions = partitions_of(schema, table);
  return !partitions.empty() && std::ranges::all_of(partitions, [&](const Table* partition) {
    IndexDef part = def;
    part.table = partition->name;
    return partition->kind == TableKind::kForeign || is_served(schema, *partition, part);
  });
}

bool leads_an_index(const Table& table, const std::vector<std::string>& columns, const Index* except) {
  return !columns.empty() && std::ranges::any_of(table.indexes, [&](const Index& index) {
    if (&index == except || !is_usable(index) || index.def.keys.size() < columns.size() ||
        !hides_no_match(index.def, columns)) {
      return false;
    }
    const bool ordered = index.def.method == IndexMethod::kBtree;
    const bool hashed = index.def.method == IndexMethod::kHash && columns.size() == 1;
    return (ordered || hashed) &&
           std::all_of(index.def.keys.begin(),
                       index.def.keys.begin() + static_cast<std::ptrdiff_t>(columns.size()),
                       [&](const IndexKey& key) {
                         return !key.is_expression && !key.prefix_length &&
                                std::ranges::find(columns, key.expression) != columns.end();
                       });
  });
}

const StatementShape* shape_of(const Analysis& analysis, StatementId id) {
  const auto at = analysis.shapes.find(id);
  return at != analysis.shapes.end() && at->second.parsed ? &at->second : nullptr;
}

std::optional<double> calls_per_hour(const Analysis& analysis, const Statement& statement) {
  const double hours = analysis.snapshot.workload.hours();
  return hours > 0 ? std::optional(static_cast<double>(statement.stats.calls) / hours) : std::nullopt;
}

std::optional<Millis> time_per_hour(const Analysis& analysis, const Statement& statement) {
  const double hours = analysis.snapshot.workload.hours();
  return hours > 0 ? std::optional(statement.stats.total_time / hours) : std::nullopt;
}

bool is_hot(const Analysis& analysis, const Statement& statement) {
  return analysis.snapshot.workload.share(statement) >= kHotShare;
}

const Table* table_of(const Analysis& analysis, const StatementShape& shape, const ColumnUse& use) {
  if (use.relation < 0 || use.block < 0 || static_cast<std::size_t>(use.block) >= shape.blocks.size()) {
    return nullptr;
  }
  const auto& relations = shape.blocks[static_cast<std::size_t>(use.block)].relations;
  if (static_cast<std::size_t>(use.relation) >= relations.size()) {
    return nullptr;
  }
  const auto& name = relations[static_cast<std::size_t>(use.relation)].table;
  const Table* table = name ? analysis.snapshot.schema.find(*name) : nullptr;
  return table == nullptr ? nullptr : &analysis.snapshot.schema.root_of(*table);
}

const Column* column_of(const Analysis& analysis, const StatementShape& shape, const ColumnUse& use) {
  const Table* table = table_of(analysis, shape, use);
  return table == nullptr ? nullptr : table->find_column(use.column);
}

std::vector<const Table*> tables_read(const Analysis& analysis, const StatementShape& shape) {
  std::vector<const Table*> tables;
  for (const QueryBlock& block : shape.blocks) {
    for (const Relation& relation : block.relations) {
      const Table* table = relation.table ? analysis.snapshot.schema.find(*relation.table) : nullptr;
      table = table == nullptr ? nullptr : &analysis.snapshot.schema.root_of(*table);
      if (table != nullptr && std::ranges::find(tables, table) == tables.end()) {
        tables.push_back(table);
      }
    }
  }
  return tables;
}

std::vector<PredicateUse> predicates_of(const Analysis& analysis, const StatementShape& shape) {
  std::vector<PredicateUse> uses;
  for (const QueryBlock& block : shape.blocks) {
    for (const Predicate& predicate : block.predicates) {
      const Table* table = table_of(analysis, shape, predicate.column);
      if (table != nullptr && is_advisable(*table)) {
        uses.push_back({&block, &predicate, table, table->find_column(predicate.column.column)});
      }
    }
  }
  return uses;
}

Finding statement_finding(const Analysis& analysis, const Statement& statement) {
  Finding finding;
  finding.subject = subject_of(statement.id);
  finding.severity = severity_by_load(analysis, statement);
  finding.objects = {object_of(statement.id)};
  finding.statements = {{.id = statement.id}};
  finding.evidence = {load_evidence(analysis, statement)};
  return finding;
}

const IndexProposal* proposal_for(const Analysis& analysis, StatementId id, const TableName& table) {
  for (const IndexProposal& proposal : analysis.advice.proposals) {
    if (proposal.def.table == table &&
        std::ranges::find(proposal.gains, id, &StatementGain::statement) != proposal.gains.end()) {
      return &proposal;
    }
  }
  return nullptr;
}

bool advisor_declined(const Analysis& analysis, StatementId id) {
  return analysis.advice.not_helped.contains(id);
}

bool mentions(std::string_view expression, std::string_view word) {
  if (word.empty()) {
    return false;
  }
  for (std::size_t at = expression.find(word); at != std::string_view::npos;
       at = expression.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_identifier_character(expression[at - 1])) &&
        (end == expression.size() || !is_identifier_character(expression[end]))) {
      return true;
    }
  }
  return false;
}

std::string name_of(const Analysis& analysis, const TableName& name) {
  return quoted(name, analysis.snapshot.server.engine);
}

std::string name_of(const Analysis& analysis, const IndexName& name) {
  const Engine engine = analysis.snapshot.server.engine;
  if (engine == Engine::kPostgres) {
    return quoted(TableName{name.schema, name.index}, engine);
  }
  // "orders.idx": a dot may also be part of either name, so the table decides where it stands.
  std::size_t dot = name.index.find('.');
  for (std::size_t at = dot; at != std::string::npos; at = name.index.find('.', at + 1)) {
    if (analysis.snapshot.schema.find({name.schema, name.index.substr(0, at)}) != nullptr) {
      dot = at;
    }
  }
  return dot == std::string::npos
             ? quoted(TableName{name.schema, name.index}, engine)
             : fmt::format("{}.{}", quoted(TableName{name.schema, name.index.substr(0, dot)}, engine),
                           quoted(name.index.substr(dot + 1), engine));
}

IndexName index_name_of(const Analysis& analysis, const Table& table, std::string_view index) {
  return index_name_in(analysis.snapshot.server.engine, table.name, index);
}

ObjectRef object_of(const Analysis& analysis, const TableName& name) {
  return {ObjectKind::kTable, name_of(analysis, name)};
}

ObjectRef object_of(const Analysis& analysis, const IndexName& name) {
  return {ObjectKind::kIndex, name_of(analysis, name)};
}

ObjectRef object_of(const Analysis& analysis, const TableName& table, std::string_view column) {
  return {ObjectKind::kColumn,
          name_of(analysis, table) + "." + quoted(column, analysis.snapshot.server.engine)};
}

ObjectRef object_of(StatementId id) {
  return {ObjectKind::kStatement, to_string(id)};
}

std::string column_list(const Analysis& analysis, const std::vector<std::string>& columns) {
  std::string list;
  for (const std::string& column : columns) {
    list += (list.empty() ? "" : ", ") + quoted(column, analysis.snapshot.server.engine);
  }
  return "(" + list + ")";
}

bool is_postgres(const Analysis& analysis) {
  return analysis.snapshot.server.engine == Engine::kPostgres;
}

std::string metric(const Analysis& analysis, std::string_view postgres, std::string_view mysql) {
  return std::string(is_postgres(analysis) ? postgres : mysql);
}

Evidence load_evidence(const Analysis& analysis, const Statement& statement) {
  const double share = analysis.snapshot.workload.share(statement);
  return {.text = human_share(share) + " of the measured time, " +
                  human(Rows{static_cast<double>(statement.stats.calls)}) + " calls of " +
                  human(statement.mean_time()),
          .metric = "load_share",
          .value = share,
          .unit = "share"};
}

Evidence size_evidence(const Analysis& analysis, std::string_view words, Bytes size) {
  return {.text = std::string(words) + human(size),
          .metric = metric(analysis, "pg_relation_size", "innodb_index_stats.size"),
          .value = static_cast<double>(size.count),
          .unit = "bytes"};
}

void add_upkeep_evidence(const Analysis& analysis, const Table& table, std::vector<Evidence>& out) {
  if (!table.counters) {
    return;
  }
  const auto writes =
      static_cast<double>(table.counters->inserts + table.counters->updates - table.counters->hot_updates);
  out.push_back({.text = human(Rows{writes}) + " writes had to maintain it since the counters began",
                 .metric = metric(analysis, "pg_stat_user_tables.n_tup_ins + n_tup_upd - n_tup_hot_upd",
                                  "table_io_waits_summary_by_index_usage.COUNT_INSERT + COUNT_UPDATE"),
                 .value = writes,
                 .unit = "rows"});
}

Severity severity_by_load(const Analysis& analysis, const Statement& statement) {
  return is_hot(analysis, statement) ? Severity::kWarning : Severity::kInfo;
}

}  // namespace planwise::rules

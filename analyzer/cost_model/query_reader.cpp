#include "analyzer/cost_model/query_reader.h"

#include <algorithm>

namespace planwise::cost_model {
namespace {

// With more the join search takes longer than a statement is worth waiting for.
constexpr std::size_t kMostUnits = 8;

Error unsupported(std::string why) {
  return Error{ErrorCode::kUnsupported, std::move(why)};
}

}  // namespace

Result<Query> QueryReader::read(const Plan* plan) {
  query_.blocks.resize(shape_.blocks.size());
  for (int b = 0; b < static_cast<int>(shape_.blocks.size()); ++b) {
    PLANWISE_CHECK_OK(open_block(b));
  }
  for (int b = 0; b < static_cast<int>(shape_.blocks.size()); ++b) {
    attach_children(b);
  }
  for (int b = 0; b < static_cast<int>(shape_.blocks.size()); ++b) {
    read_predicates(b);
    read_joins(b);
    read_sorting(b);
  }
  for (int b = 0; b < static_cast<int>(shape_.blocks.size()); ++b) {
    number_classes(b);
    spread_constants(at(b));
    set_needs(at(b));
  }
  PLANWISE_CHECK_OK(check_statistics());
  set_widths();
  for (Block& block : query_.blocks) {
    for (Unit& unit : block.units) {
      unit.rows = std::max(1.0, unit.table_rows * share_of_conditions(unit));
    }
  }
  if (plan != nullptr) {
    correct_rows(query_, *plan, snapshot_.schema);
  }
  return std::move(query_);
}

Result<void> QueryReader::open_block(int number) {
  const QueryBlock& source = shape(number);
  Block& block = at(number);
  block.use = source.use;
  if (source.recursive) {
    return unsupported("a recursive query is not costed by the cost model");
  }
  if (source.relations.size() > kMostUnits) {
    return unsupported("the statement joins more tables than the cost model tries");
  }
  for (std::size_t r = 0; r < source.relations.size(); ++r) {
    PLANWISE_TRY(Unit unit, unit_of(source.relations[r]));
    const bool changed = number == 0 && r == 0 && shape_.kind != StatementKind::kSelect;
    unit.all_columns = source.star || source.for_update || changed;
    block.units.push_back(std::move(unit));
  }
  block.aggregates = source.has_aggregate;
  block.windows = source.has_window;
  block.having_share = source.has_having ? kDefaultInequality : 1;
  block.parallel = shape_.kind == StatementKind::kSelect && !source.for_update;
  block.limited = source.has_limit;
  block.limit = source.limit;
  if (!block.limit && source.has_limit && number == 0 && statement_ != nullptr &&
      statement_->stats.calls > 0 && statement_->stats.rows > 0) {
    block.limit = std::max(1.0, statement_->rows_per_call());
  }
  if (block.limit) {
    *block.limit += source.offset.value_or(0);
  }
  return {};
}

Result<Unit> QueryReader::unit_of(const Relation& relation) {
  Unit unit{.alias = relation.alias};
  unit.nullable = relation.outer;
  if (relation.kind == RelationKind::kSubquery || relation.kind == RelationKind::kCte) {
    unit.kind = UnitKind::kDerived;
    unit.block = relation.block;
    return unit;
  }
  if (relation.kind != RelationKind::kTable) {
    return unsupported("the cost model does not know how many rows a function in FROM returns");
  }
  const Table* table = relation.table ? snapshot_.schema.find(*relation.table) : nullptr;
  if (table == nullptr || table->kind == TableKind::kView || table->kind == TableKind::kForeign) {
    return unsupported("the cost model does not know " + relation.name + " as a table");
  }
  if (!table->rows) {
    return unsupported("no statistics: " + table->name.table + " was never analysed");
  }
  unit.table = table;
  unit.table_rows = std::max(1.0, table->rows->count);
  unit.pages = std::max(1.0, static_cast<double>(table->pages));
  unit.visible_share = std::clamp(static_cast<double>(table->all_visible_pages) / unit.pages, 0.0, 1.0);
  unit.partitions = std::max(1, table->partitions);
  query_.pages += unit.pages;
  return unit;
}

// What of the block's sub-queries is a join, and what is run once or for every row.
void QueryReader::attach_children(int number) {
  for (int c = 0; c < static_cast<int>(shape_.blocks.size()); ++c) {
    const QueryBlock& child = shape(c);
    if (child.parent != number || c == number) {
      continue;
    }
    Block& block = at(number);
    const bool exists = child.use == SubqueryUse::kExists || child.use == SubqueryUse::kNotExists;
    if ((exists && child.correlated) || child.use == SubqueryUse::kIn) {
      Unit unit{.kind = child.use == SubqueryUse::kNotExists ? UnitKind::kAnti : UnitKind::kSemi};
      unit.block = c;
      joined_[c] = {number, static_cast<int>(block.units.size())};
      block.units.push_back(std::move(unit));
    } else if (child.use == SubqueryUse::kSetOperation) {
      block.parts.push_back(c);
    } else if (child.use == SubqueryUse::kCte) {
      if (!is_read(c)) {
        block.once.push_back(c);
      }
    } else if (child.use != SubqueryUse::kFrom) {
      (child.correlated ? block.per_row : block.once).push_back(c);
    }
  }
}

bool QueryReader::is_read(int block) const {
  return std::ranges::any_of(shape_.blocks, [&](const QueryBlock& reader) {
    return std::ranges::any_of(reader.relations, [&](const Relation& r) { return r.block == block; });
  });
}

// Values of a unit's key. Those of a sub-query's output are the column's behind it.
ValueStats QueryReader::values_of(int block, const ColumnUse& use) {
  const Unit& of = unit(block, use.relation);
  if (of.table != nullptr) {
    return value_stats(*of.table, use);
  }
  if (of.block >= 0 && use.expression.empty()) {
    for (const ColumnUse& output : shape(of.block).output) {
      if (output.column == use.column && output.expression.empty() && output.block == of.block &&
          output.relation >= 0) {
        return values_of(of.block, output);
      }
    }
  }
  return {.base_type = {}, .rows = 1e9};
}

Key& QueryReader::note_key(int block, const ColumnUse& use) {
  const auto [entry, added] = unit(block, use.relation).keys.try_emplace(key_of(use));
  if (added) {
    entry->second.values = values_of(block, use);
  }
  return entry->second;
}

void QueryReader::note_columns(const ColumnUse& use) {
  if (use.relation >= 0 && use.block >= 0) {
    Unit& of = unit(use.block, use.relation);
    of.shown.insert(use.columns.begin(), use.columns.end());
    if (use.columns.empty() && !use.column.empty()) {
      of.shown.insert(use.column);
    }
  }
}

bool QueryReader::is_key(const ColumnUse& use) {
  return use.relation >= 0 && use.block >= 0 && !key_of(use).empty();
}

double share_of_conditions(const Unit& unit) {
  double share = 1;
  for (const Clause& clause : unit.clauses) {
    share *= clause.share;
  }
  for (const Alternative& alternative : unit.alternatives) {
    share *= alternative.share;
  }
  return share;
}

Result<Query> read_query(const Snapshot& snapshot, const StatementShape& shape, const Statement* statement,
                         const Plan* plan) {
  if (!shape.parsed || shape.blocks.empty()) {
    return unsupported(shape.parsed ? "it searches no table" : "it could not be read: " + shape.why_not);
  }
  return QueryReader(snapshot, shape, statement).read(plan);
}

}  // namespace planwise::cost_model

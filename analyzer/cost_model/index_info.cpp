#include "analyzer/cost_model/index_info.h"

#include <algorithm>
#include <cmath>

#include "analyzer/advise/index_entries.h"
#include "analyzer/cost_model/selectivity.h"
#include "analyzer/cost_model/values.h"
#include "analyzer/sql/quote.h"
#include "analyzer/sql/shape_postgres.h"

namespace planwise::cost_model {
namespace {

constexpr double kPage = 8192;
constexpr Version kDeduplication{13, 0, 0};
// Correlation of an index of several columns is not known; the planner takes a part of its first column's.
// Source: btcostestimate() in selfuncs.c.
constexpr double kSeveralKeys = 0.75;

bool is_true(const std::string& value) {
  return value == "t" || value == "true";
}

std::optional<std::vector<Predicate>> conditions_of(const IndexDef& def, const Table& table) {
  if (def.predicate.empty()) {
    return std::vector<Predicate>{};
  }
  const StatementShape shape =
      shape_postgres("SELECT 1 FROM " + quoted(table.name, Engine::kPostgres) + " WHERE " + def.predicate);
  if (!shape.parsed || shape.blocks.size() != 1 || !shape.blocks[0].joins.empty() ||
      shape.blocks[0].predicates.empty()) {
    return std::nullopt;
  }
  std::vector<Predicate> conditions;
  for (const Predicate& predicate : shape.blocks[0].predicates) {
    if (predicate.or_group >= 0 || predicate.kind == PredicateKind::kOther) {
      return std::nullopt;
    }
    conditions.push_back(plain(predicate, table));
  }
  return conditions;
}

double share_of(const std::vector<Predicate>& conditions, const Table& table) {
  std::vector<const Predicate*> all;
  for (const Predicate& condition : conditions) {
    all.push_back(&condition);
  }
  return selectivity_of_all(all, table);
}

// Levels above the leaves, where each inner page points at as many pages as its entries have room for.
int height_of(double pages, const BtreeShape& shape) {
  double key = 8;
  for (const EntryColumn& column : shape.keys) {
    key += column.fixed_width > 0 ? column.fixed_width
                                  : static_cast<double>(column.stats.average_width.count) + 1;
  }
  const double fan_out = std::max(2.0, kPage * 0.7 / (std::ceil(key / 8) * 8 + 4));
  int height = 0;
  for (double level = pages; level > 1.5; level = level / fan_out) {
    ++height;
  }
  return height;
}

double correlation_of(const IndexDef& def, const Table& table) {
  if (def.keys.empty() || def.keys.front().is_expression) {
    return 0;
  }
  const Column* column = table.find_column(def.keys.front().expression);
  double correlation = column != nullptr && column->stats ? column->stats->correlation.value_or(0) : 0;
  correlation *= def.keys.front().descending ? -1 : 1;
  return def.keys.size() > 1 ? correlation * kSeveralKeys : correlation;
}

std::optional<IndexInfo> described(const IndexDef& def, const Table& table) {
  auto conditions = conditions_of(def, table);
  if (def.method != IndexMethod::kBtree || !conditions) {
    return std::nullopt;
  }
  IndexInfo info{.def = def};
  info.predicate = *std::move(conditions);
  info.predicate_share = share_of(info.predicate, table);
  info.rows = std::max(1.0, table.rows.value_or(Rows{0}).count * info.predicate_share);
  info.correlation = correlation_of(def, table);
  return info;
}

bool same_values(const Predicate& left, const Predicate& right) {
  return left.column.column == right.column.column && left.column.expression == right.column.expression;
}

// NULL satisfies none of these.
bool is_strict(const Predicate& predicate) {
  return predicate.kind != PredicateKind::kIsNull && predicate.kind != PredicateKind::kOther;
}

bool within(const Predicate& given, const Predicate& wanted, const std::string& base_type) {
  const bool single = given.kind == PredicateKind::kEqual || given.kind == PredicateKind::kRange;
  if (!single || wanted.constants.size() != 1 || given.constants.size() != 1) {
    return false;
  }
  const int order = compare_values(given.constants.front(), wanted.constants.front(), base_type);
  const bool below = wanted.op.starts_with('<');
  if (given.kind == PredicateKind::kRange && given.op.front() != wanted.op.front()) {
    return false;
  }
  const bool open = wanted.op.size() == 1;
  const bool excludes = given.kind == PredicateKind::kRange && given.op.size() == 1;
  return (below ? order < 0 : order > 0) || (order == 0 && (!open || excludes));
}

bool implies_one(const Predicate& given, const Predicate& wanted, const std::string& base_type) {
  if (wanted.kind == PredicateKind::kIsNotNull) {
    return is_strict(given);
  }
  if (given.kind == wanted.kind && wanted.value == ValueKind::kNone) {
    return true;  // IS NULL, booleans
  }
  if (given.value != ValueKind::kConstant || wanted.value != ValueKind::kConstant) {
    return false;
  }
  if (given.kind == wanted.kind && given.op == wanted.op && given.constants == wanted.constants) {
    return true;
  }
  const bool listed = given.kind == PredicateKind::kEqual || given.kind == PredicateKind::kIn;
  switch (wanted.kind) {
    case PredicateKind::kIn:
      return listed && std::ranges::all_of(given.constants, [&](const std::string& value) {
               return std::ranges::find(wanted.constants, value) != wanted.constants.end();
             });
    case PredicateKind::kNotEqual:
      return listed && std::ranges::find(given.constants, wanted.constants.front()) == given.constants.end();
    case PredicateKind::kRange: return within(given, wanted, base_type);
    default: return false;
  }
}

}  // namespace

Predicate plain(Predicate predicate, const Table& table) {
  const Column* column =
      predicate.column.expression.empty() ? table.find_column(predicate.column.column) : nullptr;
  const bool compares = predicate.kind == PredicateKind::kEqual && predicate.value == ValueKind::kConstant;
  if (column != nullptr && column->base_type == "bool" && compares && predicate.constants.size() == 1) {
    predicate.kind = is_true(predicate.constants.front()) ? PredicateKind::kIsTrue : PredicateKind::kIsFalse;
  }
  return predicate;
}

BtreeShape btree_shape(const IndexDef& def, const Table& table, const Snapshot& snapshot, double rows) {
  BtreeShape shape;
  shape.rows = rows;
  shape.fill_factor = fill_factor(def);
  const auto deduplicate = def.options.find("deduplicate_items");
  shape.deduplicates = kDeduplication <= snapshot.server.version &&
                       (deduplicate == def.options.end() || deduplicate->second != "off");
  for (const IndexKey& key : def.keys) {
    // Of an expression without statistics the planner knows no more than its defaults.
    EntryColumn unknown;
    unknown.stats.distinct = std::min(kDefaultDistinct, rows);
    unknown.stats.average_width = {32};
    shape.keys.push_back(key_entry(table, key).value_or(unknown));
  }
  for (const std::string& name : def.include) {
    if (const Column* column = table.find_column(name)) {
      shape.include.push_back(entry_column(*column));
    }
  }
  return shape;
}

std::optional<IndexInfo> existing_index(const Index& index, const Table& table, const Snapshot& snapshot) {
  auto info = index.valid && index.visible ? described(index.def, table) : std::nullopt;
  if (info) {
    info->name = index.name;
    info->pages = std::max(1.0, std::ceil(static_cast<double>(index.size.count) / kPage));
    info->height = height_of(info->pages, btree_shape(index.def, table, snapshot, info->rows));
  }
  return info;
}

std::optional<IndexInfo> proposed_index(const IndexDef& def, const Table& table, const Snapshot& snapshot) {
  auto info = described(def, table);
  if (info) {
    const BtreeShape shape = btree_shape(def, table, snapshot, info->rows);
    info->pages = std::max(1.0, std::ceil(static_cast<double>(btree_size(shape).count) / kPage));
    info->height = height_of(info->pages, shape);
  }
  return info;
}

bool implies(std::span<const Predicate> given, std::span<const std::string> not_null, const Predicate& wanted,
             const Table& table) {
  const bool bare = wanted.column.expression.empty();
  if (wanted.kind == PredicateKind::kIsNotNull && bare &&
      std::ranges::find(not_null, wanted.column.column) != not_null.end()) {
    return true;
  }
  const Column* column = bare ? table.find_column(wanted.column.column) : nullptr;
  const std::string base_type = column == nullptr ? "" : column->base_type;
  return std::ranges::any_of(given, [&](const Predicate& one) {
    return same_values(one, wanted) && implies_one(plain(one, table), wanted, base_type);
  });
}

}  // namespace planwise::cost_model

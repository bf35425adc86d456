#include "analyzer/advise/candidates_patterns.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "analyzer/advise/candidates_partial.h"
#include "analyzer/sql/immutable.h"
#include "analyzer/sql/pull_up.h"
#include "analyzer/sql/quote.h"

namespace planwise {
namespace {

using Place = std::pair<int, int>;  // block, relation

struct Draft {
  AccessPattern pattern;
  std::map<Place, std::vector<IndexKey>> joined;
  std::map<std::pair<int, int>, AccessPattern> branches;  // (or_group, or_branch): what that branch adds
};

void add_once(std::vector<IndexKey>& keys, IndexKey key) {
  const auto same = [&](const IndexKey& other) {
    return other.expression == key.expression && other.is_expression == key.is_expression;
  };
  if (std::ranges::none_of(keys, same)) {
    keys.push_back(std::move(key));
  }
}

bool is_text(const Column& column) {
  return column.base_type == "text" || column.base_type == "varchar" || column.base_type == "bpchar";
}

class Reader {
 public:
  Reader(StatementShape shape, const Snapshot& snapshot)
      : shape_(std::move(shape)), snapshot_(snapshot), engine_(snapshot.server.engine) {}

  std::vector<AccessPattern> read() {
    open_drafts();
    for (int b = 0; b < static_cast<int>(shape_.blocks.size()); ++b) {
      read_block(b, shape_.blocks[static_cast<std::size_t>(b)]);
    }
    return close_drafts();
  }

 private:
  void open_drafts() {
    for (int b = 0; b < static_cast<int>(shape_.blocks.size()); ++b) {
      const QueryBlock& block = shape_.blocks[static_cast<std::size_t>(b)];
      for (int r = 0; r < static_cast<int>(block.relations.size()); ++r) {
        const Relation& relation = block.relations[static_cast<std::size_t>(r)];
        const Table* table = relation.table ? snapshot_.schema.find(*relation.table) : nullptr;
        if (relation.kind != RelationKind::kTable || table == nullptr) {
          continue;
        }
        Draft& draft = drafts_[{b, r}];
        draft.pattern.table = &snapshot_.schema.root_of(*table);
        const bool changed = b == 0 && r == 0 && shape_.kind != StatementKind::kSelect;
        draft.pattern.all_columns = block.star || block.for_update || changed;
      }
    }
  }

  Draft* draft_of(const ColumnUse& use) {
    const auto at = drafts_.find({use.block, use.relation});
    return at == drafts_.end() ? nullptr : &at->second;
  }

  std::optional<IndexKey> key_of(const ColumnUse& use) {
    const Draft* draft = draft_of(use);
    if (draft == nullptr) {
      return std::nullopt;
    }
    IndexKey key;
    if (use.expression.empty()) {
      const Column* column = draft->pattern.table->find_column(use.column);
      if (column == nullptr || !is_indexable(*column, engine_)) {
        return std::nullopt;
      }
      key.expression = column->name;
    } else {
      const auto known = [&](const std::string& c) {
        return draft->pattern.table->find_column(c) != nullptr;
      };
      if (engine_ != Engine::kPostgres || use.columns.empty() || !std::ranges::all_of(use.columns, known) ||
          immutability(use.expression, *draft->pattern.table) == Immutability::kNo) {
        return std::nullopt;
      }
      key.expression = use.expression;
      key.is_expression = true;
    }
    return key;
  }

  void note_columns(const ColumnUse& use, bool shown = true) {
    if (Draft* draft = draft_of(use); draft != nullptr) {
      draft->pattern.columns.insert(use.columns.begin(), use.columns.end());
      if (!use.column.empty()) {
        draft->pattern.columns.insert(use.column);
      }
      if (shown) {
        draft->pattern.shown.insert(use.columns.begin(), use.columns.end());
        draft->pattern.shown.insert(use.column);
      }
    }
  }

  void read_block(int number, const QueryBlock& block) {
    for (const Predicate& predicate : block.predicates) {
      note_columns(predicate.column, /*shown=*/predicate.or_group >= 0);
      read_predicate(predicate);
    }
    for (const JoinPredicate& join : block.joins) {
      note_columns(join.left);
      note_columns(join.right);
      if (join.equality) {
        read_join(join.left, join.right);
      } else {
        read_range(join.left);
        read_range(join.right);
      }
    }
    if ((block.use == SubqueryUse::kIn || block.use == SubqueryUse::kNotIn) && block.output.size() == 1) {
      note_columns(block.in_column);
      read_join(block.in_column, block.output.front());
    }
    for (const auto* list : {&block.group_by, &block.distinct_on, &block.output, &block.others}) {
      for (const ColumnUse& use : *list) {
        note_columns(use);
      }
    }
    read_order(number, block);
    read_groups(block);
  }

  void read_range(const ColumnUse& use) {
    if (auto key = key_of(use)) {
      add_once(draft_of(use)->pattern.ranges, *std::move(key));
    }
  }

  void read_join(const ColumnUse& left, const ColumnUse& right) {
    for (const auto& [use, other] : {std::pair(&left, &right), std::pair(&right, &left)}) {
      if (auto key = key_of(*use)) {
        add_once(draft_of(*use)->joined[{other->block, other->relation}], *std::move(key));
      }
    }
  }

  void read_predicate(const Predicate& predicate) {
    Draft* draft = draft_of(predicate.column);
    if (draft == nullptr) {
      return;
    }
    AccessPattern* into = &draft->pattern;
    if (predicate.or_group >= 0) {
      into = &draft->branches[{predicate.or_group, predicate.or_branch}];
    } else if (auto condition = partial_condition(predicate, *draft->pattern.table, engine_)) {
      into->conditions.push_back(*std::move(condition));
    }
    auto key = key_of(predicate.column);
    if (!key) {
      return;
    }
    switch (predicate.kind) {
      case PredicateKind::kEqual:
      case PredicateKind::kIn:
      case PredicateKind::kIsNull:
      case PredicateKind::kIsTrue:
      case PredicateKind::kIsFalse: add_once(into->pinned, *std::move(key)); break;
      case PredicateKind::kRange:
      case PredicateKind::kIsNotNull: add_once(into->ranges, *std::move(key)); break;
      case PredicateKind::kLike:
        if (has_known_prefix(predicate) && set_pattern_opclass(*key, *draft->pattern.table)) {
          add_once(into->ranges, *std::move(key));
        }
        break;
      default: break;
    }
  }

  // A pattern that normalisation hid may begin with a wildcard, which no B-tree serves.
  static bool has_known_prefix(const Predicate& predicate) {
    const auto begins = [](const std::string& pattern) {
      return !pattern.empty() && pattern[0] != '%' && pattern[0] != '_';
    };
    return !predicate.constants.empty() && std::ranges::all_of(predicate.constants, begins);
  }

  // LIKE 'x%' is a range only in byte order. https://www.postgresql.org/docs/current/indexes-opclass.html
  bool set_pattern_opclass(IndexKey& key, const Table& table) const {
    if (engine_ != Engine::kPostgres) {
      return true;
    }
    const Column* column = key.is_expression ? nullptr : table.find_column(key.expression);
    if (column != nullptr && !is_text(*column)) {
      return false;
    }
    const std::string collation = column == nullptr ? "" : column->collation;
    const auto database = snapshot_.settings.find("lc_collate");
    const bool byte_order = collation == "C" || collation == "POSIX" ||
                            (collation.empty() && database != snapshot_.settings.end() &&
                             (database->second.value == "C" || database->second.value == "POSIX"));
    if (!byte_order) {
      key.opclass =
          column != nullptr && column->base_type == "bpchar" ? "bpchar_pattern_ops" : "text_pattern_ops";
    }
    return true;
  }

  void read_order(int number, const QueryBlock& block) {
    for (const OrderItem& item : block.order_by) {
      note_columns(item.column);
    }
    if (block.order_by.empty()) {
      return;
    }
    const ColumnUse& first = block.order_by.front().column;
    // An outer query's column orders nothing here; one of a sub-query does.
    Draft* draft = first.block >= number ? draft_of(first) : nullptr;
    if (draft == nullptr) {
      return;
    }
    for (const OrderItem& item : block.order_by) {
      auto key = key_of(item.column);
      if (!key || draft_of(item.column) != draft) {
        break;
      }
      key->descending = item.descending;
      key->nulls_first = item.nulls_first;
      add_once(draft->pattern.order, *std::move(key));
    }
    draft->pattern.limited = block.has_limit;
  }

  void read_groups(const QueryBlock& block) {
    const std::vector<ColumnUse>& list = !block.group_by.empty() ? block.group_by
                                         : block.distinct        ? block.output
                                                                 : block.distinct_on;
    Draft* draft = list.empty() ? nullptr : draft_of(list.front());
    std::vector<IndexKey> keys;
    for (const ColumnUse& use : list) {
      auto key = key_of(use);
      if (!key || draft_of(use) != draft) {
        keys.clear();
        break;
      }
      add_once(keys, *std::move(key));
    }
    if (draft != nullptr && !keys.empty()) {
      draft->pattern.grouped = std::move(keys);
    }
    static constexpr std::array<std::string_view, 2> kExtremes{"max", "min"};
    const bool extremes = std::ranges::any_of(kExtremes, [&](std::string_view name) {
      return std::ranges::find(shape_.functions, name) != shape_.functions.end();
    });
    if (block.has_aggregate && extremes) {
      for (const ColumnUse& use : block.others) {
        if (auto key = key_of(use)) {
          add_once(draft_of(use)->pattern.extremes, *std::move(key));
        }
      }
    }
  }

  // What is compared is not NULL: where most of the column is, an index without those rows is the smaller
  // one.
  void add_not_null_conditions(AccessPattern& pattern) const {
    std::set<std::string> compared;
    const auto note = [&](const IndexKey& key) {
      if (!key.is_expression) {
        compared.insert(key.expression);
      }
    };
    std::ranges::for_each(pattern.pinned, note);
    std::ranges::for_each(pattern.ranges, note);
    for (const std::vector<IndexKey>& keys : pattern.joined) {
      std::ranges::for_each(keys, note);
    }
    for (const PartialCondition& condition : pattern.conditions) {
      compared.erase(condition.column);
    }
    for (const std::string& name : compared) {
      const Column* column = pattern.table->find_column(name);
      if (engine_ == Engine::kPostgres && column != nullptr && column->stats &&
          column->stats->null_fraction >= 0.5) {
        pattern.conditions.push_back({.text = quoted(name, engine_) + " IS NOT NULL",
                                      .column = name,
                                      .fraction = 1 - column->stats->null_fraction});
      }
    }
  }

  std::vector<AccessPattern> close_drafts() {
    std::vector<AccessPattern> patterns;
    for (auto& [place, draft] : drafts_) {
      for (auto& [other, keys] : draft.joined) {
        draft.pattern.joined.push_back(std::move(keys));
      }
      std::ranges::sort(draft.pattern.pinned);
      add_not_null_conditions(draft.pattern);
      for (const auto& [branch, added] : draft.branches) {
        AccessPattern pattern = draft.pattern;
        pattern.order.clear();
        pattern.grouped.clear();
        pattern.limited = false;
        for (const IndexKey& key : added.pinned) {
          add_once(pattern.pinned, key);
        }
        std::ranges::sort(pattern.pinned);
        pattern.ranges.insert(pattern.ranges.begin(), added.ranges.begin(), added.ranges.end());
        patterns.push_back(std::move(pattern));
      }
      patterns.push_back(std::move(draft.pattern));
    }
    return patterns;
  }

  const StatementShape shape_;
  const Snapshot& snapshot_;
  const Engine engine_;
  std::map<Place, Draft> drafts_;
};

}  // namespace

bool is_indexable(const Column& column, Engine engine) {
  // Types without a B-tree operator class, or with one that no search uses.
  static constexpr std::array<std::string_view, 17> kNever{
      "json",     "jsonb",     "xml",     "point",    "line",         "lseg",
      "box",      "path",      "polygon", "circle",   "tsvector",     "tsquery",
      "geometry", "geography", "hstore",  "jsonpath", "txid_snapshot"};
  static constexpr std::array<std::string_view, 8> kNeedsPrefix{"tinytext", "text", "mediumtext", "longtext",
                                                                "tinyblob", "blob", "mediumblob", "longblob"};
  // A B-tree entry may take a third of a page: BTMaxItemSize in src/include/access/nbtree.h. The average must
  // stay far below, for the longest value counts.
  constexpr Bytes kWidest{256};
  if (std::ranges::find(kNever, column.base_type) != kNever.end() || column.base_type.starts_with('_')) {
    return false;
  }
  if (engine != Engine::kPostgres &&
      std::ranges::find(kNeedsPrefix, column.base_type) != kNeedsPrefix.end()) {
    return false;
  }
  return !column.stats || column.stats->average_width <= kWidest;
}

std::vector<AccessPattern> access_patterns(const StatementShape& shape, const Snapshot& snapshot) {
  return shape.parsed ? Reader(pulled_up(shape, snapshot.schema), snapshot).read()
                      : std::vector<AccessPattern>{};
}

bool nearly_unique_expression(const IndexKey& key, const Table& table) {
  constexpr double kRowsPerValue = 20;
  if (!key.is_expression || !table.rows) {
    return false;
  }
  const bool keeps_apart = key.expression.starts_with("lower(") || key.expression.starts_with("upper(") ||
                           key.expression.starts_with("btrim(") ||
                           key.expression.find(")::") != std::string::npos;
  return keeps_apart && std::ranges::any_of(table.columns, [&](const Column& column) {
           const auto at = key.expression.find('(' + column.name + ')');
           return at != std::string::npos && column.stats &&
                  column.stats->distinct * kRowsPerValue >= table.rows->count;
         });
}

}  // namespace planwise

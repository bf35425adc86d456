#include "analyzer/sql/pull_up.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>

#include "analyzer/sql/column_uses.h"
#include "analyzer/sql/shape_mysql.h"
#include "analyzer/sql/shape_postgres.h"

namespace planwise {
namespace {

constexpr int kDeepest = 8;
constexpr std::size_t kMostBlocks = 400;

const View* find_view(const Relation& relation, const Schema& schema) {
  const auto find = [&](const std::string& name) -> const View* {
    const auto at = std::ranges::find(schema.views, TableName{name, relation.name}, &View::name);
    return at == schema.views.end() ? nullptr : &*at;
  };
  if (!relation.schema.empty()) {
    return find(relation.schema);
  }
  for (const std::string& name : schema.search_path) {
    if (const View* view = find(name); view != nullptr) {
      return view;
    }
  }
  return nullptr;
}

class Opener {
 public:
  Opener(StatementShape& shape, const Schema& schema) : shape_(shape), schema_(schema) {}

  void open_all() {
    std::vector<int> depth(shape_.blocks.size(), 0);
    for (std::size_t b = 0; b < shape_.blocks.size(); ++b) {
      for (std::size_t r = 0; r < shape_.blocks[b].relations.size(); ++r) {
        const Relation& relation = shape_.blocks[b].relations[r];
        const View* view =
            relation.kind == RelationKind::kTable && !relation.table ? find_view(relation, schema_) : nullptr;
        if (view != nullptr && depth[b] < kDeepest && shape_.blocks.size() < kMostBlocks &&
            open(*view, static_cast<int>(b), r)) {
          depth.resize(shape_.blocks.size(), depth[b] + 1);
        }
      }
    }
  }

 private:
  bool open(const View& view, int host, std::size_t relation) {
    StatementShape inner =
        shape_.engine == Engine::kPostgres ? shape_postgres(view.definition) : shape_mysql(view.definition);
    if (!inner.parsed || inner.blocks.empty()) {
      return false;
    }
    resolve(inner, schema_);
    const int offset = static_cast<int>(shape_.blocks.size());
    int groups = 0;
    for (const QueryBlock& block : shape_.blocks) {
      for (const Predicate& predicate : block.predicates) {
        groups = std::max(groups, predicate.or_group + 1);
      }
    }
    for (QueryBlock& block : inner.blocks) {
      for_each_use(block, [&](ColumnUse& use) { use.block += use.block >= 0 ? offset : 0; });
      for (Relation& each : block.relations) {
        each.block += each.block >= 0 ? offset : 0;
      }
      for (Predicate& predicate : block.predicates) {
        predicate.or_group += predicate.or_group >= 0 ? groups : 0;
        predicate.subquery_block += predicate.subquery_block >= 0 ? offset : 0;
      }
      block.parent = block.parent >= 0 ? block.parent + offset : host;
    }
    inner.blocks.front().use = SubqueryUse::kFrom;
    std::ranges::move(inner.blocks, std::back_inserter(shape_.blocks));
    Relation& opened = shape_.blocks[static_cast<std::size_t>(host)].relations[relation];
    opened.kind = RelationKind::kSubquery;
    opened.block = offset;
    return true;
  }

  StatementShape& shape_;
  const Schema& schema_;
};

bool same_column(const ColumnUse& left, const ColumnUse& right) {
  return left.block == right.block && left.relation == right.relation && left.column == right.column &&
         left.expression == right.expression;
}

class Mover {
 public:
  Mover(StatementShape& shape, const Schema& schema) : shape_(shape), schema_(schema) {}

  void move_all() {
    for (QueryBlock& block : shape_.blocks) {
      std::vector<Predicate> predicates;
      for (const Predicate& predicate : block.predicates) {
        for (ColumnUse& source : sources(predicate.column, Past::kFilters)) {
          predicates.push_back(predicate);
          predicates.back().column = std::move(source);
        }
      }
      block.predicates = std::move(predicates);
      std::vector<JoinPredicate> joins;
      for (const JoinPredicate& join : block.joins) {
        for (const ColumnUse& left : sources(join.left, Past::kFilters)) {
          for (const ColumnUse& right : sources(join.right, Past::kFilters)) {
            joins.push_back({.left = left, .right = right, .op = join.op, .equality = join.equality});
          }
        }
      }
      block.joins = std::move(joins);
      for (OrderItem& item : block.order_by) {
        move_one(item.column);
      }
      for (std::vector<ColumnUse>* const uses : {&block.group_by, &block.distinct_on}) {
        std::ranges::for_each(*uses, [this](ColumnUse& use) { move_one(use); });
      }
    }
  }

 private:
  enum class Past : std::uint8_t { kFilters, kPlainSelects };

  [[nodiscard]] const QueryBlock& at(int block) const {
    return shape_.blocks[static_cast<std::size_t>(block)];
  }

  // The block that computes the relation; -1 for what is a table or cannot be looked through.
  [[nodiscard]] int computed_by(const ColumnUse& use) const {
    if (use.block < 0 || use.relation < 0) {
      return -1;
    }
    const Relation& relation = at(use.block).relations[static_cast<std::size_t>(use.relation)];
    const bool computed = relation.kind == RelationKind::kSubquery || relation.kind == RelationKind::kCte;
    return computed && relation.block >= 0 &&
                   (relation.kind == RelationKind::kSubquery || is_read_once(relation.block))
               ? relation.block
               : -1;
  }

  [[nodiscard]] bool is_read_once(int block) const {
    int readers = 0;
    for (const QueryBlock& reader : shape_.blocks) {
      readers += static_cast<int>(std::ranges::count(reader.relations, block, &Relation::block));
    }
    return readers == 1;
  }

  // What the use stands for: itself where its relation is not looked through.
  [[nodiscard]] std::vector<ColumnUse> sources(const ColumnUse& use, Past past) const {
    const int inner = computed_by(use);
    std::vector<ColumnUse> found;
    if (inner >= 0) {
      for (const ColumnUse& source : handed_on(inner, use.column, -1, past, 0)) {
        if (use.expression.empty()) {
          found.push_back(source);
        } else if (source.expression.empty() && source.column == use.column && use.columns.size() == 1) {
          found.push_back(use);  // the expression says the same of the table's column
          found.back().block = source.block;
          found.back().relation = source.relation;
        }
      }
    }
    return found.empty() ? std::vector<ColumnUse>{use} : found;
  }

  void move_one(ColumnUse& use) const {
    if (std::vector<ColumnUse> found = sources(use, Past::kPlainSelects); found.size() == 1) {
      use = std::move(found.front());
    }
  }

  // The table columns that a block hands on under a name, or at a position of its output.
  // NOLINTNEXTLINE(misc-no-recursion): bounded by kDeepest
  [[nodiscard]] std::vector<ColumnUse> handed_on(int number, const std::string& name, int position, Past past,
                                                 int depth) const {
    const QueryBlock& block = at(number);
    if (depth > 2 * kDeepest || block.has_limit || block.has_offset || block.has_window || block.recursive ||
        !block.distinct_on.empty()) {
      return {};
    }
    const auto named = std::ranges::find(block.output_names, name);
    const bool is_named = named != block.output_names.end();
    const int target = position >= 0 ? position
                       : is_named    ? static_cast<int>(named - block.output_names.begin())
                                     : -1;
    std::vector<ColumnUse> found;
    for (int child = number + 1; child < static_cast<int>(shape_.blocks.size()); ++child) {
      if (at(child).parent == number && at(child).use == SubqueryUse::kSetOperation &&
          past == Past::kFilters) {
        std::ranges::move(handed_on(child, name, target, past, depth + 1), std::back_inserter(found));
      }
    }
    if (!found.empty()) {
      return found;
    }
    std::optional<ColumnUse> use = target >= 0 ? output_of(block, target) : starred(number, name);
    const bool grouped = !block.group_by.empty() || block.has_aggregate;
    if (!use || (past == Past::kPlainSelects && (grouped || block.distinct)) ||
        (grouped && std::ranges::none_of(block.group_by,
                                         [&](const ColumnUse& key) { return same_column(key, *use); }))) {
      return {};
    }
    if (const int inner = computed_by(*use); inner >= 0) {
      return use->expression.empty() ? handed_on(inner, use->column, -1, past, depth + 1)
                                     : std::vector<ColumnUse>{};
    }
    return {*std::move(use)};
  }

  static std::optional<ColumnUse> output_of(const QueryBlock& block, int target) {
    const auto at = static_cast<std::size_t>(target);
    if (at >= block.output_at.size() || block.output_at[at] < 0) {
      return std::nullopt;
    }
    const ColumnUse& use = block.output[static_cast<std::size_t>(block.output_at[at])];
    return use.relation < 0 ? std::nullopt : std::optional(use);
  }

  // A column that `*` hands on: of the first relation that is known to have it.
  [[nodiscard]] std::optional<ColumnUse> starred(int number, const std::string& name) const {
    const QueryBlock& block = at(number);
    for (std::size_t i = 0; block.star && i < block.relations.size(); ++i) {
      const Relation& relation = block.relations[i];
      const Table* table = relation.table ? schema_.find(*relation.table) : nullptr;
      const bool has = table != nullptr ? table->find_column(name) != nullptr
                                        : relation.block >= 0 &&
                                              std::ranges::find(at(relation.block).output_names, name) !=
                                                  at(relation.block).output_names.end();
      if (has) {
        return ColumnUse{.relation = static_cast<int>(i),
                         .block = number,
                         .qualifier = relation.alias,
                         .column = name,
                         .columns = {name}};
      }
    }
    return std::nullopt;
  }

  StatementShape& shape_;
  const Schema& schema_;
};

}  // namespace

StatementShape pulled_up(StatementShape shape, const Schema& schema) {
  Opener(shape, schema).open_all();
  Mover(shape, schema).move_all();
  return shape;
}

}  // namespace planwise

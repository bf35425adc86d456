#include "analyzer/sql/shape.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "analyzer/audit.h"
#include "analyzer/sql/keywords.h"
#include "analyzer/sql/shape_mysql.h"
#include "analyzer/sql/shape_postgres.h"

namespace planwise {
namespace {

class Resolver {
 public:
  Resolver(StatementShape& shape, const Schema& schema, std::string_view default_schema)
      : shape_(shape), schema_(schema), default_schema_(default_schema) {}

  void run() {
    for (QueryBlock& block : shape_.blocks) {
      for (Relation& relation : block.relations) {
        tie(relation);
      }
    }
    for (int i = 0; i < static_cast<int>(shape_.blocks.size()); ++i) {
      add_natural_joins(i);
      tie_columns(i);
      separate_joins(i);
    }
    if (ignores_case() && !shape_.blocks.empty() && !at(0).relations.empty()) {
      for (std::string& column : shape_.written_columns) {
        respell(column, at(0).relations.front());
      }
    }
  }

 private:
  QueryBlock& at(int block) { return shape_.blocks[static_cast<std::size_t>(block)]; }

  void tie(Relation& relation) {
    if (relation.kind != RelationKind::kTable) {
      return;
    }
    const Table* table = schema_.resolve(schema_of(relation), relation.name);
    if (table == nullptr && ignores_case()) {
      table = find_ignoring_case(relation);
    }
    if (table != nullptr) {
      relation.table = table->name;
    }
  }

  [[nodiscard]] std::string_view schema_of(const Relation& relation) const {
    return relation.schema.empty() ? default_schema_ : std::string_view(relation.schema);
  }

  // MySQL compares the names of columns without case, and its digests change the case of others.
  [[nodiscard]] bool ignores_case() const { return shape_.engine != Engine::kPostgres; }

  // The only table that differs from what is written in case alone.
  [[nodiscard]] const Table* find_ignoring_case(const Relation& relation) const {
    const std::string name = lower_ascii(relation.name);
    const Table* found = nullptr;
    for (const Table& table : schema_.tables) {
      const bool in_reach =
          schema_of(relation).empty()
              ? std::ranges::find(schema_.search_path, table.name.schema) != schema_.search_path.end()
              : table.name.schema == schema_of(relation);
      if (in_reach && equals_ignoring_case(table.name.table, name)) {
        if (found != nullptr) {
          return nullptr;
        }
        found = &table;
      }
    }
    return found;
  }

  // A column's name as the relation spells it; empty where it has none, nullopt where its columns are not
  // known.
  [[nodiscard]] std::optional<std::string> spelling(const Relation& relation, std::string_view column) {
    const std::string lower = ignores_case() ? lower_ascii(column) : std::string();
    const auto is_it = [&](const std::string& name) {
      return name == column || (ignores_case() && equals_ignoring_case(name, lower));
    };
    if (relation.table) {
      const Table* const table = schema_.find(*relation.table);
      if (table == nullptr || table->columns.empty()) {
        return std::nullopt;
      }
      const auto at = std::ranges::find_if(table->columns, is_it, &Column::name);
      return at == table->columns.end() ? std::string() : at->name;
    }
    if (relation.block >= 0) {
      const std::vector<std::string>& names = at(relation.block).output_names;
      if (const auto at = std::ranges::find_if(names, is_it); at != names.end()) {
        return *at;
      }
      const bool unknown = names.empty() || std::ranges::find(names, "*") != names.end();
      return unknown ? std::nullopt : std::optional<std::string>("");
    }
    return std::nullopt;
  }

  enum class Has : std::uint8_t { kNo, kUnknown, kYes };

  // Whether a relation has a column of that name; kUnknown where its columns are not known.
  [[nodiscard]] Has has_column(const Relation& relation, std::string_view column) {
    const std::optional<std::string> name = spelling(relation, column);
    return !name ? Has::kUnknown : name->empty() ? Has::kNo : Has::kYes;
  }

  // The relation of a block that an unqualified column belongs to: the first that has it (USING merges equal
  // columns), else the only one whose columns are unknown. -1 if none or several could.
  int owner(int block, std::string_view column) {
    const std::vector<Relation>& relations = at(block).relations;
    int unknown = -1;
    int count = 0;
    for (int i = 0; i < static_cast<int>(relations.size()); ++i) {
      const Has has = has_column(relations[static_cast<std::size_t>(i)], column);
      if (has == Has::kYes) {
        return i;
      }
      unknown = has == Has::kUnknown ? i : unknown;
      count += has == Has::kUnknown ? 1 : 0;
    }
    return count == 1 ? unknown : -1;
  }

  void tie(ColumnUse& use, int block) {
    find_relation(use, block);
    if (ignores_case() && use.block >= 0 && use.relation >= 0) {
      const Relation& relation = at(use.block).relations[static_cast<std::size_t>(use.relation)];
      respell(use.column, relation);
      for (std::string& column : use.columns) {
        respell(column, relation);
      }
    }
  }

  void respell(std::string& column, const Relation& relation) {
    if (std::optional<std::string> name = spelling(relation, column); name && !name->empty()) {
      column = *std::move(name);
    }
  }

  void find_relation(ColumnUse& use, int block) {
    if (!use.qualifier.empty() || use.column.empty()) {
      return;  // tied by its alias, or made of columns of several relations
    }
    use.relation = -1;
    use.block = -1;
    for (int scope = block; scope != -1; scope = at(scope).parent) {
      if (const int relation = owner(scope, use.column); relation >= 0) {
        use.relation = relation;
        use.block = scope;
        break;
      }
    }
    const bool outer = use.block != -1 && use.block != block;
    for (int inner = block; outer && inner != use.block; inner = at(inner).parent) {
      at(inner).correlated = true;
    }
  }

  void tie_columns(int block) {
    QueryBlock& here = at(block);
    for (std::vector<ColumnUse>* const uses :
         {&here.group_by, &here.distinct_on, &here.output, &here.others}) {
      for (ColumnUse& use : *uses) {
        tie(use, block);
      }
    }
    for (OrderItem& item : here.order_by) {
      tie(item.column, block);
    }
    for (Predicate& predicate : here.predicates) {
      tie(predicate.column, block);
    }
    for (JoinPredicate& join : here.joins) {
      tie(join.left, block);
      tie(join.right, block);
    }
    if (here.parent != -1) {
      tie(here.in_column, here.parent);
    }
  }

  void add_natural_joins(int block) {
    QueryBlock& here = at(block);
    for (std::size_t right = 1; right < here.relations.size(); ++right) {
      const Table* const table = here.relations[right].natural && here.relations[right].table
                                     ? schema_.find(*here.relations[right].table)
                                     : nullptr;
      for (std::size_t column = 0; table != nullptr && column < table->columns.size(); ++column) {
        const std::string& name = table->columns[column].name;
        for (std::size_t left = 0; left < right; ++left) {
          if (has_column(here.relations[left], name) == Has::kYes) {
            here.joins.push_back({.left = use_of(block, left, name), .right = use_of(block, right, name)});
            break;
          }
        }
      }
    }
  }

  ColumnUse use_of(int block, std::size_t relation, const std::string& column) {
    return {.relation = static_cast<int>(relation),
            .block = block,
            .qualifier = at(block).relations[relation].alias,
            .column = column,
            .columns = {column}};
  }

  // Unqualified columns that turned out to be of one relation join nothing.
  void separate_joins(int block) {
    QueryBlock& here = at(block);
    std::vector<JoinPredicate> joins;
    for (JoinPredicate& join : here.joins) {
      const bool same = join.left.relation >= 0 && join.left.relation == join.right.relation &&
                        join.left.block == join.right.block;
      if (!same) {
        joins.push_back(std::move(join));
        continue;
      }
      here.others.push_back(std::move(join.right));
      here.predicates.push_back(
          {.column = std::move(join.left), .op = join.op, .value = ValueKind::kExpression});
    }
    here.joins = std::move(joins);
  }

  StatementShape& shape_;
  const Schema& schema_;
  std::string_view default_schema_;
};

}  // namespace

void resolve(StatementShape& shape, const Schema& schema, std::string_view default_schema) {
  Resolver(shape, schema, default_schema).run();
}

std::vector<TableName> tables_of(const StatementShape& shape) {
  std::set<TableName> tables;
  for (const QueryBlock& block : shape.blocks) {
    for (const Relation& relation : block.relations) {
      if (relation.table) {
        tables.insert(*relation.table);
      }
    }
  }
  return {tables.begin(), tables.end()};
}

std::map<StatementId, StatementShape> shapes_of(const Snapshot& snapshot,
                                                const std::map<StatementId, std::string>& literal) {
  std::map<StatementId, StatementShape> shapes;
  for (const Statement& statement : snapshot.workload.statements) {
    const auto found = literal.find(statement.id);
    const std::string& text = found == literal.end() ? statement.query : found->second;
    const Engine engine = snapshot.server.engine;
    StatementShape shape = engine == Engine::kPostgres ? shape_postgres(text) : shape_mysql(text, engine);
    resolve(shape, snapshot.schema, statement.schema);
    shapes.emplace(statement.id, std::move(shape));
  }
  return shapes;
}

}  // namespace planwise

#include "analyzer/nplusone/links.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace planwise::nplusone {
namespace {

TableName root_name(const TableName& name, const Schema& schema) {
  const Table* const table = schema.find(name);
  return table == nullptr ? name : schema.root_of(*table).name;
}

struct Lookup {
  TableName table;
  std::set<std::string> columns;
  bool write = false;
};

// nullopt for a statement that is no lookup by key.
std::optional<Lookup> lookup_of(const StatementShape& shape, const Schema& schema) {
  const bool reads = shape.kind == StatementKind::kSelect;
  const bool writes = shape.kind == StatementKind::kUpdate || shape.kind == StatementKind::kDelete;
  if (!shape.parsed || !(reads || writes) || shape.blocks.size() != 1) {
    return std::nullopt;
  }
  const QueryBlock& block = shape.blocks.front();
  if (block.relations.size() != 1 || !block.relations.front().table || !block.group_by.empty()) {
    return std::nullopt;
  }
  Lookup lookup{.table = root_name(*block.relations.front().table, schema), .write = writes};
  for (const Predicate& predicate : block.predicates) {
    const bool bound = predicate.value == ValueKind::kParameter || predicate.value == ValueKind::kConstant;
    if (predicate.kind == PredicateKind::kIn || predicate.or_group >= 0) {
      return std::nullopt;  // a batch already
    }
    if (predicate.kind == PredicateKind::kEqual && bound && predicate.column.expression.empty()) {
      lookup.columns.insert(predicate.column.column);
    }
  }
  return lookup.columns.empty() ? std::nullopt : std::optional(std::move(lookup));
}

bool looks_up(const Lookup& lookup, const std::vector<std::string>& key) {
  return !key.empty() &&
         std::ranges::all_of(key, [&](const std::string& column) { return lookup.columns.contains(column); });
}

std::vector<std::string> primary_key(const Table& table) {
  std::vector<std::string> columns;
  for (const Index& index : table.indexes) {
    if (index.constraint == ConstraintKind::kPrimaryKey) {
      for (const IndexKey& key : index.def.keys) {
        columns.push_back(key.expression);
      }
    }
  }
  return columns;
}

// The keys by which rows of one table (first) lead to rows of another (second).
struct Key {
  NPlusOneLink kind = NPlusOneLink::kForeignKey;
  std::string name;
  std::vector<std::string> columns;  // of the second table
};
using Keys = std::map<std::pair<TableName, TableName>, std::vector<Key>>;

Keys keys_of(const Schema& schema) {
  Keys keys;
  for (const ForeignKey& key : schema.foreign_keys) {
    const TableName referencing = root_name(key.table, schema);
    const TableName referenced = root_name(key.parent, schema);
    keys[{referenced, referencing}].push_back({NPlusOneLink::kForeignKey, key.name, key.columns});
    keys[{referencing, referenced}].push_back({NPlusOneLink::kForeignKey, key.name, key.parent_columns});
  }
  for (const Table& table : schema.tables) {
    keys[{table.name, table.name}].push_back({NPlusOneLink::kPrimaryKey, "", primary_key(table)});
  }
  return keys;
}

std::optional<Link> link_from(const TableName& read, const Lookup& child, const Keys& keys) {
  const auto between = keys.find({read, child.table});
  if (between == keys.end()) {
    return std::nullopt;
  }
  for (const Key& key : between->second) {
    if (looks_up(child, key.columns)) {
      return Link{.kind = key.kind, .foreign_key = key.name, .columns = key.columns};
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<Link> links_between(const std::map<StatementId, StatementShape>& shapes, const Schema& schema) {
  std::vector<std::pair<StatementId, Lookup>> children;
  std::vector<std::pair<StatementId, std::set<TableName>>> parents;
  for (const auto& [id, shape] : shapes) {
    if (auto lookup = lookup_of(shape, schema)) {
      children.emplace_back(id, *std::move(lookup));
    }
    if (shape.parsed && shape.kind == StatementKind::kSelect) {
      std::set<TableName> tables;
      for (const TableName& table : tables_of(shape)) {
        tables.insert(root_name(table, schema));
      }
      parents.emplace_back(id, std::move(tables));
    }
  }
  const Keys keys = keys_of(schema);
  std::vector<Link> links;
  for (const auto& [child, lookup] : children) {
    for (const auto& [parent, tables] : parents) {
      std::optional<Link> link;
      for (auto table = tables.begin(); parent != child && !link && table != tables.end(); ++table) {
        link = link_from(*table, lookup, keys);
      }
      if (link) {
        link->parent = parent;
        link->child = child;
        link->child_table = lookup.table;
        link->write = lookup.write;
        links.push_back(*std::move(link));
      }
    }
  }
  return links;
}

}  // namespace planwise::nplusone

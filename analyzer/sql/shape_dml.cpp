#include <algorithm>
#include <utility>

#include "analyzer/sql/column_uses.h"
#include "analyzer/sql/shape_reader.h"

namespace planwise {

void ShapeReader::read_insert(const Node& statement, int block) {
  read_table(statement.untagged("relation", "RangeVar"), block, false);
  for (const Node& column : statement.list("cols")) {
    if (block == 0) {
      shape_.written_columns.emplace_back(column.text("name"));
    }
  }
  const Node source = statement.child("selectStmt");
  const std::size_t rows = source.list("valuesLists").size();
  if (rows > 0 && !source.has("withClause")) {
    visit(source, block);
    shape_.insert_rows = block == 0 ? static_cast<int>(rows) : shape_.insert_rows;
  } else if (source) {
    const int child = open_block(SubqueryUse::kFrom, block);
    read_query(source, child);
    at(block).relations.push_back({.kind = RelationKind::kSubquery, .block = child});
  }
  read_conflict(statement.untagged("onConflictClause", "OnConflictClause"), block);
  read_targets(statement.list("returningList"), block);
}

// Its conditions look at the one conflicting row, so they are no search conditions.
void ShapeReader::read_conflict(const Node& clause, int block) {
  read_assignments(clause.list("targetList"), block);
  const Node condition = clause.child("whereClause");
  visit(condition, block);
  add_others(condition, block);
}

void ShapeReader::read_assignments(const std::vector<Node>& targets, int block) {
  for (const Node& target : targets) {
    std::string name(target.text("name"));
    auto& written = shape_.written_columns;
    if (block == 0 && !name.empty() && std::ranges::find(written, name) == written.end()) {
      written.push_back(std::move(name));
    }
    visit(target, block);
    add_others(target, block);
  }
}

void ShapeReader::read_update(const Node& statement, int block) {
  if (statement.has("relation")) {
    read_table(statement.untagged("relation", "RangeVar"), block, false);
  }
  for (const Node& item : statement.list("fromClause")) {
    read_from(item, block, false);
  }
  read_where(statement.child("whereClause"), block);
  const std::vector<Node> changes = statement.list("targetList");
  read_assignments(changes, block);
  read_limited_write(statement, block);
  read_targets(statement.list("returningList"), block);
  if (!changes.empty()) {
    put_first(changes.front().text("qualifier"), block);
  }
}

void ShapeReader::read_delete(const Node& statement, int block) {
  if (statement.has("relation")) {
    read_table(statement.untagged("relation", "RangeVar"), block, false);
  }
  for (const Node& item : statement.list("usingClause")) {
    read_from(item, block, false);
  }
  read_where(statement.child("whereClause"), block);
  read_limited_write(statement, block);
  read_targets(statement.list("returningList"), block);
  if (const std::vector<std::string> tables = parse_tree::names(statement, "targets"); !tables.empty()) {
    put_first(tables.front(), block);
  }
}

// MySQL's UPDATE and DELETE take ORDER BY and LIMIT.
void ShapeReader::read_limited_write(const Node& statement, int block) {
  for (const Node& item : statement.list("sortClause")) {
    read_order(item, {}, block);
  }
  read_limit(statement, block);
}

// Of several tables, the one that is changed becomes relation 0.
void ShapeReader::put_first(std::string_view alias, int block) {
  std::vector<Relation>& relations = at(block).relations;
  const auto found = find_relation(relations, alias);
  if (alias.empty() || found == relations.end() || found == relations.begin()) {
    return;
  }
  const auto old = static_cast<int>(found - relations.begin());
  std::swap(relations.front(), relations[static_cast<std::size_t>(old)]);
  std::swap(relations.front().natural, relations[static_cast<std::size_t>(old)].natural);
  for (QueryBlock& each : shape_.blocks) {
    for_each_use(each, [&](ColumnUse& use) {
      if (use.block == block && (use.relation == 0 || use.relation == old)) {
        use.relation = use.relation == 0 ? old : 0;
      }
    });
  }
}

void ShapeReader::read_merge(const Node& statement, int block) {
  read_table(statement.untagged("relation", "RangeVar"), block, false);
  read_from(statement.child("sourceRelation"), block, false);
  read_where(statement.child("joinCondition"), block);
  for (const Node& clause : statement.list("mergeWhenClauses")) {
    for (const Node& part : {clause.child("condition")}) {
      visit(part, block);
      add_others(part, block);
    }
    read_assignments(clause.list("targetList"), block);
    for (const Node& value : clause.list("values")) {
      visit(value, block);
      add_others(value, block);
    }
  }
}

}  // namespace planwise

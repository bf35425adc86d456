#include "analyzer/sql/shape_reader.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "analyzer/sql/deparse_postgres.h"

namespace planwise {
namespace {

using parse_tree::Node;

Relation relation_of(RelationKind kind, std::string name, const Node& alias, bool outer) {
  Relation relation{.kind = kind, .name = std::move(name), .outer = outer};
  relation.alias = alias ? std::string(alias.text("aliasname")) : relation.name;
  return relation;
}

Node alias_of(const Node& item) {
  return item.untagged("alias", "Alias");
}

bool is_values(const Node& select) {
  return select.is("SelectStmt") && select.has("valuesLists");
}

// The name PostgreSQL gives an output column. Source: FigureColname() in parse_target.c, its common cases.
std::string output_name(const Node& target) {
  const Node value = target.child("val");
  if (!target.text("name").empty()) {
    return std::string(target.text("name"));
  }
  if (value.is("ColumnRef")) {
    const std::vector<std::string> parts = parse_tree::names(value, "fields");
    return parts.size() == value.list("fields").size() ? parts.back() : "*";
  }
  return value.is("FuncCall") ? function_text(value) : "?column?";
}

std::optional<double> literal_number(const Node& node) {
  double number = 0;
  const std::string text = node.is("A_Const") ? constant_text(node) : std::string();
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

bool is_null(const Node& node) {
  return node.is("A_Const") && node.flag("isnull");
}

}  // namespace

StatementShape ShapeReader::read(const Node& statement) {
  shape_.parsed = true;
  shape_.engine = dialect_.engine;
  shape_.kind = statement.is("SelectStmt")   ? StatementKind::kSelect
                : statement.is("InsertStmt") ? StatementKind::kInsert
                : statement.is("UpdateStmt") ? StatementKind::kUpdate
                : statement.is("DeleteStmt") ? StatementKind::kDelete
                : statement.is("MergeStmt")  ? StatementKind::kMerge
                                             : StatementKind::kUtility;
  if (shape_.kind != StatementKind::kUtility) {
    read_query(statement, open_block(SubqueryUse::kTop, -1));
  }
  shape_.functions.assign(functions_.begin(), functions_.end());
  shape_.operators.assign(operators_.begin(), operators_.end());
  return std::move(shape_);
}

int ShapeReader::open_block(SubqueryUse use, int parent) {
  shape_.blocks.push_back({.use = use, .parent = parent});
  ctes_.emplace_back();
  others_.emplace_back();
  return static_cast<int>(shape_.blocks.size()) - 1;
}

int ShapeReader::find_cte(std::string_view name, int block) const {
  for (int scope = block; scope != -1; scope = at(scope).parent) {
    const auto& names = ctes_[static_cast<std::size_t>(scope)];
    if (const auto found = names.find(name); found != names.end()) {
      return found->second;
    }
  }
  return -1;
}

void ShapeReader::read_query(const Node& query, int block) {
  read_with(query, block);
  if (query.is("SelectStmt")) {
    read_select(query, block);
  } else if (query.is("InsertStmt")) {
    read_insert(query, block);
  } else if (query.is("UpdateStmt")) {
    read_update(query, block);
  } else if (query.is("DeleteStmt")) {
    read_delete(query, block);
  } else if (query.is("MergeStmt")) {
    read_merge(query, block);
  }
}

void ShapeReader::read_with(const Node& statement, int block) {
  const Node clause = statement.untagged("withClause", "WithClause");
  const bool recursive = clause.flag("recursive");
  for (const Node& cte : clause.list("ctes")) {
    const int child = open_block(SubqueryUse::kCte, block);
    const std::string name(cte.text("ctename"));
    auto& names = ctes_[static_cast<std::size_t>(block)];
    if (recursive) {
      names[name] = child;  // it may refer to itself
    }
    at(child).recursive = recursive;
    read_query(cte.child("ctequery"), child);
    const std::vector<std::string> columns = parse_tree::names(cte, "aliascolnames");
    for (std::size_t i = 0; i < std::min(columns.size(), at(child).output_names.size()); ++i) {
      at(child).output_names[i] = columns[i];
    }
    ctes_[static_cast<std::size_t>(block)][name] = child;
  }
}

void ShapeReader::read_select(const Node& select, int block) {
  Targets targets{.items = select.list("targetList"), .named = {}};
  for (std::size_t i = 0; i < targets.items.size(); ++i) {
    targets.named.try_emplace(std::string(targets.items[i].text("name")), i);
  }
  if (select.text("op") != "SETOP_NONE") {
    for (const std::string_view side : {"larg", "rarg"}) {
      const int child = open_block(SubqueryUse::kSetOperation, block);
      read_query(select.untagged(side, "SelectStmt"), child);
      if (side == "larg") {
        at(block).output_names = at(child).output_names;
      }
    }
  }
  for (const Node& row : select.list("valuesLists")) {
    visit(row, block);
    add_others(row, block);
  }
  for (const Node& item : select.list("fromClause")) {
    read_from(item, block, false);
  }
  read_where(select.child("whereClause"), block);
  for (const Node& item : select.list("groupClause")) {
    read_group(item, targets, block);
  }
  const Node having = select.child("havingClause");
  visit(having, block);
  add_others(having, block);
  at(block).has_having = static_cast<bool>(having);
  read_targets(targets.items, block);
  at(block).distinct = select.has("distinctClause");
  for (const Node& item : select.list("distinctClause")) {
    if (item) {
      at(block).distinct_on.push_back(use_of(named_by(item, targets), block));
    }
  }
  for (const Node& window : select.list("windowClause")) {
    visit(window, block);
    add_others(window, block);
  }
  for (const Node& item : select.list("sortClause")) {
    read_order(item, targets, block);
  }
  read_limit(select, block);
  at(block).for_update = select.has("lockingClause");
}

void ShapeReader::read_from(const Node& item, int block, bool outer) {
  if (item.is("RangeVar")) {
    read_table(item, block, outer);
  } else if (item.is("JoinExpr")) {
    read_join(item, block, outer);
  } else if (item.is("RangeTableSample")) {
    read_from(item.child("relation"), block, outer);
    for (const Node& argument : item.list("args")) {
      visit(argument, block);
    }
  } else if (item.is("RangeSubselect")) {
    const Node query = item.child("subquery");
    const int child = open_block(SubqueryUse::kFrom, block);
    read_query(query, child);
    const RelationKind kind = is_values(query) ? RelationKind::kValues : RelationKind::kSubquery;
    Relation relation = relation_of(kind, "", alias_of(item), outer);
    relation.block = child;
    const std::vector<std::string> columns = parse_tree::names(alias_of(item), "colnames");
    if (!columns.empty()) {
      at(child).output_names = columns;
    }
    at(block).relations.push_back(std::move(relation));
  } else if (item.is("RangeFunction") || item.is("RangeTableFunc")) {
    visit(item, block);
    add_others(item, block);
    std::string name = item.is("RangeTableFunc") ? "xmltable" : "";
    for (const Node& function : item.list("functions")) {
      const std::vector<Node> parts = function.list("items");
      name = name.empty() && !parts.empty() && parts[0].is("FuncCall") ? function_text(parts[0]) : name;
    }
    at(block).relations.push_back(
        relation_of(RelationKind::kFunction, std::move(name), alias_of(item), outer));
  }
}

void ShapeReader::read_table(const Node& table, int block, bool outer) {
  Relation relation =
      relation_of(RelationKind::kTable, std::string(table.text("relname")), alias_of(table), outer);
  relation.schema = table.text("schemaname");
  relation.block = relation.schema.empty() ? find_cte(relation.name, block) : -1;
  relation.kind = relation.block == -1 ? RelationKind::kTable : RelationKind::kCte;
  at(block).relations.push_back(std::move(relation));
}

void ShapeReader::read_join(const Node& join, int block, bool outer) {
  const std::string_view type = join.text("jointype");
  const bool keeps_left = type == "JOIN_LEFT" || type == "JOIN_FULL";
  const bool keeps_right = type == "JOIN_RIGHT" || type == "JOIN_FULL";
  const std::size_t left = at(block).relations.size();
  read_from(join.child("larg"), block, outer || keeps_right);
  const std::size_t right = at(block).relations.size();
  read_from(join.child("rarg"), block, outer || keeps_left);
  const std::size_t end = at(block).relations.size();
  for (std::size_t i = right; i < end; ++i) {
    at(block).relations[i].natural = at(block).relations[i].natural || join.flag("isNatural");
  }
  for (const std::string& column : parse_tree::names(join, "usingClause")) {
    const auto side = [&](std::size_t first, std::size_t last) {
      ColumnUse use{.column = column, .columns = {column}};
      if (last - first == 1) {  // of several relations the first that has the column: resolve() knows
        use.relation = static_cast<int>(first);
        use.block = block;
        use.qualifier = at(block).relations[first].alias;
      }
      return use;
    };
    at(block).joins.push_back({.left = side(left, right), .right = side(right, end)});
  }
  const std::size_t before = at(block).predicates.size();
  read_where(join.child("quals"), block);
  // What an outer join demands of the side it keeps removes no row of that side.
  for (std::size_t i = before; i < at(block).predicates.size(); ++i) {
    Predicate& predicate = at(block).predicates[i];
    const auto relation = static_cast<std::size_t>(predicate.column.relation);
    const bool of_left = relation >= left && relation < right;
    const bool of_right = relation >= right && relation < end;
    if (predicate.column.block == block && ((keeps_left && of_left) || (keeps_right && of_right))) {
      predicate.kind = PredicateKind::kOther;
    }
  }
}

void ShapeReader::read_targets(const std::vector<Node>& targets, int block) {
  for (const Node& target : targets) {
    const Node value = target.child("val");
    visit(value, block);
    at(block).output_names.push_back(output_name(target));
    at(block).output_at.push_back(-1);
    if (value.is("ColumnRef") && at(block).output_names.back() == "*") {
      at(block).star = true;
    } else if (computes_over_rows(value)) {
      add_others(value, block);
    } else if (ColumnUse use = use_of(value, block); !use.columns.empty()) {
      at(block).output_at.back() = static_cast<int>(at(block).output.size());
      at(block).output.push_back(std::move(use));
    }
  }
}

void ShapeReader::read_group(const Node& item, const Targets& targets, int block) {
  if (item.is("GroupingSet") || item.is("RowExpr")) {
    for (const Node& part : item.list(item.is("RowExpr") ? "args" : "content")) {
      read_group(part, targets, block);
    }
    return;
  }
  const Node meant = named_by(item, targets);
  visit(item, block);
  if (ColumnUse use = use_of(meant, block); !use.columns.empty()) {
    at(block).group_by.push_back(std::move(use));
  }
}

void ShapeReader::read_order(const Node& item, const Targets& targets, int block) {
  const Node meant = named_by(item.child("node"), targets);
  visit(item, block);
  OrderItem order{.column = use_of(meant, block)};
  order.descending = item.text("sortby_dir") == "SORTBY_DESC";
  const std::string_view nulls = item.text("sortby_nulls");
  order.nulls_first = nulls == "SORTBY_NULLS_FIRST" || (order.descending && nulls != "SORTBY_NULLS_LAST");
  if (computes_over_rows(meant)) {
    order.column.expression.clear();  // the order of an aggregate: no index has it
    order.column.column.clear();
  }
  at(block).order_by.push_back(std::move(order));
}

void ShapeReader::read_limit(const Node& select, int block) {
  const Node limit = select.child("limitCount");
  const Node offset = select.child("limitOffset");
  visit(limit, block);
  visit(offset, block);
  at(block).has_limit = limit && !is_null(limit);
  at(block).has_offset = offset && !is_null(offset);
  at(block).limit = literal_number(limit);
  at(block).offset = literal_number(offset);
}

}  // namespace planwise

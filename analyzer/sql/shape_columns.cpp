#include <algorithm>

#include "analyzer/sql/deparse_postgres.h"
#include "analyzer/sql/keywords.h"
#include "analyzer/sql/shape_reader.h"

namespace planwise {
namespace {

using parse_tree::Node;
bool is_aggregate(const Node& call, const Dialect& dialect) {
  if (call.has("over")) {
    return false;
  }
  return call.flag("agg_star") || call.flag("agg_distinct") || call.has("agg_order") ||
         call.has("agg_filter") || call.flag("agg_within_group") || dialect.is_aggregate(function_text(call));
}

void gather(const Node& node, std::vector<Node>& out) {
  if (node.is("ColumnRef")) {
    const auto parts = node.list("fields");
    if (!parts.empty() && !parts.back().is("A_Star")) {
      out.push_back(node);
    }
    return;
  }
  if (node.is("SubLink")) {
    gather(node.child("testexpr"), out);
    return;
  }
  for (const Node& child : node.children()) {
    gather(child, out);
  }
}

}  // namespace

std::vector<Node> columns_in(const Node& node) {
  std::vector<Node> out;
  gather(node, out);
  return out;
}

bool ShapeReader::computes_over_rows(const Node& node) const {
  if (node.is("SubLink") || (node.is("FuncCall") && (node.has("over") || is_aggregate(node, dialect_)))) {
    return true;
  }
  return std::ranges::any_of(node.children(),
                             [this](const Node& child) { return computes_over_rows(child); });
}

// Once for every expression: notes functions, operators and parameters, and reads the sub-queries in it.
void ShapeReader::visit(const Node& node, int block) {
  if (node.is("SubLink")) {
    visit_sublink(node, block);
    return;
  }
  if (node.is("ParamRef")) {
    shape_.parameters = std::max(shape_.parameters, static_cast<int>(node.integer("number")));
  } else if (node.is("FuncCall")) {
    visit_call(node, block);
  } else if (node.is("A_Expr")) {
    const std::string op = operator_text(node);
    if (node.text("kind").find("BETWEEN") != std::string_view::npos) {
      operators_.insert({"<=", ">="});
    } else if (!op.empty()) {
      operators_.insert(op);
    }
  }
  for (const Node& child : node.children()) {
    visit(child, block);
  }
}

void ShapeReader::visit_call(const Node& call, int block) {
  functions_.insert(function_text(call));
  at(block).has_aggregate = at(block).has_aggregate || is_aggregate(call, dialect_);
  at(block).has_window = at(block).has_window || call.has("over");
}

void ShapeReader::visit_sublink(const Node& link, int block) {
  const std::int64_t place = link.location();
  visit(link.child("testexpr"), block);
  if (sublinks_.contains(place)) {
    return;  // UPDATE SET (a, b) = (SELECT ...) repeats it for every column
  }
  const std::string_view type = link.text("subLinkType");
  const SubqueryUse use = type == "EXISTS_SUBLINK" ? SubqueryUse::kExists
                          : type == "ANY_SUBLINK"  ? SubqueryUse::kIn
                                                   : SubqueryUse::kScalar;
  const int child = open_block(use, block);
  sublinks_[place] = child;
  read_query(link.child("subselect"), child);
  if (use == SubqueryUse::kIn) {
    at(child).in_column = use_of(link.child("testexpr"), block);
  }
  for (const std::string& name : parse_tree::names(link, "operName")) {
    operators_.insert(name);
  }
}

void ShapeReader::add_others(const Node& node, int block) {
  for (const Node& reference : columns_in(node)) {
    ColumnUse use = column_of(reference, block);
    if (others_[static_cast<std::size_t>(block)].emplace(use.qualifier, use.column).second) {
      at(block).others.push_back(std::move(use));
    }
  }
}

// Aliases are compared as they are written; on MySQL then without case: its digests print names that equal
// keywords in capitals.
std::vector<Relation>::const_iterator ShapeReader::find_relation(const std::vector<Relation>& relations,
                                                                 std::string_view alias) const {
  const auto exact = std::ranges::find(relations, alias, &Relation::alias);
  if (exact != relations.end() || alias.empty() || dialect_.engine == Engine::kPostgres) {
    return exact;
  }
  const std::string lower = lower_ascii(alias);
  return std::ranges::find_if(
      relations, [&](const Relation& relation) { return equals_ignoring_case(relation.alias, lower); });
}

ColumnUse ShapeReader::column_of(const Node& reference, int block) {
  const std::vector<std::string> parts = parse_tree::names(reference, "fields");
  ColumnUse use;
  if (parts.empty()) {
    return use;
  }
  use.column = parts.back();
  use.columns = {use.column};
  use.qualifier = parts.size() > 1 ? parts[parts.size() - 2] : "";
  for (int scope = block; scope != -1; scope = at(scope).parent) {
    const std::vector<Relation>& relations = at(scope).relations;
    const auto named = find_relation(relations, use.qualifier);
    const bool only = use.qualifier.empty() && relations.size() == 1;
    if (named != relations.end() || only) {
      use.block = scope;
      use.relation = only ? 0 : static_cast<int>(named - relations.begin());
      for (int inner = block; inner != scope; inner = at(inner).parent) {
        at(inner).correlated = true;
      }
      return use;
    }
    if (use.qualifier.empty() && !relations.empty()) {
      return use;  // of one of several: resolve() looks at their columns
    }
  }
  return use;
}

// What an index key would be made of. Columns of several relations make no key: then only `columns` is set.
ColumnUse ShapeReader::use_of(const Node& node, int block) {
  if (node.is("ColumnRef")) {
    return column_of(node, block);
  }
  ColumnUse use;
  const std::vector<Node> references = columns_in(node);
  bool one_relation = true;
  std::set<std::string> seen;
  for (const Node& reference : references) {
    ColumnUse each = column_of(reference, block);
    const bool is_new = seen.insert(each.column).second;
    if (use.columns.empty()) {
      use = each;
      continue;
    }
    one_relation = one_relation && each.qualifier == use.qualifier && each.relation == use.relation;
    if (is_new) {
      use.columns.push_back(each.column);
    }
  }
  if (!one_relation) {
    use.relation = -1;
    use.block = -1;
    use.column.clear();
    use.qualifier.clear();
    return use;
  }
  use.expression = dialect_.deparse(node).value_or("");
  if (node.is("FuncCall")) {
    use.function = function_text(node);
  } else if (node.is("CoalesceExpr")) {
    use.function = "coalesce";
  } else if (node.is("TypeCast") && node.child("arg").is("ColumnRef")) {
    use.cast = dialect_.type_text(node.untagged("typeName", "TypeName"));
  }
  return use;
}

// What GROUP BY or ORDER BY means by a position or an output name; the item itself where it means itself.
Node ShapeReader::named_by(const Node& item, const Targets& targets) {
  if (item.is("A_Const") && item.has("ival")) {
    const std::int64_t position = item.untagged("ival", "Integer").integer("ival");
    const bool inside = position >= 1 && position <= static_cast<std::int64_t>(targets.items.size());
    return inside ? targets.items[static_cast<std::size_t>(position - 1)].child("val") : item;
  }
  const std::vector<std::string> parts = parse_tree::names(item, "fields");
  if (item.is("ColumnRef") && parts.size() == 1) {
    if (const auto target = targets.named.find(parts[0]); target != targets.named.end()) {
      return targets.items[target->second].child("val");
    }
  }
  return item;
}

}  // namespace planwise

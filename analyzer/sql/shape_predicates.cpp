#include <algorithm>
#include <array>
#include <utility>

#include "analyzer/sql/deparse_postgres.h"
#include "analyzer/sql/fold_constant.h"
#include "analyzer/sql/shape_reader.h"

namespace planwise {
namespace {

using parse_tree::Node;
using Pair = std::pair<std::string_view, std::string_view>;

PredicateKind kind_of(std::string_view op) {
  static constexpr std::array<std::pair<std::string_view, PredicateKind>, 19> kKinds{{
      {"=", PredicateKind::kEqual},
      {"<=>", PredicateKind::kEqual},  // of MySQL: NULL equals NULL; served
                                       // by an index as = is
      {"<", PredicateKind::kRange},
      {"<=", PredicateKind::kRange},
      {">", PredicateKind::kRange},
      {">=", PredicateKind::kRange},
      {"<>", PredicateKind::kNotEqual},
      {"!=", PredicateKind::kNotEqual},
      {"~~", PredicateKind::kLike},
      {"~~*", PredicateKind::kILike},
      {"~", PredicateKind::kRegex},
      {"~*", PredicateKind::kRegex},
      {"@>", PredicateKind::kContains},
      {"<@", PredicateKind::kContains},
      {"?", PredicateKind::kContains},
      {"?|", PredicateKind::kContains},
      {"?&", PredicateKind::kContains},
      {"&&", PredicateKind::kContains},
      {"@@", PredicateKind::kTextSearch},
  }};
  for (const auto& [spelt, kind] : kKinds) {
    if (spelt == op) {
      return kind;
    }
  }
  return PredicateKind::kOther;
}

// `a op b` is `b commuted(op) a`; empty where there is no such operator.
std::string_view commuted(std::string_view op) {
  static constexpr std::array<Pair, 12> kPairs{{{"=", "="},
                                                {"<=>", "<=>"},
                                                {"<>", "<>"},
                                                {"<", ">"},
                                                {"<=", ">="},
                                                {">", "<"},
                                                {">=", "<="},
                                                {"@>", "<@"},
                                                {"<@", "@>"},
                                                {"&&", "&&"},
                                                {"@@", "@@"},
                                                {"!=", "<>"}}};
  const auto* const at = std::ranges::find(kPairs, op, &Pair::first);
  return at == kPairs.end() ? std::string_view{} : at->second;
}

// NOT `a op b` is `a negation(op) b` for everything but NULL, which neither keeps; empty where there is none.
std::string_view negation(std::string_view op) {
  static constexpr std::array<Pair, 15> kPairs{{{"=", "<>"},
                                                {"<>", "="},
                                                {"!=", "="},
                                                {"<", ">="},
                                                {"<=", ">"},
                                                {">", "<="},
                                                {">=", "<"},
                                                {"~~", "!~~"},
                                                {"!~~", "~~"},
                                                {"~~*", "!~~*"},
                                                {"!~~*", "~~*"},
                                                {"~", "!~"},
                                                {"!~", "~"},
                                                {"~*", "!~*"},
                                                {"!~*", "~*"}}};
  const auto* const at = std::ranges::find(kPairs, op, &Pair::first);
  return at == kPairs.end() ? std::string_view{} : at->second;
}

bool has_columns(const Node& node) {
  return !columns_in(node).empty();
}

bool any_has_columns(const std::vector<Node>& nodes) {
  return std::ranges::any_of(nodes, has_columns);
}

std::string raw_constant(const Node& constant) {
  return constant.has("sval") ? std::string(constant.untagged("sval", "String").text("sval"))
                              : constant_text(constant);
}

std::string_view constant_type(const Node& constant) {
  return constant.has("sval")      ? "text"
         : constant.has("ival")    ? "integer"
         : constant.has("fval")    ? "numeric"
         : constant.has("boolval") ? "boolean"
                                   : "";
}

}  // namespace

void ShapeReader::read_where(const Node& condition, int block) {
  if (condition) {
    visit(condition, block);
    read_condition(condition, {.block = block});
  }
}

void ShapeReader::read_condition(const Node& condition, const Place& place) {
  if (condition.is("BoolExpr")) {
    const std::string_view connective = condition.text("boolop");
    const std::vector<Node> parts = condition.list("args");
    Place inner = place;
    if (connective == "NOT_EXPR") {
      inner.negated = !place.negated;
    } else if ((connective == "OR_EXPR") != place.negated) {
      if (place.or_group >= 0) {  // an OR in a branch of an OR: its parts bind nothing by themselves
        add_unknown(condition, place);
        return;
      }
      inner.or_group = or_groups_++;
    }
    for (const Node& part : parts) {
      inner.or_branch += inner.or_group != place.or_group ? 1 : 0;
      read_condition(part, inner);
    }
  } else if (condition.is("A_Expr")) {
    read_expression(condition, place);
  } else if (condition.is("SubLink")) {
    read_sublink(condition, place);
  } else if (condition.is("NullTest")) {
    const bool missing = (condition.text("nulltesttype") == "IS_NULL") != place.negated;
    add_predicate(condition.child("arg"), missing ? PredicateKind::kIsNull : PredicateKind::kIsNotNull,
                  missing ? "IS NULL" : "IS NOT NULL", {}, place);
  } else if (condition.is("BooleanTest") && !place.negated && condition.text("booltesttype") == "IS_TRUE") {
    add_predicate(condition.child("arg"), PredicateKind::kIsTrue, "IS TRUE", {}, place);
  } else if (condition.is("BooleanTest") && !place.negated && condition.text("booltesttype") == "IS_FALSE") {
    add_predicate(condition.child("arg"), PredicateKind::kIsFalse, "IS FALSE", {}, place);
  } else if (condition.is("ColumnRef")) {
    add_predicate(condition, place.negated ? PredicateKind::kIsFalse : PredicateKind::kIsTrue, "", {}, place);
  } else {
    add_unknown(condition, place);
  }
}

void ShapeReader::read_expression(const Node& expression, const Place& place) {
  const std::string_view kind = expression.text("kind");
  if (kind == "AEXPR_IN") {
    read_in(expression, place);
  } else if (kind == "AEXPR_BETWEEN" || kind == "AEXPR_BETWEEN_SYM" || kind == "AEXPR_NOT_BETWEEN") {
    read_between(expression, place);
  } else if (kind == "AEXPR_OP_ANY" || kind == "AEXPR_OP_ALL") {
    read_array(expression, place);
  } else if ((kind == "AEXPR_OP" || kind == "AEXPR_LIKE" || kind == "AEXPR_ILIKE" ||
              kind == "AEXPR_SIMILAR") &&
             expression.has("lexpr")) {
    read_comparison(expression.child("lexpr"), expression.child("rexpr"), operator_text(expression), place);
  } else {
    add_unknown(expression, place);
  }
}

void ShapeReader::read_comparison(const Node& left, const Node& right, std::string_view op,
                                  const Place& place) {
  if (place.negated) {
    const std::string_view opposite = negation(op);
    Place straight = place;
    straight.negated = false;
    if (opposite.empty()) {
      add_predicate(has_columns(left) ? left : right, PredicateKind::kOther, "NOT " + std::string(op), {},
                    straight);
    } else {
      read_comparison(left, right, opposite, straight);
    }
    return;
  }
  if (left.is("RowExpr") && right.is("RowExpr")) {
    read_rows(left, right, op, place);
    return;
  }
  const bool left_reads = has_columns(left);
  const bool right_reads = has_columns(right);
  if (left_reads && right_reads) {
    ColumnUse one = use_of(left, place.block);
    ColumnUse other = use_of(right, place.block);
    // Unqualified names in a sub-query may be of the outer query: resolve() parts those from joins.
    const bool certain = !one.qualifier.empty() || at(place.block).parent == -1;
    const bool same = certain && one.relation >= 0 && one.qualifier == other.qualifier &&
                      one.relation == other.relation && one.block == other.block;
    if (place.or_group < 0 && !same) {
      at(place.block)
          .joins.push_back({.left = std::move(one),
                            .right = std::move(other),
                            .op = std::string(op),
                            .equality = op == "=" || op == "<=>"});
    } else {
      add_predicate(left, PredicateKind::kOther, op, {right}, place);
      add_others(right, place.block);
    }
  } else if (left_reads) {
    add_predicate(left, kind_of(op), op, {right}, place);
  } else if (right_reads) {
    const std::string_view turned = commuted(op);
    add_predicate(right, turned.empty() ? PredicateKind::kOther : kind_of(turned),
                  turned.empty() ? op : turned, {left}, place);
  }
}

// (a, b) = (1, 2) is two equalities; of (a, b) > (1, 2) only a >= 1 binds by itself.
void ShapeReader::read_rows(const Node& left, const Node& right, std::string_view op, const Place& place) {
  const std::vector<Node> ours = left.list("args");
  const std::vector<Node> theirs = right.list("args");
  const bool range = kind_of(op) == PredicateKind::kRange;
  for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
    if (op == "=") {
      read_comparison(ours[i], theirs[i], op, place);
    } else if (range && i == 0) {
      read_comparison(ours[i], theirs[i], op.starts_with('<') ? "<=" : ">=", place);
    } else {
      add_others(ours[i], place.block);
      add_others(theirs[i], place.block);
    }
  }
}

void ShapeReader::read_in(const Node& expression, const Place& place) {
  const Node left = expression.child("lexpr");
  const std::vector<Node> items = expression.child("rexpr").list("items");
  const bool negated = (operator_text(expression) == "<>") != place.negated;
  const PredicateKind kind = negated ? PredicateKind::kNotIn : PredicateKind::kIn;
  const std::string_view op = negated ? "<>" : "=";
  if (any_has_columns(items) || !has_columns(left)) {
    add_unknown(expression, place);
  } else if (left.is("RowExpr")) {
    for (const Node& column : left.list("args")) {
      add_predicate(column, negated ? PredicateKind::kOther : kind, op, items, place);
    }
  } else {
    add_predicate(left, kind, op, items, place);
  }
}

void ShapeReader::read_between(const Node& expression, const Place& place) {
  const Node left = expression.child("lexpr");
  const std::vector<Node> bounds = expression.child("rexpr").list("items");
  const bool inside = (expression.text("kind") == "AEXPR_NOT_BETWEEN") == place.negated;
  if (bounds.size() != 2 || !has_columns(left)) {
    add_unknown(expression, place);
  } else if (any_has_columns(bounds) && inside) {
    Place straight = place;
    straight.negated = false;
    read_comparison(left, bounds[0], ">=", straight);
    read_comparison(left, bounds[1], "<=", straight);
  } else {
    add_predicate(left, inside ? PredicateKind::kRange : PredicateKind::kOther,
                  inside ? "BETWEEN" : "NOT BETWEEN", bounds, place);
  }
}

void ShapeReader::read_array(const Node& expression, const Place& place) {
  const Node left = expression.child("lexpr");
  const Node right = expression.child("rexpr");
  const std::string op = operator_text(expression);
  const bool any = expression.text("kind") == "AEXPR_OP_ANY";
  PredicateKind kind = PredicateKind::kOther;
  if (op == "=" && any) {
    kind = place.negated ? PredicateKind::kNotIn : PredicateKind::kIn;
  } else if (op == "<>" && !any) {
    kind = place.negated ? PredicateKind::kIn : PredicateKind::kNotIn;
  } else if (any && !place.negated && op != "<>") {
    kind = kind_of(op);
  }
  if (has_columns(left) && !has_columns(right)) {
    const Node array = right.is("TypeCast") ? right.child("arg") : right;
    add_predicate(left, kind, op, array.is("A_ArrayExpr") ? array.list("elements") : std::vector<Node>{right},
                  place);
    at(place.block).predicates.back().in_list_length = static_cast<int>(array.list("elements").size());
  } else {
    add_unknown(expression, place);
  }
}

void ShapeReader::read_sublink(const Node& link, const Place& place) {
  const std::string_view type = link.text("subLinkType");
  const int child = sublinks_[link.location()];
  const std::vector<std::string> ops = parse_tree::names(link, "operName");
  const std::string op = ops.empty() ? "=" : ops.back();
  if (type == "EXISTS_SUBLINK") {
    at(child).use = place.negated ? SubqueryUse::kNotExists : SubqueryUse::kExists;
    return;
  }
  const Node column = link.child("testexpr");
  const bool in = type == "ANY_SUBLINK" && op == "=";
  const bool not_in = type == "ALL_SUBLINK" && op == "<>";
  if ((!in && !not_in) || !has_columns(column)) {
    at(child).use = in || not_in ? at(child).use : SubqueryUse::kScalar;
    add_unknown(link, place);
    return;
  }
  const bool negated = not_in != place.negated;
  at(child).use = negated ? SubqueryUse::kNotIn : SubqueryUse::kIn;
  at(child).in_column = use_of(column, place.block);
  for (const Node& part : column.is("RowExpr") ? column.list("args") : std::vector<Node>{column}) {
    add_predicate(part, negated ? PredicateKind::kNotIn : PredicateKind::kIn, negated ? "<>" : "=", {},
                  place);
    Predicate& predicate = at(place.block).predicates.back();
    predicate.value = ValueKind::kSubquery;
    predicate.subquery_block = child;
  }
}

void ShapeReader::add_predicate(const Node& column, PredicateKind kind, std::string_view op,
                                const std::vector<Node>& values, const Place& place) {
  Predicate predicate{.column = use_of(column, place.block), .kind = kind, .op = std::string(op)};
  predicate.or_group = place.or_group;
  predicate.or_branch = place.or_group < 0 ? -1 : place.or_branch;
  for (const Node& value : values) {
    set_value(predicate, value);
    if (auto folded = folded_constant(value)) {
      predicate.estimates.push_back(*std::move(folded));
    }
  }
  if (predicate.estimates.size() != values.size()) {
    predicate.estimates.clear();
  }
  const bool list = kind == PredicateKind::kIn || kind == PredicateKind::kNotIn;
  predicate.in_list_length = list ? static_cast<int>(values.size()) : 0;
  at(place.block).predicates.push_back(std::move(predicate));
}

// A condition that no index serves as it stands: told, with what it reads.
void ShapeReader::add_unknown(const Node& condition, const Place& place) {
  if (has_columns(condition)) {
    add_predicate(condition, PredicateKind::kOther, "", {}, place);
    add_others(condition, place.block);
  }
}

void ShapeReader::set_value(Predicate& predicate, const Node& value) const {
  if (value.is("TypeCast")) {
    predicate.value_cast = dialect_.type_text(value.untagged("typeName", "TypeName"));
    set_value(predicate, value.child("arg"));
    return;
  }
  if (value.is("ParamRef")) {
    predicate.value = ValueKind::kParameter;
  } else if (value.is("A_Const")) {
    predicate.value = predicate.value == ValueKind::kParameter ? ValueKind::kParameter : ValueKind::kConstant;
    predicate.constants.push_back(raw_constant(value));
    predicate.value_type = predicate.value_cast.empty() ? constant_type(value) : "";
  } else if (const auto found = sublinks_.find(value.location());
             value.is("SubLink") && found != sublinks_.end()) {
    predicate.value = ValueKind::kSubquery;
    predicate.subquery_block = found->second;
  } else if (value.is("A_ArrayExpr")) {
    for (const Node& element : value.list("elements")) {
      set_value(predicate, element);
    }
  } else {
    predicate.value = ValueKind::kExpression;
  }
}

}  // namespace planwise

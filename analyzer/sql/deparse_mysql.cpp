#include "analyzer/sql/deparse_mysql.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/sql/deparse_postgres.h"
#include "analyzer/sql/keywords.h"
#include "analyzer/sql/quote.h"

namespace planwise {
namespace {

using parse_tree::Node;
using Text = std::optional<std::string>;

Text call(const Node& node) {
  if (node.flag("agg_star") || node.flag("agg_distinct") || node.has("agg_order") || node.has("over")) {
    return std::nullopt;
  }
  const std::string name = function_text(node);
  const std::vector<Node> arguments = node.list("args");
  if (name == "extract" && arguments.size() == 2) {
    const Text from = deparse_mysql(arguments[1]);
    const std::string_view unit = arguments[0].untagged("sval", "String").text("sval");
    return from ? Text("EXTRACT(" + upper_ascii(unit) + " FROM " + *from + ")") : std::nullopt;
  }
  const Text list = list_text(arguments, deparse_mysql);
  return list ? Text(name + "(" + *list + ")") : std::nullopt;
}

// The operators that PostgreSQL's tree spells otherwise.
std::string spelt(const std::string& op) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSpelt{
      {{"~~", "LIKE"}, {"!~~", "NOT LIKE"}, {"~", "REGEXP"}, {"!~", "NOT REGEXP"}}};
  for (const auto& [name, text] : kSpelt) {
    if (op == name) {
      return std::string(text);
    }
  }
  return op;
}

Text expression(const Node& node) {
  const std::string_view kind = node.text("kind");
  const Text right = deparse_mysql(node.child("rexpr"));
  const std::string op = operator_text(node);
  if (!right || (kind != "AEXPR_OP" && kind != "AEXPR_LIKE" && kind != "AEXPR_NULLIF") || op == "@@" ||
      op == ":=") {
    return std::nullopt;
  }
  if (!node.has("lexpr")) {
    return "(" + op + " " + *right + ")";
  }
  const Text left = deparse_mysql(node.child("lexpr"));
  if (!left) {
    return std::nullopt;
  }
  return kind == "AEXPR_NULLIF" ? "NULLIF(" + *left + ", " + *right + ")"
                                : "(" + *left + " " + spelt(op) + " " + *right + ")";
}

Text wrapped(std::string_view head, const Text& middle, const std::string& tail) {
  return middle ? Text(std::string(head) + *middle + tail) : std::nullopt;
}

}  // namespace

std::string mysql_type_text(const Node& type_name) {
  const std::vector<std::string> parts = parse_tree::names(type_name, "names");
  std::string modifiers;
  for (const Node& modifier : type_name.list("typmods")) {
    modifiers.append(modifiers.empty() ? "" : ",")
        .append(modifier.is("A_Const") ? constant_text(modifier) : "?");
  }
  const std::string name = parts.empty() ? std::string() : parts.back();
  return modifiers.empty() ? name : name + "(" + modifiers + ")";
}

std::optional<std::string> deparse_mysql(const Node& node) {
  if (node.is("ColumnRef")) {
    return column_text(node, Engine::kMySql);
  }
  if (node.is("A_Const")) {
    return node.has("sval") ? literal(node.untagged("sval", "String").text("sval"), Engine::kMySql)
                            : constant_text(node);
  }
  if (node.is("ParamRef")) {
    return "?";
  }
  if (node.is("FuncCall")) {
    return call(node);
  }
  if (node.is("A_Expr")) {
    return expression(node);
  }
  if (node.is("TypeCast")) {
    const std::string type = mysql_type_text(node.untagged("typeName", "TypeName"));
    return wrapped("CAST(", deparse_mysql(node.child("arg")), " AS " + type + ")");
  }
  if (node.is("CoalesceExpr")) {
    return wrapped("COALESCE(", list_text(node.list("args"), deparse_mysql), ")");
  }
  if (node.is("MinMaxExpr")) {
    return wrapped(node.text("op") == "IS_GREATEST" ? "GREATEST(" : "LEAST(",
                   list_text(node.list("args"), deparse_mysql), ")");
  }
  if (node.is("NullTest")) {
    return wrapped("(", deparse_mysql(node.child("arg")),
                   node.text("nulltesttype") == "IS_NULL" ? " IS NULL)" : " IS NOT NULL)");
  }
  if (node.is("CollateClause")) {
    const std::vector<std::string> name = parse_tree::names(node, "collname");
    return name.empty() ? std::nullopt
                        : wrapped("", deparse_mysql(node.child("arg")), " COLLATE " + name.back());
  }
  if (node.is("IntervalExpr")) {
    return wrapped("INTERVAL ", deparse_mysql(node.child("arg")), " " + upper_ascii(node.text("unit")));
  }
  return std::nullopt;
}

}  // namespace planwise

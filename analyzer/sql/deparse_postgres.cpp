#include "analyzer/sql/deparse_postgres.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "analyzer/sql/quote.h"

namespace planwise {
namespace {

using parse_tree::Node;
using Text = std::optional<std::string>;

// Source: format_type_extended() in format_type.c.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kTypes{
    {{"bool", "boolean"},
     {"bpchar", "character"},
     {"float4", "real"},
     {"float8", "double precision"},
     {"int2", "smallint"},
     {"int4", "integer"},
     {"int8", "bigint"},
     {"time", "time without time zone"},
     {"timestamp", "timestamp without time zone"},
     {"timestamptz", "timestamp with time zone"},
     {"timetz", "time with time zone"},
     {"varbit", "bit varying"},
     {"varchar", "character varying"},
     {"decimal", "numeric"}}};

Text call(const Node& node) {
  if (node.flag("agg_star") || node.flag("agg_distinct") || node.has("agg_order") || node.has("agg_filter") ||
      node.has("over") || node.flag("func_variadic")) {
    return std::nullopt;
  }
  const std::string name = function_text(node);
  const std::vector<Node> arguments = node.list("args");
  if (name == "extract" && arguments.size() == 2 && arguments[0].is("A_Const")) {
    const Text from = deparse_postgres(arguments[1]);
    const std::string_view field = arguments[0].untagged("sval", "String").text("sval");
    return from ? Text("EXTRACT(" + std::string(field) + " FROM " + *from + ")") : std::nullopt;
  }
  std::string spelt;
  const std::size_t dot = name.find('.');
  spelt = dot == std::string::npos
              ? quoted(name, Engine::kPostgres)
              : quoted(TableName{name.substr(0, dot), name.substr(dot + 1)}, Engine::kPostgres);
  const Text list = list_text(arguments, deparse_postgres);
  return list ? Text(spelt + "(" + *list + ")") : std::nullopt;
}

Text expression(const Node& node) {
  const std::string_view kind = node.text("kind");
  const Text right = deparse_postgres(node.child("rexpr"));
  if (!right) {
    return std::nullopt;
  }
  if (kind == "AEXPR_NULLIF") {
    const Text left = deparse_postgres(node.child("lexpr"));
    return left ? Text("NULLIF(" + *left + ", " + *right + ")") : std::nullopt;
  }
  if (kind != "AEXPR_OP" && kind != "AEXPR_LIKE" && kind != "AEXPR_ILIKE") {
    return std::nullopt;
  }
  if (!node.has("lexpr")) {
    return "(" + operator_text(node) + " " + *right + ")";
  }
  const Text left = deparse_postgres(node.child("lexpr"));
  return left ? Text("(" + *left + " " + operator_text(node) + " " + *right + ")") : std::nullopt;
}

Text cast(const Node& node) {
  const Text argument = deparse_postgres(node.child("arg"));
  if (!argument) {
    return std::nullopt;
  }
  const bool bare =
      node.child("arg").is("A_Const") || node.child("arg").is("ParamRef") || argument->front() == '(';
  return (bare ? *argument : "(" + *argument + ")") + "::" + type_text(node.untagged("typeName", "TypeName"));
}

Text element_of(const Node& node) {
  Text out = deparse_postgres(node.child("arg"));
  for (const Node& step : node.list("indirection")) {
    const Text index =
        step.is("A_Indices") && !step.flag("is_slice") ? deparse_postgres(step.child("uidx")) : std::nullopt;
    if (!out || !index) {
      return std::nullopt;
    }
    out = *out + "[" + *index + "]";
  }
  return out;
}

Text wrapped(std::string_view function, const Node& node, std::string_view key) {
  const Text list = list_text(node.list(key), deparse_postgres);
  return list ? Text(std::string(function) + "(" + *list + ")") : std::nullopt;
}

Text condition(const Node& node) {
  const Text argument = deparse_postgres(node.child("arg"));
  const bool missing = node.text("nulltesttype") == "IS_NULL";
  return argument ? Text("(" + *argument + (missing ? " IS NULL)" : " IS NOT NULL)")) : std::nullopt;
}

Text collated(const Node& node) {
  const Text argument = deparse_postgres(node.child("arg"));
  const std::vector<std::string> name = parse_tree::names(node, "collname");
  return argument && !name.empty() ? Text(*argument + " COLLATE " + quoted(name.back(), Engine::kPostgres))
                                   : std::nullopt;
}

}  // namespace

std::string operator_text(const Node& expression_node) {
  const std::vector<std::string> parts = parse_tree::names(expression_node, "name");
  return parts.empty() ? std::string() : parts.back();
}

std::string function_text(const Node& call_node) {
  const std::vector<std::string> parts = parse_tree::names(call_node, "funcname");
  if (parts.empty()) {
    return {};
  }
  const bool plain = parts.size() == 1 || parts[parts.size() - 2] == "pg_catalog";
  return plain ? parts.back() : parts[parts.size() - 2] + "." + parts.back();
}

std::string type_text(const Node& type_name) {
  const std::vector<std::string> parts = parse_tree::names(type_name, "names");
  if (parts.empty()) {
    return {};
  }
  std::string out;
  const bool system = parts.size() == 1 || parts[0] == "pg_catalog";
  out = system ? quoted(parts.back(), Engine::kPostgres)
               : quoted(TableName{parts[0], parts.back()}, Engine::kPostgres);
  for (const auto& [internal, spelt] : kTypes) {
    out = system && parts.back() == internal ? std::string(spelt) : out;
  }
  out = system && (parts.back() == "interval" || parts.back() == "numeric" || parts.back() == "bit")
            ? parts.back()
            : out;
  std::string modifiers;
  for (const Node& modifier : type_name.list("typmods")) {
    modifiers.append(modifiers.empty() ? "" : ",").append(constant_text(modifier));
  }
  if (!modifiers.empty() && parts.back() != "interval") {  // an interval's is a mask of fields
    const std::size_t blank = out.find(" with");           // timestamp(3) with time zone
    out.insert(std::min(blank, out.size()), "(" + modifiers + ")");
  }
  for (std::size_t i = 0; i < type_name.list("arrayBounds").size(); ++i) {
    out += "[]";
  }
  return out;
}

std::string constant_text(const Node& constant) {
  if (constant.flag("isnull")) {
    return "NULL";
  }
  if (constant.has("ival")) {
    return std::to_string(constant.untagged("ival", "Integer").integer("ival"));
  }
  if (constant.has("fval")) {
    return std::string(constant.untagged("fval", "Float").text("fval"));
  }
  if (constant.has("boolval")) {
    return constant.untagged("boolval", "Boolean").flag("boolval") ? "true" : "false";
  }
  if (constant.has("bsval")) {
    const std::string_view bits = constant.untagged("bsval", "BitString").text("bsval");
    return std::string(bits.substr(0, 1)) + "'" +
           std::string(bits.substr(std::min<std::size_t>(1, bits.size()))) + "'";
  }
  return literal(constant.untagged("sval", "String").text("sval"), Engine::kPostgres);
}

std::optional<std::string> column_text(const Node& column, Engine engine) {
  const std::vector<std::string> parts = parse_tree::names(column, "fields");
  const bool star = parts.size() != column.list("fields").size();
  return parts.empty() || star ? std::nullopt : Text(quoted(parts.back(), engine));
}

std::optional<std::string> list_text(const std::vector<Node>& nodes,
                                     std::optional<std::string> (*deparse)(const Node& node)) {
  std::string out;
  for (const Node& node : nodes) {
    const Text part = deparse(node);
    if (!part) {
      return std::nullopt;
    }
    out.append(out.empty() ? "" : ", ").append(*part);
  }
  return out;
}

std::optional<std::string> deparse_postgres(const Node& node) {
  if (node.is("ColumnRef")) {
    return column_text(node, Engine::kPostgres);
  }
  if (node.is("A_Const")) {
    return constant_text(node);
  }
  if (node.is("ParamRef")) {
    return "$" + std::to_string(node.integer("number"));
  }
  if (node.is("FuncCall")) {
    return call(node);
  }
  if (node.is("A_Expr")) {
    return expression(node);
  }
  if (node.is("TypeCast")) {
    return cast(node);
  }
  if (node.is("CoalesceExpr")) {
    return wrapped("COALESCE", node, "args");
  }
  if (node.is("MinMaxExpr")) {
    return wrapped(node.text("op") == "IS_GREATEST" ? "GREATEST" : "LEAST", node, "args");
  }
  if (node.is("A_Indirection")) {
    return element_of(node);
  }
  if (node.is("NullTest")) {
    return condition(node);
  }
  if (node.is("CollateClause")) {
    return collated(node);
  }
  if (node.is("A_ArrayExpr")) {
    const Text list = list_text(node.list("elements"), deparse_postgres);
    return list ? Text("ARRAY[" + *list + "]") : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace planwise

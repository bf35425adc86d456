#include "analyzer/sql/immutable.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "analyzer/sql/deparse_postgres.h"
#include "analyzer/sql/parse_postgres.h"

namespace planwise {
namespace {

using parse_tree::Node;

// What is known of a (sub-)expression. Types are pg_type.typname; empty where unknown, "unknown" for a
// literal.
struct Known {
  Immutability immutable = Immutability::kYes;
  std::string type;
};

Immutability worse(Immutability left, Immutability right) {
  const bool no = left == Immutability::kNo || right == Immutability::kNo;
  const bool yes = left == Immutability::kYes && right == Immutability::kYes;
  return no ? Immutability::kNo : yes ? Immutability::kYes : Immutability::kUnknown;
}

template <std::size_t kCount>
bool in(std::string_view word, const std::array<std::string_view, kCount>& list) {
  return std::ranges::find(list, word) != list.end();
}

constexpr std::array<std::string_view, 5> kTexts{"text", "varchar", "bpchar", "name", "unknown"};
constexpr std::array<std::string_view, 8> kNumbers{"int2",    "int4",   "int8",   "oid",
                                                   "numeric", "float4", "float8", "bool"};
constexpr std::array<std::string_view, 4> kTimes{"date", "time", "timestamp", "timestamptz"};

struct Function {
  std::string_view name;
  std::string_view result;  // empty: of the first argument's type
};
// Immutable whatever their arguments.
constexpr std::array kImmutable{
    Function{"abs", ""},
    Function{"array_length", "int4"},
    Function{"ascii", "int4"},
    Function{"btrim", "text"},
    Function{"cardinality", "int4"},
    Function{"ceil", ""},
    Function{"ceiling", ""},
    Function{"char_length", "int4"},
    Function{"div", ""},
    Function{"floor", ""},
    Function{"initcap", "text"},
    Function{"jsonb_array_length", "int4"},
    Function{"jsonb_extract_path", "jsonb"},
    Function{"jsonb_extract_path_text", "text"},
    Function{"jsonb_path_exists", "bool"},
    Function{"jsonb_path_query_first", "jsonb"},
    Function{"jsonb_typeof", "text"},
    Function{"left", "text"},
    Function{"length", "int4"},
    Function{"ln", ""},
    Function{"log", ""},
    Function{"lower", "text"},
    Function{"lpad", "text"},
    Function{"ltrim", "text"},
    Function{"md5", "text"},
    Function{"mod", ""},
    Function{"octet_length", "int4"},
    Function{"power", ""},
    Function{"regexp_replace", "text"},
    Function{"replace", "text"},
    Function{"reverse", "text"},
    Function{"right", "text"},
    Function{"round", ""},
    Function{"rpad", "text"},
    Function{"rtrim", "text"},
    Function{"setweight", "tsvector"},
    Function{"sign", ""},
    Function{"split_part", "text"},
    Function{"sqrt", ""},
    Function{"starts_with", "bool"},
    Function{"string_to_array", "_text"},
    Function{"strip", "tsvector"},
    Function{"strpos", "int4"},
    Function{"substr", "text"},
    Function{"substring", "text"},
    Function{"translate", "text"},
    Function{"trunc", ""},
    Function{"upper", "text"},
};
// Of time zone, locale, settings, clock or chance.
constexpr std::array<std::string_view, 24> kNever{"array_to_string",
                                                  "clock_timestamp",
                                                  "concat",
                                                  "concat_ws",
                                                  "current_setting",
                                                  "format",
                                                  "gen_random_uuid",
                                                  "json_build_object",
                                                  "jsonb_build_object",
                                                  "nextval",
                                                  "now",
                                                  "pg_typeof",
                                                  "random",
                                                  "row_to_json",
                                                  "statement_timestamp",
                                                  "timeofday",
                                                  "to_char",
                                                  "to_date",
                                                  "to_json",
                                                  "to_jsonb",
                                                  "to_number",
                                                  "transaction_timestamp",
                                                  "unaccent",
                                                  "uuid_generate_v4"};

// The internal name of a type as type_text() spells it, arrays and modifiers left out.
std::string type_name(const Node& type) {
  const std::vector<std::string> parts = parse_tree::names(type, "names");
  const bool is_array = !type.list("arrayBounds").empty();
  const std::string name = parts.empty() ? std::string() : parts.back();
  return is_array ? "_" + name : name == "decimal" ? "numeric" : name;
}

class Reader {
 public:
  explicit Reader(const Table& table) : table_(table) {}

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, on parse_postgres()'s stack
  [[nodiscard]] Known read(const Node& node) const {
    if (node.is("ColumnRef")) {
      const std::vector<std::string> parts = parse_tree::names(node, "fields");
      const Column* column = parts.empty() ? nullptr : table_.find_column(parts.back());
      return {column == nullptr ? Immutability::kUnknown : Immutability::kYes,
              column == nullptr ? "" : column->base_type};
    }
    if (node.is("A_Const")) {
      return {Immutability::kYes, node.has("ival")      ? "int4"
                                  : node.has("fval")    ? "numeric"
                                  : node.has("boolval") ? "bool"
                                                        : "unknown"};
    }
    if (node.is("ParamRef") || node.is("SQLValueFunction") || node.is("SubLink")) {
      return {Immutability::kNo, ""};
    }
    if (node.is("TypeCast")) {
      return cast(node);
    }
    if (node.is("FuncCall")) {
      return call(node);
    }
    if (node.is("A_Expr")) {
      return operation(node);
    }
    if (node.is("A_Indirection")) {  // an element of an array, by a constant subscript or one of the row's
      Known element = read(node.child("arg"));
      for (const Node& step : node.list("indirection")) {
        element.immutable = worse(element.immutable, step.has("uidx") ? read(step.child("uidx")).immutable
                                                                      : Immutability::kUnknown);
      }
      element.type = element.type.starts_with('_') ? element.type.substr(1) : "";
      return element;
    }
    if (node.is("CollateClause")) {
      return read(node.child("arg"));
    }
    if (node.is("NullTest") || node.is("BoolExpr")) {
      return {all_of(node), "bool"};
    }
    if (node.is("CoalesceExpr") || node.is("MinMaxExpr")) {
      const std::vector<Node> arguments = node.list("args");
      return {all_of(node), arguments.empty() ? "" : read(arguments.front()).type};
    }
    return {worse(all_of(node), Immutability::kUnknown), ""};
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion)
  [[nodiscard]] Immutability all_of(const Node& node) const {
    Immutability worst = Immutability::kYes;
    for (const Node& child : node.children()) {
      worst = worse(worst, read(child).immutable);
    }
    return worst;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  [[nodiscard]] Known cast(const Node& node) const {
    const Node argument = node.child("arg");
    const std::string to = type_name(node.untagged("typeName", "TypeName"));
    if (argument.is("A_Const")) {
      return {Immutability::kYes, to};  // the parser makes it a constant
    }
    const Known from = read(argument);
    return {worse(from.immutable, conversion(from.type, to)), to};
  }

  // Source: pg_cast.dat, and the volatility of the types' input and output functions.
  static Immutability conversion(std::string_view from, std::string_view to) {
    static constexpr std::array<std::string_view, 7> kReadable{"json", "jsonb", "tsvector", "uuid",
                                                               "inet", "cidr",  "bytea"};
    if (from.empty()) {
      return Immutability::kUnknown;
    }
    if (from == to) {
      return Immutability::kYes;
    }
    if (in(to, kTimes)) {
      const bool plain = from == "timestamp" || from == "date";
      return plain && to != "timestamptz" ? Immutability::kYes : Immutability::kNo;
    }
    if (in(from, kTimes)) {
      return Immutability::kNo;
    }
    const bool read = in(from, kTexts) || in(from, kNumbers) || from == "jsonb" || from == "uuid";
    const bool known = in(to, kTexts) || in(to, kNumbers) || in(to, kReadable);
    return read && known ? Immutability::kYes : Immutability::kUnknown;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  [[nodiscard]] Known call(const Node& node) const {
    const std::string name = function_text(node);
    const std::vector<Node> arguments = node.list("args");
    std::vector<Known> known;
    Immutability worst = Immutability::kYes;
    for (const Node& argument : arguments) {
      known.push_back(read(argument));
      worst = worse(worst, known.back().immutable);
    }
    const auto* const listed = std::ranges::find(kImmutable, name, &Function::name);
    if (listed != kImmutable.end()) {
      const bool same = listed->result.empty() && !known.empty();
      return {worst, same ? known.front().type : std::string(listed->result)};
    }
    if (in(name, kNever)) {
      return {Immutability::kNo, ""};
    }
    const auto of_time = [&](const Known& time) {
      return time.type.empty()                                      ? Immutability::kUnknown
             : time.type == "timestamptz" || time.type == "unknown" ? Immutability::kNo
                                                                    : Immutability::kYes;
    };
    if (name == "date_trunc" && known.size() >= 2) {  // of a date it is that of a timestamp with time zone
      const bool is_date = known[1].type == "date" || known.size() > 2;
      return {worse(worst, is_date ? Immutability::kNo : of_time(known[1])), known[1].type};
    }
    if ((name == "date_part" || name == "extract") && known.size() == 2) {
      return {worse(worst, of_time(known[1])), "numeric"};
    }
    if (name == "date" && known.size() == 1) {
      return {worse(worst, of_time(known[0])), "date"};
    }
    if (name == "timezone" && known.size() == 2 && !known[1].type.empty()) {
      const bool zoned = known[1].type == "timestamptz";
      return {worst, zoned ? "timestamp" : "timestamptz"};
    }
    if (name == "age" || name == "to_timestamp") {
      const bool fixed = known.size() == (name == "age" ? 2U : 1U);
      return {fixed ? worst : Immutability::kNo, name == "age" ? "interval" : "timestamptz"};
    }
    if (name == "to_tsvector") {
      const bool fixed = known.size() == 2 && !arguments[0].is("ColumnRef");
      return {fixed ? worst : Immutability::kNo, "tsvector"};
    }
    return {worse(worst, Immutability::kUnknown), ""};
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  [[nodiscard]] Known operation(const Node& node) const {
    const std::string op = operator_text(node);
    const Known left = node.has("lexpr") ? read(node.child("lexpr")) : Known{.type = "unknown"};
    const Known right = read(node.child("rexpr"));
    const Immutability worst = worse(left.immutable, right.immutable);
    if (op == "->" || op == "#>" || op == "->>" || op == "#>>") {
      return {worst, op.ends_with(">>") ? "text" : left.type};
    }
    if (op == "||") {
      const bool unknown = left.type.empty() || right.type.empty();
      const auto plain = [](const std::string& type) { return in(type, kTexts) || in(type, kNumbers); };
      const bool same = left.type == right.type || left.type == "unknown" || right.type == "unknown" ||
                        (plain(left.type) && plain(right.type));
      return {worse(worst, unknown ? Immutability::kUnknown
                           : same  ? Immutability::kYes
                                   : Immutability::kNo),
              left.type == "unknown" ? right.type : left.type};
    }
    const bool zoned = left.type == "timestamptz" || right.type == "timestamptz";
    if (zoned && left.type != right.type) {
      return {Immutability::kNo, ""};
    }
    const bool known = (in(left.type, kTexts) || in(left.type, kNumbers) || in(left.type, kTimes) ||
                        left.type == "interval") &&
                       !right.type.empty();
    const bool compares = op.find_first_of("=<>~") != std::string::npos;
    return {worse(worst, known ? Immutability::kYes : Immutability::kUnknown), compares ? "bool"
                                                                               : left.type == "unknown"
                                                                                   ? right.type
                                                                                   : left.type};
  }

  const Table& table_;
};

}  // namespace

Immutability immutability(std::string_view expression, const Table& table) {
  Immutability answer = Immutability::kUnknown;
  const Result<void> parsed = parse_postgres(
      "SELECT (" + std::string(expression) + ")", [&](const std::vector<parse_tree::Node>& statements) {
        const std::vector<parse_tree::Node> targets =
            statements.size() == 1 ? statements.front().list("targetList") : std::vector<parse_tree::Node>{};
        if (targets.size() == 1) {
          answer = Reader(table).read(targets.front().child("val")).immutable;
        }
      });
  return parsed ? answer : Immutability::kUnknown;
}

}  // namespace planwise

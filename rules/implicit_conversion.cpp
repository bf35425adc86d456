#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "analyzer/base/text.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/typeconv-oper.html",
    "https://www.postgresql.org/docs/current/xindex.html#XINDEX-OPFAMILIES",
};

enum class Family { kInteger, kNumeric, kFloat, kText, kPadded, kOther };

// Types within one family compare through one B-tree operator family, so no side is converted.
// Source: pg_amop of PostgreSQL 15 (integer_ops, float_ops, text_ops, bpchar_ops).
Family family_of(std::string_view type) {
  static constexpr std::array<std::pair<std::string_view, Family>, 20> kFamilies{{
      {"int2", Family::kInteger},
      {"int4", Family::kInteger},
      {"int8", Family::kInteger},
      {"int", Family::kInteger},
      {"smallint", Family::kInteger},
      {"integer", Family::kInteger},
      {"bigint", Family::kInteger},
      {"numeric", Family::kNumeric},
      {"decimal", Family::kNumeric},
      {"float4", Family::kFloat},
      {"float8", Family::kFloat},
      {"real", Family::kFloat},
      {"double precision", Family::kFloat},
      {"float", Family::kFloat},
      {"text", Family::kText},
      {"varchar", Family::kText},
      {"character varying", Family::kText},
      {"bpchar", Family::kPadded},
      {"char", Family::kPadded},
      {"character", Family::kPadded},
  }};
  const std::string_view bare = type.substr(0, type.find('('));
  const auto* const at = std::ranges::find(kFamilies, bare, [](const auto& one) { return one.first; });
  return at == kFamilies.end() ? Family::kOther : at->second;
}

// What a column of this type is converted to when it is compared with the other type; nullopt where it is
// not. Source: the preferred types and implicit casts of pg_type and pg_cast: integer to numeric to float,
// bpchar to text.
std::optional<std::string_view> converted_to(Family column, Family value) {
  if (column == Family::kInteger && (value == Family::kNumeric || value == Family::kFloat)) {
    return value == Family::kNumeric ? "numeric" : "double precision";
  }
  if (column == Family::kNumeric && value == Family::kFloat) {
    return "double precision";
  }
  if (column == Family::kPadded && value == Family::kText) {
    return "text";
  }
  return std::nullopt;
}

// "numeric" of `((id)::numeric = ...)`: the cast the planner put on the column; empty if there is none.
std::string cast_on(std::string_view condition, std::string_view column) {
  for (const std::string_view open : {"(", "."}) {
    const std::string wanted = fmt::format("{}{})::", open, column);
    const std::size_t at = condition.find(wanted);
    if (at != std::string_view::npos) {
      std::string_view type = condition.substr(at + wanted.size());
      const std::size_t end = type.find_first_of(" )=<>,");
      const std::string_view first = type.substr(0, end);
      return std::string(type.starts_with("double precision") ? type.substr(0, 16) : first);
    }
  }
  return {};
}

struct Conversion {
  const Table* table = nullptr;
  const Column* column = nullptr;
  std::string type;   // the column is converted to it
  std::string other;  // what it is compared with, in words
  double rows_scanned = 0;
  bool planned = false;  // the plan shows the cast
};

// Looks for the cast in the plan. nullopt: the plan has none, so there is no conversion.
std::optional<Conversion> seen_in_plan(const Analysis& analysis, StatementId id, const StatementShape& shape,
                                       Conversion suspected) {
  const Plan* plan = analysis.snapshot.plan_of(id);
  if (plan == nullptr) {
    return suspected.type.empty() ? std::nullopt : std::optional(suspected);
  }
  for (const TableScan& scan :
       full_scans_of(scans_of(*plan, analysis.snapshot.schema, &shape), *suspected.table)) {
    const std::string type = cast_on(scan.node->filter, suspected.column->name);
    if (!type.empty() && converted_to(family_of(suspected.column->base_type), family_of(type))) {
      suspected.type = type;
      suspected.rows_scanned += scan.rows_read;
      suspected.planned = true;
    }
  }
  return suspected.planned ? std::optional(suspected) : std::nullopt;
}

std::optional<Conversion> of_predicate(const Analysis& analysis, StatementId id, const StatementShape& shape,
                                       const PredicateUse& use) {
  const Predicate& predicate = *use.predicate;
  const bool compares = predicate.kind == PredicateKind::kEqual || predicate.kind == PredicateKind::kRange ||
                        predicate.kind == PredicateKind::kIn;
  if (!compares || use.column == nullptr || !predicate.column.expression.empty()) {
    return std::nullopt;
  }
  const std::string value = predicate.value_cast.empty() ? predicate.value_type : predicate.value_cast;
  // A literal without a cast is read as the column's type, unless it is a number.
  const bool literal_text = predicate.value_cast.empty() && family_of(value) == Family::kText;
  const auto type =
      literal_text ? std::nullopt : converted_to(family_of(use.column->base_type), family_of(value));
  Conversion suspected{.table = use.table,
                       .column = use.column,
                       .type = type ? std::string(*type) : "",
                       .other = value.empty() ? "the value" : fmt::format("a value of type {}", value)};
  return seen_in_plan(analysis, id, shape, suspected);
}

// In a join the side that is converted loses its index.
std::optional<Conversion> of_join(const Analysis& analysis, StatementId id, const StatementShape& shape,
                                  const JoinPredicate& join) {
  for (const auto& [mine, other] : {std::pair{&join.left, &join.right}, std::pair{&join.right, &join.left}}) {
    const Table* table = table_of(analysis, shape, *mine);
    const Column* column = column_of(analysis, shape, *mine);
    const Column* against = column_of(analysis, shape, *other);
    if (table == nullptr || column == nullptr || against == nullptr || !mine->expression.empty() ||
        !other->expression.empty() || !is_advisable(*table)) {
      continue;
    }
    const auto type = converted_to(family_of(column->base_type), family_of(against->base_type));
    if (!type) {
      continue;
    }
    Conversion found{.table = table,
                     .column = column,
                     .type = std::string(*type),
                     .other = fmt::format("{} of type {}", other->column, against->type)};
    const Plan* plan = analysis.snapshot.plan_of(id);
    if (plan == nullptr) {
      return found;
    }
    for (const TableScan& scan : full_scans_of(scans_of(*plan, analysis.snapshot.schema, &shape), *table)) {
      found.rows_scanned += scan.rows_read;
      found.planned = true;
    }
    return found.planned ? std::optional(found) : std::nullopt;
  }
  return std::nullopt;
}

Finding finding_for(const Analysis& analysis, const Statement& statement, const Conversion& conversion) {
  const std::string column = name_of(analysis, conversion.table->name) + "." + conversion.column->name;
  Finding finding = statement_finding(analysis, statement);
  finding.confidence = conversion.planned ? Confidence::kConfirmed : Confidence::kPossible;
  finding.title = fmt::format("Compare {} as {} in statement {}", column, conversion.column->type,
                              to_string(statement.id));
  finding.why = fmt::format(
      "{} is {}, but it is compared with {}. The server converts the column of every row to {}, and "
      "no index on the column can serve that.",
      column, conversion.column->type, conversion.other, conversion.type);
  finding.objects.insert(finding.objects.begin(),
                         {object_of(analysis, conversion.table->name, conversion.column->name),
                          object_of(analysis, conversion.table->name)});
  finding.evidence.push_back(
      {.text = conversion.planned
                   ? fmt::format("({})::{} in the plan's condition", conversion.column->name, conversion.type)
                   : fmt::format("{} compared with {}, by the text of the statement", conversion.column->type,
                                 conversion.other),
       .metric = conversion.planned ? "plan_filter" : "predicate"});
  if (conversion.planned) {
    finding.evidence.push_back(
        {.text = human(Rows{conversion.rows_scanned}) + " rows read by a full scan a call",
         .metric = "rows_read_per_call",
         .value = conversion.rows_scanned,
         .unit = "rows"});
  }
  finding.action = {
      .kind = ActionKind::kApplication,
      .text = fmt::format("Pass the value as {} (CAST(... AS {}), or bind the parameter with that type). Of "
                          "two columns that are joined, give both the same type.",
                          conversion.column->type, conversion.column->type),
      .effort = Effort::kLow};
  return finding;
}

std::optional<Conversion> first_of(const Analysis& analysis, StatementId id, const StatementShape& shape) {
  for (const PredicateUse& use : predicates_of(analysis, shape)) {
    auto found = is_large(*use.table) ? of_predicate(analysis, id, shape, use) : std::nullopt;
    if (found && (!found->planned || found->rows_scanned >= kLargeRows)) {
      return found;
    }
  }
  for (const QueryBlock& block : shape.blocks) {
    for (const JoinPredicate& join : block.joins) {
      auto found = of_join(analysis, id, shape, join);
      if (found && is_large(*found->table) && (!found->planned || found->rows_scanned >= kLargeRows)) {
        return found;
      }
    }
  }
  return std::nullopt;
}

void check(const Analysis& analysis, const RuleOptions& /*options*/, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    const StatementShape* shape = shape_of(analysis, statement.id);
    const auto found = shape == nullptr ? std::nullopt : first_of(analysis, statement.id, *shape);
    if (found) {
      out.findings.push_back(finding_for(analysis, statement, *found));
    }
  }
}

}  // namespace

constinit const Rule implicit_conversion{
    .info =
        {.id = "implicit-conversion",
         .title = "A column is converted for every row because the types differ",
         .severity = Severity::kWarning,
         .engines = Engines::kPostgres,
         .what = "A column of a table of at least 10,000 rows is compared with a value, or joined with a "
                 "column, of a "
                 "type that makes the server convert the column: an integer with numeric or floating point, "
                 "numeric "
                 "with floating point, character(n) with text. Confirmed by the cast in the plan and the "
                 "full scan "
                 "that goes with it; without a plan it is `possible`.",
         .why = "An index holds the values in the column's own type. Once the column is converted the index "
                "is of no "
                "use.",
         .fix = "Cast the value to the column's type, or bind the parameter with it. Align the types of "
                "columns that "
                "are joined.",
         .quiet =
             "Conversions of the value's side; types that compare without one (integer and bigint, varchar "
             "and "
             "text, date and timestamp); casts written in the statement (`non-sargable-predicate` speaks).",
         .options = {},
         .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

#include "analyzer/advise/candidates_partial.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "analyzer/sql/quote.h"

namespace planwise {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.+-eE") == std::string_view::npos;
}

bool is_true(std::string_view value) {
  return value == "true" || value == "t";
}

// The constant as the index predicate writes it: typed as the statement typed it, so that the planner can
// match them.
std::string value_text(const Predicate& predicate, const Column& column, Engine engine) {
  static constexpr std::array<std::string_view, 8> kNumeric{"int2",   "int4",   "int8", "numeric",
                                                            "float4", "float8", "int",  "bigint"};
  const std::string& value = predicate.constants.front();
  const bool numeric = std::ranges::find(kNumeric, column.base_type) != kNumeric.end();
  if (numeric && is_number(value)) {
    return value;
  }
  std::string text = literal(value, engine);
  if (!predicate.value_cast.empty() && engine == Engine::kPostgres) {
    text += "::" + predicate.value_cast;
  }
  return text;
}

// Whether the value is a rare state of few, as `status = 'pending'` is, and no mere example: another
// execution of the statement asks for another customer, but seldom for another state. Few is what an
// enumeration has; rare is less than half of an equal share.
bool is_rare_state(const Column& column, const std::string& value) {
  constexpr double kMostStates = 25;
  if (!column.stats || column.stats->distinct <= 1 || column.stats->distinct > kMostStates) {
    return false;
  }
  const std::optional<double> fraction = fraction_of_value(column, value);
  return fraction && *fraction < 0.5 / column.stats->distinct;
}

PartialCondition boolean_condition(const Column& column, bool value, Engine engine) {
  const std::string name = quoted(column.name, engine);
  return {.text = value ? name : "NOT " + name,
          .column = column.name,
          .fraction = fraction_of_value(column, value ? "t" : "f").value_or(0.5),
          .pins = true};
}

}  // namespace

std::optional<double> fraction_of_value(const Column& column, const std::string& value) {
  if (!column.stats) {
    return std::nullopt;
  }
  const ColumnStats& stats = *column.stats;
  const auto common = std::ranges::find(stats.common_values, value, &CommonValue::value);
  if (common != stats.common_values.end()) {
    return common->frequency;
  }
  const auto listed = static_cast<double>(stats.common_values.size());
  if (stats.distinct > listed) {
    return std::max(0.0, 1 - stats.null_fraction - stats.common_total) / (stats.distinct - listed);
  }
  return stats.distinct > 0 ? 1 / stats.distinct : std::optional<double>{};
}

std::optional<PartialCondition> partial_condition(const Predicate& predicate, const Table& table,
                                                  Engine engine) {
  const Column* column = table.find_column(predicate.column.column);
  if (engine != Engine::kPostgres || column == nullptr || !predicate.column.expression.empty() ||
      predicate.or_group >= 0) {
    return std::nullopt;
  }
  const std::string name = quoted(column->name, engine);
  const double nulls = column->stats ? column->stats->null_fraction : 0.5;
  switch (predicate.kind) {
    case PredicateKind::kIsNull:
      return PartialCondition{
          .text = name + " IS NULL", .column = column->name, .fraction = nulls, .pins = true};
    case PredicateKind::kIsNotNull:
      return PartialCondition{.text = name + " IS NOT NULL", .column = column->name, .fraction = 1 - nulls};
    case PredicateKind::kIsTrue: return boolean_condition(*column, true, engine);
    case PredicateKind::kIsFalse: return boolean_condition(*column, false, engine);
    case PredicateKind::kEqual:
      if (predicate.value != ValueKind::kConstant || predicate.constants.size() != 1) {
        return std::nullopt;
      }
      if (column->base_type == "bool") {
        return boolean_condition(*column, is_true(predicate.constants.front()), engine);
      }
      if (!is_rare_state(*column, predicate.constants.front())) {
        return std::nullopt;
      }
      return PartialCondition{.text = name + " = " + value_text(predicate, *column, engine),
                              .column = column->name,
                              .fraction = fraction_of_value(*column, predicate.constants.front()).value_or(1),
                              .pins = true};
    default: return std::nullopt;
  }
}

}  // namespace planwise

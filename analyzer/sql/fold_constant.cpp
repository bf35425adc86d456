#include "analyzer/sql/fold_constant.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>

#include "analyzer/sql/deparse_postgres.h"

namespace planwise {
namespace {

using parse_tree::Node;
using Days = std::chrono::sys_days;

// What a constant expression may come to.
struct Value {
  enum class Kind : std::uint8_t { kText, kNumber, kTime, kInterval } kind = Kind::kText;
  std::string text;   // of kText
  double number = 0;  // of kNumber; seconds since 1970 of kTime; seconds of kInterval
  int months = 0;     // of kInterval
};

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  if (text.size() < from + count) {
    return std::nullopt;
  }
  const char* const end = text.data() + from + count;
  return std::from_chars(text.data() + from, end, value).ptr == end ? std::optional(value) : std::nullopt;
}

// "1994-01-01", "1994-01-01 12:30:00"
std::optional<double> time_of(std::string_view text) {
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  if (!year || !month || !day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  const double clock = digits(text, 11, 2).value_or(0) * 3600.0 + digits(text, 14, 2).value_or(0) * 60.0 +
                       digits(text, 17, 2).value_or(0);
  return 86'400.0 * static_cast<double>(Days(date).time_since_epoch().count()) + clock;
}

struct Unit {
  std::string_view name;
  int months;
  double seconds;
  std::int64_t mask;  // of interval '1' year. Source: INTERVAL_MASK() in src/include/utils/timestamp.h
};
constexpr std::array kUnits{Unit{"year", 12, 0, 1 << 2},    Unit{"month", 1, 0, 1 << 1},
                            Unit{"week", 0, 604'800, 0},    Unit{"day", 0, 86'400, 1 << 3},
                            Unit{"hour", 0, 3600, 1 << 10}, Unit{"minute", 0, 60, 1 << 11},
                            Unit{"second", 0, 1, 1 << 12}};

// "1 year", "3 months 2 days"; a number alone takes the unit of `mask`.
std::optional<Value> interval_of(std::string_view text, std::int64_t mask) {
  Value value{.kind = Value::Kind::kInterval};
  while (!text.empty()) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    double count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc{}) {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::string_view name = text.substr(0, text.find(' '));
    const Unit* found = nullptr;
    for (const Unit& unit : kUnits) {
      if (name.empty() ? unit.mask == mask && mask != 0 : name.starts_with(unit.name)) {
        found = &unit;
      }
    }
    if (found == nullptr) {
      return std::nullopt;
    }
    value.months += static_cast<int>(count) * found->months;
    value.number += count * found->seconds;
    text.remove_prefix(name.size());
  }
  return value;
}

double plus_months(double seconds, int months) {
  const double days = std::floor(seconds / 86'400);
  const Days at{std::chrono::days(static_cast<int>(days))};
  std::chrono::year_month_day date{at};
  date += std::chrono::months(months);
  if (!date.ok()) {
    date = date.year() / date.month() / std::chrono::last;
  }
  return 86'400.0 * static_cast<double>(Days(date).time_since_epoch().count()) + seconds - days * 86'400;
}

std::optional<Value> value_of(const Node& node);

std::optional<Value> cast_value(const Node& node) {
  const Node type = node.untagged("typeName", "TypeName");
  const std::string name = type_text(type);
  auto value = value_of(node.child("arg"));
  if (!value || value->kind != Value::Kind::kText) {
    return value;
  }
  if (name.starts_with("interval")) {
    const std::vector<Node> modifiers = type.list("typmods");
    const Node mask = modifiers.empty() ? Node{} : modifiers[0].untagged("ival", "Integer");
    return interval_of(value->text, mask ? mask.integer("ival") : 0);
  }
  if (name == "date" || name == "datetime" || name.starts_with("timestamp")) {
    const auto seconds = time_of(value->text);
    return seconds ? std::optional(Value{.kind = Value::Kind::kTime, .number = *seconds}) : std::nullopt;
  }
  if (const auto number = number_of(value->text)) {
    return Value{.kind = Value::Kind::kNumber, .number = *number};
  }
  return value;
}

// MySQL's INTERVAL 1 YEAR
std::optional<Value> unit_value(const Node& node) {
  const auto count = value_of(node.child("arg"));
  if (!count) {
    return std::nullopt;
  }
  const std::string number =
      count->kind == Value::Kind::kNumber ? fmt::format("{:.10g}", count->number) : count->text;
  return interval_of(number + " " + std::string(node.text("unit")), 0);
}

std::optional<Value> operation(const Node& node) {
  auto left = value_of(node.child("lexpr"));
  const auto right = value_of(node.child("rexpr"));
  const std::string op = operator_text(node);
  if (!left || !right || node.text("kind") != "AEXPR_OP" || op.size() != 1) {
    return std::nullopt;
  }
  if (left->kind == Value::Kind::kText && right->kind == Value::Kind::kInterval) {  // MySQL takes a string
    const auto seconds = time_of(left->text);
    left = seconds ? Value{.kind = Value::Kind::kTime, .number = *seconds} : *left;
  }
  const double sign = op == "-" ? -1 : 1;
  const bool sum = op == "+" || op == "-";
  if (left->kind == Value::Kind::kTime && right->kind == Value::Kind::kInterval && sum) {
    const double moved = plus_months(left->number, op == "-" ? -right->months : right->months);
    return Value{.kind = Value::Kind::kTime, .number = moved + sign * right->number};
  }
  if (left->kind != Value::Kind::kNumber || right->kind != Value::Kind::kNumber) {
    return std::nullopt;
  }
  const double result = sum                               ? left->number + sign * right->number
                        : op == "*"                       ? left->number * right->number
                        : op == "/" && right->number != 0 ? left->number / right->number
                                                          : std::nan("");
  return std::isnan(result) ? std::nullopt
                            : std::optional(Value{.kind = Value::Kind::kNumber, .number = result});
}

std::optional<Value> value_of(const Node& node) {
  if (node.is("TypeCast")) {
    return cast_value(node);
  }
  if (node.is("A_Expr")) {
    return operation(node);
  }
  if (node.is("IntervalExpr")) {
    return unit_value(node);
  }
  if (!node.is("A_Const") || node.flag("isnull")) {
    return std::nullopt;
  }
  if (node.has("sval")) {
    return Value{.text = std::string(node.untagged("sval", "String").text("sval"))};
  }
  const std::string text = constant_text(node);
  const auto number = number_of(text);
  return number ? Value{.kind = Value::Kind::kNumber, .number = *number} : Value{.text = text};
}

std::string time_text(double seconds) {
  const double days = std::floor(seconds / 86'400);
  const std::chrono::year_month_day date{Days{std::chrono::days(static_cast<int>(days))}};
  const int clock = static_cast<int>(seconds - days * 86'400);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock / 3600,
                     clock / 60 % 60, clock % 60);
}

}  // namespace

std::optional<std::string> folded_constant(const Node& node) {
  const auto value = value_of(node);
  if (!value || value->kind == Value::Kind::kInterval) {
    return std::nullopt;
  }
  return value->kind == Value::Kind::kText     ? value->text
         : value->kind == Value::Kind::kNumber ? fmt::format("{:.10g}", value->number)
                                               : time_text(value->number);
}

}  // namespace planwise

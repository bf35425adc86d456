#include "analyzer/finding.h"

#include <array>

namespace planwise {
namespace {

template <class Enum, std::size_t kCount>
std::string_view name_of(const std::array<std::string_view, kCount>& names, Enum value) noexcept {
  const auto at = static_cast<std::size_t>(value);
  return at < kCount ? names[at] : names[0];
}

constexpr std::array<std::string_view, 3> kSeverities{"info", "warning", "critical"};

}  // namespace

std::string_view to_string(Severity value) noexcept {
  return name_of(kSeverities, value);
}

std::string_view to_string(Confidence value) noexcept {
  static constexpr std::array<std::string_view, 3> kNames{"possible", "strong", "confirmed"};
  return name_of(kNames, value);
}

std::string_view to_string(Effort value) noexcept {
  static constexpr std::array<std::string_view, 3> kNames{"low", "medium", "high"};
  return name_of(kNames, value);
}

std::string_view to_string(Basis value) noexcept {
  static constexpr std::array<std::string_view, 4> kNames{"heuristic", "measured", "cost-model", "what-if"};
  return name_of(kNames, value);
}

std::string_view to_string(ActionKind value) noexcept {
  static constexpr std::array<std::string_view, 4> kNames{"sql", "configuration", "application", "investigate"};
  return name_of(kNames, value);
}

std::string_view to_string(ObjectKind value) noexcept {
  static constexpr std::array<std::string_view, 7> kNames{"table",   "column",   "index",    "constraint",
                                                          "setting", "sequence", "statement"};
  return name_of(kNames, value);
}

std::string_view to_string(StatementRole value) noexcept {
  static constexpr std::array<std::string_view, 3> kNames{"", "parent", "child"};
  return name_of(kNames, value);
}

std::optional<Severity> parse_severity(std::string_view word) noexcept {
  for (std::size_t i = 0; i < kSeverities.size(); ++i) {
    if (kSeverities.at(i) == word) {
      return static_cast<Severity>(i);
    }
  }
  return std::nullopt;
}

std::string subject_of(StatementId id) {
  return "statement:" + to_string(id);
}

std::string subject_of(const TableName& name) {
  return "table:" + name.schema + "." + name.table;
}

std::string subject_of(const IndexName& name) {
  return "index:" + name.schema + "." + name.index;
}

std::string subject_of_setting(std::string_view name) {
  return "setting:" + std::string(name);
}

}  // namespace planwise

#include "rules/page.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace planwise::rules {

std::string engine_names(Engines engines) {
  static constexpr std::array<std::pair<Engines, std::string_view>, 3> kNames{
      {{Engines::kPostgres, "PostgreSQL"}, {Engines::kMySql, "MySQL"}, {Engines::kMariaDb, "MariaDB"}}};
  std::string text;
  for (const auto& [engine, name] : kNames) {
    if ((static_cast<unsigned>(engines) & static_cast<unsigned>(engine)) != 0) {
      text += (text.empty() ? "" : ", ") + std::string(name);
    }
  }
  return text;
}

std::string page(const RuleInfo& info, std::string_view examples) {
  std::string text = fmt::format("# {}\n\n`{}` · {} · {}\n", info.title, info.id, to_string(info.severity),
                                 engine_names(info.engines));
  const auto section = [&text](std::string_view heading, std::string_view body) {
    text += fmt::format("\n## {}\n\n{}\n", heading, body);
  };
  section("When it speaks", info.what);
  section("Why it matters", info.why);
  section("What to do", info.fix);
  section("When it stays silent", info.quiet);
  if (!info.options.empty()) {
    text += "\n## Thresholds\n\n| name | default | unit | meaning |\n| --- | --- | --- | --- |\n";
    for (const Option& option : info.options) {
      text += fmt::format("| `{}` | {} | {} | {} |\n", option.name, option.default_value, option.unit,
                          option.meaning);
    }
  }
  if (!examples.empty()) {
    text += fmt::format(
        "\n## Examples\n\nThese are tests of the rule: the database as it is described, and what the rule "
        "says.\n\n{}",
        examples);
  }
  if (!info.references.empty()) {
    text += "\n## References\n\n";
    for (const std::string_view reference : info.references) {
      text += fmt::format("- <{}>\n", reference);
    }
  }
  return text;
}

}  // namespace planwise::rules

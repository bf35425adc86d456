#include "tests/support/case_file.h"

#include <fmt/format.h>

#include <array>

#include "tests/support/read_file.h"

namespace planwise::test {
namespace {

// The text between "```name\n" and the closing fence, or "" if there is no such block.
std::string block(const std::string& section, const std::string& name) {
  const std::string open = "```" + name + "\n";
  const auto from = section.find(open);
  if (from == std::string::npos) {
    return "";
  }
  const auto start = from + open.size();
  return section.substr(start, section.find("```", start) - start);
}

std::string text_of(const Finding& finding) {
  std::string text = fmt::format("{} {} {}\n  {}\n", to_string(finding.severity),
                                 to_string(finding.confidence), finding.key(), finding.title);
  text += fmt::format("  why: {}\n", finding.why);
  for (const Evidence& evidence : finding.evidence) {
    text += fmt::format("  - {}\n", evidence.text);
  }
  const Action& action = finding.action;
  text += fmt::format("  {}, effort {}: {}\n", to_string(action.kind), to_string(action.effort), action.text);
  for (const std::string& sql : action.sql) {
    text += fmt::format("    {};\n", sql);
  }
  for (const std::string& sql : action.rollback) {
    text += fmt::format("    undo: {};\n", sql);
  }
  return text;
}

}  // namespace

std::vector<Case> read_cases(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  std::vector<Case> cases;
  for (auto at = text.find("\n## "); at != std::string::npos;) {
    const auto next = text.find("\n## ", at + 1);
    const std::string section = text.substr(at + 1, next - at - 1);
    const std::string title = section.substr(3, section.find('\n') - 3);
    cases.push_back({.title = title,
                     .markdown = section,
                     .db = block(section, "db"),
                     .expect = block(section, "expect"),
                     .example = title.ends_with("(example)")});
    at = next;
  }
  return cases;
}

std::string said_by(const Rule& rule, const Database& database) {
  const std::array<const Rule*, 1> rules{&rule};
  const Verdict verdict = run_rules(rules, database.analysis());
  std::string text;
  for (const Finding& finding : verdict.findings) {
    text += text_of(finding);
  }
  for (const Gap& gap : verdict.gaps) {
    text += fmt::format("skipped: {}: {}\n", gap.what, gap.why);
    for (const std::string& sql : gap.remedy_sql) {
      text += fmt::format("    {};\n", sql);
    }
  }
  return text.empty() ? "silent\n" : text;
}

}  // namespace planwise::test

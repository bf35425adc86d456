#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "analyzer/base/text.h"
#include "server/report/format.h"
#include "server/report/words.h"

namespace planwise {
namespace {

// Text of strangers inside Markdown prose: no markup, no HTML, one line. An underscore inside a word is no
// emphasis (CommonMark 0.30, section 6.2).
std::string escaped(std::string_view text) {
  const std::string clean = printable(text);
  const auto is_word = [&](std::size_t at) {
    return at < clean.size() &&
           (std::isalnum(static_cast<unsigned char>(clean[at])) != 0 || clean[at] == '_');
  };
  std::string out;
  for (std::size_t at = 0; at < clean.size(); ++at) {
    const bool inside_word = clean[at] == '_' && at > 0 && is_word(at - 1) && is_word(at + 1);
    if (!inside_word && std::string_view("\\`*_[]<>|~&").find(clean[at]) != std::string_view::npos) {
      out += '\\';
    }
    out += clean[at];
  }
  return out;
}

// A fence longer than any run of backticks inside.
std::string fenced(std::string_view text, std::string_view language) {
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char letter : text) {
    run = letter == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fence + std::string(language) + "\n" + std::string(text) + (text.ends_with('\n') ? "" : "\n") +
         fence + "\n";
}

std::string joined(const std::vector<std::string>& statements) {
  std::string out;
  for (const std::string& statement : statements) {
    out += statement + ";\n";
  }
  return out;
}

void write_statements(std::string& out, const Finding& finding, const AuditReport& report) {
  for (const AffectedStatement& affected : finding.statements) {
    const Statement* const statement = find_statement(report, affected.id);
    if (statement == nullptr) {
      continue;
    }
    out +=
        fmt::format("\n{}{} calls, {} each, {} of the load{}\n\n",
                    affected.role == StatementRole::kNone ? "" : std::string(to_string(affected.role)) + ": ",
                    human(Rows{static_cast<double>(statement->stats.calls)}), human(statement->mean_time()),
                    human_share(load_share(report, *statement)), cost_change(affected));
    out += fenced(shortened(statement->query, 4000), "sql");
  }
}

void write_recommendation(std::string& out, const Recommendation& recommendation, const AuditReport& report) {
  const Finding& finding = recommendation.finding;
  out += fmt::format("\n## {}. {}\n\n", recommendation.rank, escaped(finding.title));
  out += fmt::format("`{}` · {} · {} · {}", finding.rule, to_string(finding.severity),
                     to_string(finding.confidence), to_string(recommendation.horizon));
  for (const std::string& rule : recommendation.also) {
    out += fmt::format(" · also `{}`", rule);
  }
  out += "\n\n" + escaped(finding.why) + "\n";
  if (const std::string gain = impact_line(finding.impact); !gain.empty()) {
    out += "\n**" + escaped(gain) + "**\n";
  }
  if (!finding.evidence.empty()) {
    out += "\n";
    for (const Evidence& fact : finding.evidence) {
      out += "- " + escaped(fact.text) + "\n";
    }
  }
  write_statements(out, finding, report);
  if (!finding.action.text.empty()) {
    out += "\n" + escaped(finding.action.text) + "\n";
  }
  if (!finding.action.sql.empty()) {
    out += "\n" + fenced(joined(finding.action.sql), "sql");
  }
  if (!finding.action.rollback.empty()) {
    out += "\nTo undo:\n\n" + fenced(joined(finding.action.rollback), "sql");
  }
  if (!finding.action.risk.empty()) {
    out += "\nRisk: " + escaped(finding.action.risk) + "\n";
  }
}

}  // namespace

std::string report_markdown(const AuditReport& report) {
  std::string out =
      "# planwise: " + escaped(report.target_name) + "\n\n" + escaped(summary_line(report)) + "\n";
  for (const Recommendation& recommendation : report.recommendations) {
    write_recommendation(out, recommendation, report);
  }
  if (report.recommendations.empty()) {
    out += "\nNothing to recommend.\n";
  }
  if (!report.skipped.empty()) {
    out += "\n## What could not be checked\n\n";
    for (const Gap& gap : report.skipped) {
      out += "- " + escaped(gap_line(gap)) + "\n";
      if (!gap.remedy_sql.empty()) {
        out += "\n" + fenced(joined(gap.remedy_sql), "sql") + "\n";
      }
    }
  }
  return out;
}

}  // namespace planwise

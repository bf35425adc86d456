#include "analyzer/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "server/report/format.h"
#include "server/report/words.h"

namespace planwise {
namespace {

enum class Ink : std::uint8_t { kBold, kDim, kRed, kYellow, kCyan };

// Writes lines for a terminal; every text of the target's passes through printable().
class Page {
 public:
  explicit Page(const TextStyle& style) : style_(style) {}

  void line(std::string_view text = "") { out_ += std::string(text) + "\n"; }

  // Wraps at word boundaries, `indent` columns in.
  void paragraph(std::string_view text, std::size_t indent) {
    const std::string clean = printable(text);
    const std::string margin(indent, ' ');
    std::string current;
    std::size_t at = 0;
    while (at < clean.size()) {
      const std::size_t end = std::min(clean.find(' ', at), clean.size());
      const std::string word = clean.substr(at, end - at);
      if (!current.empty() && indent + current.size() + 1 + word.size() > style_.width) {
        line(margin + current);
        current.clear();
      }
      if (!word.empty()) {
        current += (current.empty() ? "" : " ") + word;
      }
      at = end + 1;
    }
    if (!current.empty()) {
      line(margin + current);
    }
  }

  [[nodiscard]] std::string inked(std::string_view text, Ink ink) const {
    static constexpr std::array<std::string_view, 5> kCodes{"\x1B[1m", "\x1B[2m", "\x1B[31m", "\x1B[33m",
                                                            "\x1B[36m"};
    return style_.colour
               ? std::string(kCodes.at(static_cast<std::size_t>(ink))) + std::string(text) + "\x1B[0m"
               : std::string(text);
  }

  [[nodiscard]] std::size_t width() const { return style_.width; }
  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  TextStyle style_;
  std::string out_;
};

Ink ink_of(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return Ink::kRed;
    case Severity::kWarning: return Ink::kYellow;
    case Severity::kInfo: return Ink::kCyan;
  }
  return Ink::kCyan;
}

void write_statements(Page& page, const Finding& finding, const AuditReport& report) {
  constexpr std::size_t kShown = 5;
  std::size_t shown = 0;
  for (const AffectedStatement& affected : finding.statements) {
    const Statement* const statement = find_statement(report, affected.id);
    if (statement == nullptr) {
      continue;
    }
    if (++shown > kShown) {
      page.line(fmt::format("   … and {} more", finding.statements.size() - kShown));
      return;
    }
    const std::string role =
        affected.role == StatementRole::kNone ? "" : std::string(to_string(affected.role)) + " ";
    page.line(fmt::format("   {}{}  {} calls, {} each, {} of the load{}", page.inked(role, Ink::kDim),
                          page.inked(to_string(affected.id), Ink::kDim),
                          human(Rows{static_cast<double>(statement->stats.calls)}),
                          human(statement->mean_time()), human_share(load_share(report, *statement)),
                          cost_change(affected)));
    page.line("     " + page.inked(shortened(printable(statement->query), page.width() - 5), Ink::kDim));
  }
}

void write_recommendation(Page& page, const Recommendation& recommendation, const AuditReport& report) {
  const Finding& finding = recommendation.finding;
  page.line();
  page.line(fmt::format("{} {}  {}", page.inked(fmt::format("{:>2}", recommendation.rank), Ink::kBold),
                        page.inked(printable(finding.title), Ink::kBold),
                        page.inked(fmt::format("[{} · {} · {}]", to_string(finding.severity), finding.rule,
                                               to_string(finding.confidence)),
                                   ink_of(finding.severity))));
  page.paragraph(finding.why, 3);
  if (const std::string gain = impact_line(finding.impact); !gain.empty()) {
    page.paragraph("→ " + gain, 3);
  }
  for (const Evidence& fact : finding.evidence) {
    page.paragraph("· " + fact.text, 3);
  }
  write_statements(page, finding, report);
  if (finding.action.sql.empty()) {
    page.paragraph(finding.action.text, 3);
  }
  for (const std::string& statement : finding.action.sql) {
    page.line("   " + page.inked(printable(statement) + ";", Ink::kCyan));
  }
  if (!finding.action.risk.empty()) {
    page.paragraph("risk: " + finding.action.risk, 3);
  }
  if (!recommendation.also.empty()) {
    page.paragraph(fmt::format("also: {}", fmt::join(recommendation.also, ", ")), 3);
  }
}

void write_choice(Page& page, const Statement& statement, const StatementChoice& choice) {
  page.line();
  page.line(page.inked(to_string(statement.id), Ink::kBold) + "  " +
            page.inked(shortened(printable(statement.query), page.width() - 20), Ink::kDim));
  page.paragraph(fmt::format("planner cost {:.1f} before, {:.1f} with all recommendations; candidates: {}",
                             choice.before.units, choice.after.units, choice.offered),
                 3);
  if (choice.uses.empty()) {
    page.paragraph("no index: " + choice.reason, 3);
  } else {
    page.paragraph(fmt::format("reads {}; saves {} to {} of its time", fmt::join(choice.uses, " and "),
                               human_share(std::max(0.0, choice.saved_low)),
                               human_share(std::max(0.0, choice.saved_high))),
                   3);
  }
  for (const StatementChoice::Tried& tried : choice.tried) {
    page.paragraph(fmt::format("tried: {:.1f} with {}", tried.cost.units, fmt::join(tried.indexes, " and ")),
                   3);
  }
}

void write_choices(Page& page, const AuditReport& report) {
  page.line();
  page.line(page.inked("Index advice by statement", Ink::kBold));
  page.paragraph(fmt::format("{} questions to the planner{}", report.advice_questions,
                             report.advice_complete ? "" : ", ended before the search was complete"),
                 0);
  for (const Statement& statement : report.statements) {
    if (const auto choice = report.choices.find(statement.id); choice != report.choices.end()) {
      write_choice(page, statement, choice->second);
    }
  }
}

void write_skipped(Page& page, const AuditReport& report) {
  if (report.skipped.empty()) {
    return;
  }
  page.line();
  page.line(page.inked("Not checked", Ink::kBold));
  for (const Gap& gap : report.skipped) {
    page.paragraph("· " + gap_line(gap), 1);
    for (const std::string& statement : gap.remedy_sql) {
      page.line("     " + page.inked(printable(statement) + ";", Ink::kCyan));
    }
  }
}

}  // namespace

std::string report_text(const AuditReport& report, const TextStyle& style) {
  Page page(style);
  page.line(page.inked(printable(report.target_name), Ink::kBold));
  page.paragraph(summary_line(report), 0);
  for (const Recommendation& recommendation : report.recommendations) {
    write_recommendation(page, recommendation, report);
  }
  if (report.recommendations.empty()) {
    page.line();
    page.line("Nothing to recommend.");
  }
  if (style.choices) {
    write_choices(page, report);
  }
  write_skipped(page, report);
  return std::move(page).take();
}

}  // namespace planwise

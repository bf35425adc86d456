#include <fmt/format.h>

#include "analyzer/base/text.h"
#include "server/report/format.h"
#include "server/report/words.h"

namespace planwise {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--ink:#1b2330;--dim:#5b6677;--paper:#fff;--panel:#f4f6f9;--line:#d9dee6;--critical:#b3261e;--warning:#8a5a00;--info:#1f5fa8}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9f1;--dim:#98a4b6;--paper:#12161d;--panel:#1b212b;--line:#323b49;--critical:#ff8a80;--warning:#f0b849;--info:#7db4f5}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:0 auto;padding:1.5rem 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:0}.dim{color:var(--dim)}
article{border:1px solid var(--line);border-left-width:4px;border-radius:6px;padding:1rem;margin:1rem 0}
.critical{border-left-color:var(--critical)}.warning{border-left-color:var(--warning)}.info{border-left-color:var(--info)}
.gain{font-weight:600}pre{background:var(--panel);border-radius:4px;padding:.6rem .8rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font-size:13px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}td,th{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
)css";

// Text and attribute values alike.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char letter : valid_utf8(text)) {
    switch (letter) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += letter;
    }
  }
  return out;
}

std::string paragraph(std::string_view text, std::string_view css_class = "") {
  return text.empty() ? "" : fmt::format("<p class=\"{}\">{}</p>\n", css_class, escaped(text));
}

std::string listing(const std::vector<std::string>& statements) {
  std::string out;
  for (const std::string& statement : statements) {
    out += escaped(statement) + ";\n";
  }
  return "<pre><code>" + out + "</code></pre>\n";
}

void write_statements(std::string& out, const Finding& finding, const AuditReport& report) {
  std::string rows;
  for (const AffectedStatement& affected : finding.statements) {
    if (const Statement* const statement = find_statement(report, affected.id); statement != nullptr) {
      rows += fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                          escaped(shortened(statement->query, 1000)),
                          human(Rows{static_cast<double>(statement->stats.calls)}),
                          human(statement->mean_time()), human_share(load_share(report, *statement)),
                          affected.cost_before ? escaped(cost_change(affected).substr(2)) : "");
    }
  }
  if (!rows.empty()) {
    out +=
        "<table><thead><tr><th>Statement</th><th>Calls</th><th>Mean</th><th>Load</th><th>Cost</th></tr></"
        "thead><tbody>\n" +
        rows + "</tbody></table>\n";
  }
}

void write_recommendation(std::string& out, const Recommendation& recommendation, const AuditReport& report) {
  const Finding& finding = recommendation.finding;
  out += fmt::format("<article class=\"{}\">\n<h2>{}. {}</h2>\n", to_string(finding.severity),
                     recommendation.rank, escaped(finding.title));
  std::string tags =
      fmt::format("{} · {} · {}", finding.rule, to_string(finding.severity), to_string(finding.confidence));
  if (!recommendation.also.empty()) {
    tags += fmt::format(" · also {}", fmt::join(recommendation.also, ", "));
  }
  out += paragraph(tags, "dim") + paragraph(finding.why) + paragraph(impact_line(finding.impact), "gain");
  if (!finding.evidence.empty()) {
    out += "<ul>\n";
    for (const Evidence& fact : finding.evidence) {
      out += "<li>" + escaped(fact.text) + "</li>\n";
    }
    out += "</ul>\n";
  }
  write_statements(out, finding, report);
  out += paragraph(finding.action.text);
  if (!finding.action.sql.empty()) {
    out += listing(finding.action.sql);
  }
  if (!finding.action.rollback.empty()) {
    out += paragraph("To undo:", "dim") + listing(finding.action.rollback);
  }
  if (!finding.action.risk.empty()) {
    out += paragraph("Risk: " + finding.action.risk);
  }
  out += "</article>\n";
}

void write_skipped(std::string& out, const AuditReport& report) {
  if (report.skipped.empty()) {
    return;
  }
  out += "<h2>What could not be checked</h2>\n<ul>\n";
  for (const Gap& gap : report.skipped) {
    out +=
        "<li>" + escaped(gap_line(gap)) + (gap.remedy_sql.empty() ? "" : listing(gap.remedy_sql)) + "</li>\n";
  }
  out += "</ul>\n";
}

}  // namespace

std::string report_html(const AuditReport& report) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>planwise: "
      "{0}</title>\n<style>{1}</style>\n"
      "</head>\n<body>\n<h1>{0}</h1>\n",
      escaped(report.target_name), kStyle);
  out += paragraph(summary_line(report), "dim");
  for (const Recommendation& recommendation : report.recommendations) {
    write_recommendation(out, recommendation, report);
  }
  if (report.recommendations.empty()) {
    out += paragraph("Nothing to recommend.");
  }
  write_skipped(out, report);
  return out + "</body>\n</html>\n";
}

}  // namespace planwise

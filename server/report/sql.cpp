#include <fmt/format.h>

#include "analyzer/base/text.h"
#include "server/report/format.h"

namespace planwise {
namespace {

// A comment runs to the line's end; a name with a line break in it must not end it early.
void comment(std::string& out, const std::string& text) {
  out += "-- " + printable(text) + "\n";
}

std::string gain(const Impact& impact) {
  if (impact.time_saved_per_hour && impact.load_saved) {
    return fmt::format(", saves {} an hour ({} of the load)", human(*impact.time_saved_per_hour),
                       human_share(*impact.load_saved));
  }
  return impact.index_size ? ", frees " + human(*impact.index_size) : "";
}

}  // namespace

std::string report_sql(const AuditReport& report) {
  std::string out;
  comment(out, fmt::format("planwise {}: {}", PLANWISE_VERSION, report.target_name));
  comment(out, "Run the statements in order, outside a transaction.");
  for (const Recommendation& recommendation : report.recommendations) {
    const Finding& finding = recommendation.finding;
    if (finding.action.sql.empty()) {
      continue;
    }
    out += "\n";
    comment(out, fmt::format("#{} {}{}", recommendation.rank, finding.rule,
                             finding.rule == "missing-index" || finding.impact.time_saved_per_hour
                                 ? gain(finding.impact)
                                 : std::string()));
    comment(out, finding.title);
    for (const std::string& statement : finding.action.sql) {
      out += statement + (statement.ends_with(';') ? "\n" : ";\n");
    }
  }
  return out;
}

}  // namespace planwise

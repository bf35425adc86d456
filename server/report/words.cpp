#include "server/report/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/base/text.h"

namespace planwise {
namespace {

std::string_view product(Engine engine) {
  switch (engine) {
    case Engine::kPostgres: return "PostgreSQL";
    case Engine::kMySql: return "MySQL";
    case Engine::kMariaDb: return "MariaDB";
  }
  return "PostgreSQL";
}

std::string count(std::int64_t value) {
  return human(Rows{static_cast<double>(value)});
}

// Costs and factors: three digits are enough to compare them.
std::string figure(double value) {
  return value < 10    ? fmt::format("{:.2f}", value)
         : value < 100 ? fmt::format("{:.1f}", value)
                       : human(Rows{value});
}

std::string window_words(const AuditReport& report) {
  switch (report.window_kind) {
    case WindowKind::kSinceReset: return "since " + rfc3339(report.window.from);
    case WindowKind::kInterval:
    case WindowKind::kLog:
      return fmt::format("in {} from {}", human(report.window.length()), rfc3339(report.window.from));
    case WindowKind::kWorkloadFiles: return "in the workload given";
  }
  return "";
}

}  // namespace

const Statement* find_statement(const AuditReport& report, StatementId id) {
  const auto at = std::ranges::find(report.statements, id, &Statement::id);
  return at == report.statements.end() ? nullptr : &*at;
}

double load_share(const AuditReport& report, const Statement& statement) {
  if (!report.has_load) {
    return report.statements.size() == 1 ? 1 : 0;
  }
  return report.total_time.count() > 0 ? statement.stats.total_time / report.total_time : 0;
}

std::string summary_line(const AuditReport& report) {
  std::string line(product(report.server.engine));
  if (!report.server.version_text.empty()) {
    line += " " + report.server.version_text;
  }
  if (!report.server.database.empty()) {
    line += ", database " + report.server.database;
  }
  if (report.has_load) {
    line += fmt::format(": {} calls of {} statements, {} of statement time {}; {} of it planned.",
                        count(report.total_calls), count(report.total_statements), human(report.total_time),
                        window_words(report), human_share(report.load_planned));
  }
  return line;
}

std::string impact_line(const Impact& impact) {
  std::string line;
  const auto add = [&line](std::string_view glue, const std::string& words) {
    line += (line.empty() ? "" : std::string(glue)) + words;
  };
  if (impact.time_saved_per_hour && impact.time_saved_per_hour->count() > 0) {
    add("", "saves " + human(*impact.time_saved_per_hour) + " an hour");
    if (impact.load_saved) {
      line += " (" + human_share(*impact.load_saved) + " of the load)";
    }
  } else if (impact.load_saved && *impact.load_saved > 0) {
    add("", "saves " + human_share(*impact.load_saved) + " of the load");
  }
  if (impact.speedup && *impact.speedup >= 1.05) {
    add(", ", fmt::format("{} times as fast", figure(*impact.speedup)));
  }
  if (impact.index_size) {
    add("; ", "index size " + human(*impact.index_size));
  }
  if (impact.write_overhead && *impact.write_overhead > 0) {
    add(", ", "writes " + human_share(*impact.write_overhead) + " dearer");
  }
  return line;
}

std::string cost_change(const AffectedStatement& affected) {
  if (!affected.cost_before || !affected.cost_after) {
    return "";
  }
  return fmt::format(", cost {} → {}", figure(affected.cost_before->units),
                     figure(affected.cost_after->units));
}

std::string gap_line(const Gap& gap) {
  std::string line = gap.what;
  if (gap.statement) {
    line += " " + to_string(*gap.statement);
  }
  line += ": " + gap.why;
  if (!gap.remedy.empty()) {
    line += ". " + gap.remedy;
  }
  return line;
}

}  // namespace planwise

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "analyzer/base/text.h"
#include "analyzer/sql/quote.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"max_fill", 0.95, "share",
           "use of pg_stat_statements.max from which on entries are being evicted"},
};

constexpr std::array<std::string_view, 3> kReferences{
    "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-quick-start.html",
    "https://www.postgresql.org/docs/current/pgstatstatements.html",
    "https://www.postgresql.org/docs/current/predefined-roles.html",
};

constexpr std::string_view kExtension = "pg_stat_statements";

// What the PostgreSQL connector calls it when statements of other roles are hidden from its own.
constexpr std::string_view kHidden = "statements and sessions of other roles";

std::string setting_text(const Snapshot& snapshot, const std::string& name) {
  const auto at = snapshot.settings.find(name);
  return at == snapshot.settings.end() ? "" : at->second.value;
}

Finding base(std::string subject, std::string title) {
  Finding finding;
  finding.subject = std::move(subject);
  finding.severity = Severity::kWarning;
  finding.confidence = Confidence::kConfirmed;
  finding.title = std::move(title);
  finding.why = "planwise ranks by measured time. Without it there is no telling which statements matter.";
  return finding;
}

// 'a', 'b': one literal a library. ALTER SYSTEM takes a single 'a, b' for the name of one library, and the
// server does not start again. Source: GUC_LIST_QUOTE in PostgreSQL's guc.h, flatten_set_variable_args() in
// guc_funcs.c.
std::string library_list(std::string_view libraries) {
  std::string list;
  while (!libraries.empty()) {
    const std::size_t comma = std::min(libraries.find(','), libraries.size());
    std::string_view one = libraries.substr(0, comma);
    libraries.remove_prefix(std::min(comma + 1, libraries.size()));
    const auto is_padding = [](char c) { return c == ' ' || c == '"'; };
    while (!one.empty() && is_padding(one.front())) {
      one.remove_prefix(1);
    }
    while (!one.empty() && is_padding(one.back())) {
      one.remove_suffix(1);
    }
    if (!one.empty()) {
      list += (list.empty() ? "" : ", ") + literal(one, Engine::kPostgres);
    }
  }
  return list;
}

Finding absent(const Snapshot& snapshot) {
  // Hidden from roles without pg_read_all_settings. A list nobody has seen must not be written over.
  const bool known = snapshot.settings.contains("shared_preload_libraries");
  const std::string preloaded = setting_text(snapshot, "shared_preload_libraries");
  const bool loaded = preloaded.find(kExtension) != std::string::npos;
  Finding finding = base(subject_of_setting(kExtension), "Install pg_stat_statements");
  finding.objects = {{ObjectKind::kSetting, "shared_preload_libraries"}};
  finding.evidence = {
      {.text = "the extension is not installed in this database", .metric = "pg_extension.extname"}};
  finding.action = {.kind = ActionKind::kSql, .effort = Effort::kLow};
  if (loaded) {
    finding.action.text = "The library is loaded already: create the extension as a superuser.";
  } else if (!known) {
    finding.action.text =
        "Add pg_stat_statements to the end of shared_preload_libraries (planwise may not read what it holds "
        "now), restart "
        "the server if it was not there, then create the extension as a superuser.";
    finding.action.effort = Effort::kMedium;
  } else {
    finding.evidence.push_back({.text = preloaded.empty() ? std::string("shared_preload_libraries is empty")
                                                          : "shared_preload_libraries is " + preloaded,
                                .metric = "shared_preload_libraries"});
    const std::string wanted =
        preloaded.empty() ? std::string(kExtension) : preloaded + ", " + std::string(kExtension);
    finding.action.sql.push_back("ALTER SYSTEM SET shared_preload_libraries = " + library_list(wanted));
    finding.action.rollback.push_back(
        preloaded.empty() ? std::string("ALTER SYSTEM RESET shared_preload_libraries")
                          : "ALTER SYSTEM SET shared_preload_libraries = " + library_list(preloaded));
    finding.action.text =
        "Load the library, restart the server, then create the extension, both as a superuser.";
    finding.action.risk =
        "Needs a restart of the server. It takes some memory and about one percent of time.";
    finding.action.effort = Effort::kMedium;
  }
  finding.action.sql.push_back("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
  finding.action.rollback.insert(finding.action.rollback.begin(), "DROP EXTENSION pg_stat_statements");
  return finding;
}

Finding too_small(double max, std::int64_t entries) {
  const auto wanted = static_cast<std::int64_t>(max * 2);
  Finding finding = base(subject_of_setting("pg_stat_statements.max"), "Raise pg_stat_statements.max");
  finding.why =
      "The server forgets the statements used least to make room, so their calls and times are incomplete.";
  finding.objects = {{ObjectKind::kSetting, "pg_stat_statements.max"}};
  finding.evidence = {{.text = fmt::format("{} of {:.0f} entries are in use", entries, max),
                       .metric = "pg_stat_statements.max",
                       .value = max,
                       .unit = "entries"}};
  finding.action = {.kind = ActionKind::kSql,
                    .sql = {fmt::format("ALTER SYSTEM SET pg_stat_statements.max = {}", wanted)},
                    .rollback = {fmt::format("ALTER SYSTEM SET pg_stat_statements.max = {:.0f}", max)},
                    .text =
                        "Keep twice as many entries; a restart makes it so. If statements differ only in the "
                        "length of a list, "
                        "send the list as one array instead.",
                    .effort = Effort::kMedium,
                    .risk = "Needs a restart of the server and some kilobytes of shared memory an entry."};
  return finding;
}

// What the connector could not read of the statistics is a gap with its remedy; here it becomes something to
// do.
Finding unreadable(const Gap& gap) {
  const bool hidden = gap.what == kHidden;
  Finding finding = base("gap:" + gap.what, hidden ? "Let planwise read the statements of other roles"
                                                   : "Make pg_stat_statements readable");
  finding.objects = {{ObjectKind::kSetting, std::string(kExtension)}};
  finding.evidence = {{.text = gap.why, .metric = "pg_stat_statements"}};
  finding.action = {
      .kind = gap.remedy_sql.empty() ? ActionKind::kConfiguration : ActionKind::kSql,
      .sql = gap.remedy_sql,
      .text = gap.remedy.empty() ? std::string("Find out why the server refuses it.") : gap.remedy + ".",
      .effort = Effort::kLow,
      .risk = hidden ? "The role then sees the text of every statement." : ""};
  return finding;
}

// What the MySQL connector calls it when statements are not counted, or the table of digests is full.
constexpr std::string_view kDigests = "statement digests";
constexpr std::string_view kFull = "rare statements";

Finding without_digests(const Gap& gap) {
  const bool full = gap.what == kFull;
  Finding finding = base("gap:" + gap.what, full ? "Make room for more statement digests"
                                                 : "Let the server count its statements");
  finding.objects = {{ObjectKind::kSetting, full ? "performance_schema_digests_size" : "performance_schema"}};
  finding.evidence = {{.text = gap.why, .metric = "events_statements_summary_by_digest"}};
  finding.action = {
      .kind = gap.remedy_sql.empty() ? ActionKind::kConfiguration : ActionKind::kSql,
      .sql = gap.remedy_sql,
      .text = gap.remedy.empty() ? std::string("Find out why the server refuses it.") : gap.remedy + ".",
      .effort = gap.remedy_sql.empty() ? Effort::kMedium : Effort::kLow};
  return finding;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  const Snapshot& snapshot = analysis.snapshot;
  if (!is_postgres(analysis)) {
    for (const Gap& gap : snapshot.gaps) {
      if (gap.what == kDigests || gap.what == kFull) {
        out.findings.push_back(without_digests(gap));
      }
    }
    return;
  }
  const WindowKind kind = snapshot.workload.kind;
  const bool is_server = snapshot.server.version.major > 0;
  if (!is_server || kind == WindowKind::kLog || kind == WindowKind::kWorkloadFiles) {
    return;
  }
  if (!snapshot.server.extensions.contains(std::string(kExtension))) {
    out.findings.push_back(absent(snapshot));
    return;
  }
  const auto max = snapshot.setting("pg_stat_statements.max");
  if (max && static_cast<double>(snapshot.workload.total_statements) >= options.get("max_fill") * *max) {
    out.findings.push_back(too_small(*max, snapshot.workload.total_statements));
  }
  for (const Gap& gap : snapshot.gaps) {
    if (gap.what == kHidden || gap.what == kExtension) {
      out.findings.push_back(unreadable(gap));
    }
  }
}

}  // namespace

constinit const Rule statistics_missing{
    .info = {.id = "statistics-missing",
             .title = "The server's statement statistics are missing or incomplete",
             .severity = Severity::kWarning,
             .engines = Engines::kAll,
             .what =
                 "pg_stat_statements is not installed in the database, has used `max_fill` or more of "
                 "its entries, or "
                 "hides the text of statements from planwise's role. On MySQL and MariaDB: the digests of "
                 "performance_schema are switched off or not to be read, or their table is full.",
             .why = "Without these counters nobody can tell which statements take the time.",
             .fix =
                 "Install the extension (a restart, if its library is not loaded yet), raise "
                 "pg_stat_statements.max, or "
                 "grant pg_read_all_stats. On MySQL and MariaDB: performance_schema=ON and a restart, or the "
                 "statement shown.",
             .quiet = "Audits of logs or of statements from files, which need no statistics.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

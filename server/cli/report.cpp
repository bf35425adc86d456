#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "server/cli/target.h"
#include "server/report/json.h"
#include "server/store/store.h"

namespace planwise::cli {
namespace {

// The newest stored report of the target; kNotFound where there is no store, no such target or no audit yet.
Result<AuditReport> stored_report(const ResolvedTarget& resolved, const std::string& name) {
  const std::string& uri = resolved.config.store.uri;
  constexpr std::string_view kSqlite = "sqlite:";
  if (uri.starts_with(kSqlite) && !std::filesystem::exists(uri.substr(kSqlite.size()))) {
    return Error{ErrorCode::kNotFound, "no store at " + uri};
  }
  const SystemClock clock;
  PLANWISE_TRY(const std::unique_ptr<Store> store, open_store(uri, clock, StoreAccess::kReadOnly));
  PLANWISE_TRY(const Target target, store->target_by_name(name));
  PLANWISE_TRY(const std::optional<Audit> newest, store->newest_success(target.id));
  if (!newest) {
    return Error{ErrorCode::kNotFound, "no audit of " + name + " yet"};
  }
  PLANWISE_TRY(const std::string json, store->report_json(newest->id));
  return parse_report(json);
}

int report_command(const std::string& target, const ReportOptions& options) {
  return print_report(target, options, [&](const ResolvedTarget& resolved, const AuditOptions& audit) {
    auto report = stored_report(resolved, target);
    if (!report && report.error().code == ErrorCode::kNotFound) {
      report = audit_once(resolved.dsn, audit, progress_bar(options));
    }
    return report;
  });
}

}  // namespace

void add_report(CLI::App& app, int& status) {
  struct Arguments {
    std::string target;
    ReportOptions options;
  };
  const auto arguments = std::make_shared<Arguments>();
  arguments->options.format = Format::kMarkdown;
  CLI::App* const command =
      app.add_subcommand("report", "The newest stored audit (or a fresh one) as a document.");
  command->add_option("TARGET", arguments->target, "a configured or stored name, or what `audit` takes")
      ->required();
  add_report_options(*command, arguments->options);
  add_target_options(*command, arguments->options);
  command->footer(
      "Examples:\n"
      "  planwise report shop --output shop.md\n"
      "  planwise report postgres://planwise@db1/shop --format html --output shop.html");
  command->callback([arguments, &status] { status = report_command(arguments->target, arguments->options); });
}

}  // namespace planwise::cli

#include <CLI/CLI.hpp>
#include <memory>

#include "server/cli/target.h"

namespace planwise::cli {
namespace {

int audit_command(const std::string& target, const ReportOptions& options) {
  const auto rules = selected_rules(options.rules);
  if (!rules) {
    return fail(rules.error());
  }
  const auto resolved = resolve_target(target, options);
  if (!resolved) {
    return fail(resolved.error());
  }
  auto report = audit_once(resolved->dsn, audit_options(*resolved, options, *rules), progress_bar(options));
  return report ? finish_report(*std::move(report), options) : fail(report.error());
}

}  // namespace

void add_audit(CLI::App& app, int& status) {
  struct Arguments {
    std::string target;
    ReportOptions options;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command =
      app.add_subcommand("audit", "One audit, printed: connect, collect, analyse, rank.");
  command
      ->add_option("TARGET", arguments->target,
                   "postgres://…, a keyword string, a snapshot file or a configured name")
      ->required();
  add_report_options(*command, arguments->options);
  add_target_options(*command, arguments->options);
  command->footer(
      "Examples:\n"
      "  planwise audit postgres://planwise@db1/shop\n"
      "  planwise audit \"host=db1 dbname=shop user=planwise\" --window 60\n"
      "  planwise audit shop --fail-on critical --format sarif --output planwise.sarif\n"
      "  planwise audit shop.json.zst --rule missing-index --format sql");
  command->callback([arguments, &status] { status = audit_command(arguments->target, arguments->options); });
}

}  // namespace planwise::cli

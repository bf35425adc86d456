#include <CLI/CLI.hpp>
#include <memory>

#include "server/cli/target.h"

namespace planwise::cli {
namespace {

int audit_command(const std::string& target, const ReportOptions& options) {
  return print_report(target, options, [&](const ResolvedTarget& resolved, const AuditOptions& audit) {
    return audit_once(resolved.dsn, audit, progress_bar(options));
  });
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
                   "postgres://…, mysql://…, a keyword string, a snapshot file or a configured name")
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

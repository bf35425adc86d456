#include <CLI/CLI.hpp>
#include <memory>

#include "server/cli/target.h"
#include "server/cli/workload_files.h"

namespace planwise::cli {
namespace {

struct Arguments {
  std::string target;
  std::string workload;
  std::string weights;
  ReportOptions options;
};

int advise_command(const Arguments& arguments) {
  auto statements = read_workload(arguments.workload, arguments.weights);
  if (!statements) {
    return fail(statements.error());
  }
  ReportOptions options = arguments.options;
  options.rules = {"missing-index"};
  return print_report(arguments.target, options, [&](const ResolvedTarget& resolved, AuditOptions audit) {
    audit.capture.given = *std::move(statements);
    audit.capture.plan_limit = audit.capture.statement_limit = audit.capture.given.size();
    return audit_once(resolved.dsn, audit, progress_bar(options));
  });
}

}  // namespace

void add_advise(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = app.add_subcommand(
      "advise", "Index advice for statements in files instead of the server's own statistics.");
  command->add_option("TARGET", arguments->target, "postgres://…, a keyword string or a configured name")
      ->required();
  command
      ->add_option("--workload", arguments->workload,
                   "a folder of *.sql, one statement a file, or one file of statements that end in ;")
      ->required();
  command->add_option("--weights", arguments->weights,
                      "lines of name<TAB>calls; names are file names less .sql");
  add_report_options(*command, arguments->options);
  add_target_options(*command, arguments->options);
  command->footer(
      "Examples:\n"
      "  planwise advise postgres://planwise@db1/shop --workload queries/ --weights weights.tsv\n"
      "  planwise advise shop --workload new-feature.sql --storage-budget 500MB --format sql");
  command->callback([arguments, &status] { status = advise_command(*arguments); });
}

}  // namespace planwise::cli

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
  std::vector<std::string> tables;
  std::vector<std::string> excluded;
  int max_indexes = 0;
  ReportOptions options;
};

// "schema.table", or "table" of any schema.
std::vector<TableName> table_names(const std::vector<std::string>& words) {
  std::vector<TableName> names;
  for (const std::string& word : words) {
    const std::size_t dot = word.find('.');
    names.push_back(dot == std::string::npos ? TableName{"", word}
                                             : TableName{word.substr(0, dot), word.substr(dot + 1)});
  }
  return names;
}

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
    audit.advise.only_tables = table_names(arguments.tables);
    audit.advise.excluded_tables = table_names(arguments.excluded);
    audit.advise.max_indexes = arguments.max_indexes;
    return audit_once(resolved.dsn, audit, progress_bar(options));
  });
}

}  // namespace

void add_advise(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = app.add_subcommand(
      "advise", "Index advice for statements in files instead of the server's own statistics.");
  command->add_option("TARGET", arguments->target, "postgres://…, mysql://…, a keyword string or a configured name")
      ->required();
  command
      ->add_option("--workload", arguments->workload,
                   "a folder of *.sql, one statement a file, or one file of statements that end in ;")
      ->required();
  command->add_option("--weights", arguments->weights,
                      "lines of name<TAB>calls; names are file names less .sql");
  command->add_option("--table", arguments->tables, "only indexes on this table (repeatable)");
  command->add_option("--exclude-table", arguments->excluded, "no index on this table (repeatable)");
  command->add_option("--max-indexes", arguments->max_indexes, "new indexes in all; 0 is no limit")
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--explain-choice", arguments->options.explain_choice,
                    "in text: what was tried for each statement, and why it has no index");
  add_report_options(*command, arguments->options);
  add_target_options(*command, arguments->options);
  command->footer(
      "Examples:\n"
      "  planwise advise postgres://planwise@db1/shop --workload queries/ --weights weights.tsv\n"
      "  planwise advise shop --workload new-feature.sql --storage-budget 500MB --format sql\n"
      "  planwise advise shop --workload queries/ --table orders --explain-choice");
  command->callback([arguments, &status] { status = advise_command(*arguments); });
}

}  // namespace planwise::cli

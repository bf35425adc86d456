#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "connectors/snapshot_file.h"
#include "server/cli/target.h"

namespace planwise::cli {
namespace {

struct Arguments {
  std::string target;
  bool with_values = false;
  ReportOptions options;
};

int capture_command(const Arguments& arguments) {
  const auto resolved = resolve_target(arguments.target, arguments.options);
  if (!resolved) {
    return fail(resolved.error());
  }
  const AuditOptions audit = audit_options(*resolved, arguments.options, {});
  CaptureOptions capture = audit.capture;
  capture.budget = std::chrono::duration_cast<std::chrono::milliseconds>(audit.budget);
  capture.progress = progress_bar(arguments.options);
  const auto connector = open_target(resolved->dsn, capture);
  if (!connector) {
    return fail(connector.error());
  }
  const auto snapshot = (*connector)->capture(capture);
  capture.progress(1, "");
  if (!snapshot) {
    return fail(snapshot.error());
  }
  const SnapshotFileOptions file{.with_values = arguments.with_values};
  const auto written = arguments.options.output.empty()
                           ? write_output(arguments.options, snapshot_json(*snapshot, file))
                           : write_snapshot_file(arguments.options.output, *snapshot, file);
  if (!written) {
    return fail(written.error());
  }
  if (!arguments.options.quiet && !arguments.options.output.empty()) {
    std::cerr << fmt::format("{} statements, {} tables, {} plans; {} things could not be read\n",
                             snapshot->workload.statements.size(), snapshot->schema.tables.size(),
                             snapshot->plans.size(), snapshot->gaps.size());
  }
  return kNothingFound;
}

}  // namespace

void add_capture(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = app.add_subcommand("capture", "What an audit would read, written to a file.");
  command->add_option("TARGET", arguments->target, "postgres://…, mysql://…, a keyword string or a configured name")
      ->required();
  command->add_option("--output", arguments->options.output,
                      "FILE.json or FILE.json.zst; default standard output");
  command->add_flag("--with-values", arguments->with_values,
                    "keep the values of column statistics too (they are data of the tables)");
  command->add_flag("--quiet", arguments->options.quiet, "no progress");
  add_target_options(*command, arguments->options);
  command->footer(
      "The file takes the place of TARGET in every other command, no database needed.\n\n"
      "Examples:\n"
      "  planwise capture postgres://planwise@db1/shop --output shop.json.zst\n"
      "  planwise audit shop.json.zst");
  command->callback([arguments, &status] { status = capture_command(*arguments); });
}

}  // namespace planwise::cli

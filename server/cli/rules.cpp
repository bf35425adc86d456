#include "rules/rules.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "rules/page.h"
#include "server/cli/command.h"

namespace planwise::cli {
namespace {

std::string catalogue() {
  std::string out;
  for (const Rule* rule : rules::all()) {
    out += fmt::format("{:<24} {:<9} {}\n", rule->info.id, to_string(rule->info.severity), rule->info.title);
  }
  return out;
}

int rules_command(const std::string& id, const ReportOptions& options) {
  if (id.empty()) {
    const auto written = write_output(options, catalogue());
    return written ? kNothingFound : fail(written.error());
  }
  const auto selected = selected_rules({id});
  if (!selected) {
    return fail(selected.error());
  }
  const auto written = write_output(options, rules::page(selected->front()->info, ""));
  return written ? kNothingFound : fail(written.error());
}

}  // namespace

void add_rules(CLI::App& app, int& status) {
  struct Arguments {
    std::string id;
    ReportOptions options;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = app.add_subcommand("rules", "The rule catalogue; with ID that rule's page.");
  command->add_option("ID", arguments->id, "a rule's id");
  command->add_option("--output", arguments->options.output, "write to this file instead of standard output");
  command->footer("Examples:\n  planwise rules\n  planwise rules unused-index");
  command->callback([arguments, &status] { status = rules_command(arguments->id, arguments->options); });
}

}  // namespace planwise::cli

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "server/cli/command.h"

namespace planwise::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  planwise audit postgres://planwise@db1/shop            what to change, best first
  planwise audit shop --format sql --top 3               just the statements to run
  planwise check-target postgres://planwise@db1/shop     what planwise may see, and what is missing
  planwise capture postgres://planwise@db1/shop --output shop.json.zst
  planwise audit shop.json.zst                           the same audit, without the database
  planwise serve                                         the web page, REST and scheduled audits

`planwise COMMAND --help` has the options and examples of each.)";

bool has_command(CLI::App& app, const std::string& name) {
  return std::ranges::any_of(app.get_subcommands([](CLI::App*) { return true; }),
                             [&](const CLI::App* command) { return command->get_name() == name; });
}

}  // namespace

int run(std::vector<std::string> arguments) {
  CLI::App app("planwise tells which changes would make a database faster, best first, with the numbers.",
               "planwise");
  app.set_version_flag("--version", std::string("planwise ") + PLANWISE_VERSION);
  app.footer(kExamples);
  app.require_subcommand(1);
  int status = kNothingFound;
  add_audit(app, status);
  add_capture(app, status);
  add_advise(app, status);
  add_explain(app, status);
  add_serve(app, status);
  add_report(app, status);
  add_rules(app, status);
  add_check_target(app, status);
  if (!arguments.empty() && arguments.front() == "logs") {
    return fail({ErrorCode::kUnsupported, "'logs' is not built yet",
                 "`planwise audit` reads the server's own statistics"});
  }
  if (!arguments.empty() && !arguments.front().starts_with('-') && !has_command(app, arguments.front())) {
    return fail({ErrorCode::kInvalidArgument, "there is no command '" + arguments.front() + "'",
                 "`planwise --help` lists them"});
  }
  std::ranges::reverse(arguments);  // CLI11 takes them last first
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::Success& wanted) {  // --help, --version
    return app.exit(wanted);
  } catch (const CLI::ParseError& wrong) {
    return fail({ErrorCode::kInvalidArgument, wrong.what(),
                 "`planwise --help` lists the commands, `planwise COMMAND --help` their options"});
  }
  return status;
}

}  // namespace planwise::cli

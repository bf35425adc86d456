#include <CLI/CLI.hpp>
#include <memory>

#include "server/app.h"
#include "server/cli/command.h"
#include "server/config.h"

namespace planwise::cli {
namespace {

struct Arguments {
  std::string config_file;
  std::string listen;
  std::string store;
};

int serve_command(const Arguments& arguments) {
  ConfigSources sources;
  if (!arguments.config_file.empty()) {
    sources.file = arguments.config_file;
  }
  if (!arguments.listen.empty()) {
    sources.flags["server.listen"] = arguments.listen;
  }
  if (!arguments.store.empty()) {
    sources.flags["store.uri"] = arguments.store;
  }
  const auto served = run_serve(sources);
  return served ? kNothingFound : fail(served.error());
}

}  // namespace

void add_serve(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = app.add_subcommand("serve", "The service: REST, web page, scheduled audits.");
  command->add_option("--config", arguments->config_file,
                      "default ./planwise.toml, then /etc/planwise/planwise.toml");
  command->add_option("--listen", arguments->listen, "ADDRESS:PORT; port 0 takes a free one");
  command->add_option("--store", arguments->store, "where audits are kept: sqlite:FILE");
  command->footer(
      "SIGTERM drains and ends, SIGHUP reads the configuration again.\n\n"
      "Examples:\n"
      "  planwise serve\n"
      "  planwise serve --listen 127.0.0.1:0 --store sqlite:/var/lib/planwise/planwise.db");
  command->callback([arguments, &status] { status = serve_command(*arguments); });
}

}  // namespace planwise::cli

#include <fmt/format.h>

#include <algorithm>

#include "server/config_options.h"

namespace planwise {
namespace {

constexpr std::string_view kHead =
    "# Configuration of planwise, with every option at its default. Read from --config FILE, else "
    "./planwise.toml, else\n"
    "# /etc/planwise/planwise.toml. A flag goes before the environment, the environment before this file; "
    "the environment\n"
    "# knows every key as PLANWISE_SECTION_KEY (PLANWISE_SERVER_LISTEN).\n";

constexpr std::string_view kTokens =
    "\n# Who may use the service; needed for every address but loopback.\n"
    "# [[server.token]]\n"
    "# name = \"dashboard\"\n"
    "# role = \"viewer\"               # or operator: may add targets, start audits and decide\n"
    "# token_file = \"dashboard.token\" # or token = \"env:NAME\", or hash\n";

constexpr std::string_view kTargets =
    "\n# The databases to look after, one [[target]] each.\n"
    "# [[target]]\n"
    "# name = \"shop\"                 # for good: what is known of a target goes by it\n"
    "# dsn = \"postgres://planwise@db1/shop\"   # or dsn_file, or \"env:NAME\"\n"
    "# password_file = \"shop.password\"        # or password = \"env:NAME\"; ~/.pgpass works too\n"
    "# schedule = \"*/30 * * * *\"      # cron, or @hourly, @daily, ...; without it: audited on demand\n"
    "# labels = { team = \"checkout\" }\n"
    "# [target.budget]               # what was promised; a breach is a finding\n"
    "# query_p95_ms = 100\n"
    "# cache_hit_ratio = 0.95\n"
    "# connection_usage = 0.80\n";

// `text` as comment lines of at most this width.
void append_comment(std::string& out, std::string_view text) {
  constexpr std::size_t kWidth = 110;
  std::string line = "#";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (line.size() + 1 + end > kWidth) {
      out += line + "\n";
      line = "#";
    }
    line += ' ';
    line += text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out += line + "\n";
}

}  // namespace

std::string sample_config() {
  std::string out(kHead);
  std::string_view section;
  for (const ConfigOption& option : config_options()) {
    const std::size_t dot = option.key.find('.');
    if (option.key.substr(0, dot) != section) {
      if (section == "server") {
        out += kTokens;
      }
      section = option.key.substr(0, dot);
      out += fmt::format("\n[{}]\n", section);
    }
    append_comment(out, option.meaning);
    out += fmt::format("# {} = {}\n", option.key.substr(dot + 1), option.sample);
  }
  out += kTargets;
  return out;
}

}  // namespace planwise

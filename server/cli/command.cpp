#include "server/cli/command.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "analyzer/base/text.h"
#include "rules/rules.h"

namespace planwise::cli {
namespace {

// CLI11 validators throw; parse errors reach the user as `planwise: error: …` through run().
template <class Value, class Parse>
void add_parsed(CLI::App& command, const std::string& name, Value& value, Parse parse,
                const std::string& help) {
  command.add_option_function<std::string>(
      name,
      [&value, parse, name](const std::string& word) {
        auto parsed = parse(word);
        if (!parsed) {
          throw CLI::ValidationError(name, "'" + word + "' is not one of its values");
        }
        value = *parsed;
      },
      help);
}

Result<std::string> with_unit(std::string_view unit, std::int64_t& factor) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kUnits{
      {{"", 1}, {"kB", 1LL << 10U}, {"MB", 1LL << 20U}, {"GB", 1LL << 30U}, {"TB", 1LL << 40U}}};
  for (const auto& [name, value] : kUnits) {
    if (std::ranges::equal(name, unit, [](char a, char b) { return std::tolower(a) == std::tolower(b); })) {
      factor = value;
      return std::string(name);
    }
  }
  return Error{ErrorCode::kInvalidArgument, fmt::format("unknown unit '{}'", unit), "use kB, MB, GB or TB"};
}

// Levenshtein's distance, for "did you mean".
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

std::size_t terminal_width() {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40;
  return known ? std::min<std::size_t>(size.ws_col, 160) : 100;
}

}  // namespace

void add_output_options(CLI::App& command, ReportOptions& options) {
  add_parsed(command, "--format", options.format, parse_format, "text, json, markdown, html, sarif or sql");
  command.add_option("--output", options.output, "write to this file instead of standard output");
  command.add_flag("--quiet", options.quiet, "no progress");
  command.add_flag("--no-color", options.no_color, "no colours (NO_COLOR does the same)");
}

void add_report_options(CLI::App& command, ReportOptions& options) {
  add_output_options(command, options);
  add_parsed(command, "--fail-on", options.fail_on, parse_severity,
             "exit with 1 if anything of this severity or above is found: critical, warning or info");
  add_parsed(command, "--min-severity", options.min_severity, parse_severity, "leave out what is below");
  command.add_option("--top", options.top, "only the best N recommendations")->check(CLI::PositiveNumber);
  command.add_option("--rule", options.rules, "only this rule (repeatable)")->expected(1)->take_all();
}

void add_target_options(CLI::App& command, ReportOptions& options) {
  command.add_option("--config", options.config_file,
                     "default ./planwise.toml, then /etc/planwise/planwise.toml");
  command.add_option("--store", options.store, "where audits are kept: sqlite:FILE");
  command
      .add_option_function<std::int64_t>(
          "--window", [&options](std::int64_t seconds) { options.window = std::chrono::seconds(seconds); },
          "take two readings SECONDS apart and audit the difference")
      ->check(CLI::Range(1, 86'400));
  command.add_option_function<std::string>(
      "--storage-budget",
      [&options](const std::string& word) {
        const auto size = parse_size(word);
        if (!size) {
          throw CLI::ValidationError("--storage-budget", size.error().message);
        }
        options.storage_budget = *size;
      },
      "for all new indexes together: 250MB, 2GB");
  command.add_option("--max-index-width", options.max_index_width, "key columns of a new index")
      ->check(CLI::Range(1, 32));
  command.add_flag("--allow-privileged", options.allow_privileged, "audit as superuser all the same");
}

Result<Bytes> parse_size(std::string_view text) {
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, count);
  if (failure != std::errc{} || count < 0) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is not a size", text),
                 "write it as 250MB or 2GB"};
  }
  std::int64_t factor = 1;
  PLANWISE_CHECK_OK(with_unit({stop, static_cast<std::size_t>(end - stop)}, factor));
  if (count > INT64_MAX / factor) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is too large", text)};
  }
  return Bytes{count * factor};
}

int fail(const Error& error) {
  std::cerr << "planwise: error: " << printable(error.message) << "\n";
  if (!error.hint.empty()) {
    std::cerr << "hint: " << printable(error.hint) << "\n";
  }
  return kCouldNotRun;
}

Result<void> write_output(const ReportOptions& options, std::string_view content) {
  if (options.output.empty()) {
    std::cout << content << std::flush;
    return std::cout ? Result<void>() : Error{ErrorCode::kUnavailable, "standard output cannot be written"};
  }
  // A device or a pipe is written as it is: to replace it would take it away from everybody.
  std::error_code unknown;
  const bool replaces = !std::filesystem::exists(options.output, unknown) ||
                        std::filesystem::is_regular_file(options.output, unknown);
  const std::string draft = replaces ? options.output + ".part" : options.output;
  std::ofstream out(draft, std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  std::error_code failure;
  if (out && replaces) {
    std::filesystem::rename(draft, options.output, failure);
  }
  if (!out || failure) {
    std::error_code ignored;
    if (replaces) {
      std::filesystem::remove(draft, ignored);
    }
    return Error{ErrorCode::kUnavailable, fmt::format("{} cannot be written", options.output),
                 "check the folder, its permissions and the free space"};
  }
  return {};
}

int finish_report(AuditReport report, const ReportOptions& options) {
  auto& list = report.recommendations;
  if (options.min_severity) {
    std::erase_if(list,
                  [&](const Recommendation& item) { return item.finding.severity < *options.min_severity; });
  }
  const bool found = options.fail_on && std::ranges::any_of(list, [&](const Recommendation& item) {
                       return item.finding.severity >= *options.fail_on;
                     });
  if (options.top > 0 && list.size() > options.top) {
    list.resize(options.top);
  }
  // NOLINTNEXTLINE(concurrency-mt-unsafe): planwise never changes its environment
  const bool no_color = options.no_color || std::getenv("NO_COLOR") != nullptr;
  const bool colour = options.output.empty() && !no_color && isatty(STDOUT_FILENO) == 1;
  const TextStyle style{colour, terminal_width(), options.explain_choice};
  if (auto written = write_output(options, render(report, options.format, style)); !written) {
    return fail(written.error());
  }
  return found ? kFound : kNothingFound;
}

Result<std::vector<const Rule*>> selected_rules(const std::vector<std::string>& ids) {
  const auto all = rules::all();
  if (ids.empty()) {
    return std::vector<const Rule*>(all.begin(), all.end());
  }
  std::vector<const Rule*> selected;
  for (const std::string& id : ids) {
    const auto at = std::ranges::find_if(all, [&](const Rule* rule) { return rule->info.id == id; });
    if (at == all.end()) {
      const auto nearest =
          std::ranges::min_element(all, {}, [&](const Rule* rule) { return distance(rule->info.id, id); });
      return Error{ErrorCode::kNotFound, fmt::format("there is no rule '{}'", id),
                   nearest == all.end()
                       ? ""
                       : fmt::format("did you mean {}? `planwise rules` lists them", (*nearest)->info.id)};
    }
    selected.push_back(*at);
  }
  return selected;
}

std::function<void(double, std::string_view)> progress_bar(const ReportOptions& options) {
  if (options.quiet || isatty(STDERR_FILENO) != 1) {
    return [](double, std::string_view) {};
  }
  return [](double share, std::string_view step) {
    constexpr int kWidth = 24;
    const int filled = static_cast<int>(std::clamp(share, 0.0, 1.0) * kWidth);
    if (share >= 1) {
      std::cerr << "\r\x1B[K" << std::flush;
      return;
    }
    std::cerr << fmt::format("\r\x1B[K{}{} {:3.0f} %  {}", std::string(static_cast<std::size_t>(filled), '#'),
                             std::string(static_cast<std::size_t>(kWidth - filled), '.'), share * 100, step)
              << std::flush;
  };
}

}  // namespace planwise::cli

// What the commands of the command line share: options, output, errors and exit codes (CONTRACT "Command
// line").
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/audit.h"
#include "analyzer/base/result.h"
#include "analyzer/finding.h"
#include "server/report/format.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's name
class App;
}

namespace planwise::cli {

inline constexpr int kNothingFound = 0;
inline constexpr int kFound = 1;  // something at or above --fail-on, or check-target found something missing
inline constexpr int kCouldNotRun = 2;

// Options that every command with a report takes.
struct ReportOptions {
  std::string config_file;  // empty: the default places
  std::string store;        // empty: the configuration's
  Format format = Format::kText;
  std::string output;  // empty: standard output
  std::optional<Severity> fail_on;
  std::optional<Severity> min_severity;
  std::size_t top = 0;             // 0: all
  std::vector<std::string> rules;  // empty: all
  std::optional<std::chrono::seconds> window;
  std::optional<Bytes> storage_budget;
  int max_index_width = 4;
  bool explain_choice = false;  // in text: what the index advisor tried for each statement
  bool quiet = false;
  bool no_color = false;
  bool allow_privileged = false;
};

void add_output_options(CLI::App& command, ReportOptions& options);  // --format --output --quiet --no-color
void add_report_options(CLI::App& command,
                        ReportOptions& options);  // those, and what selects recommendations
void add_target_options(CLI::App& command,
                        ReportOptions& options);  // --config --store --window --allow-privileged ...

// Bytes with an optional unit: "250MB" is 250 · 2^20.
[[nodiscard]] Result<Bytes> parse_size(std::string_view text);

// One line `planwise: error: …` and at most one `hint: …` on standard error. Returns kCouldNotRun.
int fail(const Error& error);

// Writes to --output (all or nothing: a file is replaced only once it is complete) or to standard output.
Result<void> write_output(const ReportOptions& options, std::string_view content);

// Drops what --rule, --min-severity and --top leave out, prints the report and says whether --fail-on is met.
[[nodiscard]] int finish_report(AuditReport report, const ReportOptions& options);

// The rules that --rule names (all without it); kNotFound for a name that is no rule, with the nearest that
// is.
[[nodiscard]] Result<std::vector<const Rule*>> selected_rules(const std::vector<std::string>& ids);

// A progress bar on standard error where that is a terminal and --quiet is not given; else does nothing.
[[nodiscard]] std::function<void(double, std::string_view)> progress_bar(const ReportOptions& options);

// One subcommand each; its callback leaves the exit status in `status`.
void add_advise(CLI::App& app, int& status);
void add_audit(CLI::App& app, int& status);
void add_capture(CLI::App& app, int& status);
void add_check_target(CLI::App& app, int& status);
void add_explain(CLI::App& app, int& status);
void add_report(CLI::App& app, int& status);
void add_rules(CLI::App& app, int& status);
void add_serve(CLI::App& app, int& status);

// The whole command line. `arguments` without the program's name.
[[nodiscard]] int run(std::vector<std::string> arguments);

}  // namespace planwise::cli

// From what a command was given to one audit: configuration, target, options.
#pragma once

#include <functional>
#include <string>

#include "server/audit/audit_once.h"
#include "server/cli/command.h"
#include "server/config.h"

namespace planwise::cli {

// What TARGET stands for.
struct ResolvedTarget {
  std::string dsn;   // connection string or file; may hold a password
  std::string name;  // the configured name, or the connection string without secrets
  bool configured = false;
  Config config;
};

// kInvalidArgument for a broken configuration.
[[nodiscard]] Result<ResolvedTarget> resolve_target(const std::string& target, const ReportOptions& options);

// kNotFound for an unknown rule. `selected` must outlive the answer, which refers to it.
[[nodiscard]] AuditOptions audit_options(const ResolvedTarget& target, const ReportOptions& options,
                                         const std::vector<const Rule*>& selected);

// From TARGET to the exit code: looks up rules and target, and prints the report that `report_of` answers, or
// its error.
int print_report(const std::string& target, const ReportOptions& options,
                 const std::function<Result<AuditReport>(const ResolvedTarget&, AuditOptions)>& report_of);

}  // namespace planwise::cli

#include "server/cli/target.h"

#include <filesystem>

namespace planwise::cli {

Result<ResolvedTarget> resolve_target(const std::string& target, const ReportOptions& options) {
  ConfigSources sources;
  if (!options.config_file.empty()) {
    sources.file = options.config_file;
  }
  if (!options.store.empty()) {
    sources.flags["store.uri"] = options.store;
  }
  PLANWISE_TRY(Config config, checked_config(sources));
  ResolvedTarget resolved;
  if (const TargetSpec* const known = config.find_target(target); known != nullptr) {
    resolved.dsn = known->dsn;
    resolved.name = known->name;
    resolved.configured = true;
  } else {
    resolved.dsn = target;
    const bool is_file = std::filesystem::exists(target);
    resolved.name = is_file ? std::filesystem::path(target).filename().string() : without_secrets(target);
  }
  resolved.config = std::move(config);
  return resolved;
}

AuditOptions audit_options(const ResolvedTarget& target, const ReportOptions& options,
                           const std::vector<const Rule*>& selected) {
  const AuditConfig& config = target.config.audit;
  AuditOptions audit;
  audit.target_name = target.name;
  audit.budget = config.budget;
  audit.rules = selected;
  audit.capture.statement_limit = static_cast<std::size_t>(config.statement_limit);
  audit.capture.plan_limit = static_cast<std::size_t>(config.plan_limit);
  audit.capture.statement_timeout = config.statement_timeout;
  audit.capture.allow_privileged = options.allow_privileged || config.allow_privileged;
  audit.capture.window = options.window;
  if (options.window) {
    audit.budget += *options.window;
  }
  audit.advise.storage_budget = options.storage_budget ? options.storage_budget : config.storage_budget;
  audit.advise.max_index_width = options.max_index_width;
  return audit;
}

int print_report(const std::string& target, const ReportOptions& options,
                 const std::function<Result<AuditReport>(const ResolvedTarget&, AuditOptions)>& report_of) {
  const auto rules = selected_rules(options.rules);
  if (!rules) {
    return fail(rules.error());
  }
  const auto resolved = resolve_target(target, options);
  if (!resolved) {
    return fail(resolved.error());
  }
  auto report = report_of(*resolved, audit_options(*resolved, options, *rules));
  return report ? finish_report(*std::move(report), options) : fail(report.error());
}

}  // namespace planwise::cli

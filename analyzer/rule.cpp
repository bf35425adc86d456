#include "analyzer/rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <string>
#include <utility>

namespace planwise {
namespace {

bool applies(const RuleInfo& info, Engine engine) {
  const auto bit = engine == Engine::kPostgres ? Engines::kPostgres
                   : engine == Engine::kMySql  ? Engines::kMySql
                                               : Engines::kMariaDb;
  return (static_cast<unsigned>(info.engines) & static_cast<unsigned>(bit)) != 0;
}

// Of rules that do not look at the engine: what they watch for does not exist there, or is not read.
Gap other_engines_gap(const std::string& ids, Engine engine) {
  return {.what = "rules",
          .why = fmt::format("these rules do not look at {}: {}",
                             engine == Engine::kPostgres ? "PostgreSQL"
                             : engine == Engine::kMySql  ? "MySQL"
                                                         : "MariaDB",
                             ids)};
}

Gap internal_gap(std::string_view why) {
  return {.what = "internal",
          .why = "the rule failed: " + std::string(why),
          .remedy = "report this as a defect of planwise; the other rules are not affected"};
}

// What the rule said before it threw is dropped: half an answer would look like a whole one.
Verdict checked(const Rule& rule, const Analysis& analysis) {
  Verdict said;
  try {
    rule.check(analysis, RuleOptions(rule.info.options), said);
  } catch (const std::exception& failure) {
    said = {};
    said.gaps.push_back(internal_gap(failure.what()));
  } catch (...) {
    said = {};
    said.gaps.push_back(internal_gap("unknown exception"));
  }
  return said;
}

}  // namespace

double RuleOptions::get(std::string_view name) const {
  const auto at = std::ranges::find(declared_, name, &Option::name);
  if (at == declared_.end()) {
    std::abort();
  }
  return at->default_value;
}

Verdict run_rules(std::span<const Rule* const> rules, const Analysis& analysis) {
  Verdict all;
  const Engine engine = analysis.snapshot.server.engine;
  std::string others;
  for (const Rule* rule : rules) {
    if (!applies(rule->info, engine)) {
      others.append(others.empty() ? "" : ", ").append(rule->info.id);
      continue;
    }
    Verdict said = checked(*rule, analysis);
    for (Finding& finding : said.findings) {
      finding.rule = rule->info.id;
    }
    for (Gap& gap : said.gaps) {
      gap.rule = rule->info.id;
    }
    std::ranges::move(said.findings, std::back_inserter(all.findings));
    std::ranges::move(said.gaps, std::back_inserter(all.gaps));
  }
  if (!others.empty()) {
    all.gaps.push_back(other_engines_gap(others, engine));
  }
  std::ranges::stable_sort(all.findings, {}, &Finding::key);
  return all;
}

}  // namespace planwise

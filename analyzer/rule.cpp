#include "analyzer/rule.h"

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
  for (const Rule* rule : rules) {
    if (!applies(rule->info, analysis.snapshot.server.engine)) {
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
  std::ranges::stable_sort(all.findings, {}, &Finding::key);
  return all;
}

}  // namespace planwise

// What a rule is. The rules themselves live in rules/, one file each.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "analyzer/advise/advice.h"
#include "analyzer/finding.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/sql/shape.h"

namespace planwise {

// Bits, because many rules hold for more than one engine.
enum class Engines : std::uint8_t { kPostgres = 1, kMySql = 2, kMariaDb = 4, kMySqlFamily = 6, kAll = 7 };

struct Option {
  std::string_view name;  // "min_rows"
  double default_value = 0;
  std::string_view unit;  // "rows"
  std::string_view meaning;
};

// Everything a person reads about a rule. Its page in rules/docs is printed from this.
struct RuleInfo {
  std::string_view id;     // kebab-case; equals the file name; never reused
  std::string_view title;  // names the problem, not the cure
  Severity severity = Severity::kInfo;
  Engines engines = Engines::kAll;
  std::string_view what;   // what it looks at, and exactly when it speaks
  std::string_view why;    // what it costs to leave it so
  std::string_view fix;    // what to do, and what that costs
  std::string_view quiet;  // when it stays silent on purpose; known false alarms
  std::span<const Option> options;
  std::span<const std::string_view> references;
};

// Option values for one audit; a name that the rule does not declare is a defect and aborts.
class RuleOptions {
 public:
  explicit RuleOptions(std::span<const Option> declared) : declared_(declared) {}
  [[nodiscard]] double get(std::string_view name) const;

 private:
  std::span<const Option> declared_;
};

// All a rule may look at. Built once per audit; shapes are resolved against the snapshot's schema.
struct Analysis {
  const Snapshot& snapshot;
  const std::map<StatementId, StatementShape>& shapes;
  const Advice& advice;
};

struct Verdict {
  std::vector<Finding> findings;
  std::vector<Gap> gaps;  // what a rule could not see; run_rules() fills in Gap::rule
};

// A rule is data: it has no state, so it needs no class, no factory and no destructor.
struct Rule {
  RuleInfo info;
  // Appends what it finds. Reads nothing but its arguments; the same input gives the same output.
  void (*check)(const Analysis& analysis, const RuleOptions& options, Verdict& out) = nullptr;
};

// Runs the rules that apply to the snapshot's engine; a gap names the others. Findings come sorted by key. A rule that throws ends with a gap
// of its own; the others go on.
[[nodiscard]] Verdict run_rules(std::span<const Rule* const> rules, const Analysis& analysis);

}  // namespace planwise

// What a rule says: one problem, its evidence and what would mend it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/snapshot.h"

namespace planwise {

enum class Severity : std::uint8_t { kInfo, kWarning, kCritical };
enum class Confidence : std::uint8_t { kPossible, kStrong, kConfirmed };
enum class Effort : std::uint8_t { kLow, kMedium, kHigh };
enum class Basis : std::uint8_t { kHeuristic, kMeasured, kCostModel, kWhatIf };
enum class ActionKind : std::uint8_t { kSql, kConfiguration, kApplication, kInvestigate };
enum class ObjectKind : std::uint8_t { kTable, kColumn, kIndex, kConstraint, kSetting, kSequence, kStatement };
enum class StatementRole : std::uint8_t { kNone, kParent, kChild };

// The words of the report: "warning", "confirmed", "low", "what-if", "sql", "table", "parent" ("" for kNone).
[[nodiscard]] std::string_view to_string(Severity value) noexcept;
[[nodiscard]] std::string_view to_string(Confidence value) noexcept;
[[nodiscard]] std::string_view to_string(Effort value) noexcept;
[[nodiscard]] std::string_view to_string(Basis value) noexcept;
[[nodiscard]] std::string_view to_string(ActionKind value) noexcept;
[[nodiscard]] std::string_view to_string(ObjectKind value) noexcept;
[[nodiscard]] std::string_view to_string(StatementRole value) noexcept;
[[nodiscard]] std::optional<Severity> parse_severity(std::string_view word) noexcept;

struct ObjectRef {
  ObjectKind kind = ObjectKind::kTable;
  std::string name;  // qualified, quoted where the engine would: "public.orders.customer_id"
  auto operator<=>(const ObjectRef&) const = default;
};

// One measured fact. A reader must be able to look it up again.
struct Evidence {
  std::string text;    // "reads 1,200,000 rows a call to return 3"
  std::string metric;  // "rows_read_per_call", "pg_stat_user_indexes.idx_scan"
  double value = 0;
  std::string unit;    // "rows", "ms", "bytes", "share", "calls", "d"
};

// A statement the finding is about. Its counters are looked up in the workload when the report is written.
struct AffectedStatement {
  StatementId id;
  StatementRole role = StatementRole::kNone;
  std::optional<PlanCost> cost_before;
  std::optional<PlanCost> cost_after;
};

// A change to make, complete enough to run and to take back.
struct Action {
  ActionKind kind = ActionKind::kInvestigate;
  std::vector<std::string> sql;       // one statement each, in order, outside a transaction
  std::vector<std::string> rollback;  // likewise; empty only where nothing was changed or it cannot be undone
  std::string text;                   // what to do, in words
  Effort effort = Effort::kLow;
  std::string risk;                   // locks taken, disk used, what could go wrong; empty if none
};

// What the change gives back. nullopt is "not known"; never a guess.
struct Impact {
  std::optional<double> load_saved;  // share of the target's total statement time, 0..1
  std::optional<Millis> time_saved_per_hour;
  std::optional<double> speedup;     // of the affected statements together: before / after
  std::optional<double> low;         // of load_saved
  std::optional<double> high;
  Basis basis = Basis::kHeuristic;
  std::optional<Bytes> index_size;
  std::optional<double> write_overhead;  // share by which writes to the table get dearer
};

struct Finding {
  std::string rule;     // RuleInfo::id
  std::string subject;  // "statement:9f3c…", "index:public.orders_idx": with `rule` the key that lasts across audits
  Severity severity = Severity::kInfo;
  Confidence confidence = Confidence::kStrong;
  std::string title;    // one line, imperative
  std::string why;      // one or two plain sentences
  std::vector<ObjectRef> objects;
  std::vector<AffectedStatement> statements;
  std::vector<Evidence> evidence;
  Action action;
  Impact impact;

  [[nodiscard]] std::string key() const { return rule + "/" + subject; }
};

[[nodiscard]] std::string subject_of(StatementId id);
[[nodiscard]] std::string subject_of(const TableName& name);
[[nodiscard]] std::string subject_of(const IndexName& name);
[[nodiscard]] std::string subject_of_setting(std::string_view name);

}  // namespace planwise

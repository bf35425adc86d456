// What the store keeps, as values: targets, audits, recommendations, statements, readings and their queries.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/audit.h"
#include "server/target.h"

namespace planwise {

struct TargetId {
  std::int64_t value = 0;
  auto operator<=>(const TargetId&) const = default;
};

struct AuditId {
  std::int64_t value = 0;
  auto operator<=>(const AuditId&) const = default;
};

enum class TargetOrigin : std::uint8_t { kConfig, kRest };
enum class TargetState : std::uint8_t { kUnknown, kUp, kDown };  // kUnknown: never audited
enum class AuditState : std::uint8_t { kQueued, kRunning, kSucceeded, kFailed, kCancelled };
enum class AuditTrigger : std::uint8_t { kManual, kSchedule };

// The words of the REST interface: "config", "up", "queued", "manual", ...
[[nodiscard]] std::string_view to_string(TargetOrigin value) noexcept;
[[nodiscard]] std::string_view to_string(TargetState value) noexcept;
[[nodiscard]] std::string_view to_string(AuditState value) noexcept;
[[nodiscard]] std::string_view to_string(AuditTrigger value) noexcept;
[[nodiscard]] std::optional<TargetState> parse_target_state(std::string_view word) noexcept;
[[nodiscard]] std::optional<AuditState> parse_audit_state(std::string_view word) noexcept;

// A target as it may be shown: there is no secret in it. The connection string is read by Store::target_dsn()
// alone.
struct Target {
  TargetId id;
  std::string name;
  std::string address;   // without_secrets(dsn)
  std::string schedule;  // empty: on demand only
  std::map<std::string, std::string> labels;
  TargetBudget budget;
  TargetOrigin origin = TargetOrigin::kRest;
  bool enabled = true;  // false: kept with its history, but not scheduled
  TargetState state = TargetState::kUnknown;
  std::optional<TimePoint> last_success;  // end of the newest audit that succeeded
  std::string last_error;                 // of the newest audit, one line; empty where it succeeded
  std::string engine;                     // "postgresql"; empty before the first successful audit
  std::string version;                    // as the server spells it
  TimePoint created_at;
  std::int64_t revision = 0;  // grows with every change: the ETag
};

// Only what is set changes.
struct TargetChange {
  std::optional<std::string> dsn;
  std::optional<std::string> schedule;
  std::optional<std::map<std::string, std::string>> labels;
  std::optional<TargetBudget> budget;
  std::optional<bool> enabled;
};

struct Audit {
  AuditId id;
  TargetId target;
  std::string target_name;
  AuditState state = AuditState::kQueued;
  AuditTrigger trigger = AuditTrigger::kManual;
  double progress = 0;  // 0..1
  std::string step;     // what it is doing, in words; empty when it is over
  TimePoint queued_at;
  std::optional<TimePoint> started_at;
  std::optional<TimePoint> finished_at;
  std::string error;  // one line; empty unless failed or cancelled
  std::string hint;   // what the operator can do about it; often empty
  std::int64_t recommendations = 0;
  std::int64_t skipped = 0;
};

struct StoredRecommendation {
  std::string id;  // sixteen hex digits
  TargetId target;
  std::string target_name;
  AuditId audit;  // the newest that found it
  std::string rule;
  Severity severity = Severity::kInfo;
  RecommendationStatus status = RecommendationStatus::kOpen;  // kOpen again once snoozed_until has passed
  TimePoint first_seen_at;
  TimePoint last_seen_at;
  std::optional<TimePoint> snoozed_until;
  std::string note;
  bool current = true;        // false: the newest successful audit did not find it any more
  std::int64_t revision = 0;  // grows with every change: the ETag
  std::string document;  // JSON object, the report's Recommendation; its `status` is the one at audit time
};

// A person's decision about a recommendation. Only what is set changes.
struct RecommendationChange {
  std::optional<RecommendationStatus> status;
  std::optional<TimePoint> snoozed_until;  // with kSnoozed; dropped by every other status
  std::optional<std::string> note;
};

struct StoredStatement {
  StatementId id;
  TargetId target;
  std::string target_name;
  AuditId audit;
  TimePoint seen_at;     // end of the window of that audit
  std::string document;  // JSON object, the report's Statement, its plan included
};

// One point of a statement's history. Missing time between two points: no audit ran, or the counters were
// reset.
struct StatementPoint {
  Window window;
  std::int64_t calls = 0;
  std::int64_t rows = 0;
  Millis total_time{0};
};

// Cumulative counters of one capture, for the differences of later ones.
struct Reading {
  TimePoint taken_at;  // by the target's clock
  ServerInfo server;
  Workload workload;                        // since its window's `from`; texts may be left out
  std::optional<TimePoint> counters_since;  // of the index scans; nullopt if the engine does not say
  std::map<IndexName, std::int64_t> index_scans;
};

// A page of a list. `next_cursor` is empty on the last page; else it is for the same query with any limit.
template <class T>
struct Page {
  std::vector<T> items;
  std::string next_cursor;
};

// Lists answer at most kMaxPage items; a greater limit, one below 1 or a cursor that is not from the same
// query is kInvalidArgument.
inline constexpr int kMaxPage = 500;
inline constexpr int kDefaultPage = 50;

struct PageRequest {
  int limit = kDefaultPage;
  std::string cursor;  // empty for the first page
};

struct TargetQuery {
  std::string text;  // part of the name or address, any case; empty: all
  std::optional<TargetState> state;
  PageRequest page;  // by name
};

struct AuditQuery {
  std::optional<TargetId> target;
  std::optional<AuditState> state;
  PageRequest page;  // newest first
};

enum class RecommendationSort : std::uint8_t {
  kRank,      // critical first, then as kImpact: the report's order, over all targets
  kImpact,    // time saved an hour; what saves no measured time comes after, by severity
  kSeverity,  // then as kImpact
  kFirstSeen,
  kLastSeen,
};

struct RecommendationQuery {
  std::optional<TargetId> target;
  std::string rule;  // empty: all
  std::optional<Severity> severity;
  std::vector<RecommendationStatus> status;  // empty: all but snoozed and dismissed
  std::string text;      // part of title, object, rule or target name, any case (ASCII); empty: all
  bool history = false;  // also what is no longer found
  RecommendationSort sort = RecommendationSort::kRank;
  bool descending = true;  // best, most severe, newest first
  PageRequest page;
};

enum class StatementSort : std::uint8_t { kTotalTime, kCalls, kMeanTime, kRows };

struct StatementQuery {
  std::optional<TargetId> target;
  std::string text;  // part of the query, any case (ASCII)
  StatementSort sort = StatementSort::kTotalTime;
  bool descending = true;
  PageRequest page;
};

// How many current recommendations there are, from counters kept beside them: nothing is scanned.
struct RecommendationCount {
  TargetId target;
  std::string rule;
  Severity severity = Severity::kInfo;
  RecommendationStatus status = RecommendationStatus::kOpen;
  std::int64_t count = 0;
};

// How long history is kept at which grain.
struct Retention {
  int raw_days = 7;  // one point an audit
  int hourly_days = 90;
  int daily_days = 730;
  int audit_days = 90;  // audits and their reports; the newest successful one of a target stays
};

}  // namespace planwise

// What planwise remembers between audits.
//
// Thread-safe in every implementation: reads run side by side, writes one after the other. A write has
// happened, and survives a crash of the process, when its call returns; a decision of a person (targets,
// recommendations) also survives a loss of power. Nothing is ever half written.
//
// Beside what each function says: kUnavailable if the store cannot be written or read now (disk full, file
// gone, closed), with what to do in the hint; kInvalidArgument for a bad page request.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/clock.h"
#include "analyzer/base/result.h"
#include "server/store/records.h"

namespace planwise {

// What save_audit() changed in the target's list.
struct SaveSummary {
  std::vector<std::string> appeared;  // ids not current before: new, or found again
  std::vector<std::string> gone;      // ids current before and not found any more
};

// What a successful audit leaves behind.
struct AuditOutcome {
  const AuditReport& report;
  std::string_view json;  // report_json(report): the documents served later are cut from it
  const Reading* reading =
      nullptr;  // nullptr where the source has no counters of its own (logs, snapshot files)
};

// Both implementations pass tests/server/store/contract_test.cpp.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // Targets. Names are unique: kInvalidArgument for one that is taken.
  virtual Result<TargetId> add_target(const TargetSpec& spec) = 0;
  virtual Result<Target> target(TargetId id) = 0;                    // kNotFound
  virtual Result<Target> target_by_name(std::string_view name) = 0;  // kNotFound
  virtual Result<Page<Target>> targets(const TargetQuery& query) = 0;
  virtual Result<Target> change_target(TargetId id, const TargetChange& change) = 0;  // kNotFound
  virtual Result<void> remove_target(TargetId id) = 0;  // with all that is known of it; kNotFound
  // The secret part; kNotFound also for a target of the configuration, whose secret is not stored.
  virtual Result<std::string> target_dsn(TargetId id) = 0;
  // Makes the targets of origin kConfig those of the configuration: new ones are added, changed ones changed,
  // those that went are disabled and keep their history. A name that REST has taken is kInvalidArgument. All
  // or nothing.
  virtual Result<void> sync_config_targets(const std::vector<TargetSpec>& specs) = 0;

  // Audits: queued -> running -> succeeded | failed | cancelled, and queued -> cancelled.
  struct Queued {
    AuditId id;
    bool created = true;  // false: the target's queued or running audit, which will do
  };
  virtual Result<Queued> queue_audit(TargetId target, AuditTrigger trigger) = 0;  // kNotFound
  // Takes the oldest queued audit and makes it running; nullopt if there is none.
  virtual Result<std::optional<Audit>> claim_audit() = 0;
  virtual Result<void> set_progress(AuditId id, double progress,
                                    std::string_view step) = 0;  // of a running one
  // Ends a running audit well: state, report, recommendations, statements and reading, all or nothing.
  // kInvalidArgument if it is not running.
  virtual Result<SaveSummary> save_audit(AuditId id, const AuditOutcome& outcome) = 0;
  // Ends a queued or running audit otherwise. `target_down` also marks the target. `state` is kFailed or
  // kCancelled.
  virtual Result<void> end_audit(AuditId id, AuditState state, const Error& error, bool target_down) = 0;
  // Fails every running audit with "interrupted": to be called once, before workers start. Returns how many.
  virtual Result<std::int64_t> fail_interrupted() = 0;
  virtual Result<Audit> audit(AuditId id) = 0;  // kNotFound
  virtual Result<Page<Audit>> audits(const AuditQuery& query) = 0;
  virtual Result<std::optional<Audit>> newest_success(TargetId target) = 0;
  // The report as it was given to save_audit(); kNotFound also while there is none.
  virtual Result<std::string> report_json(AuditId id) = 0;

  // Recommendations. Id, first_seen_at, status and note last across audits.
  virtual Result<Page<StoredRecommendation>> recommendations(const RecommendationQuery& query) = 0;
  virtual Result<StoredRecommendation> recommendation(std::string_view id) = 0;  // kNotFound
  // kSnoozed without a time is until it is changed again. kInvalidArgument: kVerified and kIneffective are
  // not a person's to set; a time to snooze until that has passed, or that goes with another status.
  // kNotFound.
  virtual Result<StoredRecommendation> change_recommendation(std::string_view id,
                                                             const RecommendationChange& change) = 0;
  virtual Result<std::vector<RecommendationCount>> recommendation_counts(std::optional<TargetId> target) = 0;

  // Statements of the newest successful audit of each target, and their points over time (oldest first).
  virtual Result<Page<StoredStatement>> statements(const StatementQuery& query) = 0;
  // Without a target the one of the target where it takes most time. kNotFound.
  virtual Result<StoredStatement> statement(StatementId id, std::optional<TargetId> target) = 0;
  virtual Result<std::vector<StatementPoint>> statement_history(StatementId id, TargetId target,
                                                                Window window) = 0;

  // For the next audit: the newest reading, the oldest one taken at or after `since`, and what rules know of
  // earlier audits (the raw intervals from `since` on).
  virtual Result<std::optional<Reading>> newest_reading(TargetId target) = 0;
  virtual Result<std::optional<Reading>> oldest_reading(TargetId target, TimePoint since) = 0;
  virtual Result<History> history(TargetId target, TimePoint since) = 0;

  // Rolls history up, drops what is past its time, writes the log back into the database file. For a quiet
  // minute.
  virtual Result<void> maintain(const Retention& retention) = 0;
  // Succeeds if a write would: for readiness.
  virtual Result<void> ping() = 0;
  // Bytes on disk, for metrics.
  virtual Result<Bytes> size() = 0;
};

enum class StoreAccess : std::uint8_t {
  kReadWrite,  // creates it, upgrades its schema, keeps every other writer out
  kReadOnly,   // beside a process that has it open for writing, too; every write is kUnavailable
};

// Opens what `uri` names: "sqlite:planwise.db". kUnsupported for another scheme, a store written by a newer
// planwise, and, for reading only, one of an older schema; kUnavailable if another process has it open for
// writing (the message names file and process) or it cannot be opened; kMalformed for a file that is no
// planwise store. `clock` must outlive the store.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(std::string_view uri, const Clock& clock,
                                                        StoreAccess access = StoreAccess::kReadWrite);

}  // namespace planwise

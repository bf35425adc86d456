// The store in one SQLite file.
//
// Locks: FILE.lock keeps a second process out (server/store/lock_file.h). The functions are grouped by
// subject into sqlite_targets.cpp, sqlite_audits.cpp, sqlite_save.cpp, sqlite_recommendations.cpp,
// sqlite_statements.cpp and sqlite_history.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/lock_file.h"
#include "server/store/migrate.h"
#include "server/store/sqlite_readers.h"
#include "server/store/sqlite_writer.h"
#include "server/store/store.h"

namespace planwise {

class SqliteStore final : public Store {
 public:
  // `steps` are migrations() but in tests of the migrating itself.
  static Result<std::unique_ptr<Store>> open(const std::string& file, const Clock& clock,
                                             std::span<const Migration> steps);
  static Result<std::unique_ptr<Store>> open_read_only(const std::string& file, const Clock& clock);

  Result<TargetId> add_target(const TargetSpec& spec) override;
  Result<Target> target(TargetId id) override;
  Result<Target> target_by_name(std::string_view name) override;
  Result<Page<Target>> targets(const TargetQuery& query) override;
  Result<Target> change_target(TargetId id, const TargetChange& change) override;
  Result<void> remove_target(TargetId id) override;
  Result<std::string> target_dsn(TargetId id) override;
  Result<void> sync_config_targets(const std::vector<TargetSpec>& specs) override;

  Result<Queued> queue_audit(TargetId target, AuditTrigger trigger) override;
  Result<std::optional<Audit>> claim_audit() override;
  Result<void> set_progress(AuditId id, double progress, std::string_view step) override;
  Result<SaveSummary> save_audit(AuditId id, const AuditOutcome& outcome) override;
  Result<void> end_audit(AuditId id, AuditState state, const Error& error, bool target_down) override;
  Result<std::int64_t> fail_interrupted() override;
  Result<Audit> audit(AuditId id) override;
  Result<Page<Audit>> audits(const AuditQuery& query) override;
  Result<std::optional<Audit>> newest_success(TargetId target) override;
  Result<std::string> report_json(AuditId id) override;

  Result<Page<StoredRecommendation>> recommendations(const RecommendationQuery& query) override;
  Result<StoredRecommendation> recommendation(std::string_view id) override;
  Result<StoredRecommendation> change_recommendation(std::string_view id,
                                                     const RecommendationChange& change) override;
  Result<std::vector<RecommendationCount>> recommendation_counts(std::optional<TargetId> target) override;

  Result<Page<StoredStatement>> statements(const StatementQuery& query) override;
  Result<StoredStatement> statement(StatementId id, std::optional<TargetId> target) override;
  Result<std::vector<StatementPoint>> statement_history(StatementId id, TargetId target,
                                                        Window window) override;

  Result<std::optional<Reading>> newest_reading(TargetId target) override;
  Result<std::optional<Reading>> oldest_reading(TargetId target, TimePoint since) override;
  Result<History> history(TargetId target, TimePoint since) override;

  Result<void> maintain(const Retention& retention) override;
  Result<void> ping() override;
  Result<Bytes> size() override;

 private:
  // Without a lock and a connection: for reading only.
  SqliteStore(std::string file, const Clock& clock, std::optional<LockFile> lock,
              std::optional<sqlite::Connection> connection, std::uint64_t cursor_secret);

  const std::string file_;
  const Clock& clock_;
  const std::optional<LockFile> lock_;  // outlives the connections below
  const std::uint64_t cursor_secret_;
  sqlite::Writer writer_;
  sqlite::Readers readers_;  // closed before the writer's last checkpoint
};

}  // namespace planwise

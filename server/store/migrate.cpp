#include "server/store/migrate.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace planwise {
namespace {

constexpr int kApplicationId = 0x706c7773;  // "plws", in the file's header

Result<void> back_up(sqlite::Connection& connection, const std::string& file, std::size_t version) {
  const std::string name = fmt::format("{}.backup-v{}", file, version);
  const std::string partial = name + ".partial";
  std::error_code ignored;
  std::filesystem::remove(partial, ignored);  // of an earlier try that was cut off
  if (auto copied = connection.backup_to(partial); !copied) {
    std::filesystem::remove(partial, ignored);
    return std::move(copied).error().in("backup before an upgrade of the schema");
  }
  std::error_code failed;
  std::filesystem::permissions(
      partial, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failed);
  if (!failed) {
    std::filesystem::rename(partial, name, failed);
  }
  if (failed) {
    return Error{ErrorCode::kUnavailable, fmt::format("cannot write {}: {}", name, failed.message()),
                 "check the rights on its folder"};
  }
  return {};
}

Result<void> apply(sqlite::Connection& connection, const Migration& step, std::size_t version) {
  PLANWISE_CHECK_OK(connection.script("BEGIN EXCLUSIVE"));
  Result<void> done = connection.script(step.sql);
  if (done) {
    done = connection.script(
        fmt::format("PRAGMA application_id={}; PRAGMA user_version={}; COMMIT", kApplicationId, version));
  }
  if (!done) {
    if (connection.in_transaction()) {
      static_cast<void>(connection.script("ROLLBACK").has_value());  // the first error is the one to tell
    }
    return std::move(done).error().in(fmt::format("migration {}", step.name));
  }
  return {};
}

}  // namespace

Result<std::size_t> schema_of(sqlite::Connection& connection, const std::string& file,
                              std::span<const Migration> steps) {
  PLANWISE_TRY(const std::int64_t version, connection.number("PRAGMA user_version"));
  PLANWISE_TRY(const std::int64_t application, connection.number("PRAGMA application_id"));
  PLANWISE_TRY(const std::int64_t tables, connection.number("SELECT count(*) FROM sqlite_schema"));
  if ((tables > 0 || version != 0) && application != kApplicationId) {
    return Error{ErrorCode::kMalformed,
                 fmt::format("store {}: the file is a database, but no planwise store", file),
                 "name another file with --store"};
  }
  if (version > static_cast<std::int64_t>(steps.size())) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("store {}: written by a newer planwise (schema {}, this one knows {})", file,
                             version, steps.size()),
                 "install that version, or name another file with --store"};
  }
  return static_cast<std::size_t>(version);
}

Result<void> migrate(sqlite::Connection& connection, const std::string& file,
                     std::span<const Migration> steps) {
  PLANWISE_TRY(const std::size_t first, schema_of(connection, file, steps));
  if (first > 0 && first < steps.size()) {
    PLANWISE_CHECK_OK(back_up(connection, file, first));
  }
  for (std::size_t i = first; i < steps.size(); ++i) {
    PLANWISE_CHECK_OK(apply(connection, steps[i], i + 1));
  }
  return {};
}

}  // namespace planwise

#include "server/store/sqlite_store.h"

#include <fmt/format.h>

#include <filesystem>
#include <random>
#include <system_error>

#include "analyzer/base/hash.h"

namespace planwise {
namespace {

constexpr std::string_view kScheme = "sqlite:";

// The secret that ties cursors to this store; made once.
Result<std::uint64_t> cursor_secret(sqlite::Connection& connection) {
  std::random_device random;
  const std::string fresh = hex16((static_cast<std::uint64_t>(random()) << 32U) | random());
  PLANWISE_CHECK_OK(connection.run(
      "INSERT INTO meta (key, value) VALUES ('cursor_secret', ?) ON CONFLICT DO NOTHING", fresh));
  PLANWISE_TRY(auto statement, connection.prepare("SELECT value FROM meta WHERE key = 'cursor_secret'"));
  PLANWISE_TRY(const bool row, statement.step());
  return row ? parse_hex16(statement.text(0)).value_or(0) : 0;
}

}  // namespace

SqliteStore::SqliteStore(std::string file, const Clock& clock, LockFile lock, sqlite::Connection connection,
                         std::uint64_t cursor_secret)
    : file_(std::move(file)),
      clock_(clock),
      lock_(std::move(lock)),
      cursor_secret_(cursor_secret),
      writer_(std::move(connection)),
      readers_(file_) {}

Result<std::unique_ptr<Store>> SqliteStore::open(const std::string& file, const Clock& clock,
                                                 std::span<const Migration> steps) {
  PLANWISE_TRY(auto lock, LockFile::take(file + ".lock", "store " + file));
  PLANWISE_TRY(auto connection, sqlite::Connection::open(file, sqlite::Mode::kReadWrite));
  PLANWISE_CHECK_OK(connection.script("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"));
  PLANWISE_CHECK_OK(migrate(connection, file, steps));
  PLANWISE_TRY(const std::uint64_t secret, cursor_secret(connection));
  return std::unique_ptr<Store>(new SqliteStore(file, clock, std::move(lock), std::move(connection),
                                                secret));  // the constructor is private
}

Result<void> SqliteStore::ping() {
  return writer_.write<void>(sqlite::Durability::kProcess, [this](sqlite::Connection& connection) {
    return connection.run(
        "INSERT INTO meta (key, value) VALUES ('ping', ?1) ON CONFLICT DO UPDATE SET value = ?1",
        clock_.now());
  });
}

Result<Bytes> SqliteStore::size() {
  Bytes total;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code failed;
    const auto size = std::filesystem::file_size(file_ + suffix, failed);
    if (!failed) {
      total.count += static_cast<std::int64_t>(size);
    } else if (*suffix == '\0') {
      return Error{ErrorCode::kUnavailable, fmt::format("store {}: {}", file_, failed.message())};
    }
  }
  return total;
}

Result<std::unique_ptr<Store>> open_store(std::string_view uri, const Clock& clock) {
  if (!uri.starts_with(kScheme) || uri.size() == kScheme.size()) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("store \"{}\": not a kind of store", without_secrets(uri)), "use sqlite:FILE"};
  }
  return SqliteStore::open(std::string(uri.substr(kScheme.size())), clock, migrations());
}

}  // namespace planwise

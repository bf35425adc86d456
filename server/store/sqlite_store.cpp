#include "server/store/sqlite_store.h"

#include <fmt/format.h>

#include <filesystem>
#include <random>
#include <system_error>

#include "analyzer/base/hash.h"

namespace planwise {
namespace {

constexpr std::string_view kScheme = "sqlite:";

Result<std::uint64_t> cursor_secret(sqlite::Connection& connection) {
  PLANWISE_TRY(auto statement, connection.prepare("SELECT value FROM meta WHERE key = 'cursor_secret'"));
  PLANWISE_TRY(const bool row, statement.step());
  return row ? parse_hex16(statement.text(0)).value_or(0) : 0;
}

// The secret that ties cursors to this store; made once.
Result<void> make_cursor_secret(sqlite::Connection& connection) {
  std::random_device random;
  const std::string fresh = hex16((static_cast<std::uint64_t>(random()) << 32U) | random());
  return connection.run("INSERT INTO meta (key, value) VALUES ('cursor_secret', ?) ON CONFLICT DO NOTHING",
                        fresh);
}

}  // namespace

SqliteStore::SqliteStore(std::string file, const Clock& clock, std::optional<LockFile> lock,
                         std::optional<sqlite::Connection> connection, std::uint64_t cursor_secret)
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
  PLANWISE_CHECK_OK(make_cursor_secret(connection));
  PLANWISE_TRY(const std::uint64_t secret, cursor_secret(connection));
  return std::unique_ptr<Store>(new SqliteStore(file, clock, std::move(lock), std::move(connection),
                                                secret));  // the constructor is private
}

Result<std::unique_ptr<Store>> SqliteStore::open_read_only(const std::string& file, const Clock& clock) {
  PLANWISE_TRY(auto connection, sqlite::Connection::open(file, sqlite::Mode::kReadOnly));
  PLANWISE_TRY(const std::size_t schema, schema_of(connection, file, migrations()));
  if (schema < migrations().size()) {
    return Error{ErrorCode::kUnsupported, fmt::format("store {}: written by an older planwise", file),
                 "start planwise serve once: it upgrades the store"};
  }
  PLANWISE_TRY(const std::uint64_t secret, cursor_secret(connection));
  return std::unique_ptr<Store>(new SqliteStore(file, clock, std::nullopt, std::nullopt, secret));
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

Result<std::unique_ptr<Store>> open_store(std::string_view uri, const Clock& clock, StoreAccess access) {
  if (!uri.starts_with(kScheme) || uri.size() == kScheme.size()) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("store \"{}\": not a kind of store", without_secrets(uri)), "use sqlite:FILE"};
  }
  const std::string file(uri.substr(kScheme.size()));
  return access == StoreAccess::kReadOnly ? SqliteStore::open_read_only(file, clock)
                                          : SqliteStore::open(file, clock, migrations());
}

}  // namespace planwise

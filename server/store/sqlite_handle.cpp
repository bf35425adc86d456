#include "server/store/sqlite_handle.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <system_error>
#include <utility>

namespace planwise::sqlite {
namespace {

constexpr int kBusyTimeoutMs = 5000;  // only a checkpoint that waits for readers ever needs it

// contains(haystack, needle): whether the bytes of `needle` stand in `haystack`. SQLite's own instr() walks
// character by character; this is the C library's vectorised search.
void contains(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const void* haystack = sqlite3_value_text(values[0]);
  const void* needle = sqlite3_value_text(values[1]);
  const auto haystack_size = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
  const auto needle_size = static_cast<std::size_t>(sqlite3_value_bytes(values[1]));
  const bool found = haystack != nullptr && needle != nullptr &&
                     memmem(haystack, haystack_size, needle, needle_size) != nullptr;
  sqlite3_result_int(context, found ? 1 : 0);
}

int note_log_pages(void* pages, sqlite3* /*connection*/, const char* /*database*/, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

Error as_error(int code, std::string_view detail, std::string_view file) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return Error{ErrorCode::kUnavailable, fmt::format("store {}: no space left on its disk", file),
                   "free some space; nothing that was stored before is lost"};
    case SQLITE_NOTADB:
      return Error{ErrorCode::kMalformed, fmt::format("store {}: the file is no planwise store", file),
                   "name another file with --store, or move this one away"};
    case SQLITE_CORRUPT:
      return Error{ErrorCode::kMalformed, fmt::format("store {}: the file is damaged", file),
                   fmt::format("move it away and put the newest of {}.backup-* in its place", file)};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return Error{ErrorCode::kUnavailable,
                   fmt::format("store {}: cannot be opened or written: {}", file, detail),
                   "check that the folder exists and that planwise may write the file and its folder"};
    case SQLITE_IOERR:
      return Error{ErrorCode::kUnavailable,
                   fmt::format("store {}: reading or writing failed: {}", file, detail),
                   "check the disk and its free space"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error{ErrorCode::kUnavailable, fmt::format("store {}: locked by another process", file),
                   "end what else has the file open"};
    case SQLITE_INTERRUPT: return Error{ErrorCode::kTimeout, fmt::format("store {}: interrupted", file)};
    default:
      return Error{ErrorCode::kInternal, fmt::format("store {}: {} (SQLite code {})", file, detail, code)};
  }
}

Query::Query(Query&& other) noexcept
    : connection_(other.connection_),
      statement_(std::exchange(other.statement_, nullptr)),
      busy_(std::exchange(other.busy_, nullptr)),
      file_(other.file_),
      next_(other.next_),
      failed_(other.failed_) {}

Query::~Query() {
  if (statement_ == nullptr) {
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  if (busy_ != nullptr) {
    *busy_ = false;
  } else {
    sqlite3_finalize(statement_);
  }
}

Result<bool> Query::step() {
  const int code = failed_ != SQLITE_OK ? failed_ : sqlite3_step(statement_);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  return as_error(code, sqlite3_errmsg(connection_), file_);
}

Result<void> Query::run() {
  PLANWISE_CHECK_OK(for_each_row([] {}));
  sqlite3_reset(statement_);
  next_ = 1;
  return {};
}

bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Query::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Query::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

std::string Query::text(int column) const {
  const void* data = sqlite3_column_text(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
}

std::string_view Query::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
}

TimePoint Query::time(int column) const {
  return TimePoint(std::chrono::microseconds(integer(column)));
}

std::optional<TimePoint> Query::optional_time(int column) const {
  return is_null(column) ? std::nullopt : std::optional(time(column));
}

std::optional<double> Query::optional_real(int column) const {
  return is_null(column) ? std::nullopt : std::optional(real(column));
}

void Query::keep(int code) {
  if (failed_ == SQLITE_OK) {
    failed_ = code;
  }
}

void Query::bind_null() {
  keep(sqlite3_bind_null(statement_, next_++));
}
void Query::bind_integer(std::int64_t value) {
  keep(sqlite3_bind_int64(statement_, next_++, value));
}
void Query::bind_real(double value) {
  keep(sqlite3_bind_double(statement_, next_++, value));
}
void Query::bind_text(std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  keep(sqlite3_bind_text64(statement_, next_++, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Query::bind_blob(std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  keep(sqlite3_bind_blob64(statement_, next_++, data, value.size(), SQLITE_TRANSIENT));
}

Result<Connection> Connection::open(const std::string& file, Mode mode) {
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  Connection connection(std::unique_ptr<sqlite3, Close>(raw), file);
  if (code != SQLITE_OK) {
    return as_error(code, raw == nullptr ? "out of memory" : sqlite3_errmsg(raw), file);
  }
  sqlite3_busy_timeout(raw, kBusyTimeoutMs);
  sqlite3_create_function_v2(raw, "contains", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                             nullptr, &contains, nullptr, nullptr, nullptr);
  if (mode == Mode::kReadWrite) {
    // It holds connection strings. SQLite gives its journals the same rights as the database.
    if (chmod(file.c_str(), S_IRUSR | S_IWUSR) != 0) {
      return as_error(SQLITE_PERM, std::generic_category().message(errno), file);
    }
    // Our own hook in the place of SQLite's automatic checkpoint; the pragma would take it out again, so it
    // goes first.
    PLANWISE_CHECK_OK(connection.script("PRAGMA wal_autocheckpoint=0"));
    sqlite3_wal_hook(raw, &note_log_pages, connection.log_pages_.get());
  }
  PLANWISE_CHECK_OK(
      connection.script("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
                        "PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;"));
  return connection;
}

Result<Query> Connection::prepare(std::string_view sql) {
  const auto found = cache_.find(std::string(sql));
  if (found != cache_.end() && !*found->second.busy) {
    *found->second.busy = true;
    return Query(connection_.get(), found->second.statement.get(), found->second.busy.get(), *file_);
  }
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) {
    return as_error(code, sqlite3_errmsg(connection_.get()), *file_);
  }
  if (found != cache_.end()) {  // in use further up the stack: one of its own
    return Query(connection_.get(), raw, nullptr, *file_);
  }
  Cached& cached = cache_[std::string(sql)];
  cached.statement.reset(raw);
  cached.busy = std::make_unique<bool>(true);
  return Query(connection_.get(), raw, cached.busy.get(), *file_);
}

Result<void> Connection::script(const std::string& sql) {
  const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return as_error(code, sqlite3_errmsg(connection_.get()), *file_);
  }
  return {};
}

Result<std::int64_t> Connection::number(std::string_view sql) {
  PLANWISE_TRY(auto statement, prepare(sql));
  PLANWISE_TRY(const bool row, statement.step());
  return row ? statement.integer(0) : 0;
}

std::int64_t Connection::last_id() const {
  return sqlite3_last_insert_rowid(connection_.get());
}
std::int64_t Connection::changes() const {
  return sqlite3_changes64(connection_.get());
}
bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(connection_.get()) == 0;
}

Result<void> Connection::backup_to(const std::string& file) {
  return run("VACUUM INTO ?", file);
}

}  // namespace planwise::sqlite

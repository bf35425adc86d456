// SQLite's C interface as two move-only classes; sqlite3 pointers stay in here and sqlite_handle.cpp.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "analyzer/base/result.h"
#include "analyzer/base/units.h"

namespace planwise::sqlite {

// Bytes to be bound as a BLOB.
struct Blob {
  std::string_view bytes;
};

// One execution of a prepared statement. Not thread-safe; gives its statement back to the connection, which
// must outlive it. Columns are read after step() has said true, views until the next step().
class Query {
 public:
  Query(sqlite3* connection, sqlite3_stmt* statement, bool* busy, std::string_view file)
      : connection_(connection), statement_(statement), busy_(busy), file_(file) {}
  Query(Query&& other) noexcept;
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  Query& operator=(Query&&) = delete;
  ~Query();

  // Parameters in order, from the next free one on. What cannot be bound is the error of the next step().
  template <class... Args>
  Query& bind(const Args&... args) {
    (bind_next(args), ...);
    return *this;
  }

  // True: there is a row. False: done.
  Result<bool> step();
  // Calls use() at every row, to the end.
  template <class Use>
  Result<void> for_each_row(const Use& use) {
    while (true) {
      PLANWISE_TRY(const bool row, step());
      if (!row) {
        return {};
      }
      use();
    }
  }
  // Runs to the end, ignores rows, and is ready to be bound again.
  Result<void> run();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::string_view blob(int column) const;
  [[nodiscard]] TimePoint time(int column) const;  // microseconds since 1970
  [[nodiscard]] std::optional<TimePoint> optional_time(int column) const;
  [[nodiscard]] std::optional<double> optional_real(int column) const;
  [[nodiscard]] bool boolean(int column) const { return integer(column) != 0; }

 private:
  template <class T>
  void bind_next(const T& value) {
    if constexpr (std::is_same_v<T, std::nullptr_t>) {
      bind_null();
    } else if constexpr (std::is_same_v<T, double>) {
      bind_real(value);
    } else if constexpr (std::is_integral_v<T>) {
      bind_integer(static_cast<std::int64_t>(value));
    } else if constexpr (std::is_same_v<T, Blob>) {
      bind_blob(value.bytes);
    } else if constexpr (std::is_same_v<T, TimePoint>) {
      bind_integer(value.time_since_epoch().count());
    } else {
      bind_text(value);
    }
  }
  template <class T>
  void bind_next(const std::optional<T>& value) {
    value ? bind_next(*value) : bind_null();
  }
  void bind_null();
  void bind_integer(std::int64_t value);
  void bind_real(double value);
  void bind_text(std::string_view value);
  void bind_blob(std::string_view value);
  void keep(int code);

  sqlite3* connection_;
  sqlite3_stmt* statement_;
  bool* busy_;
  std::string_view file_;
  int next_ = 1;
  int failed_ = SQLITE_OK;
};

enum class Mode : std::uint8_t { kReadOnly, kReadWrite };

// Not thread-safe: one thread at a time.
class Connection {
 public:
  // Creates the file in kReadWrite, readable by its owner alone. kMalformed for a file that is no database.
  static Result<Connection> open(const std::string& file, Mode mode);
  Connection(Connection&&) noexcept = default;
  Connection& operator=(Connection&&) noexcept = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;

  // From the connection's cache, so that preparing the same text again costs nothing.
  Result<Query> prepare(std::string_view sql);
  // Prepares, binds and runs to the end.
  template <class... Args>
  Result<void> run(std::string_view sql, const Args&... args) {
    PLANWISE_TRY(auto statement, prepare(sql));
    statement.bind(args...);
    return statement.run();
  }
  // Several statements without parameters, separated by semicolons; stops at the first that fails.
  Result<void> script(const std::string& sql);
  // The first column of the first row as a number; 0 where there is no row.
  Result<std::int64_t> number(std::string_view sql);

  [[nodiscard]] std::int64_t last_id() const;
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] bool in_transaction() const;
  // Pages in the write-ahead log after the last commit of this connection.
  [[nodiscard]] int log_pages() const { return *log_pages_; }
  // Copies the whole database to another file, which must not exist.
  Result<void> backup_to(const std::string& file);

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  struct Cached {
    struct Finalize {
      void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
    std::unique_ptr<bool> busy;
  };

  Connection(std::unique_ptr<sqlite3, Close> connection, std::string file)
      : file_(std::make_unique<std::string>(std::move(file))), connection_(std::move(connection)) {}

  std::unique_ptr<std::string> file_;  // on the heap: statements refer to it
  std::unique_ptr<int> log_pages_ = std::make_unique<int>(0);
  std::unique_ptr<sqlite3, Close> connection_;
  std::unordered_map<std::string, Cached> cache_;
};

// What an SQLite result code means to the operator of the store in `file`.
[[nodiscard]] Error as_error(int code, std::string_view detail, std::string_view file);

}  // namespace planwise::sqlite

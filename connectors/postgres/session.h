// One connection to a PostgreSQL server that keeps planwise's manners: read-only, bounded in time and size,
// marked.
//
// Everything goes through libpq's asynchronous API in pipeline mode: extended protocol only, so a text is one
// statement or an error. Every call has an absolute deadline of the client's own, because the server's
// statement_timeout does not end everything (constant folding). A call that passes it is cancelled and the
// session closed: only reopen() helps.
//
// Not thread-safe. Name resolution is the C library's, and blocks.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/engine.h"
#include "connectors/postgres/gates.h"
#include "connectors/postgres/rows.h"

struct pg_conn;
struct pg_result;

namespace planwise::pg {

using Deadline = std::chrono::steady_clock::time_point;

// Put at the end of every statement (PostgreSQL 18 drops comments before it from the recorded text), so that
// the workload can leave planwise's own statements out.
inline constexpr std::string_view kMarker = "/* planwise */";

// A value for $1, $2, ... in text form, its type left to the server; nullopt is NULL.
using Parameter = std::optional<std::string>;

struct Command {
  std::string sql;
  std::vector<Parameter> parameters{};
};

struct SessionOptions {
  std::chrono::milliseconds statement_timeout{10'000};
  std::chrono::milliseconds lock_timeout{100};           // longer waits would queue others behind us
  std::chrono::milliseconds idle_timeout{60'000};        // idle_in_transaction_session_timeout
  std::size_t response_limit = std::size_t{256} << 20U;  // bytes of values in one answer
  bool allow_privileged = false;
  // Asked before each command goes out: an error is the answer instead. For tests of failure.
  std::function<std::optional<Error>(std::string_view sql)> intercept;
};

// Move-only; owns its connection.
class Session {
 public:
  // Connects, sets the session's limits and learns what stands on the other side. Errors: kInvalidArgument
  // for a connection string that cannot be read, kUnavailable, kTimeout, kUnsupported for a server older than
  // kSupported, kPermissionDenied for a refused login or, without allow_privileged, one that may change the
  // server or read its files; the hint then has the SQL for a better role. Two round trips after the login.
  static Result<Session> open(const std::string& dsn, SessionOptions options, Deadline deadline);

  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // Runs one statement. Without a deadline it is statement_timeout and two seconds from now; in either case
  // not after the session's own. Errors: see statement_error(); kTimeout after which the session is closed;
  // kUnavailable when the connection broke or is closed. sqlstate() then says more.
  Result<Rows> query(std::string_view sql, std::span<const Parameter> parameters = {},
                     std::optional<Deadline> deadline = std::nullopt);

  // Runs statements in one round trip, in order. Without a BEGIN among them they are one transaction: after
  // the first that fails, none is run, and each of those answers kUnavailable. A BEGIN stays open until its
  // COMMIT or ROLLBACK, which the caller sends in a call of its own where one in between may fail. Fails as a
  // whole only when the connection is lost.
  Result<std::vector<Result<Rows>>> run(std::span<const Command> commands,
                                        std::optional<Deadline> deadline = std::nullopt);

  // Behind a pooler each call is a transaction of its own, with the limits set inside it; nothing lasts
  // between calls, so hypothetical indexes and BEGIN in a call of its own are not possible.
  [[nodiscard]] bool is_pooled() const noexcept { return is_pooled_; }

  [[nodiscard]] bool is_open() const noexcept { return connection_ != nullptr; }
  // Connects again with what open() was given. What the old session held (hypothetical indexes) is gone.
  Result<void> reopen(Deadline deadline);
  void close();

  // Of the last failed statement; empty where the server had no say in it.
  [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }

  // For every call: nothing runs past it.
  void set_deadline(Deadline deadline) noexcept { deadline_ = deadline; }
  [[nodiscard]] Deadline deadline() const noexcept { return deadline_; }

  [[nodiscard]] const ServerInfo& server() const noexcept {
    return server_;
  }  // with the extensions of this database
  [[nodiscard]] const std::string& user() const noexcept { return user_; }
  [[nodiscard]] const SessionOptions& options() const noexcept { return options_; }
  [[nodiscard]] bool has(const Gate& gate) const;
  // The schema an extension was created in; empty if it is not there.
  [[nodiscard]] std::string extension_schema(const std::string& extension) const;
  [[nodiscard]] std::size_t round_trips() const noexcept { return round_trips_; }

 private:
  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };
  struct Clear {
    void operator()(pg_result* result) const noexcept;
  };
  using ResultHandle = std::unique_ptr<pg_result, Clear>;
  struct Answer;

  Session(std::string dsn, SessionOptions options) : dsn_(std::move(dsn)), options_(std::move(options)) {}

  Result<void> connect(Deadline deadline);
  Result<void> log_in(Deadline deadline);
  Result<void> set_up(Deadline deadline);
  Result<std::vector<Result<Rows>>> exchange(std::span<const Command> commands, Deadline deadline);
  Result<void> send(const Command& command);
  Result<void> flush(Deadline deadline);
  Result<void> wait(short events, Deadline deadline);
  Result<void> receive(Answer& answer, Deadline deadline);
  Result<ResultHandle> next_result(Deadline deadline);
  Result<void> take(pg_result* result, Answer& answer);
  Error lost();
  Error give_up(std::string_view why, ErrorCode code);
  [[nodiscard]] std::vector<Command> limits(bool local) const;
  [[nodiscard]] Deadline effective(std::optional<Deadline> deadline) const;

  std::string dsn_;
  SessionOptions options_;
  std::unique_ptr<pg_conn, Finish> connection_;
  Deadline deadline_ = Deadline::max();
  ServerInfo server_;
  std::string user_;
  std::string sqlstate_;
  bool is_pooled_ = false;
  std::size_t round_trips_ = 0;
};

}  // namespace planwise::pg

// One connection to a MySQL or MariaDB server that keeps planwise's manners: read-only, bounded in time and
// size, marked.
//
// Everything goes through libmariadb's non-blocking API, so that every call has an absolute deadline of the
// client's own: max_execution_time covers only SELECT, and 5.6 has none. A call that passes it ends the
// session and has the statement killed on the server by another connection: only reopen() helps.
//
// The default database is always information_schema. Statement digests are kept by default database, so that
// is how planwise's own statements are told from the workload's.
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
#include <string>
#include <string_view>

#include "analyzer/base/result.h"
#include "analyzer/model/engine.h"
#include "connectors/mysql/gates.h"
#include "connectors/mysql/login.h"
#include "connectors/text_rows.h"

struct st_mysql;
struct st_mysql_res;

namespace planwise::mysql {

using Deadline = std::chrono::steady_clock::time_point;
using Row = TextRow;
using Rows = TextRows;

// At the end of every statement, for whoever looks at the server's process list or slow log.
inline constexpr std::string_view kMarker = "/* planwise */";
inline constexpr std::string_view kOwnSchema = "information_schema";

struct SessionOptions {
  std::chrono::milliseconds statement_timeout{10'000};
  std::chrono::seconds lock_wait_timeout{2};  // for metadata locks: longer waits would queue others
  std::size_t response_limit = std::size_t{256} << 20U;  // bytes of values in one answer
  bool allow_privileged = false;
  // Asked before each statement goes out: an error is the answer instead. For tests of failure.
  std::function<std::optional<Error>(std::string_view sql)> intercept;
};

// Move-only; owns its connection.
class Session {
 public:
  // Connects, sets the session's limits and learns what stands on the other side. Errors: kUnavailable,
  // kTimeout, kUnsupported for a server older than kSupported, kNotFound for a database that is not there or
  // not to be seen, kPermissionDenied for a refused login or, without allow_privileged, one that may write or
  // administer; the hint then has the SQL for a better account. Some five round trips after the login.
  static Result<Session> open(Login login, SessionOptions options, Deadline deadline);

  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // Runs one statement; what is no query has no rows. Without a deadline it is statement_timeout and two
  // seconds from now; in either case not after the session's own. Errors: see statement_error(); kTimeout
  // after which the session is closed; kUnavailable when the connection broke or is closed.
  Result<Rows> query(std::string_view sql, std::optional<Deadline> deadline = std::nullopt);

  [[nodiscard]] bool is_open() const noexcept { return connection_ != nullptr; }
  // Connects again with what open() was given.
  Result<void> reopen(Deadline deadline);
  void close();

  // The server's number of the last failed statement; 0 where it had no say in it.
  [[nodiscard]] unsigned error_number() const noexcept { return error_number_; }

  // For every call: nothing runs past it.
  void set_deadline(Deadline deadline) noexcept { deadline_ = deadline; }
  [[nodiscard]] Deadline deadline() const noexcept { return deadline_; }

  [[nodiscard]] const ServerInfo& server() const noexcept { return server_; }
  // Of the server as the session began, names in lower case.
  [[nodiscard]] const std::map<std::string, std::string>& variables() const noexcept { return variables_; }
  [[nodiscard]] std::string variable(const std::string& name) const;  // empty where there is none
  [[nodiscard]] bool is_on(const std::string& name) const;
  [[nodiscard]] const std::string& account() const noexcept { return account_; }  // "planwise@%"
  [[nodiscard]] const Login& login() const noexcept { return login_; }
  [[nodiscard]] const SessionOptions& options() const noexcept { return options_; }
  [[nodiscard]] bool has(const Gate& gate) const { return mysql::has(gate, server_); }
  [[nodiscard]] std::size_t round_trips() const noexcept { return round_trips_; }

 private:
  struct Close {
    void operator()(st_mysql* connection) const noexcept;
  };
  struct Free {
    void operator()(st_mysql_res* result) const noexcept;
  };
  using ResultHandle = std::unique_ptr<st_mysql_res, Free>;

  Session(Login login, SessionOptions options) : login_(std::move(login)), options_(std::move(options)) {}

  Result<void> connect(Deadline deadline);
  Result<void> log_in(Deadline deadline);
  Result<void> set_up(Deadline deadline);
  Result<void> read_variables(Deadline deadline);
  Result<void> set_limits(Deadline deadline);
  Result<void> check_login(Deadline deadline);
  Result<void> check_database(Deadline deadline);
  Result<Rows> exchange(std::string_view sql, Deadline deadline);
  enum class End : std::uint8_t { kComplete, kLate, kTooLarge, kFailed };
  Result<Rows> receive(Deadline deadline);
  End read_rows(st_mysql_res* result, Rows& rows, Deadline deadline);
  // Goes on with a suspended call until it is done or the deadline has passed; false then.
  bool finish(int status, Deadline deadline, const std::function<int(int ready)>& go_on);
  Error failed();
  Error give_up(std::string_view why, ErrorCode code);
  [[nodiscard]] Deadline effective(std::optional<Deadline> deadline) const;

  Login login_;
  SessionOptions options_;
  std::unique_ptr<st_mysql, Close> connection_;
  Deadline deadline_ = Deadline::max();
  ServerInfo server_;
  std::map<std::string, std::string> variables_;
  std::string account_;
  unsigned error_number_ = 0;
  std::size_t round_trips_ = 0;
};

// A connection handle with everything set that makes it safe, for Session and for who kills its statements.
// Seconds are of single reads and writes, under the deadline of the whole.
[[nodiscard]] std::unique_ptr<st_mysql, void (*)(st_mysql*)> prepared_handle(const Login& login,
                                                                             std::chrono::seconds timeout);
// Where libmariadb wants it: null for an empty text.
struct Destination {
  const char* host = nullptr;
  unsigned port = 0;
  const char* socket = nullptr;
};
// Valid as long as the login.
[[nodiscard]] Destination destination_of(const Login& login);

// Ends what a connection is doing, by another one, in the background: nobody waits for it.
void kill_query_in_background(const Login& login, std::uint64_t connection_id);

}  // namespace planwise::mysql

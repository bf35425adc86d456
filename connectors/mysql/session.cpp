#include "connectors/mysql/session.h"

#include <fmt/format.h>
#include <mysql.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <utility>

#include "connectors/mysql/server_error.h"

namespace planwise::mysql {
namespace {

using std::chrono::steady_clock;

// Beyond its own statement_timeout a statement gets this long before the client gives it up.
constexpr std::chrono::seconds kGrace{2};
// A suspended call whose socket was shut down ends in a few steps; the bound is against a defect of the
// library.
constexpr int kMostSteps = 1000;

// What of `status` is ready by the deadline, in the library's bits; 0 when the deadline has passed.
int ready_by(st_mysql* connection, int status, Deadline deadline) {
  pollfd watched{static_cast<int>(mysql_get_socket(connection)), 0, 0};
  watched.events = static_cast<short>(((status & MYSQL_WAIT_READ) != 0 ? POLLIN : 0) |
                                      ((status & MYSQL_WAIT_WRITE) != 0 ? POLLOUT : 0) |
                                      ((status & MYSQL_WAIT_EXCEPT) != 0 ? POLLPRI : 0));
  const bool has_own = (status & MYSQL_WAIT_TIMEOUT) != 0;
  const Deadline own =
      steady_clock::now() + std::chrono::milliseconds(mysql_get_timeout_value_ms(connection));
  for (;;) {
    const Deadline until = has_own ? std::min(own, deadline) : deadline;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
    const int ready =
        poll(&watched, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000)));
    if (ready > 0) {
      const int events = ((watched.revents & POLLOUT) != 0 ? MYSQL_WAIT_WRITE : 0) |
                         ((watched.revents & POLLPRI) != 0 ? MYSQL_WAIT_EXCEPT : 0) |
                         ((watched.revents & (POLLIN | POLLHUP | POLLERR)) != 0 ? MYSQL_WAIT_READ : 0);
      return (events & status) != 0 ? events & status : status & ~MYSQL_WAIT_TIMEOUT;
    }
    if (steady_clock::now() >= deadline || (ready < 0 && errno != EINTR)) {
      return 0;
    }
    if (has_own && steady_clock::now() >= own) {
      return MYSQL_WAIT_TIMEOUT;
    }
  }
}

}  // namespace

// COM_QUIT goes out first, into a socket that has been shut down where the server did not answer.
void Session::Close::operator()(st_mysql* connection) const noexcept {
  mysql_close(connection);
}

// Reads what is left of the result, so the socket must have been shut down where that could take long.
void Session::Free::operator()(st_mysql_res* result) const noexcept {
  mysql_free_result(result);
}

Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Result<void> Session::reopen(Deadline deadline) {
  close();
  return connect(deadline);
}

void Session::close() {
  connection_.reset();
}

std::string Session::variable(const std::string& name) const {
  const auto at = variables_.find(name);
  return at == variables_.end() ? std::string() : at->second;
}

bool Session::is_on(const std::string& name) const {
  const std::string value = variable(name);
  return value == "ON" || value == "1";
}

Deadline Session::effective(std::optional<Deadline> deadline) const {
  return std::min(deadline.value_or(steady_clock::now() + options_.statement_timeout + kGrace), deadline_);
}

Result<Rows> Session::query(std::string_view sql, std::optional<Deadline> deadline) {
  return exchange(sql, effective(deadline));
}

bool Session::finish(int status, Deadline deadline, const std::function<int(int ready)>& go_on) {
  bool in_time = true;
  for (int steps = 0; status != 0; ++steps) {
    int ready = in_time ? ready_by(connection_.get(), status, deadline) : status & ~MYSQL_WAIT_TIMEOUT;
    if (ready == 0) {
      in_time = false;
      steps = 0;
      ready = status & ~MYSQL_WAIT_TIMEOUT;
      shutdown(static_cast<int>(mysql_get_socket(connection_.get())), SHUT_RDWR);
    }
    if (!in_time && steps > kMostSteps) {
      break;
    }
    status = go_on(ready);
  }
  return in_time;
}

Result<Rows> Session::exchange(std::string_view sql, Deadline deadline) {
  error_number_ = 0;
  if (!is_open()) {
    return Error{ErrorCode::kUnavailable, "the session is closed"};
  }
  if (options_.intercept) {
    if (auto answer = options_.intercept(sql)) {
      return *std::move(answer);
    }
  }
  if (steady_clock::now() >= deadline) {
    return Error{ErrorCode::kTimeout, "no time left"};
  }
  ++round_trips_;
  const std::string text = fmt::format("{} {}", sql, kMarker);
  MYSQL* const connection = connection_.get();
  int failure = 0;
  const int status = mysql_real_query_start(&failure, connection, text.data(), text.size());
  if (!finish(status, deadline,
              [&](int ready) { return mysql_real_query_cont(&failure, connection, ready); })) {
    return give_up("the server did not answer in time", ErrorCode::kTimeout);
  }
  return failure != 0 ? Result<Rows>(failed()) : receive(deadline);
}

// Row by row, so that an endless answer is noticed before it is kept.
Session::End Session::read_rows(st_mysql_res* result, Rows& rows, Deadline deadline) {
  const unsigned columns = mysql_num_fields(result);
  for (;;) {
    MYSQL_ROW row = nullptr;
    const int status = mysql_fetch_row_start(&row, result);
    const bool in_time =
        finish(status, deadline, [&](int ready) { return mysql_fetch_row_cont(&row, result, ready); });
    if (!in_time || steady_clock::now() >= deadline) {
      return End::kLate;
    }
    if (row == nullptr) {
      return mysql_errno(connection_.get()) != 0 ? End::kFailed : End::kComplete;
    }
    const unsigned long* const lengths = mysql_fetch_lengths(result);
    for (unsigned i = 0; i < columns; ++i) {
      rows.append(row[i] == nullptr ? std::nullopt : std::optional(std::string_view(row[i], lengths[i])));
    }
    if (rows.bytes() > options_.response_limit) {
      return End::kTooLarge;
    }
  }
}

Result<Rows> Session::receive(Deadline deadline) {
  MYSQL* const connection = connection_.get();
  ResultHandle result(mysql_use_result(connection));
  if (result == nullptr) {
    return mysql_errno(connection) != 0 ? Result<Rows>(failed()) : Result<Rows>(Rows{});
  }
  const MYSQL_FIELD* const fields = mysql_fetch_fields(result.get());
  std::vector<std::string> names;
  for (unsigned i = 0; i < mysql_num_fields(result.get()); ++i) {
    names.emplace_back(fields[i].name, fields[i].name_length);
  }
  Rows rows(std::move(names));
  const End end = read_rows(result.get(), rows, deadline);
  if (end != End::kComplete && end != End::kFailed) {
    shutdown(static_cast<int>(mysql_get_socket(connection)), SHUT_RDWR);
  }
  result.reset();  // before its connection goes
  switch (end) {
    case End::kLate: return give_up("the server did not answer in time", ErrorCode::kTimeout);
    case End::kTooLarge: return give_up("the answer is larger than planwise takes", ErrorCode::kUnsupported);
    case End::kFailed: return failed();
    case End::kComplete: break;
  }
  return rows;
}

// What the last call failed of. Where the connection is gone, so is the session.
Error Session::failed() {
  const unsigned number = mysql_errno(connection_.get());
  const std::string message = mysql_error(connection_.get());
  if (is_server_error(number)) {
    error_number_ = number;
    if (ends_session(number)) {
      close();
    }
    return statement_error(number, message);
  }
  close();
  return {ErrorCode::kUnavailable, "the server closed the connection",
          "look in the server's log why; it may have restarted or ended the session"};
}

Error Session::give_up(std::string_view why, ErrorCode code) {
  kill_query_in_background(login_, mysql_thread_id(connection_.get()));
  close();
  return {code, std::string(why), ""};
}

}  // namespace planwise::mysql

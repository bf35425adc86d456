#include "connectors/postgres/session.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <thread>

#include "connectors/postgres/server_error.h"

namespace planwise::pg {
namespace {

using std::chrono::steady_clock;

// Beyond its own statement_timeout a statement gets this long before the client gives it up.
constexpr std::chrono::seconds kGrace{2};

// libpq 15 can only cancel by blocking, and a stopped server never answers; so another thread does it, and
// nobody waits for that thread. Their number is bounded: beyond it the closed socket must do.
void cancel_in_background(PGconn* connection) {
  static constexpr int kMostAtOnce = 8;
  static std::atomic<int> at_work{0};
  PGcancel* const request = PQgetCancel(connection);
  if (request == nullptr) {
    return;
  }
  if (at_work.fetch_add(1) >= kMostAtOnce) {
    at_work.fetch_sub(1);
    PQfreeCancel(request);
    return;
  }
  std::thread([request] {
    // PQcancel's send() raises SIGPIPE where the server has gone (libpq's other writes suppress it).
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    char ignored[256];
    PQcancel(request, ignored, sizeof ignored);
    PQfreeCancel(request);
    at_work.fetch_sub(1);
  }).detach();
}

}  // namespace

// What one statement has answered so far.
struct Session::Answer {
  std::optional<Rows> rows;
  std::optional<Error> error;
  bool is_complete = false;
};

void Session::Finish::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

void Session::Clear::operator()(pg_result* result) const noexcept {
  PQclear(result);
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

bool Session::has(const Gate& gate) const {
  return pg::has(gate, server_);
}

std::string Session::extension_schema(const std::string& extension) const {
  const auto at = server_.extension_schemas.find(extension);
  return at == server_.extension_schemas.end() ? std::string() : at->second;
}

Deadline Session::effective(std::optional<Deadline> deadline) const {
  return std::min(deadline.value_or(steady_clock::now() + options_.statement_timeout + kGrace), deadline_);
}

Result<Rows> Session::query(std::string_view sql, std::span<const Parameter> parameters,
                            std::optional<Deadline> deadline) {
  const Command command{std::string(sql), {parameters.begin(), parameters.end()}};
  PLANWISE_TRY(auto answers, run({&command, 1}, deadline));
  return std::move(answers[0]);
}

Result<std::vector<Result<Rows>>> Session::run(std::span<const Command> commands,
                                               std::optional<Deadline> deadline) {
  if (!is_pooled_) {
    return exchange(commands, effective(deadline));
  }
  std::vector<Command> wrapped{{"BEGIN READ ONLY", {}}};
  std::ranges::move(limits(true), std::back_inserter(wrapped));
  const auto before = static_cast<std::ptrdiff_t>(wrapped.size());
  wrapped.insert(wrapped.end(), commands.begin(), commands.end());
  wrapped.push_back({"ROLLBACK", {}});
  PLANWISE_TRY(auto answers, exchange(wrapped, effective(deadline)));
  if (is_open() && PQtransactionStatus(connection_.get()) != PQTRANS_IDLE) {
    PLANWISE_CHECK_OK(exchange({&wrapped.back(), 1}, effective(deadline)));
  }
  return std::vector<Result<Rows>>(std::move_iterator(answers.begin() + before),
                                   std::move_iterator(answers.end() - 1));
}

Result<std::vector<Result<Rows>>> Session::exchange(std::span<const Command> commands, Deadline deadline) {
  sqlstate_.clear();
  if (!is_open()) {
    return Error{ErrorCode::kUnavailable, "the session is closed"};
  }
  if (options_.intercept) {
    for (const Command& command : commands) {
      if (auto answer = options_.intercept(command.sql)) {
        return std::vector<Result<Rows>>(commands.size(), Result<Rows>(*answer));
      }
    }
  }
  if (steady_clock::now() >= deadline) {
    return Error{ErrorCode::kTimeout, "no time left"};
  }
  ++round_trips_;
  for (const Command& command : commands) {
    PLANWISE_CHECK_OK(send(command));
  }
  if (PQpipelineSync(connection_.get()) != 1) {
    return lost();
  }
  PLANWISE_CHECK_OK(flush(deadline));
  std::vector<Result<Rows>> answers;
  answers.reserve(commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) {
    Answer answer;
    PLANWISE_CHECK_OK(receive(answer, deadline));
    if (answer.error) {
      answers.emplace_back(*std::move(answer.error));
    } else {
      answers.emplace_back(answer.rows ? *std::move(answer.rows) : Rows{});
    }
  }
  PLANWISE_TRY(const ResultHandle sync, next_result(deadline));
  return answers;
}

Result<void> Session::send(const Command& command) {
  const std::string sql = fmt::format("{}\n{}", command.sql, kMarker);
  std::vector<const char*> values;
  values.reserve(command.parameters.size());
  for (const Parameter& parameter : command.parameters) {
    values.push_back(parameter ? parameter->c_str() : nullptr);
  }
  const int sent = PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                     values.data(), nullptr, nullptr, 0);
  return sent == 1 ? Result<void>() : Result<void>(lost());
}

// Reads while it writes, so that two full buffers cannot wait for each other.
Result<void> Session::flush(Deadline deadline) {
  for (;;) {
    const int left = PQflush(connection_.get());
    if (left == 0) {
      return {};
    }
    if (left < 0) {
      return lost();
    }
    if (auto ready = wait(POLLIN | POLLOUT, deadline); !ready) {
      return give_up("the server did not read in time", ErrorCode::kTimeout);
    }
    if (PQconsumeInput(connection_.get()) != 1) {
      return lost();
    }
  }
}

Result<void> Session::wait(short events, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
    pollfd watched{PQsocket(connection_.get()), events, 0};
    const int timeout = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
    const int ready = poll(&watched, 1, timeout);
    if (ready > 0) {
      return {};
    }
    if ((ready == 0 && steady_clock::now() >= deadline) || (ready < 0 && errno != EINTR)) {
      return Error{ErrorCode::kTimeout, "the server did not answer in time"};
    }
  }
}

// The next result, or nullptr at the end of one statement's results.
Result<Session::ResultHandle> Session::next_result(Deadline deadline) {
  while (PQisBusy(connection_.get()) == 1) {
    if (auto readable = wait(POLLIN, deadline); !readable) {
      return give_up("the server did not answer in time", ErrorCode::kTimeout);
    }
    if (PQconsumeInput(connection_.get()) != 1) {
      return lost();
    }
  }
  return ResultHandle(PQgetResult(connection_.get()));
}

Result<void> Session::receive(Answer& answer, Deadline deadline) {
  PQsetSingleRowMode(connection_.get());
  for (;;) {
    PLANWISE_TRY(ResultHandle result, next_result(deadline));
    if (result == nullptr) {
      return answer.is_complete ? Result<void>() : Result<void>(lost());
    }
    PLANWISE_CHECK_OK(take(result.get(), answer));
  }
}

Result<void> Session::take(PGresult* result, Answer& answer) {
  const ExecStatusType status = PQresultStatus(result);
  answer.is_complete = true;
  if (status == PGRES_PIPELINE_ABORTED) {
    answer.error = Error{ErrorCode::kUnavailable, "not run, because a statement before it failed"};
    return {};
  }
  if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state == nullptr) {  // libpq's own: the connection is gone
      return lost();
    }
    sqlstate_ = state;
    answer.error = statement_error(state, message == nullptr ? "" : message);
    return PQstatus(connection_.get()) == CONNECTION_BAD ? Result<void>(lost()) : Result<void>();
  }
  const int columns = PQnfields(result);
  if (!answer.rows) {
    std::vector<std::string> names;
    names.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
      names.emplace_back(PQfname(result, column));
    }
    answer.rows.emplace(std::move(names));
  }
  for (int row = 0; row < PQntuples(result); ++row) {
    for (int column = 0; column < columns; ++column) {
      if (PQgetisnull(result, row, column) == 1) {
        answer.rows->append(std::nullopt);
      } else {
        answer.rows->append(std::string_view(PQgetvalue(result, row, column),
                                             static_cast<std::size_t>(PQgetlength(result, row, column))));
      }
    }
  }
  if (answer.rows->bytes() > options_.response_limit) {
    return give_up("the answer is larger than planwise takes", ErrorCode::kUnsupported);
  }
  return {};
}

Error Session::lost() {
  const std::string_view state = sqlstate_in(PQerrorMessage(connection_.get()));
  Error error{ErrorCode::kUnavailable, "the server closed the connection",
              "look in the server's log why; it may have restarted or ended the session"};
  if (!state.empty()) {
    sqlstate_ = state;
    error.message += fmt::format(" (SQLSTATE {})", state);
  }
  close();
  return error;
}

Error Session::give_up(std::string_view why, ErrorCode code) {
  cancel_in_background(connection_.get());
  close();
  return {code, std::string(why), ""};
}

}  // namespace planwise::pg

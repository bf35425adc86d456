// How a session begins: the login, what stands on the other side, and the limits.
#include <errmsg.h>
#include <fmt/format.h>
#include <mysql.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "analyzer/sql/quote.h"
#include "connectors/mysql/privileges.h"
#include "connectors/mysql/server_error.h"
#include "connectors/mysql/session.h"
#include "connectors/version_text.h"

namespace planwise::mysql {
namespace {

using std::chrono::steady_clock;

// Shuts a socket down when its time is over: libmariadb's TLS handshake waits by itself, read by read.
class SocketWatch {
 public:
  SocketWatch(int socket, Deadline deadline) : socket_(socket), copy_(dup(socket)) {
    watcher_ = std::jthread([this, deadline](const std::stop_token& stop) {
      std::mutex mutex;
      std::condition_variable_any end;
      std::unique_lock lock(mutex);
      end.wait_until(lock, stop, deadline, [] { return false; });
      if (!stop.stop_requested()) {
        shutdown(copy_, SHUT_RDWR);
      }
    });
  }
  SocketWatch(const SocketWatch&) = delete;
  SocketWatch& operator=(const SocketWatch&) = delete;
  ~SocketWatch() {
    watcher_.request_stop();
    watcher_.join();
    ::close(copy_);
  }
  [[nodiscard]] int socket() const { return socket_; }

 private:
  int socket_;
  int copy_;  // stays this socket where the library closes its own and opens another
  std::jthread watcher_;
};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char letter) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  });
  return text;
}

}  // namespace

Result<Session> Session::open(Login login, SessionOptions options, Deadline deadline) {
  Session session(std::move(login), std::move(options));
  PLANWISE_CHECK_OK(session.connect(deadline));
  return session;
}

Result<void> Session::connect(Deadline deadline) {
  deadline = std::min(deadline, deadline_);
  if (login_.connect_timeout) {
    deadline = std::min(deadline, steady_clock::now() + *login_.connect_timeout);
  }
  PLANWISE_CHECK_OK(log_in(deadline));
  auto ready = set_up(deadline);
  if (!ready) {
    close();
  }
  return ready;
}

Result<void> Session::log_in(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(deadline - steady_clock::now());
  connection_.reset(prepared_handle(login_, left).release());
  MYSQL* const connection = connection_.get();
  if (connection == nullptr) {
    return Error{ErrorCode::kInternal, "out of memory"};
  }
  mysql_options(connection, MYSQL_OPT_NONBLOCK, nullptr);
  const Destination to = destination_of(login_);
  MYSQL* connected = nullptr;
  const std::string own_schema(kOwnSchema);
  const int status =
      mysql_real_connect_start(&connected, connection, to.host, login_.user.c_str(), login_.password.c_str(),
                               own_schema.c_str(), to.port, to.socket, 0);
  std::unique_ptr<SocketWatch> watch;
  const bool in_time = finish(status, deadline, [&](int ready) {
    const int socket = static_cast<int>(mysql_get_socket(connection));
    if (watch == nullptr || watch->socket() != socket) {
      watch = std::make_unique<SocketWatch>(socket, deadline);
    }
    return mysql_real_connect_cont(&connected, connection, ready);
  });
  watch.reset();
  if (!in_time || (connected == nullptr && steady_clock::now() >= deadline)) {
    close();
    return Error{ErrorCode::kTimeout, fmt::format("{} did not answer in time", login_.place()),
                 "check host and port, and whether a firewall drops packets on the way"};
  }
  if (connected == nullptr) {
    Error error = connection_error(mysql_errno(connection), mysql_error(connection), login_);
    close();
    return error;
  }
  if (login_.tls >= TlsMode::kRequired && !login_.is_local() && mysql_get_ssl_cipher(connection) == nullptr) {
    close();
    return connection_error(CR_SSL_CONNECTION_ERROR, "the server does not support TLS", login_);
  }
  return {};
}

Result<void> Session::set_up(Deadline deadline) {
  PLANWISE_CHECK_OK(read_variables(deadline));
  if (!has(kSupported)) {
    const Version oldest = server_.engine == Engine::kMariaDb ? kSupported.mariadb : kSupported.mysql;
    return Error{ErrorCode::kUnsupported,
                 fmt::format("{} {} is older than planwise supports",
                             server_.engine == Engine::kMariaDb ? "MariaDB" : "MySQL", server_.version_text),
                 fmt::format("the oldest supported version is {}", to_string(oldest))};
  }
  PLANWISE_CHECK_OK(set_limits(deadline));
  PLANWISE_CHECK_OK(check_login(deadline));
  return check_database(deadline);
}

Result<void> Session::read_variables(Deadline deadline) {
  auto answer = exchange("SHOW GLOBAL VARIABLES", deadline);
  if (!answer) {
    return std::move(answer).error().in("setting up the session");
  }
  variables_.clear();
  for (std::size_t i = 0; i < answer->size(); ++i) {
    const Row row = (*answer)[i];
    variables_[lower(row.text_or_empty("Variable_name"))] = row.text_or_empty("Value");
  }
  server_ = ServerInfo{};
  server_.version_text = variable("version");
  server_.version = parse_version(server_.version_text);
  const bool is_mariadb =
      lower(server_.version_text + variable("version_comment")).find("mariadb") != std::string::npos;
  server_.engine = is_mariadb ? Engine::kMariaDb : Engine::kMySql;
  server_.database = login_.database;
  server_.system_identifier = variable(is_mariadb ? "server_uid" : "server_uuid");
  return {};
}

// What the server does not have is not set: the list of its variables says it.
Result<void> Session::set_limits(Deadline deadline) {
  std::string sql = "SET SESSION sql_mode = '', time_zone = '+00:00', wait_timeout = 28800";
  const auto set = [&](const std::string& name, const std::string& value) {
    if (variables_.contains(name)) {
      sql += fmt::format(", {} = {}", name, value);
    }
  };
  const double seconds = std::chrono::duration<double>(options_.statement_timeout).count();
  set("lock_wait_timeout", std::to_string(options_.lock_wait_timeout.count()));
  set("max_statement_time", fmt::format("{:.3f}", seconds));                      // MariaDB, all statements
  set("max_execution_time", std::to_string(options_.statement_timeout.count()));  // MySQL, SELECT only
  set("information_schema_stats_expiry", "0");  // MySQL 8: else row counts are up to a day old
  for (const std::string& one : {sql, std::string("SET SESSION TRANSACTION READ ONLY")}) {
    if (auto done = exchange(one, deadline); !done) {
      return std::move(done).error().in("setting up the session");
    }
  }
  return {};
}

Result<void> Session::check_login(Deadline deadline) {
  const auto ask = [&](std::string_view sql) { return exchange(sql, deadline); };
  PLANWISE_TRY(const Rows user, ask("SELECT CURRENT_USER() AS account"));
  account_ = user.empty() ? login_.user : user[0].text_or_empty("account");
  PLANWISE_TRY(const std::vector<std::string> grants, read_grants(ask, server_));
  const std::vector<std::string> powers = powers_of(grants);
  if (powers.empty() || options_.allow_privileged) {
    return {};
  }
  const std::vector<std::string> schemas =
      login_.database.empty() ? std::vector<std::string>{"shop"} : std::vector<std::string>{login_.database};
  return privileged_login(account_, powers, schemas, server_);
}

Result<void> Session::check_database(Deadline deadline) {
  if (login_.database.empty()) {
    return {};
  }
  PLANWISE_TRY(
      const Rows found,
      exchange(
          fmt::format("SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {}",
                      literal(login_.database, server_.engine)),
          deadline));
  if (found.empty()) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("{} has no database \"{}\", or account \"{}\" may not see it", login_.place(),
                             login_.database, account_),
                 fmt::format("check the name; or run: GRANT SELECT ON {}.* TO {}",
                             quoted(login_.database, server_.engine), account_text(account_))};
  }
  return {};
}

}  // namespace planwise::mysql

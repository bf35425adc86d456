#include "tests/support/mysql_server.h"

#include <fmt/format.h>
#include <mysql.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <thread>

#include "tests/support/process.h"
#include "tests/support/read_file.h"

namespace planwise::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{60};  // for a start or a stop on a loaded machine

fs::path temporary_folder() {
  std::string path = (fs::temp_directory_path() / "planwise-my-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) {
    throw std::runtime_error("mkdtemp " + path + " failed");
  }
  return path;
}

// Nobody listens on it now. Another process can still take it before the server does: then the start fails.
int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const bool bound = bind(probe, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                     getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  close(probe);
  if (!bound) {
    throw std::runtime_error("no free port");
  }
  return ntohs(address.sin_port);
}

bool is_mariadb(const std::string& program) {
  return program.find("mariadb") != std::string::npos;
}

// The package of MySQL 5.6 brings its system tables along; MariaDB makes them.
fs::path template_folder(const std::string& program) {
  if (!is_mariadb(program)) {
    return fs::path(program).parent_path() / "data/mysql";
  }
  const std::string version = run({program, "--version"}).output;
  const fs::path kept = fs::temp_directory_path() / fmt::format("planwise-mariadb-{}-{:016x}", geteuid(),
                                                                std::hash<std::string>{}(program + version));
  if (!fs::exists(kept)) {
    const fs::path fresh = temporary_folder();
    std::vector<std::string> command{"mariadb-install-db",
                                     "--no-defaults",
                                     "--datadir=" + (fresh / "data").string(),
                                     "--auth-root-authentication-method=normal",
                                     "--skip-test-db",
                                     "--skip-name-resolve"};
    if (geteuid() == 0) {
      command.emplace_back("--user=root");
    }
    if (const ProcessResult result = run(command); result.status != 0) {
      throw std::runtime_error("mariadb-install-db: " + result.output);
    }
    std::error_code lost_the_race;
    fs::rename(fresh, kept, lost_the_race);
    if (lost_the_race) {
      fs::remove_all(fresh);
    }
  }
  return kept / "data";
}

[[noreturn]] void fail(MYSQL* connection, std::string_view statement) {
  throw std::runtime_error(
      fmt::format("{} ({}) in: {}", mysql_error(connection), mysql_errno(connection), statement));
}

}  // namespace

void MySqlClient::Close::operator()(st_mysql* connection) const noexcept {
  mysql_close(connection);
}

void MySqlClient::Close::operator()(st_mysql_stmt* statement) const noexcept {
  mysql_stmt_close(statement);
}

MySqlClient::MySqlClient(const std::string& socket, std::string_view database, std::string_view user,
                         std::string_view password)
    : connection_(mysql_init(nullptr)) {
  mysql_options(connection_.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (mysql_real_connect(
          connection_.get(), "localhost", std::string(user).c_str(), std::string(password).c_str(),
          database.empty() ? nullptr : std::string(database).c_str(), 0, socket.c_str(), 0) == nullptr) {
    fail(connection_.get(), "a login");
  }
}

std::vector<std::vector<std::string>> MySqlClient::sql(std::string_view statement) const {
  MYSQL* const connection = connection_.get();
  if (mysql_real_query(connection, statement.data(), statement.size()) != 0) {
    fail(connection, statement);
  }
  const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result(mysql_store_result(connection),
                                                                        &mysql_free_result);
  std::vector<std::vector<std::string>> rows;
  while (const MYSQL_ROW row = result == nullptr ? nullptr : mysql_fetch_row(result.get())) {
    const unsigned long* const lengths = mysql_fetch_lengths(result.get());
    rows.emplace_back();
    for (unsigned i = 0; i < mysql_num_fields(result.get()); ++i) {
      rows.back().emplace_back(row[i] == nullptr ? "" : row[i], row[i] == nullptr ? 0 : lengths[i]);
    }
  }
  return rows;
}

void MySqlClient::execute_prepared(std::string_view statement, int times, int parameters) {
  MYSQL* const connection = connection_.get();
  std::unique_ptr<MYSQL_STMT, Close> prepared(mysql_stmt_init(connection));
  if (mysql_stmt_prepare(prepared.get(), statement.data(), statement.size()) != 0) {
    fail(connection, statement);
  }
  int value = 0;
  std::vector<MYSQL_BIND> bound(static_cast<std::size_t>(parameters), MYSQL_BIND{});
  for (MYSQL_BIND& one : bound) {
    one.buffer_type = MYSQL_TYPE_LONG;
    one.buffer = &value;
  }
  if (parameters > 0) {
    mysql_stmt_bind_param(prepared.get(), bound.data());
  }
  for (int i = 0; i < times; ++i) {
    value = i + 1;
    if (mysql_stmt_execute(prepared.get()) != 0 || mysql_stmt_store_result(prepared.get()) != 0) {
      fail(connection, statement);
    }
    mysql_stmt_free_result(prepared.get());
  }
  statements_.push_back(std::move(prepared));
}

MySqlServer::MySqlServer(MySqlServerOptions options)
    : options_(std::move(options)), folder_(temporary_folder()), port_(free_port()) {
  prepare_data();
  start();
  if (!is_mariadb(options_.program)) {  // accounts for anybody, which go before those of a name
    sql("DELETE FROM mysql.user WHERE User = ''");
    sql("FLUSH PRIVILEGES");
  }
}

MySqlServer::~MySqlServer() {
  try {
    stop();
  } catch (const std::exception&) {
    ::kill(process_, SIGKILL);
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

bool MySqlServer::available(const std::string& program) {
  return access(program.c_str(), X_OK) == 0;
}

std::string MySqlServer::mysql56() {
  for (const std::string& folder :
       {std::string(PLANWISE_SOURCE_DIR) + "/build/mysql", std::string("/var/tmp/planwise-mysql")}) {
    const std::string program = folder + "/5.6/mysqld";
    if (available(program)) {
      return program;
    }
  }
  return "";
}

void MySqlServer::prepare_data() const {
  const ProcessResult copied =
      run({"cp", "-a", template_folder(options_.program).string(), (folder_ / "data").string()});
  if (copied.status != 0) {
    throw std::runtime_error("cp: " + copied.output);
  }
}

void MySqlServer::start() {
  const fs::path home = fs::path(options_.program).parent_path();
  std::vector<std::string> command{options_.program, "--no-defaults"};
  if (!is_mariadb(options_.program)) {  // it brings a library along
    command = {"env",
               "LD_LIBRARY_PATH=" + home.string(),
               options_.program,
               "--no-defaults",
               "--basedir=" + home.string(),
               "--lc-messages-dir=" + (home / "share").string()};
  }
  for (const std::string& option :
       {"--datadir=" + (folder_ / "data").string(), "--socket=" + socket(),
        // Of its own: a server that starts removes the temporary tables of all others that share the folder.
        "--tmpdir=" + folder_.string(), "--pid-file=" + (folder_ / "pid").string(),
        "--port=" + std::to_string(port_), std::string("--bind-address=127.0.0.1"),
        std::string("--innodb-buffer-pool-size=32M"), std::string("--innodb-flush-log-at-trx-commit=0"),
        std::string("--performance-schema=ON"), std::string("--skip-name-resolve")}) {
    command.push_back(option);
  }
  if (!options_.tcp) {
    command.emplace_back("--skip-networking");
  }
  if (geteuid() == 0) {
    command.emplace_back("--user=root");
  }
  for (const std::string& setting : options_.settings) {
    command.push_back("--" + setting);
  }
  process_ = spawn(command, (folder_ / "log").string(), RunAs::kSelf, SIGKILL);
  const auto deadline = steady_clock::now() + kPatience;
  while (!answers()) {
    if (waitpid(process_, nullptr, WNOHANG) == process_) {
      process_ = -1;
      throw std::runtime_error("the server ended at start: " + read_file(folder_ / "log"));
    }
    if (steady_clock::now() > deadline) {
      throw std::runtime_error("the server does not start: " + read_file(folder_ / "log"));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

bool MySqlServer::answers() const {
  const std::unique_ptr<MYSQL, decltype(&mysql_close)> probe(mysql_init(nullptr), &mysql_close);
  return mysql_real_connect(probe.get(), "localhost", "root", "", nullptr, 0, socket().c_str(), 0) != nullptr;
}

void MySqlServer::stop() {
  if (process_ < 0) {
    return;
  }
  resume();
  ::kill(process_, SIGTERM);
  const auto deadline = steady_clock::now() + kPatience;
  while (waitpid(process_, nullptr, WNOHANG) == 0) {
    if (steady_clock::now() > deadline) {
      ::kill(process_, SIGKILL);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  process_ = -1;
}

void MySqlServer::pause() {
  ::kill(process_, SIGSTOP);
  waitpid(process_, nullptr, WUNTRACED);  // its threads stop one after the other
}

void MySqlServer::resume() {
  ::kill(process_, SIGCONT);
}

std::string MySqlServer::dsn(std::string_view database, std::string_view user) const {
  return fmt::format("mysql://{}@localhost/{}?socket={}", user, database, socket());
}

std::string MySqlServer::tcp_dsn(std::string_view database, std::string_view user) const {
  return fmt::format("mysql://{}@127.0.0.1:{}/{}", user, port_, database);
}

MySqlClient MySqlServer::client(std::string_view database, std::string_view user,
                                std::string_view password) const {
  return {socket(), database, user, password};
}

std::vector<std::vector<std::string>> MySqlServer::sql(std::string_view statement, std::string_view database,
                                                       std::string_view user) const {
  return client(database, user).sql(statement);
}

void MySqlServer::script(std::string_view statements, std::string_view database) const {
  const MySqlClient runner = client(database);
  for (std::size_t end = statements.find(";\n"); end != std::string_view::npos;
       end = statements.find(";\n")) {
    runner.sql(statements.substr(0, end));
    statements.remove_prefix(end + 2);
  }
}

std::string MySqlServer::value(std::string_view statement, std::string_view database) const {
  const auto rows = sql(statement, database);
  if (rows.empty() || rows[0].empty()) {
    throw std::runtime_error("no row from: " + std::string(statement));
  }
  return rows[0][0];
}

}  // namespace planwise::test

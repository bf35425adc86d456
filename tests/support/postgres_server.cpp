#include "tests/support/postgres_server.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>

#include "tests/support/process.h"
#include "tests/support/read_file.h"

namespace planwise::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{30};  // for a start or a stop on a loaded machine

void check(const ProcessResult& result, std::string_view what) {
  if (result.status != 0) {
    throw std::runtime_error(fmt::format("{} ended with {}: {}", what, result.status, result.output));
  }
}

void give_to_postgres(const fs::path& path) {
  const Account account = postgres_account();
  if (chown(path.c_str(), account.user, account.group) != 0) {
    throw std::runtime_error("chown " + path.string() + " failed");
  }
}

fs::path temporary_folder(const std::string& prefix) {
  std::string path = (fs::temp_directory_path() / (prefix + "XXXXXX")).string();
  if (mkdtemp(path.data()) == nullptr) {
    throw std::runtime_error("mkdtemp " + path + " failed");
  }
  give_to_postgres(path);
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

// A data folder fresh from initdb, made once for these programs and kept between test processes.
fs::path template_folder(const PostgresServerOptions& options) {
  const Account account = postgres_account();
  const std::string version = run({options.bin_dir + "/postgres", "--version"}, RunAs::kPostgres).output;
  const std::size_t key =
      std::hash<std::string>{}(options.bin_dir + version + options.encoding + options.locale);
  const fs::path kept =
      fs::temp_directory_path() / fmt::format("planwise-initdb-{}-{:016x}", account.user, key);
  if (!fs::exists(kept)) {
    const fs::path fresh = temporary_folder("planwise-initdb-");
    check(run({options.bin_dir + "/initdb", "-D", (fresh / "data").string(), "-U", "postgres", "-A", "trust",
               "-N", "-E", options.encoding, "--locale=" + options.locale, "--wal-segsize=1"},
              RunAs::kPostgres),
          "initdb");
    std::error_code lost_the_race;
    fs::rename(fresh, kept, lost_the_race);
    if (lost_the_race) {
      fs::remove_all(fresh);
    }
  }
  return kept / "data";
}

std::string quoted(std::string_view identifier) {
  std::string out = "\"";
  for (const char letter : identifier) {
    out += letter == '"' ? "\"\"" : std::string(1, letter);
  }
  return out + "\"";
}

std::string keyword_value(std::string_view text) {
  std::string out = "'";
  for (const char letter : text) {
    out += letter == '\'' || letter == '\\' ? "\\" : "";
    out += letter;
  }
  return out + "'";
}

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};

}  // namespace

PostgresServer::PostgresServer(PostgresServerOptions options) : options_(std::move(options)) {
  const fs::path source = template_folder(options_);
  prepare_folder();
  check(run({"cp", "-a", source.string(), data_dir().string()}), "cp");
  write_configuration();
  start();
}

PostgresServer::PostgresServer(const PostgresServer& primary, Standby) : options_(primary.options_) {
  prepare_folder();
  check(run({options_.bin_dir + "/pg_basebackup", "-D", data_dir().string(), "-d", primary.dsn(), "-R", "-N",
             "-X", "stream", "-c", "fast"},
            RunAs::kPostgres),
        "pg_basebackup");
  write_configuration();
  start();
  const std::string target = primary.value("SELECT pg_current_wal_flush_lsn()");
  const auto deadline = steady_clock::now() + kPatience;
  while (value(fmt::format("SELECT pg_last_wal_replay_lsn() >= '{}'", target)) != "t") {
    if (steady_clock::now() > deadline) {
      throw std::runtime_error("the standby does not catch up: " + read_file(log_file()));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

PostgresServer::~PostgresServer() {
  try {
    stop();
  } catch (const std::exception&) {
    signal_all(SIGKILL);
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

bool PostgresServer::available(const std::string& bin_dir) {
  return access((bin_dir + "/postgres").c_str(), X_OK) == 0 &&
         access((bin_dir + "/initdb").c_str(), X_OK) == 0;
}

PostgresServer PostgresServer::standby() const {
  return {*this, Standby{}};
}

void PostgresServer::prepare_folder() {
  folder_ = temporary_folder("planwise-pg-");
  fs::permissions(folder_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  port_ = free_port();
}

void PostgresServer::write_configuration() const {
  std::ofstream configuration(data_dir() / "postgresql.conf", std::ios::app);
  configuration
      << "\nfsync = off\nfull_page_writes = off\nautovacuum_naptime = 1h\nwal_retrieve_retry_interval = "
         "100ms\n"
         "shared_buffers = 32MB\nmax_wal_size = 256MB\nshared_preload_libraries = 'pg_stat_statements'\n"
         "unix_socket_permissions = 0777\ntrack_io_timing = on\n"
      << fmt::format("port = {}\nunix_socket_directories = '{}'\nlisten_addresses = '{}'\n", port_,
                     folder_.string(), options_.tcp ? "127.0.0.1" : "");
  for (const std::string& setting : options_.settings) {
    configuration << setting << '\n';
  }
  std::ofstream hba(data_dir() / "pg_hba.conf");
  hba << "local all postgres trust\nlocal replication postgres trust\n"
      << fmt::format("local all all {0}\nhost all all 127.0.0.1/32 {0}\n", options_.auth);
}

void PostgresServer::start() {
  postmaster_ = spawn({options_.bin_dir + "/postgres", "-D", data_dir().string()}, log_file().string(),
                      RunAs::kPostgres);
  const auto deadline = steady_clock::now() + kPatience;
  while (PQping(dsn().c_str()) != PQPING_OK) {
    int status = 0;
    if (waitpid(postmaster_, &status, WNOHANG) == postmaster_) {
      postmaster_ = -1;
      throw std::runtime_error("the server ended at start: " + read_file(log_file()));
    }
    if (steady_clock::now() > deadline) {
      throw std::runtime_error("the server does not start: " + read_file(log_file()));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void PostgresServer::stop() {
  if (postmaster_ < 0) {
    return;
  }
  resume();
  ::kill(postmaster_, SIGINT);
  const auto deadline = steady_clock::now() + kPatience;
  while (waitpid(postmaster_, nullptr, WNOHANG) == 0) {
    if (steady_clock::now() > deadline) {
      kill();
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  postmaster_ = -1;
}

void PostgresServer::kill() {
  signal_all(SIGKILL);
  waitpid(postmaster_, nullptr, 0);
  postmaster_ = -1;
  paused_ = false;
}

void PostgresServer::pause() {
  signal_all(SIGSTOP);
  paused_ = true;
}

void PostgresServer::resume() {
  if (paused_) {
    signal_all(SIGCONT);
    paused_ = false;
  }
}

// Backends are sessions of their own, so a signal to the process group does not reach them.
void PostgresServer::signal_all(int signal) const {
  if (postmaster_ < 0) {
    return;
  }
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", postmaster_));
  ::kill(postmaster_, signal);
  for (pid_t child = 0; children >> child;) {
    ::kill(child, signal);
  }
}

std::string PostgresServer::dsn(std::string_view database, std::string_view user) const {
  return fmt::format("host={} port={} dbname={} user={}", folder_.string(), port_, keyword_value(database),
                     keyword_value(user));
}

std::string PostgresServer::tcp_dsn(std::string_view database, std::string_view user) const {
  return fmt::format("host=127.0.0.1 port={} dbname={} user={}", port_, keyword_value(database),
                     keyword_value(user));
}

std::vector<std::vector<std::string>> PostgresServer::sql(std::string_view statements,
                                                          std::string_view database,
                                                          std::string_view user) const {
  const std::unique_ptr<PGconn, Finish> connection(PQconnectdb(dsn(database, user).c_str()));
  const std::unique_ptr<PGresult, Clear> result(PQexec(connection.get(), std::string(statements).c_str()));
  if (const ExecStatusType status = PQresultStatus(result.get());
      status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    throw std::runtime_error(std::string(PQerrorMessage(connection.get())) +
                             " in: " + std::string(statements));
  }
  std::vector<std::vector<std::string>> rows(static_cast<std::size_t>(PQntuples(result.get())));
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      rows[static_cast<std::size_t>(row)].emplace_back(PQgetvalue(result.get(), row, column));
    }
  }
  return rows;
}

void PostgresServer::await(std::string_view condition, std::string_view database) const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (value(fmt::format("SELECT ({})::text", condition), database) != "true") {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("never came true: " + std::string(condition));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

std::string PostgresServer::value(std::string_view statement, std::string_view database,
                                  std::string_view user) const {
  const auto rows = sql(statement, database, user);
  if (rows.empty() || rows[0].empty()) {
    throw std::runtime_error("no row from: " + std::string(statement));
  }
  return rows[0][0];
}

std::string PostgresServer::create_database(std::string_view name) const {
  sql(fmt::format("CREATE DATABASE {}", quoted(name)));
  if (value("SHOW shared_preload_libraries").find("pg_stat_statements") != std::string::npos) {
    sql("CREATE EXTENSION pg_stat_statements", name);
  }
  return dsn(name);
}

void PostgresServer::create_role(std::string_view name, std::string_view attributes) const {
  sql(fmt::format("CREATE ROLE {} LOGIN {}", quoted(name), attributes));
}

}  // namespace planwise::test

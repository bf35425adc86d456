// A private PostgreSQL server in a temporary folder, for live tests.
//
//   test::PostgresServer server;
//   const std::string dsn = server.create_database("shop");  // with pg_stat_statements
//   server.sql("CREATE TABLE orders (id bigint PRIMARY KEY)", "shop");
//
// Reached by a unix socket (and TCP where asked for), fsync off, pg_stat_statements loaded. A start takes
// some 0.2 s: the data folder is a copy of a template that initdb made once for this machine. Stopped and
// removed by the destructor. Not thread-safe. Whatever fails throws std::runtime_error with the server's own
// words, which ends the test.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace planwise::test {

struct PostgresServerOptions {
  std::string bin_dir = "/usr/lib/postgresql/15/bin";
  std::vector<std::string> settings{};  // "max_connections=5", one each; the last of a name wins
  std::string auth =
      "trust";       // method of every line of pg_hba.conf but the one of user postgres (trust, socket)
  bool tcp = false;  // listen on 127.0.0.1 too
  std::string encoding = "UTF8";
  std::string locale = "C.UTF-8";
};

class PostgresServer {
 public:
  explicit PostgresServer(PostgresServerOptions options = {});
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  ~PostgresServer();

  // True where the programs are there; a test that needs others skips itself with GTEST_SKIP().
  [[nodiscard]] static bool available(const std::string& bin_dir = PostgresServerOptions{}.bin_dir);

  // Keyword strings, without a password. `postgres` is the superuser.
  [[nodiscard]] std::string dsn(std::string_view database = "postgres",
                                std::string_view user = "postgres") const;
  [[nodiscard]] std::string tcp_dsn(std::string_view database = "postgres",
                                    std::string_view user = "postgres") const;
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const std::filesystem::path& socket_dir() const { return folder_; }
  [[nodiscard]] std::filesystem::path data_dir() const { return folder_ / "data"; }
  [[nodiscard]] std::filesystem::path log_file() const { return folder_ / "log"; }
  [[nodiscard]] pid_t pid() const { return postmaster_; }

  // Runs one or more statements as `user` in one connection (simple protocol). Returns the rows of the last;
  // NULL is "".
  std::vector<std::vector<std::string>> sql(std::string_view statements,
                                            std::string_view database = "postgres",
                                            std::string_view user = "postgres") const;
  // The first column of the first row.
  [[nodiscard]] std::string value(std::string_view statement, std::string_view database = "postgres",
                                  std::string_view user = "postgres") const;

  // Polls a condition until it holds, at most 10 s: counters of a session arrive some time after its end.
  void await(std::string_view condition, std::string_view database) const;

  // Returns its dsn(). Creates pg_stat_statements in it where that is loaded.
  std::string create_database(std::string_view name) const;
  // CREATE ROLE name LOGIN <attributes>: "PASSWORD 'x' CONNECTION LIMIT 2".
  void create_role(std::string_view name, std::string_view attributes = "") const;

  // A hot standby that follows this server; waits until it has caught up.
  [[nodiscard]] PostgresServer standby() const;

  void start();  // after stop() or kill(); a constructed server runs already
  void stop();   // fast shutdown
  void kill();   // SIGKILL to all its processes, as a crash
  void pause();  // SIGSTOP to all its processes: it accepts connections (the kernel does) and never answers
  void resume();

 private:
  struct Standby {};
  PostgresServer(const PostgresServer& primary, Standby);
  void prepare_folder();
  void write_configuration() const;
  void signal_all(int signal) const;

  PostgresServerOptions options_;
  std::filesystem::path folder_;
  int port_ = 0;
  pid_t postmaster_ = -1;
  bool paused_ = false;
};

}  // namespace planwise::test

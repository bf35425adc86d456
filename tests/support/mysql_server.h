// A private MariaDB or MySQL server in a temporary folder, for live tests.
//
//   test::MySqlServer server;
//   server.sql("CREATE DATABASE shop");
//   server.sql("CREATE TABLE orders (id bigint PRIMARY KEY)", "shop");
//
// Reached by a unix socket (and TCP where asked for) as root without a password. performance_schema is on. A
// start takes about a second: the data folder is a copy of a template made once for this machine. Stopped and
// removed by the destructor. Not thread-safe. Whatever fails throws std::runtime_error with the server's own
// words, which ends the test.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct st_mysql;
struct st_mysql_stmt;

namespace planwise::test {

struct MySqlServerOptions {
  std::string program = "/usr/sbin/mariadbd";  // or the mysqld of .ci/mysql-matrix
  std::vector<std::string> settings{};         // "max_connections=5", one each; the last of a name wins
  bool tcp = false;                            // listen on 127.0.0.1 too
};

// One connection to a server.
class MySqlClient {
 public:
  MySqlClient(const std::string& socket, std::string_view database, std::string_view user,
              std::string_view password);

  // Rows of the statement; NULL is "". What is no query has none.
  std::vector<std::vector<std::string>> sql(std::string_view statement) const;
  // Through the binary protocol: prepared once, executed `times` times, with one integer for each question
  // mark (1, 2, ... as the executions go). Stays open until the client goes, or close_prepared().
  void execute_prepared(std::string_view statement, int times, int parameters = 0);
  void close_prepared() { statements_.clear(); }

 private:
  struct Close {
    void operator()(st_mysql* connection) const noexcept;
    void operator()(st_mysql_stmt* statement) const noexcept;
  };
  std::unique_ptr<st_mysql, Close> connection_;
  std::vector<std::unique_ptr<st_mysql_stmt, Close>> statements_;
};

class MySqlServer {
 public:
  explicit MySqlServer(MySqlServerOptions options = {});
  MySqlServer(const MySqlServer&) = delete;
  MySqlServer& operator=(const MySqlServer&) = delete;
  ~MySqlServer();

  // True where the program is there; a test that needs another skips itself with GTEST_SKIP().
  [[nodiscard]] static bool available(const std::string& program = MySqlServerOptions{}.program);
  // The mysqld of MySQL 5.6 where .ci/mysql-matrix has put it; empty if it is not there.
  [[nodiscard]] static std::string mysql56();

  // mysql:// URIs without a password.
  [[nodiscard]] std::string dsn(std::string_view database = "", std::string_view user = "root") const;
  [[nodiscard]] std::string tcp_dsn(std::string_view database = "", std::string_view user = "root") const;
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string socket() const { return (folder_ / "socket").string(); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  [[nodiscard]] MySqlClient client(std::string_view database = "", std::string_view user = "root",
                                   std::string_view password = "") const;
  // In a connection of its own.
  std::vector<std::vector<std::string>> sql(std::string_view statement, std::string_view database = "",
                                            std::string_view user = "root") const;
  // Statements that end in ";\n", one by one in one connection.
  void script(std::string_view statements, std::string_view database = "") const;
  // The first column of the first row.
  [[nodiscard]] std::string value(std::string_view statement, std::string_view database = "") const;

  void start();  // after stop(); a constructed server runs already
  void stop();
  void pause();  // SIGSTOP: it accepts connections (the kernel does) and never answers
  void resume();

 private:
  void prepare_data() const;
  [[nodiscard]] bool answers() const;

  MySqlServerOptions options_;
  std::filesystem::path folder_;
  int port_ = 0;
  pid_t process_ = -1;
};

}  // namespace planwise::test

// Where to connect and as whom: mysql:// and mariadb:// URIs, completed from option files and the environment
// as the mysql client does it.
//
//   mysql://planwise@db1:3306/shop?ssl-mode=VERIFY_IDENTITY&ssl-ca=/etc/ssl/db.pem
//   mariadb://planwise@localhost/shop?socket=/run/mysqld/mysqld.sock
//   mysql:///shop?defaults-file=/etc/planwise/shop.cnf
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"

namespace planwise::mysql {

// As the mysql client's --ssl-mode, each stricter than the one before. VERIFY_CA needs ssl-ca;
// VERIFY_IDENTITY looks into the system's store without it.
enum class TlsMode : std::uint8_t { kDisabled, kPreferred, kRequired, kVerifyCa, kVerifyIdentity };

struct Login {
  std::string host;  // empty or "localhost" without a port: the socket
  int port = 0;      // 0: not given
  std::string socket;
  std::string user;
  std::string password;
  std::string database;  // empty: all
  TlsMode tls = TlsMode::kPreferred;
  std::string tls_ca;
  std::string tls_ca_path;
  std::string tls_certificate;
  std::string tls_key;
  std::optional<std::chrono::seconds> connect_timeout;

  [[nodiscard]] bool is_local() const;      // by socket
  [[nodiscard]] std::string place() const;  // "db1:3306", "/run/mysqld/mysqld.sock", for messages
};

// What surrounds a URI. The default is the real world; tests give their own.
struct LoginSources {
  std::vector<std::string> option_files;  // read in this order, the last value of an option wins
  std::function<std::optional<std::string>(const std::string& variable)> environment;
};
// /etc/my.cnf, /etc/mysql/my.cnf, $MYSQL_HOME/my.cnf, ~/.my.cnf; groups [client], [client-server],
// [client-mariadb] and [planwise]. Source: MariaDB manual, "Configuring MariaDB with Option Files".
[[nodiscard]] LoginSources default_sources();

[[nodiscard]] bool is_dsn(std::string_view target);

// What is in the URI wins over option files, they over MYSQL_PWD, MYSQL_HOST, MYSQL_TCP_PORT and USER.
// kInvalidArgument for a URI or an option file that cannot be read; no message quotes a value.
[[nodiscard]] Result<Login> read_login(std::string_view dsn, const LoginSources& sources);

// Whether the URI may come from elsewhere: it names a host over TCP, the user and the password itself, so
// that no option file of planwise's own user hands its password to a host of a stranger's choice, and names
// no file. kInvalidArgument says what is wrong; nothing of a value is repeated.
[[nodiscard]] Result<void> check_remote_dsn(std::string_view dsn);

}  // namespace planwise::mysql

#include "server/api/dsn.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "connectors/mysql/login.h"

namespace planwise::api {
namespace {

constexpr std::array<std::string_view, 17> kAllowed{"host",
                                                    "hostaddr",
                                                    "port",
                                                    "dbname",
                                                    "user",
                                                    "password",
                                                    "connect_timeout",
                                                    "sslmode",
                                                    "channel_binding",
                                                    "target_session_attrs",
                                                    "keepalives",
                                                    "keepalives_idle",
                                                    "keepalives_interval",
                                                    "keepalives_count",
                                                    "tcp_user_timeout",
                                                    "application_name",
                                                    "gssencmode"};

Error refused(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

// Lists of hosts are separated by commas; a path or an abstract name ("@…") is a Unix socket.
bool names_socket(std::string_view hosts) {
  while (true) {
    if (hosts.empty() || hosts.starts_with('/') || hosts.starts_with('@') || hosts.starts_with(',')) {
      return true;  // an empty host is the default socket
    }
    const auto comma = hosts.find(',');
    if (comma == std::string_view::npos) {
      return false;
    }
    hosts.remove_prefix(comma + 1);
  }
}

}  // namespace

Result<void> check_remote_dsn(std::string_view dsn) {
  if (dsn.find('\0') != std::string_view::npos) {
    return refused("is no connection string");
  }
  if (mysql::is_dsn(dsn)) {
    return mysql::check_remote_dsn(dsn);
  }
  char* message = nullptr;
  // libpq's own reading, so that what is checked is what will be connected to. It reads no file and no
  // environment.
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(std::string(dsn).c_str(), &message), &PQconninfoFree);
  PQfreemem(message);  // may repeat the password
  if (!options) {
    return refused(
        "is no connection string; write postgres://user@host:port/database or "
        "mysql://user:password@host:port/database");
  }
  std::string host;
  std::string address;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view key = option->keyword;
    if (option->val == nullptr) {
      continue;
    }
    if (std::find(kAllowed.begin(), kAllowed.end(), key) == kAllowed.end()) {
      return refused(fmt::format("the key {} is not allowed here; the configuration file may use it", key));
    }
    if (key == "host") {
      host = option->val;
    } else if (key == "hostaddr") {
      address = option->val;
    }
  }
  if (names_socket(address.empty() ? host : address)) {
    return refused("must name a host over TCP; local sockets are for the configuration file");
  }
  return {};
}

}  // namespace planwise::api

#include "connectors/mysql/server_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analyzer/base/text.h"

namespace planwise::mysql {
namespace {

struct Kind {
  unsigned number;
  ErrorCode code;
  bool names_only;  // the server's message holds names of objects, no values
  std::string_view hint;
};

constexpr std::array kKinds{
    Kind{kDatabaseAccessDenied, ErrorCode::kPermissionDenied, true, ""},
    Kind{kTableAccessDenied, ErrorCode::kPermissionDenied, true, ""},
    Kind{kColumnAccessDenied, ErrorCode::kPermissionDenied, true, ""},
    Kind{kSpecificAccessDenied, ErrorCode::kPermissionDenied, true, ""},
    Kind{1370, ErrorCode::kPermissionDenied, true, ""},
    Kind{kUnknownTable, ErrorCode::kNotFound, true, ""},
    Kind{kNoSuchTable, ErrorCode::kNotFound, true, ""},
    Kind{kUnknownColumn, ErrorCode::kNotFound, true, ""},
    Kind{1049, ErrorCode::kNotFound, true, ""},
    Kind{1193, ErrorCode::kNotFound, true, ""},
    Kind{1205, ErrorCode::kUnavailable, true, "another session holds a lock; try again when it has ended"},
    Kind{1213, ErrorCode::kUnavailable, true, ""},
    Kind{1053, ErrorCode::kUnavailable, true, "the server is shutting down; try again soon"},
    Kind{1079, ErrorCode::kUnavailable, true, "the server is shutting down; try again soon"},
    Kind{1927, ErrorCode::kUnavailable, true, "somebody ended the session; see the server's log"},
    Kind{3169, ErrorCode::kUnavailable, true, "somebody ended the session; see the server's log"},
    Kind{4031, ErrorCode::kUnavailable, true, "raise wait_timeout"},
    Kind{1040, ErrorCode::kUnavailable, true, "raise max_connections, or try again later"},
    Kind{1203, ErrorCode::kUnavailable, true, "raise the account's MAX_USER_CONNECTIONS, or try again later"},
    Kind{1226, ErrorCode::kUnavailable, true, "raise the account's resource limits, or try again later"},
    Kind{1317, ErrorCode::kTimeout, true, ""},
    Kind{1969, ErrorCode::kTimeout, true, ""},
    Kind{3024, ErrorCode::kTimeout, true, ""},
    Kind{1792, ErrorCode::kUnsupported, true, ""},
    Kind{1235, ErrorCode::kUnsupported, true, ""},
};

const Kind* find_kind(unsigned number) {
  const auto* const found = std::ranges::find(kKinds, number, &Kind::number);
  return found == kKinds.end() ? nullptr : found;
}

Error refused_by_server(unsigned number, const Login& login) {
  const std::string place = login.place();
  switch (number) {
    case 1045:
    case 1698:
      return {
          ErrorCode::kPermissionDenied,
          fmt::format("{} refused user \"{}\" or the password", place, login.user),
          "give the password in the connection string, in ~/.my.cnf or in MYSQL_PWD; check that the account "
          "exists for the host that planwise comes from"};
    case kDatabaseAccessDenied:
      return {ErrorCode::kPermissionDenied,
              fmt::format("user \"{}\" may not use the database of {}", login.user, place)};
    case 1129:
      return {ErrorCode::kUnavailable,
              fmt::format("{} blocks this host after too many failed connections", place),
              "run on the server: FLUSH HOSTS, or TRUNCATE TABLE performance_schema.host_cache"};
    case 1130:
      return {ErrorCode::kPermissionDenied, fmt::format("{} lets nobody in from this host", place),
              "create the account for the host that planwise comes from, or for '%'"};
    case 1820:
    case 1862:
      return {ErrorCode::kPermissionDenied,
              fmt::format("the password of user \"{}\" has expired", login.user),
              "set a new one: ALTER USER … IDENTIFIED BY …"};
    case 3118:
    case 4151:
      return {ErrorCode::kPermissionDenied, fmt::format("the account of user \"{}\" is locked", login.user),
              "unlock it: ALTER USER … ACCOUNT UNLOCK"};
    case 3159:
      return {ErrorCode::kUnavailable, fmt::format("{} takes encrypted connections only", place),
              "add ssl-mode=REQUIRED or VERIFY_IDENTITY to the connection string"};
    default: break;
  }
  const Kind* const kind = find_kind(number);
  return {kind == nullptr ? ErrorCode::kUnavailable : kind->code,
          fmt::format("{} refused the connection (error {})", place, number),
          kind == nullptr || kind->hint.empty() ? "see the server's log" : std::string(kind->hint)};
}

}  // namespace

bool is_server_error(unsigned number) {
  return number != 0 && (number < 2000 || (number >= 3000 && number < 5000) || number >= 6000);
}

bool ends_session(unsigned number) {
  static constexpr std::array<unsigned, 5> kLastWords{1053, 1079, 1927, 3169, 4031};
  return std::ranges::find(kLastWords, number) != kLastWords.end();
}

Error statement_error(unsigned number, std::string_view message) {
  const Kind* const kind = find_kind(number);
  if (kind == nullptr) {
    return {ErrorCode::kUnsupported, fmt::format("the server answered with error {}", number)};
  }
  return {kind->code,
          kind->names_only ? fmt::format("{} (error {})", printable(shortened(message, 300)), number)
                           : fmt::format("the server answered with error {}", number),
          std::string(kind->hint)};
}

// Numbers of the client library. Source: MySQL manual, "Client Error Message Reference"; errmsg.h of
// libmariadb.
Error connection_error(unsigned number, std::string_view message, const Login& login) {
  if (is_server_error(number)) {
    return refused_by_server(number, login);
  }
  const std::string place = login.place();
  switch (number) {
    case 2002:
    case 2003:
      return {ErrorCode::kUnavailable, fmt::format("nothing listens at {}", place),
              "check host and port, that the server runs, and that its bind_address covers this address"};
    case 2005:
      return {ErrorCode::kUnavailable, fmt::format("host name \"{}\" is not known", login.host),
              "check the spelling, and that the name resolves on this machine"};
    case 2026:
      return {ErrorCode::kUnavailable, fmt::format("no TLS connection to {} could be made", place),
              message.find("doesn't support") != std::string_view::npos ||
                      message.find("not support") != std::string_view::npos
                  ? "the server has TLS switched off; give it a certificate, or choose another ssl-mode"
                  : "check ssl-mode, ssl-ca and whether the certificate names this host"};
    case 2049:
    case 2054:
    case 2058:
    case 2059:
    case 2061:
    case 5010:  // a plug-in that prepared_handle() does not list
      return {ErrorCode::kPermissionDenied,
              fmt::format("{} asks for a way to log in that planwise does not use here", place),
              "a password goes in clear text only through a local socket or verified TLS: use "
              "ssl-mode=VERIFY_IDENTITY, "
              "or another authentication plug-in for the account"};
    case 2012:
    case 2013:
    case 2006:
      return {ErrorCode::kUnavailable, fmt::format("{} closed the connection", place),
              "check that a MySQL or MariaDB server listens there, and read its log"};
    default: break;
  }
  return {ErrorCode::kUnavailable, fmt::format("no connection to {} (error {})", place, number),
          "check host, port and what stands between"};
}

}  // namespace planwise::mysql

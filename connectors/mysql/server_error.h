// What went wrong on the other side, in planwise's terms.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/result.h"
#include "connectors/mysql/login.h"

namespace planwise::mysql {

// Numbers that callers react to. Source: MySQL manual, "Server Error Message Reference".
inline constexpr unsigned kDatabaseAccessDenied = 1044;
inline constexpr unsigned kTableAccessDenied = 1142;
inline constexpr unsigned kColumnAccessDenied = 1143;
inline constexpr unsigned kSpecificAccessDenied = 1227;
inline constexpr unsigned kUnknownTable = 1109;
inline constexpr unsigned kNoSuchTable = 1146;
inline constexpr unsigned kUnknownColumn = 1054;

// Of the server and not of the client library, whose numbers are 2000 to 2999 and 5000 to 5999.
[[nodiscard]] bool is_server_error(unsigned number);

// Said by a server before it closes the connection: it shuts down, or somebody ended the session.
[[nodiscard]] bool ends_session(unsigned number);

// The error of a statement. `message` is the server's; it is kept only for numbers whose message names
// objects, never values.
[[nodiscard]] Error statement_error(unsigned number, std::string_view message);

// The error of a failed login, told without the password.
[[nodiscard]] Error connection_error(unsigned number, std::string_view message, const Login& login);

}  // namespace planwise::mysql

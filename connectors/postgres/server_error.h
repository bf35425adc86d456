// What went wrong on the other side, in planwise's terms.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/result.h"

namespace planwise::pg {

// SQLSTATEs that callers react to. Source: PostgreSQL manual, appendix A.
inline constexpr std::string_view kInsufficientPrivilege = "42501";
inline constexpr std::string_view kUndefinedTable = "42P01";
inline constexpr std::string_view kUndefinedColumn = "42703";
inline constexpr std::string_view kUndefinedFunction = "42883";
inline constexpr std::string_view kLockNotAvailable = "55P03";
inline constexpr std::string_view kQueryCanceled = "57014";

// The error of a statement. `message` is the server's primary message; it is kept only for states whose
// message names objects, never values (a failed cast quotes its input).
[[nodiscard]] Error statement_error(std::string_view sqlstate, std::string_view message);

// Where a connection was tried, for what is told about its failure. No password.
struct Address {
  std::string host;  // as given; a path for a unix socket
  std::string port;
  std::string user;
  std::string database;
};

// The error of a failed connection. `message` is libpq's, taken with PQERRORS_VERBOSE, which puts the
// SQLSTATE in it in every language the server may speak.
[[nodiscard]] Error connection_error(std::string_view message, const Address& address);

// The five letters of "FATAL:  28P01: …", of the last such line; empty if there is none.
[[nodiscard]] std::string_view sqlstate_in(std::string_view verbose_message);

}  // namespace planwise::pg

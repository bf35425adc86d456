#include "connectors/postgres/server_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "analyzer/base/text.h"

namespace planwise::pg {
namespace {

struct State {
  std::string_view prefix;  // a whole SQLSTATE, or the first letters of a class
  ErrorCode code;
  bool names_only;  // the server's message holds names of objects and settings, no values
  std::string_view hint;
};

// The first row that fits speaks. Source: PostgreSQL manual, appendix A "PostgreSQL Error Codes".
constexpr std::array kStates{
    State{"42501", ErrorCode::kPermissionDenied, true, ""},
    State{"42P01", ErrorCode::kNotFound, true, ""},
    State{"42703", ErrorCode::kNotFound, true, ""},
    State{"42704", ErrorCode::kNotFound, true, ""},
    State{"42883", ErrorCode::kNotFound, true, ""},
    State{"3D000", ErrorCode::kNotFound, true, ""},
    State{"3F000", ErrorCode::kNotFound, true, ""},
    State{"55P03", ErrorCode::kUnavailable, true,
          "another session holds a strong lock; try again when it has ended"},
    State{"57014", ErrorCode::kTimeout, true, ""},
    State{"25P03", ErrorCode::kTimeout, true, ""},
    State{"57P05", ErrorCode::kTimeout, true, ""},
    State{"08", ErrorCode::kUnavailable, true, "the connection broke; see the server's log"},
    State{"53", ErrorCode::kUnavailable, true, "the server is short of a resource; see its log"},
    State{"57P", ErrorCode::kUnavailable, true, "the server is shutting down or starting; try again soon"},
    State{"40", ErrorCode::kUnavailable, true, ""},
    State{"55", ErrorCode::kUnsupported, true, ""},
    State{"0A", ErrorCode::kUnsupported, true, ""},
    State{"25", ErrorCode::kUnsupported, true, ""},
    State{"42", ErrorCode::kUnsupported, false, ""},
    State{"22", ErrorCode::kUnsupported, false, ""},
};

const State* find_state(std::string_view sqlstate) {
  const auto* const found =
      std::ranges::find_if(kStates, [&](const State& state) { return sqlstate.starts_with(state.prefix); });
  return found == kStates.end() ? nullptr : found;
}

bool is_sqlstate(std::string_view text) {
  return text.size() == 5 && std::ranges::all_of(text, [](char letter) {
           const auto byte = static_cast<unsigned char>(letter);
           return std::isdigit(byte) != 0 || std::isupper(byte) != 0;
         });
}

std::string place_of(const Address& address) {
  return address.host.starts_with('/') ? fmt::format("{}/.s.PGSQL.{}", address.host, address.port)
                                       : fmt::format("{}:{}", address.host, address.port);
}

Error refused_by_server(std::string_view sqlstate, std::string_view message, const Address& at) {
  const std::string place = place_of(at);
  if (sqlstate == "28P01") {
    return {
        ErrorCode::kPermissionDenied, fmt::format("{} refused the password of user \"{}\"", place, at.user),
        "give the password in PGPASSWORD, ~/.pgpass or the connection string; check that the user exists"};
  }
  if (sqlstate == "28000" && message.find("pg_hba.conf") != std::string_view::npos) {
    return {
        ErrorCode::kPermissionDenied,
        fmt::format("{} lets nobody in as user \"{}\" on database \"{}\" from here", place, at.user,
                    at.database),
        fmt::format(
            "add a line to the server's pg_hba.conf, like \"host {} {} <this address>/32 scram-sha-256\", "
            "and reload; or try sslmode=require",
            at.database, at.user)};
  }
  if (sqlstate == "28000") {
    return {
        ErrorCode::kPermissionDenied, fmt::format("{} refused user \"{}\"", place, at.user),
        "check that the role exists, may log in, and is the one pg_hba.conf expects for this system user"};
  }
  if (sqlstate == "3D000") {
    return {ErrorCode::kNotFound, fmt::format("{} has no database \"{}\"", place, at.database),
            "psql -l lists its databases; give one with /name in the URI or dbname=name"};
  }
  if (sqlstate == "42501") {
    return {ErrorCode::kPermissionDenied,
            fmt::format("user \"{}\" may not connect to database \"{}\" of {}", at.user, at.database, place),
            fmt::format("run: GRANT CONNECT ON DATABASE {} TO {}", at.database, at.user)};
  }
  if (sqlstate == "53300") {
    return {ErrorCode::kUnavailable, fmt::format("{} has no connection left for user \"{}\"", place, at.user),
            "try again later; raise max_connections or the role's or database's CONNECTION LIMIT"};
  }
  if (sqlstate == "57P03") {
    return {ErrorCode::kUnavailable,
            fmt::format("{} does not take connections yet (starting up or recovering)", place),
            "try again in a minute"};
  }
  const State* const state = find_state(sqlstate);
  return {state == nullptr ? ErrorCode::kUnavailable : state->code,
          fmt::format("{} refused the connection (SQLSTATE {})", place, sqlstate), "see the server's log"};
}

// libpq's own messages are English: planwise sets no locale.
Error not_reached(std::string_view message, const Address& at) {
  const auto says = [&](std::string_view words) { return message.find(words) != std::string_view::npos; };
  const std::string place = place_of(at);
  if (says("could not translate host name")) {
    return {ErrorCode::kUnavailable, fmt::format("host name \"{}\" is not known", at.host),
            "check the spelling, and that the name resolves on this machine"};
  }
  if (says("Connection refused") || says("No such file or directory")) {
    return {ErrorCode::kUnavailable, fmt::format("nothing listens at {}", place),
            "check host and port, that the server runs, and that its listen_addresses covers this address"};
  }
  if (says("no password supplied")) {
    return {ErrorCode::kPermissionDenied,
            fmt::format("{} asks for the password of user \"{}\"", place, at.user),
            "give it in PGPASSWORD, ~/.pgpass or the connection string"};
  }
  if (says("definition of service") || says("service file")) {
    return {ErrorCode::kInvalidArgument,
            "the service named in the connection string or PGSERVICE is not defined",
            "define it in ~/.pg_service.conf or the file in PGSERVICEFILE"};
  }
  if (says("SSL") || says("certificate")) {
    return {ErrorCode::kUnavailable, fmt::format("no TLS connection to {} could be made", place),
            "check sslmode, sslrootcert and whether the server has ssl = on"};
  }
  if (says("server closed the connection")) {
    return {ErrorCode::kUnavailable, fmt::format("{} closed the connection", place),
            "check that a PostgreSQL server listens there, and read its log"};
  }
  return {ErrorCode::kUnavailable, fmt::format("no connection to {}", place),
          "check host, port and what stands between"};
}

}  // namespace

Error statement_error(std::string_view sqlstate, std::string_view message) {
  const State* const state = find_state(sqlstate);
  if (state == nullptr) {
    return {ErrorCode::kInternal, fmt::format("the server answered with SQLSTATE {}", sqlstate)};
  }
  return {state->code,
          state->names_only ? fmt::format("{} (SQLSTATE {})", printable(shortened(message, 300)), sqlstate)
                            : fmt::format("the server answered with SQLSTATE {}", sqlstate),
          std::string(state->hint)};
}

Error connection_error(std::string_view message, const Address& address) {
  const std::string_view sqlstate = sqlstate_in(message);
  return sqlstate.empty() ? not_reached(message, address) : refused_by_server(sqlstate, message, address);
}

std::string_view sqlstate_in(std::string_view verbose_message) {
  std::string_view found;
  for (std::size_t at = verbose_message.find(":  "); at != std::string_view::npos;
       at = verbose_message.find(":  ", at + 1)) {
    const std::string_view state = verbose_message.substr(at + 3, 5);
    if (is_sqlstate(state) && verbose_message.substr(at + 8).starts_with(':')) {
      found = state;
    }
  }
  return found;
}

}  // namespace planwise::pg

#include "connectors/mysql/login.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "connectors/mysql/option_file.h"

namespace planwise::mysql {
namespace {

constexpr std::array<std::string_view, 2> kSchemes{"mysql://", "mariadb://"};
constexpr int kDefaultPort = 3306;
constexpr std::array<std::pair<const char*, const char*>, 5> kVariables{{{"USER", "user"},
                                                                         {"MYSQL_PWD", "password"},
                                                                         {"MYSQL_HOST", "host"},
                                                                         {"MYSQL_TCP_PORT", "port"},
                                                                         {"MYSQL_UNIX_PORT", "socket"}}};

Error unreadable(std::string why) {
  return {ErrorCode::kInvalidArgument, "connection string cannot be read: " + std::move(why),
          "write it as mysql://user@host:port/database; percent-encode what is special"};
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    const char* const digits = text.data() + i + 1;
    if (i + 2 >= text.size()) {
      return std::nullopt;
    }
    const auto [stop, failure] = std::from_chars(digits, digits + 2, value, 16);
    if (failure != std::errc{} || stop != digits + 2 || value == 0) {
      return std::nullopt;
    }
    out += static_cast<char>(value);
    i += 2;
  }
  return out.find('\0') == std::string::npos ? std::optional(out) : std::nullopt;
}

std::optional<int> number_of(std::string_view text, int largest) {
  int value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = failure == std::errc{} && stop == text.data() + text.size() && value > 0;
  return is_number && value <= largest ? std::optional(value) : std::nullopt;
}

std::optional<TlsMode> tls_mode_of(std::string_view text) {
  std::string word;
  for (const char letter : text) {
    word += letter == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  }
  static constexpr std::array<std::pair<std::string_view, TlsMode>, 5> kModes{
      {{"DISABLED", TlsMode::kDisabled},
       {"PREFERRED", TlsMode::kPreferred},
       {"REQUIRED", TlsMode::kRequired},
       {"VERIFY_CA", TlsMode::kVerifyCa},
       {"VERIFY_IDENTITY", TlsMode::kVerifyIdentity}}};
  const auto* const found = std::ranges::find(kModes, word, &std::pair<std::string_view, TlsMode>::first);
  return found == kModes.end() ? std::nullopt : std::optional(found->second);
}

// The parts of the URI as options, so that they and those of files are read by one function.
Result<Options> options_of(std::string_view dsn) {
  for (const std::string_view scheme : kSchemes) {
    dsn.remove_prefix(dsn.starts_with(scheme) ? scheme.size() : 0);
  }
  Options options;
  bool readable = true;
  const auto put = [&](std::string name, std::string_view text) {
    const auto value = percent_decoded(text);
    readable = readable && value.has_value();
    if (value && !value->empty()) {
      options[std::move(name)] = *value;
    }
  };
  const std::size_t mark = dsn.find('?');
  std::string_view parameters = mark == std::string_view::npos ? std::string_view{} : dsn.substr(mark + 1);
  std::string_view authority = dsn.substr(0, mark);
  if (const std::size_t slash = authority.find('/'); slash != std::string_view::npos) {
    put("database", authority.substr(slash + 1));
    if (authority.find('/', slash + 1) != std::string_view::npos) {
      return unreadable("it has more than one path");
    }
    authority = authority.substr(0, slash);
  }
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    const std::size_t colon = user.find(':');
    put("user", user.substr(0, colon));
    if (colon != std::string_view::npos) {
      put("password", user.substr(colon + 1));
    }
    authority.remove_prefix(at + 1);
  }
  const bool is_ipv6 = authority.starts_with('[');
  const std::size_t host_end = is_ipv6 ? authority.find(']') : authority.find(':');
  if (is_ipv6 && host_end == std::string_view::npos) {
    return unreadable("an address in brackets does not end");
  }
  put("host", is_ipv6 ? authority.substr(1, host_end - 1) : authority.substr(0, host_end));
  std::string_view rest = host_end == std::string_view::npos ? std::string_view{}
                                                             : authority.substr(host_end + (is_ipv6 ? 1 : 0));
  if (!rest.empty()) {
    if (!rest.starts_with(':') || !number_of(rest.substr(1), 65535)) {
      return unreadable("the port is no number from 1 to 65535");
    }
    options["port"] = rest.substr(1);
  }
  while (!parameters.empty()) {
    const std::size_t end = std::min(parameters.find('&'), parameters.size());
    const std::string_view part = parameters.substr(0, end);
    const std::size_t equals = part.find('=');
    std::string name(part.substr(0, equals));
    std::ranges::replace(name, '_', '-');
    put(name, equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    static constexpr std::array<std::string_view, 12> kKnown{
        "password", "socket",          "ssl-mode", "ssl-ca", "ssl-capath",    "ssl-cert",
        "ssl-key",  "connect-timeout", "user",     "host",   "defaults-file", "defaults-group-suffix"};
    if (std::ranges::find(kKnown, name) == kKnown.end()) {
      const bool is_word = std::ranges::all_of(name, [](char letter) {
        return std::isalpha(static_cast<unsigned char>(letter)) != 0 || letter == '-';
      });
      return unreadable(is_word && name.size() < 40 ? fmt::format("\"{}\" is no parameter", name)
                                                    : "it has an unknown parameter");
    }
  }
  return readable ? Result<Options>(options)
                  : Result<Options>(unreadable("a percent sign stands without two hex digits"));
}

Result<Login> login_of(const Options& options) {
  const auto text = [&](const char* name) {
    const auto at = options.find(name);
    return at == options.end() ? std::string() : at->second;
  };
  Login login{.host = text("host"),
              .socket = text("socket"),
              .user = text("user"),
              .password = text("password"),
              .database = text("database"),
              .tls_ca = text("ssl-ca"),
              .tls_ca_path = text("ssl-capath"),
              .tls_certificate = text("ssl-cert"),
              .tls_key = text("ssl-key")};
  if (const std::string port = text("port"); !port.empty()) {
    const auto number = number_of(port, 65535);
    if (!number) {
      return unreadable("the port is no number from 1 to 65535");
    }
    login.port = *number;
  }
  if (const std::string seconds = text("connect-timeout"); !seconds.empty()) {
    const auto number = number_of(seconds, 3600);
    if (!number) {
      return unreadable("connect-timeout is no number of seconds");
    }
    login.connect_timeout = std::chrono::seconds(*number);
  }
  if (const std::string mode = text("ssl-mode"); !mode.empty()) {
    const auto known = tls_mode_of(mode);
    if (!known) {
      return unreadable("ssl-mode is none of DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY");
    }
    login.tls = *known;
  } else if (options.contains("ssl-verify-server-cert")) {  // of MariaDB's option files
    const std::string value = text("ssl-verify-server-cert");
    login.tls = value == "0" || value == "OFF" ? TlsMode::kPreferred : TlsMode::kVerifyIdentity;
  }
  if (login.tls == TlsMode::kVerifyCa && login.tls_ca.empty() && login.tls_ca_path.empty()) {
    return unreadable("ssl-mode VERIFY_CA needs ssl-ca, a file with the certificates to trust");
  }
  if (login.host.starts_with('/')) {  // a socket, percent-encoded where a host stands
    login.socket = std::exchange(login.host, "");
  }
  return login;
}

}  // namespace

bool Login::is_local() const {
  return host.empty() || (host == "localhost" && port == 0);
}

std::string Login::place() const {
  if (is_local()) {
    return socket.empty() ? "the local server's socket" : socket;
  }
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return fmt::format("{}:{}", name, port == 0 ? kDefaultPort : port);
}

LoginSources default_sources() {
  LoginSources sources;
  sources.environment = [](const std::string& variable) -> std::optional<std::string> {
    const char* const value = std::getenv(variable.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  sources.option_files = {"/etc/my.cnf", "/etc/mysql/my.cnf"};
  if (const auto home = sources.environment("MYSQL_HOME")) {
    sources.option_files.push_back(*home + "/my.cnf");
  }
  if (const auto home = sources.environment("HOME")) {
    sources.option_files.push_back(*home + "/.my.cnf");
  }
  return sources;
}

bool is_dsn(std::string_view target) {
  return std::ranges::any_of(kSchemes, [&](std::string_view scheme) { return target.starts_with(scheme); });
}

Result<Login> read_login(std::string_view dsn, const LoginSources& sources) {
  PLANWISE_TRY(const Options given, options_of(dsn));
  Options options;
  for (const auto& [variable, option] : kVariables) {
    const auto value = sources.environment ? sources.environment(variable) : std::nullopt;
    if (value && !value->empty()) {
      options[option] = *value;
    }
  }
  std::vector<std::string> groups{"client", "client-server", "client-mariadb", "planwise"};
  if (const auto suffix = given.find("defaults-group-suffix"); suffix != given.end()) {
    const std::vector<std::string> plain = groups;
    for (const std::string& group : plain) {
      groups.push_back(group + suffix->second);
    }
  }
  const auto only = given.find("defaults-file");
  const std::vector<std::string> files =
      only == given.end() ? sources.option_files : std::vector<std::string>{only->second};
  if (only != given.end() && access(only->second.c_str(), R_OK) != 0) {
    return Error{ErrorCode::kInvalidArgument, "the option file of defaults-file cannot be read"};
  }
  for (const std::string& file : files) {
    PLANWISE_CHECK_OK(read_option_file(file, groups, options));
  }
  // A host in the URI stands for itself: a socket or port of a file is another server's.
  if (const auto host = given.find("host"); host != given.end() && host->second != "localhost") {
    options.erase("socket");
    options.erase("port");
  }
  for (const auto& [name, value] : given) {
    options[name] = value;
  }
  return login_of(options);
}

Result<void> check_remote_dsn(std::string_view dsn) {
  PLANWISE_TRY(const Options options, options_of(dsn));
  static constexpr std::array<std::string_view, 7> kAllowed{
      "host", "port", "user", "password", "database", "ssl-mode", "connect-timeout"};
  for (const auto& [name, value] : options) {
    if (std::ranges::find(kAllowed, name) == kAllowed.end()) {
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("the parameter {} is not allowed here; the configuration file may use it", name)};
    }
  }
  PLANWISE_TRY(const Login login, login_of(options));
  if (login.is_local()) {
    return Error{ErrorCode::kInvalidArgument,
                 "must name a host over TCP; local sockets are for the configuration file"};
  }
  if (login.user.empty() || login.password.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "must give user and password: mysql://user:password@host/database"};
  }
  return {};
}

}  // namespace planwise::mysql

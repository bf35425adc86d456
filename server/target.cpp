#include "server/target.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "connectors/postgres/dsn.h"

namespace planwise {
namespace {

// The MySQL clients' names of what must not be shown.
constexpr std::array<std::string_view, 3> kSecretKeys{"password", "passwd", "pwd"};

bool is_secret(std::string_view key) {
  std::string lower;
  for (const char letter : key) {
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  for (const std::string_view secret : kSecretKeys) {
    if (lower == secret) {
      return true;
    }
  }
  return false;
}

// "a=1&password=x&b=2" -> "a=1&b=2"
std::string public_parameters(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view part = text.substr(0, end);
    // A key with percent signs could spell "password" in a way that is not looked for here.
    const std::string_view key = part.substr(0, part.find('='));
    if (!is_secret(key) && key.find('%') == std::string_view::npos) {
      kept += kept.empty() ? "" : "&";
      kept += part;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return kept;
}

std::string public_uri(std::string_view uri, std::size_t authority) {
  std::string shown(uri.substr(0, authority));
  std::string_view rest = uri.substr(authority);
  std::string_view parameters;
  if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
    parameters = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  // A password that holds a question mark unescaped: nobody can say where it ends.
  if (rest.find('@') == std::string_view::npos && parameters.find('@') != std::string_view::npos &&
      rest.find(':') != std::string_view::npos) {
    return shown + "…";
  }
  // The last @ before the parameters: a password may hold one, or a slash, that is not escaped.
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = rest.substr(0, at);
    shown += user.substr(0, std::min(user.find(':'), user.size()));
    rest.remove_prefix(at);
  }
  shown += rest;
  const std::string kept = public_parameters(parameters);
  return kept.empty() ? shown : shown + "?" + kept;
}

}  // namespace

std::string without_secrets(std::string_view dsn) {
  for (const std::string_view scheme : {"mysql://", "mariadb://"}) {
    if (dsn.starts_with(scheme)) {
      return public_uri(dsn, scheme.size());
    }
  }
  if (pg::is_dsn(dsn)) {
    return pg::redacted(std::string(dsn));
  }
  const bool is_path = dsn.find_first_of(":@=") == std::string_view::npos;
  return is_path ? std::string(dsn) : "…";
}

}  // namespace planwise

#include "server/target.h"

#include <array>
#include <cctype>

namespace planwise {
namespace {

// libpq's and the MySQL clients' names of what must not be shown.
constexpr std::array<std::string_view, 4> kSecretKeys{"password", "sslpassword", "passwd", "pwd"};

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

// libpq's keyword form: key = value, values may be quoted with ' and escaped with a backslash.
std::string public_keywords(std::string_view text) {
  std::string shown;
  std::size_t i = 0;
  const auto skip_space = [&] {
    while (i < text.size() && std::isspace(static_cast<unsigned char>(text[i])) != 0) {
      ++i;
    }
  };
  while (true) {
    skip_space();
    if (i >= text.size()) {
      return shown;
    }
    const std::size_t key_start = i;
    while (i < text.size() && text[i] != '=' && std::isspace(static_cast<unsigned char>(text[i])) == 0) {
      ++i;
    }
    const std::string_view key = text.substr(key_start, i - key_start);
    skip_space();
    if (key.empty() || i >= text.size() || text[i] != '=') {
      return "…";
    }
    ++i;
    skip_space();
    const std::size_t value_start = i;
    const bool quoted = i < text.size() && text[i] == '\'';
    i += quoted ? 1 : 0;
    while (i < text.size() &&
           (quoted ? text[i] != '\'' : std::isspace(static_cast<unsigned char>(text[i])) == 0)) {
      i += text[i] == '\\' ? 2 : 1;
    }
    if (quoted && i >= text.size()) {
      return "…";
    }
    i = std::min(i + (quoted ? 1 : 0), text.size());
    if (!is_secret(key)) {
      shown += shown.empty() ? "" : " ";
      shown += key;
      shown += '=';
      shown += text.substr(value_start, i - value_start);
    }
  }
}

}  // namespace

std::string without_secrets(std::string_view dsn) {
  if (const std::size_t scheme = dsn.find("://");
      scheme != std::string_view::npos && scheme < dsn.find_first_of(" ='")) {
    return public_uri(dsn, scheme + 3);
  }
  if (dsn.find('=') != std::string_view::npos) {
    return public_keywords(dsn);
  }
  return dsn.find(':') == std::string_view::npos && dsn.find('@') == std::string_view::npos ? std::string(dsn)
                                                                                            : "…";
}

}  // namespace planwise

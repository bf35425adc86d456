#include "connectors/postgres/dsn.h"

#include <libpq-fe.h>

#include <array>
#include <cctype>
#include <map>
#include <memory>

namespace planwise::pg {
namespace {

struct Free {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, Free>;

// What libpq says about a bad string, without the parts of the string it quotes.
std::string without_quotes(std::string_view message) {
  std::string out;
  bool inside = false;
  for (const char letter : message) {
    if (letter == '"') {
      out += inside ? "" : "\"…\"";
      inside = !inside;
    } else if (!inside && letter != '\n') {
      out += letter;
    }
  }
  return out;
}

bool is_uri(std::string_view dsn) {
  return dsn.starts_with("postgres://") || dsn.starts_with("postgresql://");
}

std::string percent_encoded(std::string_view text, std::string_view kept) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || kept.find(letter) != std::string_view::npos) {
      out += letter;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

std::string keyword_value(std::string_view text) {
  if (!text.empty() && text.find_first_of(" '\\") == std::string_view::npos) {
    return std::string(text);
  }
  std::string out = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') {
      out += '\\';
    }
    out += letter;
  }
  return out + "'";
}

// "db1:5433,db2:5434" from "db1,db2" and "5433,5434"; one port serves all hosts.
std::string host_list(std::string_view hosts, std::string_view ports) {
  const bool one_port = ports.find(',') == std::string_view::npos;
  std::string out;
  for (;;) {
    const std::size_t host_end = hosts.find(',');
    const std::size_t port_end = ports.find(',');
    const std::string_view host = hosts.substr(0, host_end);
    const std::string_view port = ports.substr(0, port_end);
    const bool is_ipv6 = host.find(':') != std::string_view::npos;
    out += is_ipv6 ? "[" + std::string(host) + "]" : percent_encoded(host, "-._~");
    out += port.empty() ? "" : ":" + std::string(port);
    if (host_end == std::string_view::npos) {
      return out;
    }
    out += ',';
    hosts.remove_prefix(host_end + 1);
    if (!one_port) {
      ports.remove_prefix(port_end == std::string_view::npos ? ports.size() : port_end + 1);
    }
  }
}

std::string as_uri(std::map<std::string, std::string> parts) {
  std::string out = "postgres://";
  const auto take = [&](const char* key) {
    const auto node = parts.extract(key);
    return node.empty() ? std::string() : node.mapped();
  };
  if (const std::string user = take("user"); !user.empty()) {
    out += percent_encoded(user, "-._~") + "@";
  }
  const std::string hosts = take("host");
  out += host_list(hosts, take("port"));
  if (const std::string database = take("dbname"); !database.empty()) {
    out += "/" + percent_encoded(database, "-._~");
  }
  char separator = '?';
  for (const auto& [key, value] : parts) {
    out += separator + key + "=" + percent_encoded(value, "-._~:,/");
    separator = '&';
  }
  return out;
}

}  // namespace

bool is_dsn(std::string_view target) {
  return is_uri(target) || target.find('=') != std::string_view::npos;
}

Result<void> check_dsn(const std::string& dsn) {
  char* message = nullptr;
  const Options options(PQconninfoParse(dsn.c_str(), &message));
  const std::unique_ptr<char, void (*)(void*)> owned(message, PQfreemem);
  if (options == nullptr) {
    const std::string why = message == nullptr ? "out of memory" : without_quotes(message);
    return Error{
        ErrorCode::kInvalidArgument, "connection string cannot be read: " + why,
        "write it as postgres://user@host:port/database or \"host=... dbname=... user=...\"; in a URI, "
        "percent-encode what is special"};
  }
  return {};
}

std::string redacted(const std::string& dsn) {
  static constexpr std::array<std::string_view, 8> kShown{
      "service", "host", "hostaddr", "port", "user", "dbname", "sslmode", "target_session_attrs"};
  const Options options(PQconninfoParse(dsn.c_str(), nullptr));
  if (options == nullptr) {
    return "(unreadable connection string)";
  }
  std::map<std::string, std::string> parts;
  std::string keywords;
  for (const std::string_view key : kShown) {
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
      if (option->keyword == key && option->val != nullptr) {
        parts.emplace(key, option->val);
        keywords += (keywords.empty() ? "" : " ") + std::string(key) + "=" + keyword_value(option->val);
      }
    }
  }
  return is_uri(dsn) ? as_uri(std::move(parts)) : keywords;
}

}  // namespace planwise::pg

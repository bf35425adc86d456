// [[target]] and [[server.token]] of planwise.toml.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "server/config_options.h"
#include "server/config_reader.h"
#include "server/schedule/cron.h"

namespace planwise {
namespace {

constexpr std::array<std::string_view, 8> kTargetKeys{"name",          "dsn",      "dsn_file", "password",
                                                      "password_file", "schedule", "labels",   "budget"};
constexpr std::array<std::string_view, 3> kBudgetKeys{"query_p95_ms", "cache_hit_ratio", "connection_usage"};
constexpr std::array<std::string_view, 5> kTokenKeys{"name", "role", "hash", "token", "token_file"};
constexpr std::size_t kLongestName = 100;
constexpr std::string_view kFromEnvironment = "env:";

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool plain =
        (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    encoded += plain ? std::string(1, letter) : fmt::format("%{:02X}", byte);
  }
  return encoded;
}

// A connection string with a password that was kept apart from it, as libpq reads it in its two forms.
// Source: https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING
std::string with_password(const std::string& dsn, std::string_view password) {
  if (dsn.find("://") != std::string::npos) {
    return fmt::format("{}{}password={}", dsn, dsn.find('?') == std::string::npos ? '?' : '&',
                       percent_encoded(password));
  }
  std::string quoted;
  for (const char letter : password) {
    if (letter == '\'' || letter == '\\') {
      quoted += '\\';
    }
    quoted += letter;
  }
  return fmt::format("{} password='{}'", dsn, quoted);
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName &&
         std::none_of(name.begin(), name.end(),
                      [](char letter) { return static_cast<unsigned char>(letter) < ' '; });
}

}  // namespace

std::optional<std::string> ConfigReader::from_file(const toml::node& node, const std::string& path) {
  const auto name = node.value<std::string>();
  if (!name) {
    problem(node, path, "is not the name of a file");
    return std::nullopt;
  }
  const std::filesystem::path file = std::filesystem::path(config().file).parent_path() / *name;
  auto content = file_content(file.string());
  if (!content) {
    problem(node, path, fmt::format("cannot read {}", file.string()));
    return std::nullopt;
  }
  std::string secret = *std::move(content);
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) {
    secret.pop_back();
  }
  return secret;
}

std::optional<std::string> ConfigReader::secret(const toml::table& table, std::string_view key,
                                                const std::string& path) {
  const std::string file_key = std::string(key) + "_file";
  const toml::node* file = table.get(file_key);
  const toml::node* direct = table.get(key);
  if (file != nullptr && direct != nullptr) {
    problem(*file, path + "." + file_key, fmt::format("stands beside \"{}\"; give one of the two", key));
    return std::nullopt;
  }
  if (file != nullptr) {
    return from_file(*file, path + "." + file_key);
  }
  std::optional<std::string> given = text(table, key, path);
  if (given && given->starts_with(kFromEnvironment)) {
    const std::string variable = given->substr(kFromEnvironment.size());
    given = environment(variable);
    if (!given) {
      problem(*direct, path + "." + std::string(key), fmt::format("the variable {} is not set", variable));
    }
  }
  return given;
}

void ConfigReader::read_tables(const toml::node& node, const std::string& path,
                               std::span<const std::string_view> keys,
                               void (ConfigReader::*read)(const toml::table&, const std::string&)) {
  const toml::array* tables = node.as_array();
  if (tables == nullptr || !tables->is_homogeneous<toml::table>()) {
    problem(node, path, fmt::format("write [[{}]], once for each", path));
    return;
  }
  for (std::size_t i = 0; i < tables->size(); ++i) {
    const toml::table& table = *tables->get(i)->as_table();
    const std::string place = fmt::format("{}[{}]", path, i + 1);
    for (const auto& [key, value] : table) {
      if (std::find(keys.begin(), keys.end(), key.str()) == keys.end()) {
        unknown_key(key, place, keys);
      }
    }
    (this->*read)(table, place);
  }
}

void ConfigReader::read_targets(const toml::node& node) {
  read_tables(node, "target", kTargetKeys, &ConfigReader::read_target);
}

void ConfigReader::read_tokens(const toml::node& node) {
  read_tables(node, "server.token", kTokenKeys, &ConfigReader::read_token);
}

void ConfigReader::read_target(const toml::table& table, const std::string& path) {
  TargetSpec spec;
  if (const auto name = text(table, "name", path); name && is_name(*name)) {
    spec.name = *name;
  } else {
    const toml::node* given = table.get("name");
    problem(given != nullptr ? *given : table, path + ".name",
            fmt::format("a name of 1 to {} characters is needed", kLongestName));
  }
  const auto overridden = [&](std::string_view key) {
    return environment(environment_name(fmt::format("target.{}.{}", spec.name, key)));
  };
  const auto dsn = secret(table, "dsn", path);
  spec.dsn = overridden("dsn").value_or(dsn.value_or(""));
  if (spec.dsn.empty() && table.get("dsn") == nullptr && table.get("dsn_file") == nullptr) {
    problem(table, path + ".dsn", "is missing");
  }
  auto password = secret(table, "password", path);
  if (auto given = overridden("password")) {
    password = std::move(given);
  }
  if (password) {
    spec.dsn = with_password(spec.dsn, *password);
  }
  spec.schedule = overridden("schedule").value_or(text(table, "schedule", path).value_or(""));
  if (!spec.schedule.empty()) {
    const toml::node* given = table.get("schedule");
    schedules_.push_back(
        {(given != nullptr ? *given : table).source().begin.line, path + ".schedule", spec.schedule});
  }
  if (const toml::node* labels = table.get("labels")) {
    read_labels(*labels, path + ".labels", spec);
  }
  if (const toml::node* budget = table.get("budget")) {
    read_budget(*budget, path + ".budget", spec.budget);
  }
  if (!spec.name.empty() && config().find_target(spec.name) != nullptr) {
    problem(table, path + ".name", fmt::format("there are two targets named \"{}\"", spec.name));
    return;
  }
  config().targets.push_back(std::move(spec));
}

void ConfigReader::read_labels(const toml::node& node, const std::string& path, TargetSpec& spec) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    problem(node, path, "is not a table such as { team = \"checkout\" }");
    return;
  }
  for (const auto& [key, value] : *table) {
    if (const auto label = text(*table, key.str(), path)) {
      spec.labels.emplace(key.str(), *label);
    }
  }
}

void ConfigReader::read_budget(const toml::node& node, const std::string& path, TargetBudget& budget) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    problem(node, path, "is not a table: write [target.budget]");
    return;
  }
  for (const auto& [key, value] : *table) {
    const std::string key_path = path + "." + std::string(key.str());
    if (std::find(kBudgetKeys.begin(), kBudgetKeys.end(), key.str()) == kBudgetKeys.end()) {
      unknown_key(key, path, kBudgetKeys);
      continue;
    }
    const bool is_share = key.str() != "query_p95_ms";
    const auto number = value.is_number() ? value.value<double>() : std::nullopt;
    if (!number || !(*number > 0) || (is_share && *number > 1)) {
      problem(value, key_path, is_share ? "is not a share above 0 and up to 1" : "is not a number above 0");
    } else if (key.str() == "query_p95_ms") {
      budget.query_p95 = Millis(*number);
    } else {
      (key.str() == "cache_hit_ratio" ? budget.cache_hit_ratio : budget.connection_usage) = number;
    }
  }
}

void ConfigReader::read_token(const toml::table& table, const std::string& path) {
  TokenConfig token;
  token.name = text(table, "name", path).value_or("");
  if (!is_name(token.name)) {
    problem(table, path + ".name", fmt::format("a name of 1 to {} characters is needed", kLongestName));
  }
  const std::string role = text(table, "role", path).value_or("viewer");
  if (role != "viewer" && role != "operator") {
    problem(*table.get("role"), path + ".role", "is neither \"viewer\" nor \"operator\"");
  }
  token.role = role == "operator" ? TokenRole::kOperator : TokenRole::kViewer;
  token.hash = text(table, "hash", path).value_or("");
  const toml::node* direct = table.get("token");
  if (const auto clear = direct == nullptr ? std::nullopt : direct->value<std::string>();
      clear && !clear->starts_with(kFromEnvironment)) {
    problem(*direct, path + ".token",
            "a token does not stand here in clear: use token_file, \"env:NAME\" or hash");
    return;
  }
  token.token = secret(table, "token", path).value_or("");
  if (token.hash.empty() == token.token.empty()) {
    problem(table, path, "give either hash, token_file or token = \"env:NAME\"");
    return;
  }
  config().server.tokens.push_back(std::move(token));
}

void ConfigReader::check_whole() {
  for (const ScheduleToCheck& one : schedules_) {
    if (const auto cron = Cron::parse(one.schedule, config().schedule.timezone); !cron) {
      problem(one.line, one.key, cron.error().message);
    }
  }
  const std::string& listen = config().server.listen;
  const std::string_view host = std::string_view(listen).substr(0, listen.rfind(':'));
  const bool loopback = host.starts_with("127.") || host == "localhost" || host == "[::1]";
  if (!loopback && config().server.tokens.empty()) {
    problem(
        config().file, "server.listen",
        fmt::format("{} can be reached from other machines: add a [[server.token]], or listen on 127.0.0.1",
                    listen));
  }
}

}  // namespace planwise

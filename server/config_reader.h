// What reading the parts of a configuration shares: the problems found so far, and secrets that stand
// elsewhere.
#pragma once

#include <toml++/toml.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/config.h"

namespace planwise {

// The whole content of a file, nullopt if it cannot be read.
[[nodiscard]] std::optional<std::string> file_content(const std::string& file);

class ConfigReader {
 public:
  using Environment = std::function<std::optional<std::string>(const std::string&)>;

  ConfigReader(LoadedConfig& loaded, Environment environment)
      : loaded_(loaded), environment_(std::move(environment)) {}

  [[nodiscard]] Config& config() { return loaded_.config; }
  [[nodiscard]] std::optional<std::string> environment(const std::string& name) const {
    return environment_(name);
  }
  void problem(std::string place, std::string key, std::string message);
  void problem(std::size_t line, std::string key, std::string message);
  void problem(const toml::node& node, std::string key, std::string message);
  void unknown_key(const toml::key& key, const std::string& path, std::span<const std::string_view> known);

  // The text of `table[key]`, nullopt if it is not there or no text (a problem then).
  std::optional<std::string> text(const toml::table& table, std::string_view key, const std::string& path);
  // As text(); `env:NAME` stands for that variable, and `table[key + "_file"]` names a file that holds it.
  // Both given is a problem.
  std::optional<std::string> secret(const toml::table& table, std::string_view key, const std::string& path);

  // Reads [[target]] and [[server.token]].
  void read_targets(const toml::node& node);
  void read_tokens(const toml::node& node);
  // What depends on more than one key.
  void check_whole();

 private:
  // An array of tables, [[path]]: reports keys beside `keys` and reads each table.
  void read_tables(const toml::node& node, const std::string& path, std::span<const std::string_view> keys,
                   void (ConfigReader::*read)(const toml::table&, const std::string&));
  void read_target(const toml::table& table, const std::string& path);
  void read_budget(const toml::node& node, const std::string& path, TargetBudget& budget);
  void read_labels(const toml::node& node, const std::string& path, TargetSpec& spec);
  void read_token(const toml::table& table, const std::string& path);
  std::optional<std::string> from_file(const toml::node& node, const std::string& path);

  LoadedConfig& loaded_;
  Environment environment_;
  struct ScheduleToCheck {
    std::size_t line = 0;
    std::string key;
    std::string schedule;
  };
  std::vector<ScheduleToCheck> schedules_;  // checked when the time zone is known
};

}  // namespace planwise

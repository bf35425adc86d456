#include "server/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "server/config_options.h"
#include "server/config_reader.h"

namespace planwise {
namespace {

constexpr std::array<std::string_view, 2> kPlaces{"planwise.toml", "/etc/planwise/planwise.toml"};
constexpr std::array<std::string_view, 6> kSections{"server", "store", "audit", "schedule", "log", "target"};

std::optional<std::string> process_environment(const std::string& name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): planwise never changes its environment
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::optional<OptionValue> value_of(const toml::node& node, OptionType type) {
  switch (type) {
    case OptionType::kText:
      if (const auto* text = node.as_string()) {
        return OptionValue(text->get());
      }
      return std::nullopt;
    case OptionType::kInteger:
      if (const auto* number = node.as_integer()) {
        return OptionValue(number->get());
      }
      return std::nullopt;
    case OptionType::kBoolean:
      if (const auto* flag = node.as_boolean()) {
        return OptionValue(flag->get());
      }
      return std::nullopt;
    case OptionType::kList: break;
  }
  const toml::array* items = node.as_array();
  if (items == nullptr || (!items->empty() && !items->is_homogeneous<std::string>())) {
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const toml::node& item : *items) {
    texts.push_back(item.value_or(std::string()));
  }
  return OptionValue(std::move(texts));
}

void read_option(ConfigReader& reader, const ConfigOption& option, const toml::node& node) {
  const std::string key(option.key);
  const auto value = value_of(node, option.type);
  if (!value) {
    reader.problem(node, key, fmt::format("is not {}", expected(option.type)));
  } else if (const std::string wrong = option.set(reader.config(), *value); !wrong.empty()) {
    reader.problem(node, key, wrong);
  }
}

void read_section(ConfigReader& reader, std::string_view section, const toml::node& node) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    reader.problem(node, std::string(section), fmt::format("is not a table: write [{}]", section));
    return;
  }
  for (const auto& [key, value] : *table) {
    const std::string path = fmt::format("{}.{}", section, key.str());
    if (path == "server.token") {
      reader.read_tokens(value);
    } else if (const ConfigOption* option = find_option(path); option != nullptr) {
      read_option(reader, *option, value);
    } else {
      std::vector<std::string_view> known;
      for (const ConfigOption& one : config_options()) {
        if (one.key.starts_with(section) && one.key[section.size()] == '.') {
          known.push_back(one.key.substr(section.size() + 1));
        }
      }
      reader.unknown_key(key, std::string(section), known);
    }
  }
}

void read_document(ConfigReader& reader, const toml::table& document) {
  for (const auto& [key, value] : document) {
    if (key.str() == "target") {
      reader.read_targets(value);
    } else if (std::find(kSections.begin(), kSections.end(), key.str()) != kSections.end()) {
      read_section(reader, key.str(), value);
    } else {
      reader.unknown_key(key, "", kSections);
    }
  }
}

// Reads the file, if there is one; a file that was named must be there.
void read_file(ConfigReader& reader, const std::optional<std::string>& named) {
  std::string file = named.value_or("");
  for (std::size_t i = 0; !named && file.empty() && i < kPlaces.size(); ++i) {
    std::error_code ignored;
    if (std::filesystem::exists(kPlaces.at(i), ignored)) {
      file = kPlaces.at(i);
    }
  }
  if (file.empty()) {
    return;
  }
  reader.config().file = file;
  const auto content = file_content(file);
  if (!content) {
    reader.problem(file, "", "cannot be read");
    return;
  }
  try {
    read_document(reader, toml::parse(*content));
  } catch (const toml::parse_error& error) {
    reader.problem(fmt::format("{}:{}", file, error.source().begin.line), "",
                   std::string(error.description()));
  }
}

void read_text(ConfigReader& reader, const ConfigOption& option, const std::string& place,
               std::string_view text) {
  const auto value = parse_option(option.type, text);
  const std::string wrong = value ? option.set(reader.config(), *value) : value.error().message;
  if (!wrong.empty()) {
    reader.problem(place, std::string(option.key), wrong);
  }
}

}  // namespace

std::optional<std::string> file_content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open()) {
    return std::nullopt;
  }
  std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return in.bad() ? std::nullopt : std::optional(std::move(content));
}

void ConfigReader::problem(std::string place, std::string key, std::string message) {
  loaded_.problems.push_back({std::move(place), std::move(key), std::move(message)});
}

void ConfigReader::problem(std::size_t line, std::string key, std::string message) {
  loaded_.problems.push_back(
      {fmt::format("{}:{}", config().file, line), std::move(key), std::move(message), line});
}

void ConfigReader::problem(const toml::node& node, std::string key, std::string message) {
  problem(std::size_t{node.source().begin.line}, std::move(key), std::move(message));
}

void ConfigReader::unknown_key(const toml::key& key, const std::string& path,
                               std::span<const std::string_view> known) {
  const std::string_view meant = closest(key.str(), known);
  problem(std::size_t{key.source().begin.line},
          path.empty() ? std::string(key.str()) : fmt::format("{}.{}", path, key.str()),
          meant.empty() ? "unknown key" : fmt::format("unknown key; did you mean {}?", meant));
}

std::optional<std::string> ConfigReader::text(const toml::table& table, std::string_view key,
                                              const std::string& path) {
  const toml::node* node = table.get(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (const auto* value = node->as_string()) {
    return value->get();
  }
  problem(*node, fmt::format("{}.{}", path, key), "is not text");
  return std::nullopt;
}

const TargetSpec* Config::find_target(std::string_view name) const {
  const auto found = std::find_if(targets.begin(), targets.end(),
                                  [name](const TargetSpec& target) { return target.name == name; });
  return found == targets.end() ? nullptr : &*found;
}

std::string to_string(const ConfigProblem& problem) {
  std::string text = problem.place;
  for (const std::string& part : {problem.key, problem.message}) {
    if (!part.empty()) {
      text += text.empty() ? part : ": " + part;
    }
  }
  return text;
}

LoadedConfig load_config(const ConfigSources& sources) {
  LoadedConfig loaded;
  ConfigReader reader(loaded, sources.environment ? sources.environment : process_environment);
  read_file(reader, sources.file);
  for (const ConfigOption& option : config_options()) {
    const std::string variable = environment_name(option.key);
    if (const auto value = reader.environment(variable)) {
      read_text(reader, option, variable, *value);
    }
  }
  for (const auto& [key, value] : sources.flags) {
    if (const ConfigOption* option = find_option(key); option != nullptr) {
      read_text(reader, *option, "--" + key.substr(key.find('.') + 1), value);
    } else {
      reader.problem("", key, "unknown key");
    }
  }
  reader.check_whole();
  // Those of the file by line; toml++ walks a table in the order of its keys.
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(),
                   [](const ConfigProblem& a, const ConfigProblem& b) {
                     return a.line != 0 && (b.line == 0 || a.line < b.line);
                   });
  return loaded;
}

Result<Config> checked_config(const ConfigSources& sources) {
  LoadedConfig loaded = load_config(sources);
  if (loaded.problems.empty()) {
    return std::move(loaded.config);
  }
  Error error{ErrorCode::kInvalidArgument, "", "every option is in planwise.sample.toml"};
  for (const ConfigProblem& problem : loaded.problems) {
    error.message += error.message.empty() ? to_string(problem) : "; " + to_string(problem);
  }
  return error;
}

}  // namespace planwise

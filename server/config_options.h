// The keys of planwise.toml outside of targets and tokens, as one table: reading, checking, the environment's
// names and the sample file all follow it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "analyzer/base/result.h"
#include "server/config.h"

namespace planwise {

using OptionValue = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;

enum class OptionType : std::uint8_t { kText, kInteger, kBoolean, kList };

struct ConfigOption {
  std::string_view key;  // "server.listen"
  OptionType type = OptionType::kText;
  std::string_view sample;   // its default as the file spells it; an example where it has none
  std::string_view meaning;  // printed above it in the sample
  // Sets it; the message says what is wrong with a value of the right type, empty if nothing is.
  std::string (*set)(Config& config, const OptionValue& value) = nullptr;
};

[[nodiscard]] std::span<const ConfigOption> config_options();
[[nodiscard]] const ConfigOption* find_option(std::string_view key);

// "PLANWISE_SERVER_LISTEN"
[[nodiscard]] std::string environment_name(std::string_view key);

// A value as the environment or a flag spells it; the error's message says what was expected.
[[nodiscard]] Result<OptionValue> parse_option(OptionType type, std::string_view text);

// "text", "a number", "true or false", "a list of texts"
[[nodiscard]] std::string_view expected(OptionType type);

// The one of `words` that `word` may have been meant to be, or empty.
[[nodiscard]] std::string_view closest(std::string_view word, std::span<const std::string_view> words);

}  // namespace planwise

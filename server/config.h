// The configuration: planwise.toml, PLANWISE_* of the environment and flags, in one checked value.
//
// Precedence: flag, then environment, then file, then default. Every key of the file has an environment name:
// PLANWISE_ and the key in capitals with _ for dots (server.listen: PLANWISE_SERVER_LISTEN; lists are
// comma-separated); of a target, PLANWISE_TARGET_<NAME>_DSN with every character of the name that is no
// letter or digit as _. The environment overrides targets that the file declares; it declares none. A secret
// may stand as `env:NAME` or in the file that the key with
// `_file` behind it names (relative to the configuration file), trailing newlines cut.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/base/units.h"
#include "server/store/records.h"
#include "server/target.h"

namespace planwise {

enum class TokenRole : std::uint8_t { kViewer, kOperator };

// One [[server.token]]. Exactly one of the two is set: a token is never kept in clear in the file itself.
struct TokenConfig {
  std::string name;
  TokenRole role = TokenRole::kViewer;
  std::string hash;   // `hash`: as `planwise` prints it for a token
  std::string token;  // from `token_file` or `token = "env:NAME"`: in clear, to be hashed at start
};

struct ServerConfig {
  std::string listen = "127.0.0.1:8080";
  std::vector<std::string> allowed_hosts;  // Host headers beside those of `listen`
  std::vector<TokenConfig> tokens;
};

struct StoreConfig {
  std::string uri = "sqlite:planwise.db";
  Retention retention;
};

struct AuditConfig {
  int workers = 2;
  std::chrono::seconds budget{60};
  std::chrono::seconds statement_timeout{10};
  int statement_limit = 2000;
  int plan_limit = 2000;
  int window_days = 7;  // of the load that a scheduled audit looks at
  std::optional<Bytes> storage_budget;
  int max_index_width = 4;
  bool allow_privileged = false;
};

struct ScheduleConfig {
  std::string timezone = "UTC";  // IANA name, for schedules without a CRON_TZ of their own
};

struct LogConfig {
  std::string level = "info";   // trace, debug, info, warn, error
  std::string format = "text";  // text, json
};

struct Config {
  std::string file;  // that was read; empty if none
  ServerConfig server;
  StoreConfig store;
  AuditConfig audit;
  ScheduleConfig schedule;
  LogConfig log;
  std::vector<TargetSpec> targets;  // in the order of the file

  [[nodiscard]] const TargetSpec* find_target(std::string_view name) const;  // nullptr if there is none
};

// One thing wrong. `place` is "planwise.toml:12" or "PLANWISE_SERVER_LISTEN" or "--listen".
struct ConfigProblem {
  std::string place;
  std::string key;  // "server.listen", "target[2].schedule"; empty for a syntax error
  std::string message;
  std::size_t line = 0;  // of the file; 0 where it is not of a line
};

// "planwise.toml:12: server.lisen: unknown key; did you mean listen?"
[[nodiscard]] std::string to_string(const ConfigProblem& problem);

struct LoadedConfig {
  Config config;                        // defaults where there are problems
  std::vector<ConfigProblem> problems;  // all of them, in the order of the file
};

struct ConfigSources {
  std::optional<std::string>
      file;  // --config; nullopt: ./planwise.toml, then /etc/planwise/planwise.toml, then none
  std::function<std::optional<std::string>(const std::string&)>
      environment;                           // by name; empty: the process's own
  std::map<std::string, std::string> flags;  // by key: {"server.listen", "127.0.0.1:0"}
};

// Reads and checks everything; reports every problem, not just the first.
[[nodiscard]] LoadedConfig load_config(const ConfigSources& sources);
// The same, with the problems as one kInvalidArgument whose message holds them all, one after the other with
// "; ".
[[nodiscard]] Result<Config> checked_config(const ConfigSources& sources);

// A sample file: every option with its meaning, commented out at its default. planwise.sample.toml is this
// text.
[[nodiscard]] std::string sample_config();

}  // namespace planwise

#include "server/config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "server/config_options.h"
#include "tests/support/golden.h"
#include "tests/support/temp_folder.h"

namespace planwise {
namespace {

class ConfigTest : public testing::Test {
 protected:
  std::string write(const std::string& text, const std::string& name = "planwise.toml") {
    std::ofstream(folder_.file(name)) << text;
    return folder_.file(name);
  }

  LoadedConfig load(const std::string& text) {
    ConfigSources sources;
    sources.file = write(text);
    sources.environment = [this](const std::string& name) {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    };
    sources.flags = flags_;
    return load_config(sources);
  }

  // What was found wrong, one problem a line, with the folder cut off.
  [[nodiscard]] std::string told(const LoadedConfig& loaded) const {
    std::string lines;
    for (const ConfigProblem& problem : loaded.problems) {
      std::string line = to_string(problem);
      while (line.find(folder_.file("")) != std::string::npos) {
        line.erase(line.find(folder_.file("")), folder_.file("").size());
      }
      lines += line + "\n";
    }
    return lines;
  }
  std::string problems(const std::string& text) { return told(load(text)); }

  test::TempFolder folder_;
  std::map<std::string, std::string> environment_;
  std::map<std::string, std::string> flags_;
};

TEST_F(ConfigTest, ReadsWhatTheContractShows) {
  const LoadedConfig loaded = load(R"([server]
listen = "127.0.0.1:9090"
[store]
uri = "sqlite:/var/lib/planwise/planwise.db"
hourly_days = 30
[[target]]
name = "shop"
dsn = "postgres://planwise@db1/shop"
schedule = "*/30 * * * *"
labels = { team = "checkout" }
[target.budget]
query_p95_ms = 100
cache_hit_ratio = 0.95
connection_usage = 0.80
[[target]]
name = "other"
dsn = "host=db2"
)");
  ASSERT_EQ(told(loaded), "");
  const Config& config = loaded.config;
  EXPECT_EQ(config.server.listen, "127.0.0.1:9090");
  EXPECT_EQ(config.store.retention.hourly_days, 30);
  EXPECT_EQ(config.store.retention.raw_days, 7) << "the default";
  ASSERT_EQ(config.targets.size(), 2U);
  const TargetSpec& shop = config.targets[0];
  EXPECT_EQ(shop.schedule, "*/30 * * * *");
  EXPECT_EQ(shop.labels.at("team"), "checkout");
  EXPECT_EQ(shop.budget, (TargetBudget{Millis(100), 0.95, 0.80}));
  EXPECT_EQ(config.find_target("other")->dsn, "host=db2");
  EXPECT_EQ(config.find_target("nowhere"), nullptr);
}

TEST_F(ConfigTest, ListsEveryProblemWithItsLineAndKey) {
  EXPECT_EQ(problems(R"([server]
listen = "nowhere"
lisen = "127.0.0.1:80"
[audit]
workers = "two"
budget_seconds = 0
[strange]
[schedule]
timezone = "Mars/Olympus"
[[target]]
name = "a"
dsn = "host=a"
schedule = "61 * * * *"
[target.budget]
cache_hit_ratio = 95
[[target]]
name = "a"
dsn = 5
colour = "red"
)"),
            "planwise.toml:2: server.listen: \"nowhere\" is not HOST:PORT\n"
            "planwise.toml:3: server.lisen: unknown key; did you mean listen?\n"
            "planwise.toml:5: audit.workers: is not a whole number\n"
            "planwise.toml:6: audit.budget_seconds: 0 is not from 1 to 86400\n"
            "planwise.toml:7: strange: unknown key\n"
            "planwise.toml:9: schedule.timezone: \"Mars/Olympus\" is no time zone\n"
            "planwise.toml:13: target[1].schedule: schedule: minute \"61\": not from 0 to 59\n"
            "planwise.toml:15: target[1].budget.cache_hit_ratio: is not a share above 0 and up to 1\n"
            "planwise.toml:16: target[2].name: there are two targets named \"a\"\n"
            "planwise.toml:18: target[2].dsn: is not text\n"
            "planwise.toml:19: target[2].colour: unknown key\n");
}

TEST_F(ConfigTest, SaysWhereTheSyntaxIsWrong) {
  const std::string text = problems("[server]\nlisten = \n");
  EXPECT_EQ(text.substr(0, 17), "planwise.toml:2: ") << text;
}

TEST_F(ConfigTest, TakesFlagsBeforeTheEnvironmentBeforeTheFile) {
  const std::string text =
      "[server]\nlisten = \"127.0.0.1:1\"\n[log]\nlevel = \"warn\"\n[audit]\nworkers = 3\n";
  environment_ = {{"PLANWISE_SERVER_LISTEN", "127.0.0.1:2"}, {"PLANWISE_LOG_LEVEL", "error"}};
  flags_ = {{"server.listen", "127.0.0.1:3"}};
  const Config config = load(text).config;
  EXPECT_EQ(config.server.listen, "127.0.0.1:3");
  EXPECT_EQ(config.log.level, "error");
  EXPECT_EQ(config.audit.workers, 3);
}

TEST_F(ConfigTest, ReadsEveryTypeFromTheEnvironment) {
  environment_ = {{"PLANWISE_SERVER_ALLOWED_HOSTS", "a.example, b.example"},
                  {"PLANWISE_AUDIT_WORKERS", "8"},
                  {"PLANWISE_AUDIT_ALLOW_PRIVILEGED", "true"},
                  {"PLANWISE_AUDIT_STORAGE_BUDGET", "2GB"}};
  const Config config = load("").config;
  EXPECT_EQ(config.server.allowed_hosts, (std::vector<std::string>{"a.example", "b.example"}));
  EXPECT_EQ(config.audit.workers, 8);
  EXPECT_TRUE(config.audit.allow_privileged);
  EXPECT_EQ(config.audit.storage_budget, Bytes{std::int64_t{2} << 30});
  environment_ = {{"PLANWISE_AUDIT_WORKERS", "8x"},
                  {"PLANWISE_AUDIT_ALLOW_PRIVILEGED", "yes"},
                  {"PLANWISE_AUDIT_STORAGE_BUDGET", "2 apples"}};
  EXPECT_EQ(
      problems(""),
      "PLANWISE_AUDIT_WORKERS: audit.workers: is not a whole number\n"
      "PLANWISE_AUDIT_STORAGE_BUDGET: audit.storage_budget: \"2 apples\" is no size such as 500MB or 10GB\n"
      "PLANWISE_AUDIT_ALLOW_PRIVILEGED: audit.allow_privileged: is not true or false\n");
}

TEST_F(ConfigTest, TakesSecretsFromElsewhere) {
  write("postgres://u@db/one\n", "one.dsn");
  write("p'w\\d\n", "password");
  environment_ = {{"TWO_DSN", "host=two"}, {"SECRET", "a/b?c"}, {"PLANWISE_TARGET_FOUR_X_DSN", "host=four"}};
  const LoadedConfig loaded = load(R"([[target]]
name = "one"
dsn_file = "one.dsn"
password = "env:SECRET"
[[target]]
name = "two"
dsn = "env:TWO_DSN"
password_file = "password"
[[target]]
name = "four.x"
dsn = "host=three"
)");
  ASSERT_EQ(told(loaded), "");
  EXPECT_EQ(loaded.config.targets.at(0).dsn, "postgres://u@db/one?password=a%2Fb%3Fc");
  EXPECT_EQ(loaded.config.targets.at(1).dsn, "host=two password='p\\'w\\\\d'");
  EXPECT_EQ(loaded.config.targets.at(2).dsn, "host=four");
}

TEST_F(ConfigTest, SaysWhichSecretIsMissing) {
  const std::string text = problems(R"([[target]]
name = "one"
dsn_file = "none.dsn"
[[target]]
name = "two"
dsn = "env:NOT_SET"
[[target]]
name = "three"
dsn = "host=a"
dsn_file = "b"
[[target]]
name = "four"
)");
  EXPECT_EQ(text,
            "planwise.toml:3: target[1].dsn_file: cannot read none.dsn\n"
            "planwise.toml:6: target[2].dsn: the variable NOT_SET is not set\n"
            "planwise.toml:10: target[3].dsn_file: stands beside \"dsn\"; give one of the two\n"
            "planwise.toml:11: target[4].dsn: is missing\n");
}

TEST_F(ConfigTest, NeedsTokensWhereOthersCanConnect) {
  const std::string open = "[server]\nlisten = \"0.0.0.0:8080\"\n";
  EXPECT_NE(problems(open).find("server.listen: 0.0.0.0:8080 can be reached from other machines"),
            std::string::npos);
  environment_ = {{"TOKEN", "t0p"}};
  const std::string token =
      open + "[[server.token]]\nname = \"ci\"\nrole = \"operator\"\ntoken = \"env:TOKEN\"\n";
  EXPECT_EQ(problems(token), "");
  EXPECT_EQ(load(token).config.server.tokens.at(0).token, "t0p");
  EXPECT_EQ(load(token).config.server.tokens.at(0).role, TokenRole::kOperator);
  EXPECT_NE(
      problems("[[server.token]]\nname = \"ci\"\ntoken = \"clear\"\n").find("does not stand here in clear"),
      std::string::npos);
  for (const char* loopback : {"127.0.0.1:0", "localhost:80", "[::1]:80"}) {
    EXPECT_EQ(problems("[server]\nlisten = \"" + std::string(loopback) + "\"\n"), "");
  }
}

TEST_F(ConfigTest, PutsAllProblemsIntoOneError) {
  ConfigSources sources;
  sources.file = write("[server]\nx = 1\ny = 2\n");
  const auto config = checked_config(sources);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(config.error().message.find("server.x: unknown key; "), std::string::npos);
  EXPECT_NE(config.error().message.find("server.y: unknown key"), std::string::npos);
  sources.file = folder_.file("none.toml");
  EXPECT_NE(checked_config(sources).error().message.find("none.toml: cannot be read"), std::string::npos);
}

TEST(SampleConfig, IsTheFileInTheRepository) {
  test::expect_golden("planwise.sample.toml", sample_config());
}

// What stands in comments is the default: reading it must change nothing.
TEST_F(ConfigTest, SampleSpellsTheDefaults) {
  std::istringstream lines(sample_config());
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const bool assignment = line.starts_with("# ") && line.find(" = ") != std::string::npos &&
                            line.find("storage_budget") == std::string::npos;
    if (line == "# [[target]]" || line == "# [[server.token]]") {
      break;  // examples from here on
    }
    text += assignment ? line.substr(2) + "\n" : line.starts_with('[') ? line + "\n" : "";
  }
  ASSERT_NE(text.find("listen"), std::string::npos);
  EXPECT_EQ(problems(text), "");
  const Config sample = load(text).config;
  const Config plain = load("").config;
  EXPECT_EQ(sample.server.listen, plain.server.listen);
  EXPECT_EQ(sample.server.allowed_hosts, plain.server.allowed_hosts);
}

}  // namespace
}  // namespace planwise

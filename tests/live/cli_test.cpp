// The command line as a user meets it: the built binary against a real server, good input and bad.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/golden.h"
#include "tests/support/json_schema.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"
#include "tests/support/read_file.h"

namespace planwise {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// A folder of the test's own, which is also where the binary runs: no planwise.toml and no store but its own.
class CommandLine : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new test::PostgresServer(
        {.settings = {"max_connections = 20"}, .auth = "scram-sha-256", .tcp = true});
    shop_ = server_->create_database("shop");
    server_->sql(
        "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT "
        "NULL, "
        "  total numeric NOT NULL, created_at timestamptz NOT NULL);"
        "INSERT INTO orders (customer_id, total, created_at) "
        "  SELECT i % 5000, i % 90, now() - i * interval '1 minute' FROM generate_series(1, 150000) i;"
        "ANALYZE orders; CREATE EXTENSION hypopg",
        "shop");
    // The load is no part of what is audited.
    server_->await("SELECT n_tup_ins = 150000 FROM pg_stat_user_tables WHERE relname = 'orders'", "shop");
    server_->sql("SELECT pg_stat_statements_reset(), pg_stat_reset()", "shop");
    server_->sql(
        "CREATE ROLE planwise LOGIN PASSWORD 'correct horse'; GRANT pg_monitor, pg_read_all_data TO "
        "planwise");
    for (int i = 0; i < 20; ++i) {
      server_->sql("SELECT id, total FROM orders WHERE customer_id = " + std::to_string(i), "shop");
    }
  }
  static void TearDownTestSuite() { delete server_; }

  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("planwise-cli-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    previous_ = fs::current_path();
    fs::current_path(folder_);
  }
  void TearDown() override {
    fs::current_path(previous_);
    fs::remove_all(folder_);
  }

  struct Ran {
    int status = -1;
    std::string out;
    std::string err;
  };
  // Through sh, so that both streams can be told apart.
  [[nodiscard]] Ran planwise(const std::string& arguments) const {
    const std::string command =
        "cd '" + folder_.string() + "' && '" PLANWISE_BINARY "' " + arguments + " >out 2>err </dev/null";
    const int status = test::run({"sh", "-c", command}).status;
    return {status, text("out"), text("err")};
  }
  [[nodiscard]] std::string text(const std::string& name) const { return test::read_file(folder_ / name); }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name) << content;
  }

  // An audit that works: by socket as the least privileged role.
  static std::string target() { return "'" + login("shop") + "'"; }
  static std::string login(const std::string& database, const std::string& password = "correct horse") {
    return server_->tcp_dsn(database, "planwise") + " password=\\'" + password + "\\'";
  }
  // One error line, at most one hint, nothing on standard output.
  static void expect_refused(const Ran& ran, const std::string& about, const std::string& hint) {
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.out, IsEmpty());
    EXPECT_THAT(ran.err, StartsWith("planwise: error: "));
    EXPECT_THAT(ran.err, AllOf(HasSubstr(about), HasSubstr(hint)));
    EXPECT_LE(std::count(ran.err.begin(), ran.err.end(), '\n'), 2) << ran.err;
    EXPECT_THAT(ran.err, Not(HasSubstr("correct horse")));
  }

  static test::PostgresServer* server_;
  static std::string shop_;
  fs::path folder_;
  fs::path previous_;
};
test::PostgresServer* CommandLine::server_ = nullptr;
std::string CommandLine::shop_;

// URI form, quoted for the shell.
std::string uri(int port, const std::string& password, const std::string& database = "shop") {
  return "'postgres://planwise:" + password + "@127.0.0.1:" + std::to_string(port) + "/" + database + "'";
}

TEST_F(CommandLine, AuditsAndFindsTheMissingIndex) {
  const Ran ran = planwise("audit " + uri(server_->port(), "correct%20horse") + " --format json");
  ASSERT_EQ(ran.status, 0) << ran.err;
  const std::string schema = test::file_text("server/report/report.schema.json");
  EXPECT_THAT(test::schema_violations(std::string_view(schema), "", std::string_view(ran.out)), IsEmpty());
  const auto report = nlohmann::json::parse(ran.out);
  const auto& best = report["recommendations"][0];
  EXPECT_EQ(best["rule"], "missing-index");
  EXPECT_EQ(best["title"], "Add an index on public.orders (customer_id)");
  EXPECT_EQ(best["confidence"], "confirmed");
  EXPECT_THAT(ran.out, Not(HasSubstr("correct")));
}

TEST_F(CommandLine, FailOnDecidesTheExitStatus) {
  const std::string audit = "audit " + uri(server_->port(), "correct%20horse");
  EXPECT_EQ(planwise(audit + " --fail-on info").status, 1);
  EXPECT_EQ(planwise(audit + " --fail-on critical").status, 0);
  EXPECT_EQ(planwise(audit + " --rule invalid-index --fail-on info").status, 0);
}

TEST_F(CommandLine, SqlRunsAsItIsAndThenThereIsNothingToSay) {
  const std::string audit = "audit " + uri(server_->port(), "correct%20horse") + " --rule missing-index";
  ASSERT_EQ(planwise(audit + " --format sql --output fix.sql").status, 0);
  EXPECT_THAT(text("fix.sql"), HasSubstr("CREATE INDEX CONCURRENTLY"));
  const auto ran =
      test::run({"psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", shop_, "-f", (folder_ / "fix.sql").string()});
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_EQ(planwise(audit + " --fail-on info").status, 0);
  server_->sql("DROP INDEX orders_customer_id_idx", "shop");
}

TEST_F(CommandLine, ASnapshotFileGivesTheSameAnswerWithoutTheDatabase) {
  const std::string target = uri(server_->port(), "correct%20horse");
  ASSERT_EQ(planwise("capture " + target + " --output shop.json.zst").status, 0) << text("err");
  const Ran ran = planwise("audit shop.json.zst --format json");
  ASSERT_EQ(ran.status, 0) << ran.err;
  const auto report = nlohmann::json::parse(ran.out);
  EXPECT_EQ(report["target"]["database"], "shop");
  EXPECT_GT(report["load"]["statements"], 0);
}

TEST_F(CommandLine, AdviseTakesStatementsFromFiles) {
  write("by_customer.sql",
        "SELECT id FROM orders WHERE customer_id = 42 ORDER BY created_at DESC LIMIT 5;\n");
  const Ran ran = planwise("advise " + uri(server_->port(), "correct%20horse") +
                           " --workload by_customer.sql --format sql");
  ASSERT_EQ(ran.status, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("ON public.orders (customer_id, created_at"));
}

TEST_F(CommandLine, ExplainReadsADocument) {
  write("plan.json",
        "[" + server_->value("EXPLAIN (FORMAT JSON) SELECT id FROM orders WHERE customer_id = 42", "shop")
                  .substr(1));
  const Ran ran = planwise("explain plan.json --format json");
  ASSERT_EQ(ran.status, 0) << ran.err;
  const auto report = nlohmann::json::parse(ran.out);
  EXPECT_TRUE(report["window"].is_null());
  EXPECT_TRUE(report["load"].is_null());
  EXPECT_EQ(report["target"]["name"], "plan.json");
  EXPECT_THAT(report["statements"][0]["plan"].dump(), HasSubstr("full-scan"));
}

TEST_F(CommandLine, ExplainReadsPlansOfMySqlAndMariaDb) {
  const auto kind = [this](const std::string& name, const std::string& engine) {
    const std::string file = std::string(PLANWISE_SOURCE_DIR) + "/tests/data/plans/" + name + ".json";
    const Ran ran = planwise("explain " + file + " --format json");
    EXPECT_EQ(ran.status, 0) << ran.err;
    const auto report = nlohmann::json::parse(ran.out);
    EXPECT_EQ(report["target"]["engine"], engine) << name;
    return report["statements"][0]["plan"]["kind"].get<std::string>();
  };
  EXPECT_EQ(kind("mysql56/fullscan_noindex_filter", "mysql"), "full-scan");
  EXPECT_EQ(kind("mysql_v1/index_merge", "mysql"), "bitmap-scan");
  EXPECT_EQ(kind("mysql_v2/group_sort_limit.analyze", "mysql"), "limit");
  EXPECT_EQ(kind("mysql_v2_envelope/range.analyze", "mysql"), "index-scan");
  EXPECT_EQ(kind("mariadb1011/filesort_limit.analyze", "mariadb"), "sort");
}

TEST_F(CommandLine, CheckTargetSaysWhatIsMissingAndHowToMendIt) {
  EXPECT_EQ(planwise("check-target " + uri(server_->port(), "correct%20horse")).status, 0)
      << text("out") << text("err");
  const std::string bare = server_->create_database("bare");
  server_->sql("DROP EXTENSION pg_stat_statements", "bare");
  const Ran ran = planwise("check-target " + uri(server_->port(), "correct%20horse", "bare"));
  EXPECT_EQ(ran.status, 1) << ran.err;
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("CREATE EXTENSION pg_stat_statements"), HasSubstr("CREATE EXTENSION hypopg")));
}

TEST_F(CommandLine, ASuperuserIsRefusedWithTheRoleToMake) {
  const Ran ran = planwise("audit '" + shop_ + "'");
  expect_refused(ran, "superuser", "CREATE ROLE");
  EXPECT_EQ(planwise("audit '" + shop_ + "' --allow-privileged").status, 0);
  const Ran role = planwise("check-target '" + shop_ + "' --format sql");
  EXPECT_THAT(role.out, AllOf(HasSubstr("CREATE ROLE"), HasSubstr("pg_monitor")));
}

TEST_F(CommandLine, WhatCannotBeReachedIsNamed) {
  expect_refused(planwise("audit postgres://planwise@no-such-host.invalid/shop"), "no-such-host.invalid",
                 "hint: ");
  expect_refused(planwise("audit postgres://planwise@127.0.0.1:1/shop"), "127.0.0.1", "hint: ");
  expect_refused(planwise("audit " + uri(server_->port(), "wrong")), "password", "hint: ");
  expect_refused(planwise("audit " + uri(server_->port(), "correct%20horse", "no_such_db")), "no_such_db",
                 "hint: ");
  expect_refused(planwise("audit mysql://u@no-such-host.invalid/d"), "no-such-host.invalid", "hint: ");
  expect_refused(planwise("audit no-such-file.json"), "no-such-file.json", "");
}

TEST_F(CommandLine, WhatWasTypedWrongIsNamed) {
  expect_refused(planwise("audit x --formt json"), "--formt", "hint: ");
  expect_refused(planwise("audit x --format yaml"), "yaml", "");
  expect_refused(planwise("audit x --rule missing-indx"), "missing-indx", "did you mean missing-index");
  expect_refused(planwise("audit x --storage-budget lots"), "lots", "");
  expect_refused(planwise("frobnicate"), "frobnicate", "hint: ");
  expect_refused(planwise("logs x"), "logs", "");
  expect_refused(planwise("rules no-such-rule"), "no-such-rule", "");
  expect_refused(planwise("advise x --workload nowhere"), "nowhere", "");
  expect_refused(planwise("explain nowhere.json"), "nowhere.json", "");
}

TEST_F(CommandLine, BrokenFilesAreNamedWithTheirLine) {
  write("planwise.toml", "[server]\nlisen = \"127.0.0.1:8080\"\n");
  expect_refused(planwise("audit shop"), "planwise.toml:2", "");
  write("planwise.toml", "[server\n");
  expect_refused(planwise("serve"), "planwise.toml:1", "");
  fs::remove("planwise.toml");
  write("broken.json", "{\"schema\": 1");
  expect_refused(planwise("audit broken.json"), "broken.json", "");
  write("not.db",
        "this is no database, but it is long enough to look like one to those who only look at the size");
  expect_refused(planwise("serve --store sqlite:not.db"), "not.db", "");
  write("plan.json", "{\"format\": \"TREE\", \"text\": \"-> Table scan on t\"}");
  expect_refused(planwise("explain plan.json"), "tree format", "FORMAT=JSON");
}

TEST_F(CommandLine, AFullDiskLosesNothing) {
  write("report.json", "the report of yesterday");
  const Ran ran =
      planwise("audit " + uri(server_->port(), "correct%20horse") + " --format json --output /dev/full");
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("/dev/full"));
  EXPECT_EQ(
      planwise("audit " + uri(server_->port(), "correct%20horse") + " --output /nowhere/report.json").status,
      2);
  EXPECT_EQ(text("report.json"), "the report of yesterday");
}

TEST_F(CommandLine, ServeTellsThatThePortIsTaken) {
  expect_refused(planwise("serve --listen 127.0.0.1:" + std::to_string(server_->port())),
                 std::to_string(server_->port()), "hint: ");
}

TEST_F(CommandLine, PasswordsLeaveTheArgumentsAtOnce) {
  server_->pause();
  const pid_t child = test::spawn(
      {PLANWISE_BINARY, "audit",
       "postgres://planwise:correct%20horse@127.0.0.1:" + std::to_string(server_->port()) + "/shop"},
      (folder_ / "log").string(), test::RunAs::kSelf);
  usleep(500'000);
  const std::string arguments = test::read_file("/proc/" + std::to_string(child) + "/cmdline");
  server_->resume();
  kill(child, SIGTERM);
  EXPECT_THAT(arguments, AllOf(HasSubstr("planwise:x"), Not(HasSubstr("horse"))));
}

TEST_F(CommandLine, TheSessionInTheReadmeIsWhatItSays) {
  const std::string readme = test::file_text("README.md");
  const std::string prompt = "```console\n$ planwise ";
  const auto begin = readme.find(prompt);
  ASSERT_NE(begin, std::string::npos);
  const auto output = readme.find('\n', begin + prompt.size()) + 1;
  const std::string command = readme.substr(begin + prompt.size(), output - 1 - begin - prompt.size());
  const std::string verb = command.substr(0, command.find(' ') + 1);
  const Ran ran = planwise(verb + PLANWISE_SOURCE_DIR "/" + command.substr(verb.size()));
  EXPECT_EQ(ran.out, readme.substr(output, readme.find("```", output) - output));
}

TEST_F(CommandLine, EveryCommandHasHelpWithExamples) {
  for (const std::string command :
       {"audit", "capture", "advise", "explain", "rules", "report", "serve", "check-target"}) {
    const Ran ran = planwise(command + " --help");
    EXPECT_EQ(ran.status, 0);
    EXPECT_THAT(ran.out, HasSubstr("Examples:")) << command;
  }
  EXPECT_EQ(planwise("--version").out, "planwise " PLANWISE_VERSION "\n");
}

}  // namespace
}  // namespace planwise

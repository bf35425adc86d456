// The commands against a MariaDB server, as a user has them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/live/mysql_capture.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace planwise::mysql {
namespace {

using testing::HasSubstr;
using testing::Not;

class MySqlCli : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<test::MySqlServer>();
    server_->sql("CREATE DATABASE shop");
    server_->script(kShop, "shop");
    server_->sql("CREATE INDEX total_again ON shop.orders (total)");
    for (int i = 0; i < 5; ++i) {
      server_->sql("SELECT count(*) FROM orders WHERE status = 'open'", "shop");
    }
  }
  static void TearDownTestSuite() { server_.reset(); }

  static test::ProcessResult planwise(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PLANWISE_BINARY);
    return test::run(arguments);
  }

  static inline std::unique_ptr<test::MySqlServer> server_;
};

TEST_F(MySqlCli, CheckTargetMakesTheAccountThatSeesEverything) {
  const test::ProcessResult refused = planwise({"check-target", server_->dsn("shop"), "--quiet"});
  EXPECT_EQ(refused.status, 1) << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("ACCOUNT UNLOCK"));
  const test::ProcessResult sql =
      planwise({"check-target", server_->dsn("shop"), "--format", "sql", "--quiet"});
  ASSERT_THAT(sql.output, HasSubstr("GRANT SELECT, SHOW VIEW ON `shop`.* TO 'planwise'@'%';"));
  server_->script(sql.output);
  server_->sql("ALTER USER 'planwise'@'%' ACCOUNT UNLOCK");
  const test::ProcessResult all = planwise({"check-target", server_->dsn("shop", "planwise"), "--quiet"});
  EXPECT_EQ(all.status, 0) << all.output;
  EXPECT_THAT(all.output, Not(HasSubstr("missing")));
}

TEST_F(MySqlCli, AuditsTheServerAndAFileOfItAlike) {
  const test::TempFolder folder;
  const std::string file = folder.file("shop.json.zst");
  const auto audited = [&](const std::string& target) {
    const test::ProcessResult result =
        planwise({"audit", target, "--format", "json", "--allow-privileged", "--quiet"});
    EXPECT_EQ(result.status, 0) << result.output;
    return nlohmann::json::parse(result.output);
  };
  const test::ProcessResult captured =
      planwise({"capture", server_->dsn("shop"), "--output", file, "--allow-privileged", "--quiet"});
  ASSERT_EQ(captured.status, 0) << captured.output;
  for (const std::string& target : {server_->dsn("shop"), file}) {
    const nlohmann::json report = audited(target);
    EXPECT_EQ(report.at("target").at("engine"), "mariadb");
    EXPECT_EQ(report.at("target").at("database"), "shop");
    const auto& recommendations = report.at("recommendations");
    const auto duplicate = std::ranges::find_if(
        recommendations, [](const nlohmann::json& one) { return one.at("rule") == "duplicate-index"; });
    ASSERT_NE(duplicate, recommendations.end()) << target;
    EXPECT_EQ(duplicate->at("action").at("sql").at(0), "DROP INDEX total_again ON shop.orders");
    EXPECT_EQ(duplicate->at("objects").at(0).at("name"), "shop.orders.total_again");
    const auto& statements = report.at("statements");
    EXPECT_TRUE(
        std::ranges::any_of(statements, [](const nlohmann::json& one) { return one.at("calls") == 5; }));
    EXPECT_TRUE(std::ranges::any_of(report.at("skipped"), [](const nlohmann::json& one) {
      return one.at("why").get<std::string>().find("these rules do not look at MariaDB") == 0;
    }));
  }
}

TEST_F(MySqlCli, NoPasswordIsShown) {
  const std::string dsn = "mysql://nobody:s3cret@localhost/shop?socket=" + server_->socket();
  for (const char* command : {"audit", "check-target"}) {
    const test::ProcessResult refused = planwise({command, dsn, "--quiet"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.output, HasSubstr("planwise: error: "));
    EXPECT_THAT(refused.output, Not(HasSubstr("s3cret")));
  }
}

}  // namespace
}  // namespace planwise::mysql

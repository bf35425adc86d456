#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "connectors/connector.h"
#include "connectors/snapshot_file.h"
#include "tests/live/postgres_capture.h"

namespace planwise::pg {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class PostgresConnectorLive : public PostgresCapture {
 protected:
  static void SetUpTestSuite() {
    PostgresCapture::SetUpTestSuite();
    server_->sql("CREATE EXTENSION hypopg", "shop");
    server_->sql("SELECT * FROM orders WHERE customer_id = 7", "shop");
  }
};

TEST_F(PostgresConnectorLive, RefusesPrivilegedLoginsWithTheSqlForABetterOne) {
  const auto refused = open_target(server_->dsn("shop"), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kPermissionDenied);
  EXPECT_THAT(refused.error().hint, HasSubstr("GRANT pg_monitor"));
  CaptureOptions options;
  options.allow_privileged = true;
  EXPECT_TRUE(open_target(server_->dsn("shop"), options));
}

TEST_F(PostgresConnectorLive, PlansAndOffersAWhatIfEveryTime) {
  const auto connector = open_target(server_->dsn("shop", "planwise"), {});
  ASSERT_TRUE(connector) << connector.error().message;
  for (int round = 0; round < 2; ++round) {
    double last = 0;
    CaptureOptions options;
    options.progress = [&](double share, std::string_view) {
      EXPECT_GE(share, last);
      last = share;
    };
    const auto snapshot = (*connector)->capture(options);
    ASSERT_TRUE(snapshot) << snapshot.error().message;
    const auto found = std::ranges::find_if(snapshot->workload.statements, [](const Statement& statement) {
      return statement.query.find("FROM orders WHERE customer_id") != std::string::npos;
    });
    ASSERT_NE(found, snapshot->workload.statements.end());
    ASSERT_NE(snapshot->plan_of(found->id), nullptr);
    ASSERT_NE((*connector)->what_if(), nullptr);

    IndexSet indexes;
    indexes.added.resize(1);
    indexes.added[0].table = {"public", "orders"};
    indexes.added[0].keys = {{.expression = "customer_id"}};
    const std::vector<StatementId> asked{found->id};
    const auto with = (*connector)->what_if()->costs(asked, indexes, false);
    ASSERT_TRUE(with) << with.error().message;
    EXPECT_LT((*with)[0].cost->units, snapshot->plan_of(found->id)->root.cost->units);
    EXPECT_LE(last, 1);
  }
}

TEST_F(PostgresConnectorLive, WithoutPlansItAsksForNone) {
  const auto connector = open_target(server_->dsn("shop", "planwise"), {});
  CaptureOptions options;
  options.with_plans = false;
  const auto snapshot = (*connector)->capture(options);
  EXPECT_THAT(snapshot->plans, IsEmpty());
  EXPECT_EQ((*connector)->what_if(), nullptr);
}

TEST_F(PostgresConnectorLive, GivenStatementsStandInForTheServers) {
  const auto connector = open_target(server_->dsn("shop", "planwise"), {});
  CaptureOptions options;
  options.given = {{"one", "SELECT * FROM orders WHERE total > 499", 5}};
  const auto snapshot = (*connector)->capture(options);
  ASSERT_EQ(snapshot->workload.statements.size(), 1U);
  EXPECT_EQ(snapshot->workload.kind, WindowKind::kWorkloadFiles);
  EXPECT_NE(snapshot->plan_of(snapshot->workload.statements[0].id), nullptr);
}

TEST_F(PostgresConnectorLive, WhatItReadSurvivesAFile) {
  const auto connector = open_target(server_->dsn("shop", "planwise"), {});
  const auto snapshot = (*connector)->capture({});
  const std::string json = snapshot_json(*snapshot, {});
  const auto read = parse_snapshot(json);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(snapshot_json(*read, {}), json);
  EXPECT_EQ(read->schema.tables.size(), snapshot->schema.tables.size());
  EXPECT_EQ(json.find("c1999@example.com"), std::string::npos);
}

}  // namespace
}  // namespace planwise::pg

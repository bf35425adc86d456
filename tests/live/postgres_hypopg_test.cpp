// The what-if session against a real server, and its sizes against really built indexes.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/sql/quote.h"
#include "connectors/postgres/hypopg.h"
#include "tests/live/postgres_planning.h"

namespace planwise::pg {
namespace {

using test::given;
using test::id_of;
using test::PostgresServer;
using test::session_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kTables = R"(
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id integer, state text, total numeric(10, 2), created_at timestamptz,
  reference uuid, email varchar(60), code text, flag boolean, ratio double precision, day date, small smallint, note text,
  mostly_null integer, attributes jsonb);
SELECT setseed(0.5);
INSERT INTO orders SELECT i, 1 + 20000 * random() * random(), (ARRAY['paid', 'paid', 'paid', 'paid', 'new', 'lost'])[1 + 6 * random()],
  round((5000 * random())::numeric) / 7.0, timestamptz '2024-01-01' + i * interval '7 seconds', md5(i::text)::uuid,
  'user' || (50000 * random())::integer || '@example.com', md5((3000 * random())::integer::text), random() < 0.3, random(),
  date '2020-01-01' + (1500 * random())::integer, 100 * random(), 'x' || (7 * random())::integer,
  CASE WHEN random() < 0.05 THEN i END, jsonb_build_object('n', i % 10) FROM generate_series(1, 200000) i;
CREATE SCHEMA "Odd ""S";
CREATE TABLE "Odd ""S"."T % t" ("Ünïque" integer, "select" text);
INSERT INTO "Odd ""S"."T % t" SELECT i, 'v' || i FROM generate_series(1, 50000) i;
CREATE TABLE events (id bigint, at timestamptz, kind integer) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2024-07-01') TO ('2025-01-01') PARTITION BY RANGE (at);
CREATE TABLE events_2a PARTITION OF events_2 FOR VALUES FROM ('2024-07-01') TO ('2024-10-01');
CREATE TABLE events_2b PARTITION OF events_2 FOR VALUES FROM ('2024-10-01') TO ('2025-01-01');
INSERT INTO events SELECT i, timestamptz '2024-01-01' + i * interval '3 minutes', i % 40000 FROM generate_series(1, 170000) i;
)";

IndexDef index_on(const std::string& table, const std::vector<std::string>& columns) {
  IndexDef def;
  def.table = {"public", table};
  for (const std::string& column : columns) {
    def.keys.push_back({column});
  }
  return def;
}

IndexDef expression_index(const std::string& table, const std::string& expression) {
  IndexDef def = index_on(table, {expression});
  def.keys[0].is_expression = true;
  return def;
}

class Hypopg : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new PostgresServer();
    server_->create_database("shop");
    server_->sql("CREATE SCHEMA tools; CREATE EXTENSION hypopg SCHEMA tools", "shop");
    server_->sql(kTables, "shop");
    server_->sql("VACUUM ANALYZE", "shop");
  }
  static void TearDownTestSuite() { delete server_; }

  // Plans the statements and opens the what-if session over them.
  WhatIf& ask(const std::vector<std::string>& statements) {
    session_ = session_of(*server_);
    planned_ = test::plan(*session_, given(statements));
    what_if_ = open_hypopg(session_of(*server_), planned_.statements, planned_.snapshot, gaps_);
    EXPECT_NE(what_if_, nullptr);
    return *what_if_;
  }

  // The one statement's cost with these indexes.
  StatementCost cost(const std::string& sql, std::vector<IndexDef> added) {
    const StatementId id = id_of(sql);
    auto costs = what_if_->costs({&id, 1}, {std::move(added), {}}, true);
    EXPECT_TRUE(costs.has_value());
    return (*costs).at(0);
  }

  void expect_helped(const std::string& sql, const IndexDef& def) {
    ask({sql});
    const StatementCost before = cost(sql, {});
    const StatementCost after = cost(sql, {def});
    ASSERT_TRUE(before.cost && after.cost) << before.error << after.error;
    EXPECT_LT(after.cost->units, before.cost->units / 2) << sql;
    EXPECT_THAT(after.used, ElementsAre(0));
  }

  static PostgresServer* server_;
  std::unique_ptr<Session> session_;
  test::Planned planned_;
  std::unique_ptr<WhatIf> what_if_;
  std::vector<Gap> gaps_;
};
PostgresServer* Hypopg::server_ = nullptr;

TEST_F(Hypopg, PlainExpressionPartialAndCoveringIndexesAreUsed) {
  expect_helped("SELECT * FROM orders WHERE customer_id = 42", index_on("orders", {"customer_id"}));
  expect_helped("SELECT * FROM orders WHERE lower(email) = 'user7@example.com'",
                expression_index("orders", "lower(email)"));
  IndexDef partial = index_on("orders", {"created_at"});
  partial.predicate = "state = 'lost'";
  expect_helped("SELECT * FROM orders WHERE state = 'lost' ORDER BY created_at DESC LIMIT 10", partial);
  IndexDef covering = index_on("orders", {"day"});
  covering.include = {"total"};
  expect_helped("SELECT sum(total) FROM orders WHERE day = '2020-03-01'", covering);
}

TEST_F(Hypopg, NamesThatNeedQuotesWork) {
  IndexDef def;
  def.table = {"Odd \"S", "T % t"};
  def.keys = {{"Ünïque"}};
  expect_helped(R"(SELECT "select" FROM "Odd ""S"."T % t" WHERE "Ünïque" = 77)", def);
}

TEST_F(Hypopg, APartitionedTableGetsOneIndexAPartition) {
  expect_helped("SELECT * FROM events WHERE kind = 9", index_on("events", {"kind"}));
  const auto whole = what_if_->size(index_on("events", {"kind"}));
  const auto part = what_if_->size(index_on("events_1", {"kind"}));
  ASSERT_TRUE(whole && part);
  EXPECT_GT(whole->count, 1.5 * static_cast<double>(part->count));
}

TEST_F(Hypopg, NothingIsLeftBehindBetweenQuestions) {
  const std::string sql = "SELECT * FROM orders WHERE customer_id = 42";
  ask({sql});
  const double before = cost(sql, {}).cost->units;
  EXPECT_LT(cost(sql, {index_on("orders", {"customer_id"})}).cost->units, before);
  EXPECT_EQ(cost(sql, {}).cost->units, before);
  EXPECT_EQ(server_->value("SELECT count(*) FROM pg_class WHERE relname LIKE '%planwise%'", "shop"), "0");
}

TEST_F(Hypopg, ExistingIndexesThatAPlanReadsAreNamed) {
  const std::string sql = "SELECT * FROM orders WHERE id = 5";
  ask({sql});
  EXPECT_THAT(cost(sql, {}).used_existing, ElementsAre("orders_pkey"));
}

TEST_F(Hypopg, AStatementThatFailsDoesNotSpoilTheOthers) {
  const std::vector<std::string> statements{"SELECT * FROM orders WHERE customer_id = 42",
                                            "SELECT note FROM orders",
                                            "SELECT * FROM orders WHERE day = '2020-02-02'"};
  ask(statements);
  // A statement whose table is gone since it was planned.
  for (PlannableStatement& statement : planned_.statements.statements) {
    if (statement.id == id_of(statements[1])) {
      statement.sql = "SELECT note FROM gone";
    }
  }
  what_if_ = open_hypopg(session_of(*server_), planned_.statements, planned_.snapshot, gaps_);
  const std::vector<StatementId> ids{id_of(statements[0]), id_of(statements[1]), StatementId{1},
                                     id_of(statements[2])};
  const auto costs = what_if_->costs(ids, {{index_on("orders", {"day"})}, {}}, false);
  ASSERT_TRUE(costs);
  ASSERT_EQ(costs->size(), 4U);
  EXPECT_TRUE((*costs)[0].cost);
  EXPECT_THAT((*costs)[1].error, HasSubstr("gone"));
  EXPECT_THAT((*costs)[2].error, HasSubstr("not planned"));
  EXPECT_THAT((*costs)[3].used, ElementsAre(0));
}

TEST_F(Hypopg, WhatItCannotTryIsSaid) {
  ask({"SELECT 1 FROM orders"});
  IndexDef gin = index_on("orders", {"attributes"});
  gin.method = IndexMethod::kGin;
  EXPECT_FALSE(what_if_->can_plan(gin));
  EXPECT_EQ(what_if_->size(gin).error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(cost("SELECT 1 FROM orders", {index_on("orders", {"no_such_column"})}).error,
              HasSubstr("no_such_column"));
  EXPECT_FALSE(what_if_->can_hide()) << "HypoPG 1.3 cannot hide";
}

TEST_F(Hypopg, TheLimitOfObjectsHasAClearError) {
  const std::string sql = "SELECT 1 FROM orders";
  ask({sql});
  std::vector<IndexDef> many;
  for (int i = 0; i < 3'000; ++i) {
    many.push_back(index_on("orders", {"customer_id"}));
    many.back().predicate = "customer_id > " + std::to_string(i);
  }
  EXPECT_THAT(cost(sql, many).error, HasSubstr("no room for more hypothetical indexes"));
  EXPECT_TRUE(cost(sql, {}).cost) << "the session recovers";
}

TEST_F(Hypopg, WithoutTheExtensionTheGapSaysWhatToDo) {
  server_->create_database("bare");
  Snapshot snapshot;
  EXPECT_EQ(open_hypopg(session_of(*server_, "bare"), {}, snapshot, gaps_), nullptr);
  ASSERT_EQ(gaps_.size(), 1U);
  EXPECT_THAT(gaps_[0].remedy_sql, ElementsAre("CREATE EXTENSION hypopg"));
  EXPECT_THAT(gaps_[0].remedy, HasSubstr("postgresql-15-hypopg"));
}

TEST_F(Hypopg, SizesAreThoseOfBuiltIndexes) {
  ask({"SELECT 1 FROM orders"});
  const auto with = [](IndexDef def, const auto& change) {
    change(def);
    return def;
  };
  std::vector<IndexDef> defs;
  for (const std::vector<std::string>& columns :
       std::vector<std::vector<std::string>>{{"id"},
                                             {"customer_id"},
                                             {"state"},
                                             {"total"},
                                             {"created_at"},
                                             {"reference"},
                                             {"email"},
                                             {"code"},
                                             {"flag"},
                                             {"ratio"},
                                             {"day"},
                                             {"small"},
                                             {"note"},
                                             {"mostly_null"},
                                             {"customer_id", "created_at"},
                                             {"state", "day"},
                                             {"flag", "small"},
                                             {"email", "state"},
                                             {"state", "note", "flag"},
                                             {"day", "customer_id", "total"},
                                             {"small", "code"}}) {
    defs.push_back(index_on("orders", columns));
  }
  defs.push_back(expression_index("orders", "lower(email)"));
  defs.push_back(
      expression_index("orders", "date_trunc('day'::text, (created_at AT TIME ZONE 'UTC'::text))"));
  defs.push_back(with(index_on("orders", {"customer_id"}), [](IndexDef& def) { def.include = {"total"}; }));
  defs.push_back(
      with(index_on("orders", {"customer_id"}), [](IndexDef& def) { def.predicate = "state = 'lost'"; }));
  defs.push_back(
      with(index_on("orders", {"day"}), [](IndexDef& def) { def.predicate = "mostly_null IS NOT NULL"; }));
  defs.push_back(with(index_on("orders", {"created_at"}), [](IndexDef& def) {
    def.options = {{"fillfactor", "70"}};
  }));
  defs.push_back(with(index_on("orders", {"small"}), [](IndexDef& def) {
    def.options = {{"deduplicate_items", "off"}};
  }));
  defs.push_back(
      with(index_on("orders", {"created_at"}), [](IndexDef& def) { def.method = IndexMethod::kBrin; }));
  defs.push_back(
      with(index_on("orders", {"customer_id"}), [](IndexDef& def) { def.method = IndexMethod::kHash; }));
  std::vector<double> errors;
  std::string report;
  for (const IndexDef& def : defs) {
    const auto estimated = what_if_->size(def);
    ASSERT_TRUE(estimated) << estimated.error().message;
    server_->sql(create_index(def, "built", Engine::kPostgres, false), "shop");
    const double built = std::stod(server_->value("SELECT pg_relation_size('built')", "shop"));
    server_->sql("DROP INDEX built", "shop");
    errors.push_back(std::abs(static_cast<double>(estimated->count) - built) / built);
    report += index_columns(def, Engine::kPostgres) + " " + std::to_string(estimated->count) + " built " +
              std::to_string(std::llround(built)) + " error " + std::to_string(errors.back()) + "\n";
  }
  ASSERT_GE(errors.size(), 20U);
  std::ranges::sort(errors);
  EXPECT_LE(errors[errors.size() / 2], 0.10) << report;
  EXPECT_LE(errors[errors.size() * 95 / 100], 0.30) << report;
  RecordProperty("median_error", std::to_string(errors[errors.size() / 2]));
}

}  // namespace
}  // namespace planwise::pg

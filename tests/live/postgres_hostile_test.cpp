// What strangers can put in the way of an EXPLAIN: no file made, no row written, no power gained, no secret
// shown.
#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/live/postgres_planning.h"

namespace planwise::pg {
namespace {

using test::given;
using test::plan;
using test::PostgresServer;
using test::session_of;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSecret = "hunter2secret";

// mallory may create objects and owns what she creates; the tables are the application's.
constexpr const char* kFixture = R"(
CREATE TABLE secrets (value text); INSERT INTO secrets VALUES ('hunter2secret');
CREATE TABLE written (note text);
CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), city text, sharp integer);
INSERT INTO people SELECT i, 'name' || i % 5, 'city' || i % 3, i % 4 FROM generate_series(1, 1000) i;
ANALYZE people;
GRANT SELECT ON people TO mallory; GRANT ALL ON SCHEMA public TO mallory;
SET ROLE mallory;
CREATE FUNCTION leak(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
  $$ DECLARE v text; BEGIN SELECT value INTO v FROM secrets; RETURN v;
     EXCEPTION WHEN insufficient_privilege THEN RETURN 'not yet'; END $$;
CREATE FUNCTION raise_secret(integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS
  $$ DECLARE v text; BEGIN SELECT value INTO v FROM secrets; RAISE EXCEPTION 'hypopg: %', v; END $$;
CREATE FUNCTION run(text, text) RETURNS boolean VOLATILE LANGUAGE plpgsql AS $$ BEGIN
  BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch @FILE@'''; EXCEPTION WHEN OTHERS THEN NULL; END;
  BEGIN INSERT INTO written VALUES ('written by EXPLAIN'); EXCEPTION WHEN OTHERS THEN NULL; END;
  BEGIN ALTER ROLE mallory SUPERUSER; EXCEPTION WHEN OTHERS THEN NULL; END;
  PERFORM set_config('statement_timeout', '0', false);
  RETURN true; END $$;
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = run, RESTRICT = eqsel);
CREATE FUNCTION run(varchar, varchar) RETURNS boolean VOLATILE LANGUAGE sql AS 'SELECT run($1::text, $2::text)';
CREATE OPERATOR <> (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = run, RESTRICT = neqsel);
CREATE VIEW innocent AS SELECT *, leak('x') AS extra FROM people WHERE city = leak('y');
CREATE VIEW twice_removed AS SELECT id FROM innocent;
CREATE TABLE defaults (id integer, note text DEFAULT leak('z'));
CREATE TABLE checked (id integer CHECK (id > raise_secret(1)));
CREATE TABLE policed (id integer, note text); ALTER TABLE policed ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON policed USING (note = leak('p'));
CREATE TABLE indexed (id integer); CREATE INDEX ON indexed (id) WHERE leak('i') = 'x';
CREATE FUNCTION total(people) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT leak('row') $$;
REVOKE EXECUTE ON FUNCTION run(text, text) FROM PUBLIC;
RESET ROLE;
CREATE FUNCTION trusted_but_loose(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN leak($1); END';
CREATE FUNCTION trusted(text) RETURNS text IMMUTABLE LANGUAGE plpgsql SET search_path = pg_catalog
  AS 'BEGIN RETURN lower($1); END';
)";

struct Attack {
  const char* name;
  const char* sql;
};

// The eight of the threat list, and the ways around a check of what the statement itself says.
const std::vector<Attack> kAttacks{
    {"ImmutableFunction", "SELECT * FROM people WHERE city = leak('a')"},
    {"ErrorText", "SELECT * FROM people WHERE id = raise_secret(1)"},
    {"VolatileOperator", "SELECT * FROM people WHERE city === 'city1'"},
    {"QualifiedOperator", "SELECT * FROM people WHERE city OPERATOR(public.===) 'city1'"},
    {"ShadowedOperator", "SELECT * FROM people WHERE name <> 'name1'"},
    {"ShadowedNotIn", "SELECT * FROM people WHERE name NOT IN ('name1', 'name2')"},
    {"FunctionBesideParameters", "SELECT * FROM people WHERE id = $1 AND city = leak('b')"},
    {"FunctionOfParameter", "SELECT * FROM people WHERE city = leak($1) AND sharp = 2"},
    {"Concatenation", "ANALYZE DELETE FROM people"},
    {"SecondStatement", "SELECT 1; INSERT INTO written VALUES ('second')"},
    {"InnerExplain", "EXPLAIN ANALYZE DELETE FROM people"},
    {"Copy", "COPY (SELECT 1) TO PROGRAM 'touch @FILE@'"},
    {"View", "SELECT * FROM innocent"},
    {"ViewOfView", "SELECT * FROM twice_removed WHERE id = 4"},
    {"ColumnDefault", "INSERT INTO defaults (id) VALUES (1)"},
    {"CheckConstraint", "SELECT * FROM checked WHERE id < 3"},
    {"RowPolicy", "SELECT * FROM policed"},
    {"IndexPredicate", "SELECT * FROM indexed WHERE id = 3"},
    {"FunctionAsField", "SELECT p.total FROM people p"},
    {"FunctionOfRow", "SELECT (ROW(1, 'a', 'b', 2)::people).total"},
    {"TrustedCallsUntrusted", "SELECT * FROM people WHERE city = trusted_but_loose('c')"},
    {"Xml", "SELECT * FROM people WHERE city = table_to_xml('innocent', true, true, '')::text"},
    {"Memory", "SELECT repeat(repeat('x', 1000), 900000)"},
};

class Hostile : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new PostgresServer();
    file_ = (server_->socket_dir() / "made_by_explain").string();
    server_->create_database("shop");
    server_->create_role("mallory");
    server_->create_role("planner", "IN ROLE pg_monitor, pg_read_all_data");
    server_->sql(with_file(kFixture), "shop");
  }
  static void TearDownTestSuite() { delete server_; }

  static std::string with_file(std::string text) {
    if (const auto at = text.find("@FILE@"); at != std::string::npos) {
      text.replace(at, 6, file_);
    }
    return text;
  }

  static void expect_no_harm(const Snapshot& snapshot) {
    EXPECT_FALSE(std::filesystem::exists(file_));
    EXPECT_EQ(server_->value("SELECT count(*) FROM written", "shop"), "0");
    EXPECT_EQ(server_->value("SELECT count(*) FROM people", "shop"), "1000");
    EXPECT_EQ(server_->value("SELECT rolsuper FROM pg_roles WHERE rolname = 'mallory'", "shop"), "f");
    for (const Gap& gap : snapshot.gaps) {
      EXPECT_THAT(gap.why + gap.remedy, Not(HasSubstr(kSecret)));
    }
    for (const auto& [id, found] : snapshot.plans) {
      EXPECT_THAT(found.error, Not(HasSubstr(kSecret)));
      if (found.plan) {
        walk(*found.plan, [](const PlanNode& node, const std::string&) {
          EXPECT_THAT(node.filter + node.index_condition + node.join_filter, Not(HasSubstr(kSecret)));
        });
      }
    }
  }

  static PostgresServer* server_;
  static std::string file_;
};
PostgresServer* Hostile::server_ = nullptr;
std::string Hostile::file_;

TEST_F(Hostile, EveryAttackIsRefusedWithAReason) {
  std::vector<std::string> statements;
  for (const Attack& attack : kAttacks) {
    statements.push_back(with_file(attack.sql));
  }
  for (const std::string user : {"postgres", "planner"}) {
    const auto session = session_of(*server_, "shop", user);
    const test::Planned planned = plan(*session, given(statements));
    for (std::size_t i = 0; i < statements.size(); ++i) {
      const StatementPlan& found = planned.of(statements[i]);
      EXPECT_FALSE(found.plan) << user << " planned " << kAttacks[i].name;
      EXPECT_NE(found.error, "") << kAttacks[i].name;
      EXPECT_THAT(found.error, Not(HasSubstr("SQLSTATE"))) << kAttacks[i].name << " reached the server";
    }
    expect_no_harm(planned.snapshot);
  }
}

TEST_F(Hostile, OrdinaryStatementsBesideThemArePlanned) {
  const std::vector<std::string> statements{"SELECT * FROM people WHERE id = 3 AND city = 'x'",
                                            "SELECT lower(city), count(*) FROM people GROUP BY 1",
                                            "SELECT * FROM people WHERE city = trusted('c')",
                                            "UPDATE people SET city = 'x' WHERE id = 3"};
  const auto session = session_of(*server_);
  const test::Planned planned = plan(*session, given(statements));
  for (const std::string& sql : statements) {
    EXPECT_TRUE(planned.of(sql).plan) << sql << ": " << planned.of(sql).error;
  }
  expect_no_harm(planned.snapshot);
}

TEST_F(Hostile, ATrustedOwnersCodeIsPlannedAndWhatItFoldsToIsMasked) {
  const std::string sql = "SELECT sharp FROM people WHERE city = leak('a')";
  CaptureOptions options = given({sql});
  options.trusted_owners = {"mallory"};
  const auto session = session_of(*server_);
  const test::Planned planned = plan(*session, options);
  ASSERT_TRUE(planned.of(sql).plan) << planned.of(sql).error;
  expect_no_harm(planned.snapshot);
}

TEST_F(Hostile, TheFixtureIsReal) {
  // What EXPLAIN does without planwise's care; the last test, since it leaves its traces.
  EXPECT_THAT(
      testing::PrintToString(server_->sql("EXPLAIN SELECT * FROM people WHERE city = leak('a')", "shop")),
      HasSubstr(kSecret));
  server_->sql("BEGIN READ ONLY; EXPLAIN SELECT * FROM people WHERE city === 'city1'; ROLLBACK", "shop");
  EXPECT_TRUE(std::filesystem::exists(file_));
}

}  // namespace
}  // namespace planwise::pg

#include "analyzer/sql/repair.h"

#include <gtest/gtest.h>
#include <pg_query.h>

#include <string>
#include <utility>
#include <vector>

#include "analyzer/sql/fingerprint.h"

namespace planwise {
namespace {

bool parses(const std::string& sql) {
  const PgQueryParseResult result = pg_query_parse(sql.c_str());
  const bool good = result.error == nullptr;
  pg_query_free_parse_result(result);
  return good;
}

const std::vector<std::pair<std::string, std::string>>& mended() {
  static const std::vector<std::pair<std::string, std::string>> kPairs{
      {"SELECT a FROM t WHERE b >= date $1 AND c < $2",
       "SELECT a FROM t WHERE b >= CAST($1 AS date) AND c < $2"},
      {"SELECT now() - interval $1", "SELECT now() - CAST($1 AS interval)"},
      {"SELECT interval $1 day, interval $2 year to month, interval(3) $3",
       "SELECT CAST($1 AS interval day), CAST($2 AS interval year to month), CAST($3 AS interval(3))"},
      {"SELECT timestamp $1, timestamp(3) with time zone $2, time without time zone $3",
       "SELECT CAST($1 AS timestamp), CAST($2 AS timestamp(3) with time zone), CAST($3 AS time without time "
       "zone)"},
      {"SELECT double precision $1, character varying $2, bit varying(3) $3",
       "SELECT CAST($1 AS double precision), CAST($2 AS character varying), CAST($3 AS bit varying(3))"},
      {"SELECT myschema.mood $1, \"char\" $2, jsonb $3",
       "SELECT CAST($1 AS myschema.mood), CAST($2 AS \"char\"), CAST($3 AS jsonb)"},
      {"SELECT extract($1 from created_at) FROM t", "SELECT date_part($1, created_at) FROM t"},
      {"SELECT $1 * interval $2, interval $3 * $4, interval $5 / $6",
       "SELECT CAST($1 AS double precision) * CAST($2 AS interval), CAST($3 AS interval) * CAST($4 AS double "
       "precision), CAST($5 AS interval) / CAST($6 AS double precision)"},
      {"SELECT * FROM generate_series($1, $2) AS s",
       "SELECT * FROM generate_series(CAST($1 AS integer), CAST($2 AS integer)) AS s"},
      {"SELECT a FROM t WHERE b = ANY (ARRAY[$1, $2]) AND c <> ALL (ARRAY[$3])",
       "SELECT a FROM t WHERE b IN ($1, $2) AND c NOT IN ($3)"},
      {"SELECT a FROM t WHERE b IN (VALUES ($1), ($2))", "SELECT a FROM t WHERE b IN ($1, $2)"},
  };
  return kPairs;
}

TEST(Repair, MendsWhatLostItsConstants) {
  for (const auto& [broken, whole] : mended()) {
    EXPECT_EQ(repaired(broken), whole);
    EXPECT_TRUE(parses(repaired(broken))) << repaired(broken);
    EXPECT_EQ(repaired(whole), whole) << "mended twice";
  }
}

TEST(Repair, LeavesTheRestAsItIs) {
  for (const std::string sql : {
           "SELECT a AT TIME ZONE $1, b COLLATE \"C\" FROM t WHERE c LIKE $2 ESCAPE $3 LIMIT $4 OFFSET $5",
           "SELECT a FROM t FETCH FIRST $1 ROWS ONLY",
           "SELECT sum(a) OVER (ORDER BY b ROWS $1 PRECEDING) FROM t",
           "SELECT a FROM t WHERE b BETWEEN SYMMETRIC $1 AND $2 AND c IS NOT DISTINCT FROM $3 AND NOT $4",
           "SELECT trim(both $1 from a), substring(a from $2 for $3), overlay(a placing $4 from $5), "
           "position($6 in a) FROM t",
           "SELECT CASE WHEN $1 THEN $2 ELSE $3 END, $4::date, CAST($5 AS date), date '2020-01-01' FROM t",
           "SELECT a FROM t WHERE b = ANY ($1) AND c = ANY (ARRAY[$2, $3]::int[]) AND d IN ($4)",
           "SELECT generate_series($1::date, $2::date, $3::interval), 'date $1'  -- date $1",
           "UPDATE t SET a = $1, b = DEFAULT WHERE c SIMILAR TO $2",
           "INSERT INTO t VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING $3",
       }) {
    EXPECT_EQ(repaired(sql), sql);
    EXPECT_TRUE(parses(sql)) << sql;
  }
}

TEST(Repair, TheTypedLiteralsOfANormalisedTextComeBack) {
  const std::string sql =
      normalise("SELECT a FROM t WHERE b > timestamptz '2020-01-01' - 3 * interval '1 day'",
                Engine::kPostgres)
          .text;
  EXPECT_EQ(sql, "SELECT a FROM t WHERE b > timestamptz $1 - $2 * interval $3");
  EXPECT_EQ(repaired(sql),
            "SELECT a FROM t WHERE b > CAST($1 AS timestamptz) - CAST($2 AS double precision) * CAST($3 AS "
            "interval)");
}

TEST(Repair, SurvivesWhatEndsEarly) {
  for (const std::string sql : {"", "date", "interval", "extract(", "generate_series($1,",
                                "x = ANY (ARRAY[$1", "x IN (VALUES ($1), ("}) {
    EXPECT_EQ(repaired(sql), sql);
  }
}

}  // namespace
}  // namespace planwise

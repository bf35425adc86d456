// From the text of a statement to the indexes worth trying for it: one case for every way a table can be
// asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/advise/candidates.h"
#include "analyzer/sql/shape_postgres.h"
#include "tests/support/advice_world.h"

namespace planwise {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// An airline: flights by day, partitioned; seats and passengers.
Snapshot airline() {
  AdviceWorld world;
  Table& flights =
      world.table("flights", 2'000'000,
                  {{"id", 2'000'000}, {"day", 700}, {"origin", 300}, {"target", 300}, {"plane_id", 900}});
  flights.kind = TableKind::kPartitioned;
  flights.partition_columns = {"day"};
  Table& first =
      world.table("flights_2024", 1'000'000,
                  {{"id", 1'000'000}, {"day", 350}, {"origin", 300}, {"target", 300}, {"plane_id", 900}});
  first.partition_of = TableName{"public", "flights"};
  Table& seats = world.table("seats", 5'000'000,
                             {{"id", 5'000'000},
                              {"flight_id", 1'900'000},
                              {"passenger_id", 800'000},
                              {"fare", 4000},
                              {"booked_at", 4'000'000}});
  AdviceWorld::index(seats, "seats_pkey", {"id"}).def.unique = true;
  world.table("passengers", 900'000,
              {{"id", 900'000}, {"name", 700'000}, {"country", 190}, {"joined_at", 800'000}});
  world.snapshot.schema.search_path = {"public"};
  world.snapshot.schema.views = {
      {.name = {"public", "busy_flights"},
       .definition =
           "SELECT f.id, f.origin AS airport, f.day, f.plane_id FROM flights f WHERE f.plane_id IS NOT NULL"},
      {.name = {"public", "fares"},
       .definition = "SELECT s.passenger_id, sum(s.fare) AS total FROM seats s GROUP BY s.passenger_id"}};
  return world.snapshot;
}

std::vector<std::string> made(const std::string& sql) {
  const Snapshot snapshot = airline();
  StatementShape shape = shape_postgres(sql);
  EXPECT_TRUE(shape.parsed) << shape.why_not;
  resolve(shape, snapshot.schema);
  const std::vector<AccessPattern> patterns = access_patterns(shape, snapshot);
  const KeyShares shares = count_keys({patterns});
  std::vector<std::string> names;
  for (const AccessPattern& pattern : patterns) {
    for (const Candidate& candidate : candidates_for(pattern, shares, Engine::kPostgres, 4, 100)) {
      names.push_back(spelled(candidate.def));
    }
  }
  return names;
}

struct Case {
  const char* sql;
  std::vector<const char*> wanted;
};

TEST(CandidatesOfStatements, AreMadeWhereverATableIsAsked) {
  const std::vector<Case> cases{
      // A partition speaks as its table.
      {"SELECT id FROM flights_2024 WHERE origin = $1", {"flights(origin)"}},
      {"SELECT id FROM flights WHERE origin = $1 AND day >= $2", {"flights(origin, day)"}},
      // A view and what it renames.
      {"SELECT id FROM busy_flights WHERE airport = $1 ORDER BY day DESC LIMIT 5", {"flights(origin, day)"}},
      {"SELECT total FROM fares WHERE passenger_id = $1", {"seats(passenger_id)"}},
      {"SELECT p.name FROM passengers p JOIN fares f ON f.passenger_id = p.id WHERE p.country = $1",
       {"passengers(country)", "seats(passenger_id)"}},
      // Sub-queries in FROM and WITH.
      {"SELECT * FROM (SELECT id, origin AS o, day FROM flights) q WHERE q.o = $1", {"flights(origin)"}},
      {"WITH q AS (SELECT id, origin, day FROM flights) SELECT * FROM q WHERE origin = $1",
       {"flights(origin)"}},
      {"WITH q AS (SELECT passenger_id, fare FROM seats WHERE fare > $1) SELECT name FROM passengers p JOIN "
       "q ON "
       "q.passenger_id = p.id WHERE p.country = $2",
       {"seats(passenger_id, fare)", "passengers(country)", "passengers(id)"}},
      // Sub-queries in WHERE.
      {"SELECT name FROM passengers p WHERE EXISTS (SELECT 1 FROM seats s WHERE s.passenger_id = p.id AND "
       "s.fare > $1)",
       {"seats(passenger_id, fare)"}},
      {"SELECT name FROM passengers WHERE id IN (SELECT passenger_id FROM seats WHERE flight_id = $1)",
       {"seats(flight_id)", "passengers(id)"}},
      {"SELECT name, (SELECT max(booked_at) FROM seats s WHERE s.passenger_id = p.id) FROM passengers p "
       "WHERE "
       "p.country = $1",
       {"seats(passenger_id, booked_at)", "passengers(country)"}},
      // OR, UNION, DISTINCT ON, LATERAL.
      {"SELECT id FROM flights WHERE origin = $1 OR target = $2", {"flights(origin)", "flights(target)"}},
      {"SELECT id FROM flights WHERE origin = $1 UNION ALL SELECT id FROM flights WHERE target = $2",
       {"flights(origin)", "flights(target)"}},
      {"SELECT * FROM (SELECT id, origin AS o FROM flights UNION ALL SELECT id, target FROM flights) q WHERE "
       "q.o = $1",
       {"flights(origin)", "flights(target)"}},
      {"SELECT DISTINCT ON (flight_id) flight_id, booked_at FROM seats ORDER BY flight_id, booked_at DESC",
       {"seats(flight_id, booked_at DESC)"}},
      {"SELECT p.id, s.fare FROM passengers p CROSS JOIN LATERAL (SELECT fare FROM seats WHERE passenger_id "
       "= p.id "
       "ORDER BY booked_at DESC LIMIT 1) s WHERE p.country = $1",
       {"seats(passenger_id, booked_at)", "passengers(country)"}},
      // Writes.
      {"UPDATE seats SET fare = $1 WHERE flight_id = $2 AND passenger_id = $3",
       {"seats(flight_id, passenger_id)"}},
      {"DELETE FROM seats s USING passengers p WHERE s.passenger_id = p.id AND p.country = $1",
       {"seats(passenger_id)", "passengers(country)"}},
      {"INSERT INTO seats (flight_id) SELECT id FROM flights WHERE origin = $1", {"flights(origin)"}},
  };
  for (const Case& one : cases) {
    for (const char* wanted : one.wanted) {
      EXPECT_THAT(made(one.sql), Contains(HasSubstr(wanted))) << one.sql;
    }
  }
}

TEST(CandidatesOfStatements, AreNotMadeFromWhatNoIndexCanServe) {
  const std::vector<Case> cases{
      {"SELECT total FROM fares WHERE total > $1", {"seats(fare"}},  // a sum
      {"SELECT * FROM (SELECT id, origin FROM flights ORDER BY day LIMIT 10) q WHERE q.origin = $1",
       {"flights(origin"}},  // only after the ten are found
      {"SELECT * FROM (SELECT id, origin, row_number() OVER (ORDER BY day) AS n FROM flights) q WHERE "
       "q.origin = $1",
       {"flights(origin"}},  // numbers would change
      {"SELECT id FROM flights WHERE origin = $1 OR plane_id + day = $2", {"flights(plane_id"}},
      {"SELECT p.name FROM passengers p LEFT JOIN seats s ON s.passenger_id = p.id AND p.country = $1",
       {"passengers(country"}},  // removes no passenger
  };
  for (const Case& one : cases) {
    for (const char* unwanted : one.wanted) {
      EXPECT_THAT(made(one.sql), Not(Contains(HasSubstr(unwanted)))) << one.sql;
    }
  }
}

}  // namespace
}  // namespace planwise

// EXPLAIN documents of every engine as one neutral tree (CONTRACT: "A plan node").
//
// Documents come from outside: depth is limited, numbers are read as double, absent is not zero, per-loop
// figures become totals. A node this version does not know is kOther and is named in Plan::unknown_nodes; it
// is never an error.
#pragma once

#include <cstdint>
#include <string_view>

#include "analyzer/base/result.h"
#include "analyzer/model/engine.h"
#include "analyzer/model/plan.h"

namespace planwise {

enum class PlanLiterals : std::uint8_t { kMasked, kKept };

// A document of one engine:
//   PostgreSQL 12 to 18  EXPLAIN (FORMAT JSON), with or without ANALYZE; auto_explain's object
//   MySQL                EXPLAIN FORMAT=JSON of 5.6, version 1 of 5.7 and later, version 2 of 8.3 and later
//   with
//                        or without ANALYZE, in the envelope of 9.x or not
//   MariaDB              EXPLAIN and ANALYZE FORMAT=JSON
// with what psql, mysql and mariadb print around it. With several statements in it the first counts.
// kMalformed: no such document. kUnsupported: a plan of another engine, or in another format; the message
// says which.
Result<Plan> read_plan_of(Engine engine, std::string_view document,
                          PlanLiterals literals = PlanLiterals::kMasked);
Result<Plan> read_postgres_plan(std::string_view document, PlanLiterals literals = PlanLiterals::kMasked);

// Any engine's document, told apart by its shape. What MySQL 5.6 and MariaDB print alike ("Impossible WHERE")
// is taken for MySQL's.
struct RecognisedPlan {
  Engine engine = Engine::kPostgres;
  Plan plan;
};
Result<RecognisedPlan> read_plan(std::string_view document, PlanLiterals literals = PlanLiterals::kMasked);

// The same for plans that do the same: kinds, tables, indexes, join methods and their order; no costs, rows,
// filters.
[[nodiscard]] std::uint64_t plan_signature(const Plan& plan);

}  // namespace planwise

#include "analyzer/sql/dialect.h"

#include <algorithm>
#include <array>

#include "analyzer/sql/deparse_mysql.h"
#include "analyzer/sql/deparse_postgres.h"
#include "analyzer/sql/keywords.h"

namespace planwise {
namespace {

using namespace std::string_view_literals;

// Source: pg_aggregate of PostgreSQL 18, the names without prefix families, sorted.
constexpr std::array kPostgresAggregates{"any_value"sv,
                                         "array_agg"sv,
                                         "avg"sv,
                                         "bit_and"sv,
                                         "bit_or"sv,
                                         "bit_xor"sv,
                                         "bool_and"sv,
                                         "bool_or"sv,
                                         "corr"sv,
                                         "count"sv,
                                         "covar_pop"sv,
                                         "covar_samp"sv,
                                         "cume_dist"sv,
                                         "every"sv,
                                         "json_agg"sv,
                                         "json_agg_strict"sv,
                                         "json_object_agg"sv,
                                         "jsonb_agg"sv,
                                         "jsonb_agg_strict"sv,
                                         "jsonb_object_agg"sv,
                                         "max"sv,
                                         "min"sv,
                                         "mode"sv,
                                         "percentile_cont"sv,
                                         "percentile_disc"sv,
                                         "range_agg"sv,
                                         "range_intersect_agg"sv,
                                         "stddev"sv,
                                         "stddev_pop"sv,
                                         "stddev_samp"sv,
                                         "string_agg"sv,
                                         "sum"sv,
                                         "var_pop"sv,
                                         "var_samp"sv,
                                         "variance"sv,
                                         "xmlagg"sv};
static_assert(std::ranges::is_sorted(kPostgresAggregates));

// Source: "Aggregate Function Descriptions" of MySQL 9's manual and "Aggregate Functions" of MariaDB's.
// Sorted.
constexpr std::array kMySqlAggregates{"avg"sv,     "bit_and"sv,      "bit_or"sv,        "bit_xor"sv,
                                      "count"sv,   "group_concat"sv, "json_arrayagg"sv, "json_objectagg"sv,
                                      "max"sv,     "min"sv,          "st_collect"sv,    "std"sv,
                                      "stddev"sv,  "stddev_pop"sv,   "stddev_samp"sv,   "sum"sv,
                                      "var_pop"sv, "var_samp"sv,     "variance"sv};
static_assert(std::ranges::is_sorted(kMySqlAggregates));

bool is_postgres_aggregate(std::string_view function) {
  return std::ranges::binary_search(kPostgresAggregates, function);
}

bool is_mysql_aggregate(std::string_view function) {
  return std::ranges::binary_search(kMySqlAggregates, function);
}

constexpr Dialect kPostgresDialect{.engine = Engine::kPostgres,
                                   .deparse = deparse_postgres,
                                   .type_text = type_text,
                                   .is_aggregate = is_postgres_aggregate};
constexpr Dialect kMySqlDialect{.engine = Engine::kMySql,
                                .deparse = deparse_mysql,
                                .type_text = mysql_type_text,
                                .is_aggregate = is_mysql_aggregate};

}  // namespace

const Dialect& postgres_dialect() {
  return kPostgresDialect;
}

const Dialect& mysql_dialect() {
  return kMySqlDialect;
}

}  // namespace planwise

// Mends PostgreSQL texts that lost their constants: pg_stat_statements writes `date $1`, which no server
// parses.
//
// Works on tokens, keeps every `$n` and its number, leaves all else byte for byte, and mends nothing twice.
// What it cannot mend stays as it was. Rewrites
//   date $1, timestamp(3) with time zone $1, s.t $1, interval $1 day   to CAST($1 AS date), ...
//   extract($1 FROM x)                                                 to date_part($1, x)
//   $1 * interval $2, interval $1 / $2    to CAST($1 AS double precision) * CAST($2 AS interval), ...
//   generate_series($1, $2)               to generate_series(CAST($1 AS integer), CAST($2 AS integer))
//   x = ANY (ARRAY[$1, $2]), <> ALL (ARRAY[$1])   to x IN ($1, $2), NOT IN ($1): an array of parameters is
//   one of text x IN (VALUES ($1), ($2))                      to x IN ($1, $2), for the same reason
// The types that the last four guess are those of the overwhelming use; a statement they do not fit fails to
// plan, as it would have unmended.
#pragma once

#include <string>
#include <string_view>

namespace planwise {

[[nodiscard]] std::string repaired(std::string_view sql);

}  // namespace planwise

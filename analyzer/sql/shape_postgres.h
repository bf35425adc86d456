// PostgreSQL statements as shapes, through PostgreSQL's own parser.
#pragma once

#include <string_view>

#include "analyzer/sql/shape.h"

namespace planwise {

// Never fails: what the parser refuses (a newer grammar, a broken text, several statements, more than
// parse_postgres() takes) comes back with parsed = false, the reason, and the kind that the first word tells.
// Typed literals that lost their constants are mended first (repair.h). Qualified columns are tied to their
// relation by alias, unqualified ones to the only relation there is; resolve() does the rest. Starts a
// thread: see parse_postgres.h.
[[nodiscard]] StatementShape shape_postgres(std::string_view sql);

}  // namespace planwise

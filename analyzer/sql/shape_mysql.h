// MySQL and MariaDB statements as shapes, through our own parser.
#pragma once

#include <string_view>

#include "analyzer/model/engine.h"
#include "analyzer/sql/lexer.h"
#include "analyzer/sql/shape.h"

namespace planwise {

// Never fails: what parse_mysql() does not take (a text that is cut, syntax it does not know, several
// statements, too deep) comes back with parsed = false, the reason with the place, and the kind that the
// first word tells. Digests, samples and client texts alike: `?` is a parameter, `...` one for a list of
// them. Names are as written, those of functions in lower case. Operators have PostgreSQL's names where both
// servers have them: `~~` LIKE, `~` REGEXP, `@@` MATCH. REPLACE is an insert.
[[nodiscard]] StatementShape shape_mysql(std::string_view sql, Engine engine = Engine::kMySql,
                                         SqlModes modes = {});

}  // namespace planwise

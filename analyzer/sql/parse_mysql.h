// The parser for MySQL's and MariaDB's SELECT, INSERT, REPLACE, UPDATE and DELETE.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "analyzer/base/result.h"
#include "analyzer/model/engine.h"
#include "analyzer/sql/lexer.h"
#include "analyzer/sql/parse_tree.h"

namespace planwise {

inline constexpr std::size_t kMaxMySqlBytes = 256 << 10;
// Levels of the tree: what walks it recurses as deep. Set so that a walk needs less than 2 MiB of stack.
inline constexpr std::size_t kMaxMySqlHeight = 400;

// Calls use(statement) with the tree of the one statement in `sql`, which lives for the call: a SelectStmt,
// InsertStmt (REPLACE too), UpdateStmt, DeleteStmt, or a UtilityStmt without fields for what is no query and
// changes no rows. The text may be a digest (`?`, `...`, `(...)`), or hold literals; both servers' syntax is
// taken, of every release. Beside PostgreSQL's nodes there are
//   IntervalExpr {arg, unit}, VariableRef {name}, LikeEscape {args}, InsertedValue (VALUES(column)),
//   the operators <=>, XOR, DIV, MEMBER OF, SOUNDS LIKE, :=, and `@@` for MATCH ... AGAINST,
//   `qualifier` of a ResTarget, `targets` of a DeleteStmt of several tables.
// kInvalidArgument: what was not understood or stands too deep, and where; the message holds names from the
// text, but no literal. kUnsupported: too long.
Result<void> parse_mysql(std::string_view sql, Engine engine, SqlModes modes,
                         const std::function<void(const parse_tree::Node& statement)>& use);

}  // namespace planwise

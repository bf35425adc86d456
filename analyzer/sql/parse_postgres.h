// Texts of strangers through PostgreSQL's own parser (libpg_query, the grammar of PostgreSQL 15).
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/sql/parse_tree.h"

namespace planwise {

inline constexpr std::size_t kMaxParsedBytes = 256 << 10;
inline constexpr std::size_t kMaxDepthMakers = 5'000;

// Calls use(json) with the trees of all statements in `sql` as libpg_query prints them,
// {"stmts": [{"stmt": {...}}]}, and returns after it, with its outcome.
//
// The one exception to "no threads in the analyzer": libpg_query recurses without a bound of its own and
// overflows an ordinary stack on long operator, UNION, JOIN and cast chains. So the parser and `use` run on a
// thread with a stack of 64 MiB, after a scan that refuses texts that could need more. `use` must not throw.
// kInvalidArgument: PostgreSQL's grammar refuses the text; the message holds names from it, but no literal.
// kUnsupported: too long or too deep to be parsed safely, or with a NUL byte. kUnavailable: no thread could
// be started.
Result<void> parse_postgres_json(std::string_view sql,
                                 const std::function<Result<void>(const std::string& json)>& use);

// The same with the statements as nodes, which live for the call.
Result<void> parse_postgres(std::string_view sql,
                            const std::function<void(const std::vector<parse_tree::Node>& statements)>& use);

}  // namespace planwise

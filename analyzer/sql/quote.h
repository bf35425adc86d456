// SQL identifiers and literals, quoted only where the engine needs it.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/model/engine.h"
#include "analyzer/model/schema.h"

namespace planwise {

// `orders`, or `"Order ""x"""` where it is a reserved word, has upper case or anything but letters, digits
// and _.
[[nodiscard]] std::string quoted(std::string_view identifier, Engine engine);
// "public.orders", each part quoted where it must be.
[[nodiscard]] std::string quoted(const TableName& name, Engine engine);
// 'it''s'; backslashes are doubled inside E'' on PostgreSQL.
[[nodiscard]] std::string literal(std::string_view text, Engine engine);

// CREATE INDEX for a definition, CONCURRENTLY on PostgreSQL if asked. `name` unquoted and unqualified.
[[nodiscard]] std::string create_index(const IndexDef& def, std::string_view name, Engine engine,
                                       bool concurrently);
// What stands between the parentheses and after: "(customer_id, created_at DESC) INCLUDE (total) WHERE ...".
[[nodiscard]] std::string index_columns(const IndexDef& def, Engine engine);
// "orders_customer_id_created_at_idx": PostgreSQL's own way of naming, at most 63 bytes (64 on MySQL), UTF-8
// safe, made unique among `taken` by a number.
[[nodiscard]] std::string index_name(const IndexDef& def, const Table& table, Engine engine);

}  // namespace planwise

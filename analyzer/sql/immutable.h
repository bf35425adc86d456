// Whether an expression may be an index key: PostgreSQL takes only what depends on its columns and on nothing
// else, neither the time zone, nor the locale, nor the clock.
#pragma once

#include <cstdint>
#include <string_view>

#include "analyzer/model/schema.h"

namespace planwise {

enum class Immutability : std::uint8_t { kYes, kNo, kUnknown };

// Of an expression over columns of the table, as ColumnUse::expression spells it. kUnknown where it calls
// what is not the system's own, or the type of an operand is not known: then only the server can tell. A
// parameter makes it kNo. Source: provolatile in pg_proc.dat, PostgreSQL 12 to 18; CREATE INDEX refuses all
// but immutable ones.
[[nodiscard]] Immutability immutability(std::string_view expression, const Table& table);

}  // namespace planwise

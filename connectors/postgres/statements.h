// The workload, from pg_stat_statements.
#pragma once

#include <cstddef>
#include <string_view>

#include "analyzer/base/result.h"
#include "analyzer/delta.h"
#include "connectors/postgres/catalog_query.h"
#include "connectors/postgres/session.h"
#include "connectors/statement_reading.h"

namespace planwise::pg {

inline constexpr std::string_view kStatementsExtension = "pg_stat_statements";

// Gated by the extension's version, which can lag behind the server's after an upgrade.
// $1: how many entries, from the one with most time, come with their text.
[[nodiscard]] const CatalogQuery& statements_query() noexcept;
// The same counters without the texts, which live in a file that the server reads as a whole.
[[nodiscard]] const CatalogQuery& counters_query() noexcept;

// The entries of this database; planwise's own are left out. Keys are "userid/queryid/toplevel".
// Errors: kNotFound where the extension is not installed in this database; kUnsupported where the library is
// not loaded.
Result<StatementReading> read_statements(Session& session, std::size_t text_limit);
// Counters only: entries of planwise's own are in it, their statements unknown.
Result<CounterReading> read_counters(Session& session);

}  // namespace planwise::pg

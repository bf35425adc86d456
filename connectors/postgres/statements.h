// The workload, from pg_stat_statements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "analyzer/base/result.h"
#include "analyzer/delta.h"
#include "analyzer/model/statement.h"
#include "connectors/postgres/catalog_query.h"
#include "connectors/postgres/session.h"

namespace planwise::pg {

inline constexpr std::string_view kStatementsExtension = "pg_stat_statements";

// Gated by the extension's version, which can lag behind the server's after an upgrade.
// $1: how many entries, from the one with most time, come with their text.
[[nodiscard]] const CatalogQuery& statements_query() noexcept;
// The same counters without the texts, which live in a file that the server reads as a whole.
[[nodiscard]] const CatalogQuery& counters_query() noexcept;

// The entries of this database. planwise's own are left out.
struct StatementReading {
  struct Text {
    std::string query;  // normalised
    std::string user;
    bool top_level = true;
    std::string queryid;
  };
  // Keys are "userid/queryid/toplevel"; entries of other roles, whose ids this one may not see, are one.
  CounterReading reading;
  std::map<std::string, Text> texts;  // of the entries with most time; by the same keys

  [[nodiscard]] std::int64_t hidden_entries() const;
};

// Errors: kNotFound where the extension is not installed in this database; kUnsupported where the library is
// not loaded.
Result<StatementReading> read_statements(Session& session, std::size_t text_limit);
// Counters only: entries of planwise's own are in it, their statements unknown.
Result<CounterReading> read_counters(Session& session);

// Entries of one fingerprint merged, most time first, at most `limit`; totals are over all entries. Those
// without a text count in the totals alone.
[[nodiscard]] Workload workload_of(const StatementReading& statements,
                                   const std::map<std::string, CounterReading::Entry>& entries,
                                   std::size_t limit);

}  // namespace planwise::pg

// What a server or an extension can do from which version on. The only place where versions are compared for
// behaviour; columns of catalogue views have their versions in their CatalogQuery.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/model/engine.h"

namespace planwise::pg {

struct Gate {
  std::string_view extension;  // empty: the server
  Version since;
};

inline constexpr Gate kSupported{"", {12, 0, 0}};        // the oldest version planwise is tested on
inline constexpr Gate kUntested{"", {19, 0, 0}};         // the first version it is not
inline constexpr Gate kReadAllData{"", {14, 0, 0}};      // role pg_read_all_data
inline constexpr Gate kParameterGrants{"", {15, 0, 0}};  // GRANT SET ON PARAMETER
inline constexpr Gate kGenericPlan{"", {16, 0, 0}};      // EXPLAIN (GENERIC_PLAN)
inline constexpr Gate kDeduplication{"", {13, 0, 0}};    // B-tree posting lists
// client_connection_check_interval: the server notices that its client has gone while a query runs.
inline constexpr Gate kConnectionCheck{"", {14, 0, 0}};
inline constexpr Gate kStatementsInfo{"pg_stat_statements", {1, 9, 0}};  // view pg_stat_statements_info
inline constexpr Gate kHideIndexes{"hypopg", {1, 4, 0}};                 // hypopg_hide_index()

// Whether `server` (or its installed extension) has come that far; false where the extension is not
// installed.
[[nodiscard]] inline bool has(const Gate& gate, const ServerInfo& server) {
  if (gate.extension.empty()) {
    return gate.since <= server.version;
  }
  const auto at = server.extensions.find(std::string(gate.extension));
  return at != server.extensions.end() && gate.since <= at->second;
}

}  // namespace planwise::pg

// The statements that a server has counted, entry by entry as it keeps them, and how they become a workload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "analyzer/delta.h"
#include "analyzer/model/statement.h"

namespace planwise {

// planwise's own statements are left out.
struct StatementReading {
  struct Text {
    std::string query;  // normalised
    std::string user;
    std::string schema;
    bool top_level = true;
    std::string engine_id;  // queryid, DIGEST
  };
  // The key of all entries whose ids and texts this login may not see, or the server did not keep.
  static constexpr const char* kHidden = "hidden";

  CounterReading reading;             // by keys of the engine's own
  std::map<std::string, Text> texts;  // of the entries with most time; by the same keys

  [[nodiscard]] std::int64_t hidden_entries() const;
};

// Entries of one fingerprint merged, most time first, at most `limit`; totals are over all entries. Those
// without a text count in the totals alone. `entries` are those of the reading, or of its difference to
// another.
[[nodiscard]] Workload workload_of(const StatementReading& statements,
                                   const std::map<std::string, CounterReading::Entry>& entries,
                                   std::size_t limit);

}  // namespace planwise

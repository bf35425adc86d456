// Readings of a server's cumulative counters, and what happened between two of them.
#pragma once

#include <optional>

#include "analyzer/model/snapshot.h"
#include "server/store/records.h"

namespace planwise {

// The counters of a snapshot, statements' texts left out. nullopt where they are not cumulative: of logs, of
// files of statements, of a window between two readings.
[[nodiscard]] std::optional<Reading> reading_of(const Snapshot& snapshot);

// The load between two readings of the same server and database (analyzer/delta.h); nullopt where they do not
// continue each other. A restart in between does no harm, as pg_stat_statements keeps its counters over it.
[[nodiscard]] std::optional<Workload> difference(const Reading& before, const Reading& now);

}  // namespace planwise

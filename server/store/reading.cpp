#include "server/store/reading.h"

#include "analyzer/delta.h"
#include "analyzer/model/index_names.h"

namespace planwise {

std::optional<Reading> reading_of(const Snapshot& snapshot) {
  if (snapshot.workload.kind != WindowKind::kSinceReset) {
    return std::nullopt;
  }
  Reading reading;
  reading.taken_at = snapshot.taken_at;
  reading.server = snapshot.server;
  reading.workload = snapshot.workload;
  for (Statement& statement : reading.workload.statements) {
    statement.query.clear();
  }
  if (snapshot.schema.counters) {
    reading.counters_since = snapshot.schema.counters->from;
  }
  for (const Table& table : snapshot.schema.tables) {
    for (const Index& index : table.indexes) {
      if (index.scans) {
        reading.index_scans.emplace(index_name_in(snapshot.server.engine, table.name, index.name),
                                    *index.scans);
      }
    }
  }
  return reading;
}

std::optional<Workload> difference(const Reading& before, const Reading& now) {
  const ServerInfo& a = before.server;
  const ServerInfo& b = now.server;
  if (a.system_identifier != b.system_identifier || a.database != b.database ||
      a.is_replica != b.is_replica) {
    return std::nullopt;
  }
  return difference(before.workload, now.workload);
}

}  // namespace planwise

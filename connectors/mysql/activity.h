// The server as a whole: its clock, settings, status and sessions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/snapshot.h"
#include "connectors/mysql/catalog_query.h"

namespace planwise::mysql {

[[nodiscard]] const CatalogQuery& sessions_query() noexcept;
[[nodiscard]] const CatalogQuery& transactions_query() noexcept;

// Numbers, switches and a few named words; texts in general are left out, since people keep secrets in them.
// Values are the server's, not those planwise set for its session.
Result<std::map<std::string, Setting>> read_settings(Session& session, const ViewColumns& views);

struct Status {
  std::map<std::string, double> numbers;  // names in lower case
  std::optional<DatabaseCounters> counters;
  TimePoint now;  // by the server's clock
  std::optional<TimePoint> started_at;
};
Result<Status> read_status(Session& session);
[[nodiscard]] Status status_of(const Rows& status, TimePoint now);

// Clients of the whole server, because its limit of connections is for all. Their statements appear as
// fingerprints only.
struct Activity {
  std::vector<planwise::Session> sessions;
  bool is_replica = false;
  std::optional<Error>
      no_transactions;  // why they, and with them other accounts' sessions, could not be read
};
Result<Activity> read_activity(Session& session, const ViewColumns& views);
[[nodiscard]] Activity activity_of(const Rows& sessions, const Rows& transactions, const Rows& lock_waits,
                                   const Rows& programs, Engine engine);

}  // namespace planwise::mysql

// The server as a whole: who it is, its settings, its sessions, the database's counters.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/snapshot.h"
#include "connectors/postgres/catalog_query.h"
#include "connectors/postgres/session.h"

namespace planwise::pg {

[[nodiscard]] const CatalogQuery& identity_query() noexcept;
[[nodiscard]] const CatalogQuery& settings_query() noexcept;
[[nodiscard]] const CatalogQuery& sessions_query() noexcept;
[[nodiscard]] const CatalogQuery& database_query() noexcept;
[[nodiscard]] const CatalogQuery& search_paths_query() noexcept;

struct Identity {
  bool is_replica = false;
  std::optional<TimePoint> started_at;
  TimePoint now;                 // by the server's clock
  std::string encoding;          // of the database
  bool reads_statistics = true;  // member of pg_read_all_stats: sees statements and sessions of other roles
  bool reads_settings = true;    // member of pg_read_all_settings
};

struct DatabaseActivity {
  DatabaseCounters counters;
  std::optional<TimePoint> stats_reset;  // nullopt: never reset on purpose
};

Result<Identity> read_identity(Session& session);
// Empty where the role may not call pg_control_system().
Result<std::string> read_system_identifier(Session& session);
// Numbers, switches and choices, and a few named texts; texts in general are left out, since people keep
// secrets in them. Values are those the session started with, not those planwise set.
Result<std::map<std::string, Setting>> read_settings(Session& session);
// Other clients of this database. Their statements appear as fingerprints only.
Result<std::vector<planwise::Session>> read_sessions(Session& session);
Result<DatabaseActivity> read_database(Session& session);
// Schemas that names without one may mean: the database's own search_path first, then those of roles. "$user"
// stands for no schema here.
Result<std::vector<std::string>> read_search_path(Session& session);

// The parts of a search_path setting, unquoted: `"$user", public` gives {"$user", "public"}.
[[nodiscard]] std::vector<std::string> split_search_path(std::string_view setting);

}  // namespace planwise::pg

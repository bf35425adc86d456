#include "connectors/least_privilege.h"

#include "connectors/mysql/privileges.h"
#include "connectors/postgres/privileges.h"

namespace planwise {

std::vector<std::string> least_privilege_sql(std::string_view name, const Snapshot& snapshot) {
  if (snapshot.server.engine == Engine::kPostgres) {
    return pg::least_privilege_sql(name, snapshot.server.database, snapshot.server);
  }
  return mysql::least_privilege_sql(name, snapshot.schema.search_path, snapshot.server);
}

std::string password_hint(std::string_view name, const ServerInfo& server) {
  return server.engine == Engine::kPostgres ? std::string() : mysql::password_hint(name, server);
}

}  // namespace planwise

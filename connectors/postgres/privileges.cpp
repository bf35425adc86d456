#include "connectors/postgres/privileges.h"

#include <fmt/format.h>

#include "analyzer/sql/quote.h"
#include "connectors/postgres/gates.h"

namespace planwise::pg {
namespace {

std::string grant_schema_by_schema(std::string_view role) {
  return fmt::format(
      "DO $do$ DECLARE place name; BEGIN "
      "FOR place IN SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> "
      "'information_schema' "
      "LOOP "
      "EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', place, {0}); "
      "EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', place, {0}); "
      "EXECUTE format('GRANT SELECT ON ALL SEQUENCES IN SCHEMA %I TO %I', place, {0}); "
      "EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO %I', place, {0}); "
      "END LOOP; END $do$",
      literal(role, Engine::kPostgres));
}

}  // namespace

std::vector<std::string> least_privilege_sql(std::string_view role, std::string_view database,
                                             const ServerInfo& server) {
  const std::string name = quoted(role, Engine::kPostgres);
  std::vector<std::string> sql{
      fmt::format("CREATE ROLE {} LOGIN CONNECTION LIMIT 4", name),
      fmt::format("ALTER ROLE {} SET default_transaction_read_only = on", name),
      fmt::format("GRANT CONNECT ON DATABASE {} TO {}", quoted(database, Engine::kPostgres), name),
      fmt::format("GRANT pg_monitor TO {}", name),
  };
  if (has(kReadAllData, server)) {
    sql.push_back(fmt::format("GRANT pg_read_all_data TO {}", name));
  } else {
    sql.push_back(grant_schema_by_schema(role));
  }
  if (has(kParameterGrants, server)) {
    sql.push_back(fmt::format("GRANT SET ON PARAMETER pg_stat_statements.track TO {}", name));
  }
  return sql;
}

}  // namespace planwise::pg

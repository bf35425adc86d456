#include "connectors/postgres/privileges.h"

#include <fmt/format.h>

#include "analyzer/sql/quote.h"

namespace planwise::pg {

std::vector<std::string> least_privilege_sql(std::string_view role, std::string_view database,
                                             bool has_pg_read_all_data) {
  const std::string name = quoted(role, Engine::kPostgres);
  std::vector<std::string> sql{
      fmt::format("CREATE ROLE {} LOGIN CONNECTION LIMIT 4", name),
      fmt::format("ALTER ROLE {} SET default_transaction_read_only = on", name),
      fmt::format("GRANT CONNECT ON DATABASE {} TO {}", quoted(database, Engine::kPostgres), name),
      fmt::format("GRANT pg_monitor TO {}", name),
  };
  if (has_pg_read_all_data) {
    sql.push_back(fmt::format("GRANT pg_read_all_data TO {}", name));
    return sql;
  }
  sql.push_back(fmt::format(
      "DO $do$ DECLARE place name; BEGIN "
      "FOR place IN SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> "
      "'information_schema' "
      "LOOP "
      "EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', place, {0}); "
      "EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', place, {0}); "
      "EXECUTE format('GRANT SELECT ON ALL SEQUENCES IN SCHEMA %I TO %I', place, {0}); "
      "EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO %I', place, {0}); "
      "END LOOP; END $do$",
      literal(role, Engine::kPostgres)));
  return sql;
}

}  // namespace planwise::pg

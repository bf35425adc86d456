// Which logins are too strong to audit with, and how to make the right one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/engine.h"

namespace planwise::pg {

// One row: `user`, `powers` (text[]: why the login is privileged; empty for a harmless one).
//
// A login counts as privileged if it, or a role it can switch to, may change roles or the server, or run
// programs or read files on its machine: EXPLAIN runs functions of strangers with the login's rights.
inline constexpr std::string_view kPowersSql = R"(WITH login AS (
  SELECT rolname, rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user)
SELECT login.rolname AS "user",
  CASE WHEN login.rolsuper THEN ARRAY['superuser'] ELSE
    ARRAY(SELECT DISTINCT p.power
          FROM pg_catalog.pg_roles AS r,
               LATERAL (VALUES ('superuser', r.rolsuper), ('CREATEROLE', r.rolcreaterole),
                               ('REPLICATION', r.rolreplication),
                               (r.rolname, r.rolname IN ('pg_execute_server_program', 'pg_write_server_files',
                                                         'pg_read_server_files', 'rds_superuser',
                                                         'cloudsqlsuperuser', 'alloydbsuperuser', 'azure_pg_admin',
                                                         'neon_superuser'))) AS p (power, held)
          WHERE p.held AND pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER')
          ORDER BY 1) END AS powers
FROM login)";

// The statements that make a role which can see all an audit needs and nothing more, to be run in `database`
// by one who may: pg_monitor for the statistics, SELECT for the column statistics and EXPLAIN (by
// pg_read_all_data, PostgreSQL 14 and later, or schema by schema as they are now); from 15 on the right to
// keep its own statements out of pg_stat_statements, which only a superuser may grant, last. The role has no
// password yet.
[[nodiscard]] std::vector<std::string> least_privilege_sql(std::string_view role, std::string_view database,
                                                           const ServerInfo& server);

}  // namespace planwise::pg

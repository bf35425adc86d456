// The least-privilege login that planwise needs on a PostgreSQL target, as SQL to copy: what `planwise check-target`
// prints for 14 and later (connectors/postgres/privileges.cpp).

export interface SetupStep {
  title: string;
  text: string;
  sql: string;
}

const identifier = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

export function setupSteps(roleName: string, databaseName: string): SetupStep[] {
  const role = identifier(roleName || "planwise");
  const database = identifier(databaseName || "app");
  return [
    {
      title: "A login that may look but not touch",
      text: "pg_monitor shows statistics and settings; pg_read_all_data lets the planner answer EXPLAIN. planwise refuses a superuser. On PostgreSQL 12 and 13, “planwise check-target” prints the grants that take its place.",
      sql: [
        `CREATE ROLE ${role} LOGIN CONNECTION LIMIT 4 PASSWORD 'choose-a-long-one';`,
        `ALTER ROLE ${role} SET default_transaction_read_only = on;`,
        `GRANT CONNECT ON DATABASE ${database} TO ${role};`,
        `GRANT pg_monitor TO ${role};`,
        `GRANT pg_read_all_data TO ${role};  -- PostgreSQL 14 and later`,
        `GRANT SET ON PARAMETER pg_stat_statements.track TO ${role};  -- 15 and later, by a superuser: keeps its own statements out of the counters`,
      ].join("\n"),
    },
    {
      title: "Counters for every statement",
      text: "Run it in the database itself. It needs shared_preload_libraries = 'pg_stat_statements' and one restart, if that is not set yet.",
      sql: "CREATE EXTENSION IF NOT EXISTS pg_stat_statements;",
    },
    {
      title: "Indexes the planner can try out (recommended)",
      text: "HypoPG’s indexes exist only in planwise’s own session and cost the server nothing.",
      sql: "CREATE EXTENSION IF NOT EXISTS hypopg;",
    },
  ];
}

// A connection string to start from; the password stays for the user to fill in.
export const exampleDsn = (role: string, database: string): string =>
  `postgres://${encodeURIComponent(role || "planwise")}:PASSWORD@db.example.com:5432/${encodeURIComponent(database || "app")}`;

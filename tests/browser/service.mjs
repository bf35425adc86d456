// What the main path runs against: a real `planwise serve` that audits a real PostgreSQL with a small shop,
// where PLANWISE_BINARY names the program; else the mock.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startMock } from "../../web/dev/mock-server.mjs";

const kPostgres = process.env.PLANWISE_POSTGRES_BIN ?? "/usr/lib/postgresql/15/bin";
const kStartMs = 30_000;

export const realMissing = !process.env.PLANWISE_BINARY
  ? "PLANWISE_BINARY does not name a planwise"
  : existsSync(join(kPostgres, "initdb"))
    ? false
    : `there is no PostgreSQL in ${kPostgres}`;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

// PostgreSQL does not run as root.
function account() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function stop(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
}

// Orders are asked for by customer, newest first, and no index serves that. No index of another table is missing.
const kShop = `
CREATE EXTENSION pg_stat_statements;
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, status text NOT NULL,
                     total_cents bigint NOT NULL, created_at timestamptz NOT NULL);
INSERT INTO customers SELECT n, 'c' || n || '@example.com' FROM generate_series(1, 20000) n;
INSERT INTO orders SELECT n, 1 + (n * 7919::bigint) % 20000, CASE WHEN n % 20 = 0 THEN 'open' ELSE 'shipped' END, n % 9000,
                          now() - n * interval '1 minute' FROM generate_series(1, 300000) n;
VACUUM ANALYZE;
`;
const kWorkload = `
SELECT id, status, total_cents FROM orders WHERE customer_id = :customer ORDER BY created_at DESC LIMIT 20;
SELECT email FROM customers WHERE id = :customer;
`;
const kRounds = 60;

async function startPostgres() {
  const folder = mkdtempSync(join(tmpdir(), "planwise-browser-"));
  const who = account();
  if (who.uid !== undefined) chownSync(folder, who.uid, who.gid);
  const data = join(folder, "data");
  const port = await freePort();
  execFileSync(
    join(kPostgres, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8"],
    {
      ...who,
      stdio: "pipe",
    },
  );
  appendFileSync(
    join(data, "postgresql.conf"),
    `port = ${port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '${folder}'\nfsync = off\n` +
      "shared_preload_libraries = 'pg_stat_statements'\njit = off\n",
  );
  writeFileSync(
    join(data, "pg_hba.conf"),
    "local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n",
  );
  const server = spawn(join(kPostgres, "postgres"), ["-D", data], {
    ...who,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  server.stderr.on("data", (text) => {
    log += text;
  });
  const psql = (sql, database = "shop") =>
    execFileSync(
      join(kPostgres, "psql"),
      [
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        folder,
        "-p",
        String(port),
        "-U",
        "postgres",
        "-d",
        database,
      ],
      {
        input: sql,
        encoding: "utf8",
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
  const end = async () => {
    await stop(server, "SIGINT");
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + kStartMs;
  for (;;) {
    try {
      psql("SELECT 1", "postgres");
      break;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) {
        await end();
        throw new Error(`PostgreSQL does not start: ${log || error}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return { port, folder, psql, end };
}

async function startPlanwise() {
  const folder = mkdtempSync(join(tmpdir(), "planwise-serve-"));
  const child = spawn(
    process.env.PLANWISE_BINARY,
    ["serve", "--listen", "127.0.0.1:0", "--store", `sqlite:${join(folder, "planwise.db")}`],
    { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  child.stderr.on("data", (text) => {
    log += text;
  });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, "line").then(([line]) => line),
    once(child, "exit").then(() => Promise.reject(new Error(`planwise ended at start: ${log}`))),
  ]);
  const url = /^listening on (http:\/\/\S+)$/.exec(first)?.[1];
  assert.ok(url, `planwise said: ${first}`);
  const end = async () => {
    await stop(child, "SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, end };
}

// {url, dsn, runSql, stop}: runSql(text) is what an administrator of the target would run; null on the mock.
export async function startReal() {
  const postgres = await startPostgres();
  try {
    postgres.psql("CREATE DATABASE shop", "postgres");
    postgres.psql(kShop);
    postgres.psql("SELECT pg_stat_statements_reset(), pg_stat_reset()"); // filling it is no part of its workload
    for (let i = 0; i < kRounds; i++)
      postgres.psql(`\\set customer ${1 + ((i * 331) % 20000)}\n${kWorkload}`);
    const planwise = await startPlanwise();
    return {
      url: planwise.url,
      dsn: `postgres://planwise:choose-a-long-one@127.0.0.1:${postgres.port}/shop`,
      runSql: postgres.psql,
      stop: async () => {
        await planwise.end();
        await postgres.end();
      },
    };
  } catch (error) {
    await postgres.end();
    throw error;
  }
}

export async function startPretended() {
  const mock = await startMock({ empty: true });
  return {
    url: mock.url,
    dsn: "postgres://planwise:secret@127.0.0.1:5432/shop",
    runSql: null,
    stop: mock.stop,
  };
}

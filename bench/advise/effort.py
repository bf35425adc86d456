#!/usr/bin/python3
"""A workload of any size for bench/advise_effort.sh: tables that refer to each other, and statements with skewed calls.

  effort.py fill DATABASE TABLES
  effort.py run DATABASE TABLES STATEMENTS --planwise BINARY

Everything follows from the numbers of table and statement, so that two runs ask the same. Each table has 4,000 to 24,000 rows and
its primary key alone; it refers to two others. A statement takes a table, one of the forms below and columns by its number.
"""
import argparse
import os
import pathlib
import tempfile

import measure
from planwise import Run

_TABLE = """CREATE TABLE t{t} (id bigint PRIMARY KEY, owner_id bigint NOT NULL, parent_id bigint, status text NOT NULL, kind text NOT NULL,
  amount numeric(10,2) NOT NULL, code text NOT NULL, email text NOT NULL, created_at timestamptz NOT NULL, closed_at timestamptz, data jsonb NOT NULL);
INSERT INTO t{t} SELECT n, 1 + (n::bigint * n * 7919 + {t}) % 3001, CASE WHEN n % 3 = 0 THEN 1 + n * 31::bigint % {parent_rows} END,
  CASE WHEN n > {rows} * 0.98 THEN 'open' WHEN n % 97 = 0 THEN 'failed' ELSE 'done' END, 'kind' || (n % 41) * (n % 41) / 60, (n * 37 % 90000) / 100.0,
  'C' || n, 'User' || n || '@example.org', timestamptz '2025-01-01' + n * interval '20 minutes',
  CASE WHEN n <= {rows} * 0.98 THEN timestamptz '2025-01-02' + n * interval '20 minutes' END, jsonb_build_object('plan', n % 5, 'region', 'r' || n % 200)
  FROM generate_series(1, {rows}) n;"""

# {t} a table, {u} and {v} those it refers to, {a} and {b} columns of little and of much choice, {n} a number.
_FORMS = (
    "SELECT * FROM t{t} WHERE {b} = {bv}",
    "SELECT id, amount FROM t{t} WHERE {b} = {bv} AND {a} = {av} ORDER BY created_at DESC LIMIT 20",
    "SELECT id, code FROM t{t} WHERE {a} = {av} AND created_at >= '2025-06-{day}' ORDER BY created_at",
    "SELECT count(*), sum(amount) FROM t{t} WHERE {b} = {bv} AND created_at BETWEEN '2025-03-01' AND '2025-04-{day}'",
    "UPDATE t{t} SET status = 'done', closed_at = now() WHERE id = {n}",
    "SELECT t.id, u.code FROM t{t} t JOIN t{u} u ON u.id = t.parent_id WHERE t.{b} = {bv} AND u.{a} = {av}",
    "SELECT u.id, count(*) FROM t{u} u JOIN t{t} t ON t.owner_id = u.owner_id WHERE u.{b} = {bv} GROUP BY u.id ORDER BY 2 DESC LIMIT 10",
    "SELECT id FROM t{t} WHERE lower(email) = 'user{n}@example.org'",
    "INSERT INTO t{t} VALUES (9000001, {n}, NULL, 'open', 'kind1', 10, 'C9', 'a@b', now(), NULL, '{{}}')",
    "SELECT id, status FROM t{t} WHERE closed_at IS NULL AND {a} = {av} ORDER BY amount DESC, created_at LIMIT 50",
    "SELECT {a}, count(*) FROM t{t} WHERE created_at >= '2025-07-{day}' GROUP BY {a}",
    "SELECT id, email FROM t{t} WHERE data->>'region' = 'r{n}' AND {a} = {av}",
    "SELECT t.id FROM t{t} t WHERE t.{a} = {av} AND NOT EXISTS (SELECT 1 FROM t{v} v WHERE v.parent_id = t.id)",
    "SELECT t.id, u.amount, v.status FROM t{t} t JOIN t{u} u ON u.owner_id = t.owner_id JOIN t{v} v ON v.parent_id = u.id WHERE t.{b} = {bv} AND v.{a} = {av} ORDER BY t.created_at LIMIT 30",
    "UPDATE t{t} SET amount = amount + 1 WHERE {b} = {bv} AND {a} = {av}",
    "SELECT id, amount FROM t{t} WHERE {a} = {av} OR {b} = {bv}",
    "SELECT max(created_at) FROM t{t} WHERE {b} = {bv} AND amount > {n}",
)
_FEW = (("status", "'open'"), ("kind", "'kind7'"), ("status", "'failed'"))
_MANY = (("owner_id", "{n}"), ("code", "'C{n}'"), ("parent_id", "{n}"))


def rows_of(table):
    return 4000 + table * 7919 % 20001


def fill(database, tables):
    cursor = measure.connect("dbname=" + database)
    for table in range(tables):
        cursor.execute(_TABLE.format(t=table, rows=rows_of(table), parent_rows=rows_of((table + 1) % tables)))
    cursor.execute("VACUUM ANALYZE")


def statements(tables, count):
    """[(sql, calls)] with no two of the same shape."""
    made = []
    for number in range(count):
        # The table changes at each statement; form and columns move on when all tables had their turn.
        table, turn = number % tables, number // tables
        form = _FORMS[(turn * 5 + table * 3) % len(_FORMS)]
        step = table + turn // len(_FORMS)
        few, many = _FEW[step % len(_FEW)], _MANY[(step // len(_FEW) + turn) % len(_MANY)]
        value = 1 + number * 131 % 3000
        made.append((form.format(t=table, u=(table + 1) % tables, v=(table + 3) % tables, a=few[0], av=few[1], b=many[0],
                                 bv=many[1].format(n=value), n=value, day="%02d" % (1 + number % 28)), 1 + 20000 // (1 + number * 7919 % count)))
    return made


def run(database, tables, count, binary):
    with tempfile.TemporaryDirectory() as folder:
        made = statements(tables, count)
        workload, weights = pathlib.Path(folder) / "workload.sql", pathlib.Path(folder) / "weights.tsv"
        workload.write_text("".join(sql + ";\n" for sql, _ in made))
        weights.write_text("".join("%d\t%d\n" % (number, calls) for number, (_, calls) in enumerate(made, 1)))
        dsn = "host=%s dbname=%s user=planwise" % (os.environ["PGHOST"], database)
        cursor = measure.connect("dbname=" + database)
        done = Run(binary, cursor, "advise", dsn, "--workload", str(workload), "--weights", str(weights))
    cursor.execute("SELECT sum(pg_table_size(oid)) FROM pg_class WHERE relkind = 'r' AND oid >= 16384")
    questions = "–" if done.questions is None else "{:,}".format(done.questions)
    print("| %d | %d | %.0f MiB | %d | %.1f s | %.1f s | %.0f MiB | %s | %s |" % (
        tables, len(done.report["statements"]), int(cursor.fetchone()[0]) / 2**20, len(done.steps), done.seconds, done.cpu_seconds, done.peak_mib, questions,
        "; ".join(done.unfinished) or "yes"), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("fill", "run"):
        command = commands.add_parser(name)
        command.add_argument("database")
        command.add_argument("tables", type=int)
    command.add_argument("statements", type=int)
    command.add_argument("--planwise", required=True, metavar="BINARY")
    options = parser.parse_args()
    if options.command == "fill":
        fill(options.database, options.tables)
    else:
        run(options.database, options.tables, options.statements, options.planwise)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""What a set of index changes does to a workload: planner cost with hypothetical indexes, and time with built ones.

  measure.py --dsn DSN --workload FOLDER --changes FILE.sql [--what-if] [--output FILE.json]

FILE.sql holds CREATE INDEX, DROP INDEX and ANALYZE statements. Planner cost: each statement's total cost by EXPLAIN times
its calls, the new indexes made by HypoPG and the dropped ones gone, all rolled back. Time: planning and execution as EXPLAIN
(ANALYZE, TIMING OFF) tells them, which leaves out the way to the client; the best of three runs, of nine where one takes
less than 10 ms; a statement that runs into the timeout counts with it; every run is rolled back, so that writes leave no
rows. The indexes are built, measured and taken away again. Needs the extension hypopg and python3-psycopg2.
"""
import argparse
import json
import os
import pathlib
import re
import sys
import time

import psycopg2

from workload import read_workload, split_sql

TIMEOUT_MS = 60_000
_CREATE = re.compile(r"create\s+(unique\s+)?index\b", re.I)
_DROP = re.compile(r"drop\s+index\s+(?:concurrently\s+)?(?:if\s+exists\s+)?(?P<name>[\w.\"]+)", re.I)
_NOW = re.compile(r"\bconcurrently\s+", re.I)


def connect(dsn):
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    return connection.cursor()


def host():
    """The server's address as libpq finds it."""
    return os.environ["PGHOST"]


def first_line(error):
    return str(error).strip().splitlines()[0]


def plan_cost(cursor, sql):
    """The planner's total cost; None where the statement cannot be planned."""
    cursor.execute("SAVEPOINT planned")
    try:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql)
        return cursor.fetchone()[0][0]["Plan"]["Total Cost"]
    except psycopg2.Error:
        cursor.execute("ROLLBACK TO planned")
        return None
    finally:
        cursor.execute("RELEASE planned")


def plan_costs(cursor, statements):
    return {s.name: plan_cost(cursor, s.sql) for s in statements}


def what_if(cursor, statements, changes):
    """{costs by name, bytes of the new indexes, what HypoPG cannot make}; nothing is built."""
    cursor.execute("BEGIN")
    cursor.execute("SELECT hypopg_reset()")
    size, refused = 0, []
    for sql in changes:
        cursor.execute("SAVEPOINT change")
        try:
            if _CREATE.match(sql):
                cursor.execute("SELECT hypopg_relation_size(indexrelid) FROM hypopg_create_index(%s)", (_NOW.sub("", sql),))
                size += cursor.fetchone()[0]
            elif _DROP.match(sql):
                cursor.execute(_NOW.sub("", sql))
        except psycopg2.Error as error:
            cursor.execute("ROLLBACK TO change")
            refused.append({"sql": sql, "why": first_line(error)})
        cursor.execute("RELEASE change")
    costs = plan_costs(cursor, statements)
    cursor.execute("SELECT hypopg_reset()")
    cursor.execute("ROLLBACK")
    return {"cost": costs, "size": size, "refused": refused}


def run_once(cursor, sql):
    """Planning and execution of one run in ms; (TIMEOUT_MS, None) where it runs into the timeout."""
    cursor.execute("BEGIN")
    cursor.execute("SET LOCAL statement_timeout = %d" % TIMEOUT_MS)
    try:
        cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + sql)
        told = cursor.fetchone()[0][0]
        return told["Planning Time"], told["Execution Time"]
    except psycopg2.extensions.QueryCanceledError:
        return 0.0, float(TIMEOUT_MS)
    finally:
        cursor.execute("ROLLBACK")


def run_time(cursor, sql):
    """{planning, execution} in ms of the best run."""
    runs = [run_once(cursor, sql)]
    wanted = 9 if sum(runs[0]) < 10 else 3
    while len(runs) < wanted and sum(runs[-1]) < TIMEOUT_MS:
        runs.append(run_once(cursor, sql))
    planning, execution = min(runs, key=sum)
    return {"planning": planning, "execution": execution}


def run_times(cursor, statements):
    """Every statement's time. Tables are vacuumed before: rolled back writes leave dead rows and unset visibility behind."""
    cursor.execute("VACUUM")
    cursor.execute("CHECKPOINT")
    return {s.name: run_time(cursor, s.sql) for s in statements}


def index_names(cursor):
    cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid >= 16384")
    return {name for (name,) in cursor.fetchall()}


def apply(cursor, changes):
    """Builds for real; returns what remove() needs to undo it."""
    done = {"before": index_names(cursor), "dropped": [], "failed": []}
    for sql in changes:
        try:
            dropped = _DROP.match(sql)
            if dropped:
                cursor.execute("SELECT pg_get_indexdef(%s::regclass)", (dropped["name"],))
                definition = cursor.fetchone()[0]
            cursor.execute(sql)
            if dropped:
                done["dropped"].append(definition)
        except psycopg2.Error as error:
            done["failed"].append({"sql": sql, "why": first_line(error)})
    return done


def new_indexes(cursor, done):
    """{name: bytes} of what apply() built."""
    names = sorted(index_names(cursor) - done["before"])
    sizes = {}
    for name in names:
        cursor.execute("SELECT pg_relation_size(%s::regclass)", (name,))
        sizes[name] = cursor.fetchone()[0]
    return sizes


def remove(cursor, done):
    for name in new_indexes(cursor, done):
        cursor.execute("DROP INDEX " + name)
    for definition in done["dropped"]:
        cursor.execute(definition)


def built(cursor, statements, changes):
    """{costs and times by name, bytes, seconds of building, what failed} with the changes made for real."""
    began = time.monotonic()
    done = apply(cursor, changes)
    try:
        seconds = time.monotonic() - began
        sizes = new_indexes(cursor, done)
        cursor.execute("BEGIN")
        costs = plan_costs(cursor, statements)
        cursor.execute("ROLLBACK")
        times = run_times(cursor, statements)
    finally:
        remove(cursor, done)
    return {"cost": costs, "time": times, "sizes": sizes, "seconds": seconds, "failed": done["failed"]}


def total(statements, values):
    """The calls-weighted sum; values: {name: number or None}."""
    return sum(s.calls * values[s.name] for s in statements if values[s.name] is not None)


def server_ms(times):
    return {name: t["planning"] + t["execution"] for name, t in times.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--workload", required=True, metavar="FOLDER")
    parser.add_argument("--changes", required=True, metavar="FILE.sql")
    parser.add_argument("--what-if", action="store_true", help="planner cost only; nothing is built")
    parser.add_argument("--output", metavar="FILE.json", help="default: standard output")
    options = parser.parse_args()
    statements = read_workload(options.workload)
    changes = split_sql(pathlib.Path(options.changes).read_text())
    cursor = connect(options.dsn)
    before = what_if(cursor, statements, [])
    after = what_if(cursor, statements, changes)
    result = {"relative_cost": total(statements, after["cost"]) / total(statements, before["cost"]),
              "size": after["size"], "refused": after["refused"]}
    records = [{"name": s.name, "calls": s.calls, "cost_before": before["cost"][s.name],
                "cost_after": after["cost"][s.name]} for s in statements]
    if not options.what_if:
        times = run_times(cursor, statements)
        real = built(cursor, statements, changes)
        result |= {"relative_time": total(statements, server_ms(real["time"])) / total(statements, server_ms(times)),
                   "relative_cost_built": total(statements, real["cost"]) / total(statements, before["cost"]),
                   "size_built": sum(real["sizes"].values()), "seconds_building": real["seconds"], "failed": real["failed"]}
        for record in records:
            record |= {"ms_before": times[record["name"]], "ms_after": real["time"][record["name"]],
                       "cost_built": real["cost"][record["name"]]}
    out = open(options.output, "w") if options.output else sys.stdout
    json.dump(result | {"statements": records}, out, indent=1)
    out.write("\n")


if __name__ == "__main__":
    main()

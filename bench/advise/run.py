#!/usr/bin/python3
"""Advises on the workloads of this folder, measures what comes of it and prints it as Markdown. Called by bench/advise.sh.

  run.py --planwise BINARY [--measured] [--results FOLDER] [--plots FOLDER] WORKLOAD...

The server is the one of PGHOST and PGUSER; each workload is a database of its name. Per workload and storage budget: the
recommended set against no new index and against by_hand.sql, by planner cost and by time (measure.py). --results keeps the
figures of every statement as JSON. --measured instead runs each workload with pg_stat_statements on and lets planwise advise on
what it sees there.
"""
import argparse
import json
import math
import pathlib

import measure
import plots
from planwise import Run
from workload import read_workload, split_sql

HERE = pathlib.Path(__file__).parent
BUDGETS = (("none", None), ("25 %", 0.25), ("10 %", 0.10))
# Runs of one and the same plan differ by this share, or by this much.
NOISE_SHARE = 0.05
NOISE_MS = 0.02
# A point without an interval is taken for right within this share of the statement's time.
POINT = 0.10
# Bytes of an index whose size anyone minds.
LARGE = 2**20


def role(name):
    return "host=%s dbname=%s user=planwise" % (measure.host(), name)


def data_size(cursor):
    cursor.execute("SELECT sum(pg_table_size(oid)) FROM pg_class WHERE relkind = 'r' AND oid >= 16384")
    return int(cursor.fetchone()[0])


def ratio(statements, after, before):
    whole = measure.total(statements, before)
    return measure.total(statements, after) / whole if whole else None


class Bench:
    """One workload: what it costs and takes as it stands, and with any set of changes."""

    def __init__(self, name):
        self.name = name
        self.statements = read_workload(HERE / name)
        self.reads = [s for s in self.statements if not s.is_write]
        self.writes = [s for s in self.statements if s.is_write]
        self.cursor = measure.connect("dbname=" + name)
        self.data = data_size(self.cursor)
        self.cost = measure.what_if(self.cursor, self.statements, [])["cost"]
        self.time = measure.run_times(self.cursor, self.statements)

    def judge(self, changes):
        supposed = measure.what_if(self.cursor, self.statements, changes)
        real = measure.built(self.cursor, self.statements, changes)
        before, after = measure.server_ms(self.time), measure.server_ms(real["time"])
        return {
            "changes": changes,
            "indexes": len(real["sizes"]),
            "size": sum(real["sizes"].values()),
            "sizes": real["sizes"],
            "cost_what_if": ratio(self.statements, supposed["cost"], self.cost),
            "cost_built": ratio(self.statements, real["cost"], self.cost),
            "time": ratio(self.statements, after, before),
            "time_reads": ratio(self.reads, after, before),
            "time_writes": ratio(self.writes, after, before),
            "failed": real["failed"],
            "refused": supposed["refused"],
            "statements": {s.name: {"calls": s.calls, "cost_before": self.cost[s.name], "cost_what_if": supposed["cost"][s.name],
                                    "cost_built": real["cost"][s.name], "before": self.time[s.name], "after": real["time"][s.name]}
                           for s in self.statements},
        }

    def curve(self, steps):
        """Relative planner cost with the first k recommendations, k = 0, 1, ..."""
        changes, points = [], [1.0]
        for step in steps:
            changes += step
            points.append(ratio(self.statements, measure.what_if(self.cursor, self.statements, changes)["cost"], self.cost))
        return points


def gain_points(bench, run, judged):
    """Predicted against measured gain of every statement, as shares of its execution time."""
    points = []
    for name, (saved, low, high) in run.gains(bench.statements).items():
        record = judged["statements"][name]
        before, after = record["before"]["execution"], record["after"]["execution"]
        measured = 1 - after / before
        noise = max(NOISE_SHARE, NOISE_MS / before)
        bounds = (saved - POINT, saved + POINT) if low is None else (low, high)
        points.append({"name": name, "load": record["calls"] * before, "predicted": saved, "low": low, "high": high, "measured": measured,
                       "advised": saved != 0, "covered": bounds[0] - noise <= measured <= bounds[1] + noise})
    return points


def coverage(points):
    advised = [p for p in points if p["advised"]]
    share = lambda some: sum(p["covered"] for p in some) / len(some) if some else None
    return {"all": share(points), "advised": share(advised), "count": len(points), "advised_count": len(advised)}


def size_errors(run, judged, least):
    """By how much the told size of each index built is off, as a share, of those with at least so many bytes."""
    built = {name.split(".")[-1].strip('"'): size for name, size in judged["sizes"].items()}
    return sorted(abs(told / built[name] - 1) for name, told in run.sizes.items() if built.get(name, 0) >= least)


def percentile(sorted_values, share):
    return sorted_values[math.ceil(share * len(sorted_values)) - 1] if sorted_values else None


def mib(size):
    return "%.0f MiB" % (size / 2**20)


def row(*cells):
    return "| " + " | ".join("–" if cell is None else cell if isinstance(cell, str) else "%.4f" % cell for cell in cells) + " |"


def result_row(set_name, budget, judged, run=None):
    spent = ("%.1f s" % run.seconds, "%.1f s" % run.cpu_seconds, "%.0f MiB" % run.peak_mib, run.questions and "{:,}".format(run.questions)) if run else (None,) * 4
    return row(set_name, budget, str(judged["indexes"]), mib(judged["size"]), judged["cost_what_if"], judged["cost_built"], judged["time"],
               judged["time_reads"], "–" if judged["time_writes"] is None else "%.2f" % judged["time_writes"], *spent)


def bench_files(name, binary):
    bench = Bench(name)
    folder = HERE / name
    print("\n#### %s: %d statements on %s\n" % (name, len(bench.statements), mib(bench.data)))
    print(row("set", "budget", "indexes", "size", "cost, what-if", "cost, built", "time", "reads", "writes", "wall", "CPU", "peak", "questions"))
    print("|---|---|" + "---:|" * 11, flush=True)
    by_hand = bench.judge(split_sql((folder / "by_hand.sql").read_text()))
    print(result_row("by hand", "none", by_hand), flush=True)
    result, notes = {"by_hand": by_hand, "size_errors": {"all": [], "large": []}}, []
    for label, share in BUDGETS:
        arguments = ["advise", role(name), "--workload", str(folder / "queries"), "--weights", str(folder / "weights.tsv")]
        if share is not None:
            arguments += ["--storage-budget", "%dMB" % (share * bench.data / 2**20)]
        run = Run(binary, bench.cursor, *arguments)
        judged = bench.judge(run.changes)
        print(result_row("planwise", label, judged, run), flush=True)
        notes += ["planwise, %s: %s" % (label, why) for why in run.unfinished]
        notes += ["planwise, %s: could not be built: %s (%s)" % (label, failure["sql"], failure["why"]) for failure in judged["failed"]]
        result[label] = judged | {"seconds": run.seconds, "cpu_seconds": run.cpu_seconds, "peak_mib": run.peak_mib, "questions": run.questions, "report": run.report}
        for kind, least in (("all", 0), ("large", LARGE)):
            result["size_errors"][kind] += size_errors(run, judged, least)
        if share is None:
            result["curve"] = bench.curve(run.steps)
            result["gains"] = gain_points(bench, run, judged)
            result["coverage"] = coverage(result["gains"])
    for note in notes:
        print("\n" + note, flush=True)
    return result


def run_workload(bench, seconds):
    """Runs every statement by its calls, scaled down to about so many seconds; returns the runs of each."""
    scale = min(1.0, seconds * 1000 / measure.total(bench.statements, measure.server_ms(bench.time)))
    counts = {s.name: max(1, round(s.calls * scale)) for s in bench.statements}
    bench.cursor.execute("SELECT pg_stat_reset(), pg_stat_statements_reset()")
    bench.cursor.execute("SET statement_timeout = %d" % measure.TIMEOUT_MS)
    for statement in bench.statements:
        for _ in range(counts[statement.name]):
            bench.cursor.execute("BEGIN")
            bench.cursor.execute(statement.sql)
            bench.cursor.execute("ROLLBACK")
    bench.cursor.execute("RESET statement_timeout")
    bench.cursor.execute("SELECT pg_stat_force_next_flush()")
    return counts


def bench_measured(name, binary, seconds):
    """An audit of the running workload: the share of its time that planwise says it saves, against what it saves."""
    bench = Bench(name)
    counts = run_workload(bench, seconds)
    run = Run(binary, bench.cursor, "audit", role(name), "--rule", "missing-index")
    for statement in bench.statements:
        statement.calls = counts[statement.name]
    judged = bench.judge(run.changes)
    impacts = [r["impact"] for r in run.report["recommendations"]]
    said = sum(i["load_saved"] or 0 for i in impacts)
    ends = [sum(i[end] for i in impacts) if all(i[end] is not None for i in impacts) else None for end in ("low", "high")]
    execution = lambda moment: {n: r[moment]["execution"] for n, r in judged["statements"].items()}
    saved = 1 - ratio(bench.statements, execution("after"), execution("before"))
    points = gain_points(bench, run, judged)
    covered = coverage(points)
    print(row(name, str(sum(counts.values())), str(judged["indexes"]), mib(judged["size"]), judged["time"], "%.1f %%" % (100 * said),
              None if None in ends else "%.1f to %.1f %%" % tuple(100 * end for end in ends), "%.1f %%" % (100 * saved),
              "%.0f %% of %d" % (100 * (covered["advised"] or 0), covered["advised_count"]), "%.1f s" % run.seconds), flush=True)
    return {"audit": judged | {"report": run.report}, "gains": points, "coverage": covered}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--planwise", required=True, metavar="BINARY")
    parser.add_argument("--measured", action="store_true", help="advise on measured time instead of files")
    parser.add_argument("--seconds", type=float, default=60, help="--measured: how long each workload runs (60)")
    parser.add_argument("--results", type=pathlib.Path, metavar="FOLDER", help="keep every figure there as JSON")
    parser.add_argument("--plots", type=pathlib.Path, metavar="FOLDER", help="write the plots there")
    parser.add_argument("workload", nargs="+")
    options = parser.parse_args()
    if options.measured:
        print(row("workload", "calls", "indexes", "size", "time", "saved, said", "interval", "saved, measured", "predictions that hold", "wall"))
        print("|---|" + "---:|" * 9)
    results = {}
    for name in options.workload:
        results[name] = bench_measured(name, options.planwise, options.seconds) if options.measured else bench_files(name, options.planwise)
        if options.results:
            options.results.mkdir(parents=True, exist_ok=True)
            path = options.results / ("%s%s.json" % (name, "-measured" if options.measured else ""))
            path.write_text(json.dumps(results[name], indent=1))
    if not options.measured:
        print("\n| workload | statements advised | predictions that hold | of all statements |\n|---|---:|---:|---:|")
        for name, result in results.items():
            covered = result["coverage"]
            print("| %s | %d | %.0f %% | %.0f %% of %d |" % (name, covered["advised_count"], 100 * (covered["advised"] or 0),
                                                        100 * covered["all"], covered["count"]))
        print("\n| workload | indexes built | size told, off by: median | 95th percentile | of 1 MiB and more | median | 95th percentile |\n|---|" + "---:|" * 6)
        for name, result in results.items():
            cells = []
            for errors in (sorted(result["size_errors"][kind]) for kind in ("all", "large")):
                cells.append(str(len(errors)))
                cells += ["%.1f %%" % (100 * percentile(errors, share)) if errors else None for share in (0.5, 0.95)]
            print(row(name, *cells))
        if options.plots:
            options.plots.mkdir(parents=True, exist_ok=True)
            (options.plots / "gains.svg").write_text(plots.gains({n: r["gains"] for n, r in results.items()}))
            (options.plots / "curve.svg").write_text(plots.curve({n: (r["curve"], r["by_hand"]) for n, r in results.items()}))


if __name__ == "__main__":
    main()

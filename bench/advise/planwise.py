"""Runs planwise and says what it took; reads from its report what the benchmarks need."""
import json
import math
import os
import pathlib
import re
import subprocess
import tempfile
import time

from workload import shape


def server_seconds(cursor):
    """CPU time of all sessions of the server that have ended; the server runs on this machine."""
    cursor.execute("SELECT pg_backend_pid()")
    fields = lambda pid: pathlib.Path("/proc/%s/stat" % pid).read_text().rsplit(")", 1)[1].split()
    postmaster = fields(cursor.fetchone()[0])[1]
    return sum(int(ticks) for ticks in fields(postmaster)[13:15]) / os.sysconf("SC_CLK_TCK")


class Run:
    """One run of planwise: its report, its wall time, its peak memory, and the CPU time of planwise and the server for it."""

    def __init__(self, binary, cursor, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            output = pathlib.Path(folder) / "report.json"
            command = [binary, *arguments, "--format", "json", "--quiet", "--output", str(output)]
            server_before = server_seconds(cursor)
            began = time.monotonic()
            process = subprocess.Popen(command)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.seconds = time.monotonic() - began
            self.peak_mib = usage.ru_maxrss / 1024
            if process.returncode != 0:
                raise SystemExit("planwise ended with %d: %s" % (process.returncode, " ".join(command)))
            time.sleep(0.2)  # until the server has noticed the end of the session
            self.cpu_seconds = usage.ru_utime + usage.ru_stime + server_seconds(cursor) - server_before
            self.report = json.loads(output.read_text())

    @property
    def questions(self):
        """Asked of the planner; None where the report does not tell."""
        return self.report.get("advice", {}).get("questions")

    @property
    def unfinished(self):
        """Why the search for indexes did not come to its end, if it did not."""
        return [gap["why"] for gap in self.report["skipped"] if gap["what"] == "index advice"]

    @property
    def steps(self):
        """The SQL of each recommendation, best first."""
        return [r["action"]["sql"] for r in self.report["recommendations"] if r["action"]["kind"] == "sql"]

    @property
    def changes(self):
        return [sql for step in self.steps for sql in step]

    @property
    def sizes(self):
        """{index: bytes} that planwise says the new indexes have."""
        sizes = {}
        for recommendation in self.report["recommendations"]:
            made = re.match(r'CREATE INDEX (?:CONCURRENTLY )?("[^"]*"|\S+) ON', (recommendation["action"]["sql"] or [""])[0])
            if made and recommendation["impact"]["index_size"] is not None:
                sizes[made[1].strip('"')] = recommendation["impact"]["index_size"]
        return sizes

    def gains(self, statements):
        """{name: (saved, low, high)}: the share of each statement's time that planwise says all its proposals save.

        None for low and high where the report has no interval. A statement that no proposal touches has a gain of zero.
        """
        by_shape = {shape(entry["query"]): entry for entry in self.report["statements"]}
        gains = {}
        for statement in statements:
            entry = by_shape.get(shape(statement.sql))
            choice = entry.get("advice") if entry else None
            if choice and "saved" in choice:
                gains[statement.name] = (choice["saved"], choice["saved_low"], choice["saved_high"])
            else:
                gains[statement.name] = (self._saved(entry["fingerprint"]) if entry else 0.0, None, None)
        return gains

    def _saved(self, fingerprint):
        # Each proposal is costed with those before it standing.
        affected = [s for r in self.report["recommendations"] for s in r["statements"] if s["fingerprint"] == fingerprint]
        return 1 - math.prod(s["cost_after"] / s["cost_before"] for s in affected if s["cost_before"] and s["cost_after"] is not None)

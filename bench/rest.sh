#!/usr/bin/env bash
# How long REST answers take with 100,000 recommendations stored, and what 10,000 idle connections cost in memory. Fills a
# store, serves it on a free port and asks with wrk (Debian package wrk) from this machine. Needs build/release/planwise and
# build/release/store_bench.
#   bench/rest.sh [SECONDS_PER_ROW]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-10}
work=$(mktemp -d /tmp/planwise-bench.XXXXXX)
process=
idle=
trap '[ -z "$idle" ] || kill "$idle" 2>/dev/null; [ -z "$process" ] || { kill "$process" && wait "$process"; } 2>/dev/null; rm -rf --one-file-system "$work"' EXIT
ulimit -n "$(ulimit -Hn)"

build/release/store_bench --fill "$work/planwise.db" 100000 20
build/release/planwise serve --listen 127.0.0.1:0 --store "sqlite:$work/planwise.db" >"$work/log" 2>&1 &
process=$!
for _ in $(seq 100); do
  grep -q '^listening on ' "$work/log" && break
  sleep 0.1
done
origin=$(awk '/^listening on / {print $3; exit}' "$work/log")
list=$origin/api/v1/recommendations
id=$(curl -sf "$list?limit=1" | grep -o '"id":"[0-9a-f]*"' | head -1 | cut -d'"' -f4)

echo "load of the machine: $(cut -d' ' -f1-3 /proc/loadavg)"
printf '\n%-10s %3s %9s %9s %9s %9s %9s\n' answer c KB per_s p50 p99 errors
measure() {
  local name=$1 url=$2 connections size
  size=$(curl -sf -o /dev/null -w '%{size_download}' "$url")
  for connections in 1 8; do
    wrk -t1 -c"$connections" -d"${seconds}s" --latency "$url" >"$work/wrk"
    awk -v name="$name" -v c="$connections" -v kb="$((size / 1000))" '
      $1 == "50%" {p50 = $2} $1 == "99%" {p99 = $2} $1 == "Requests/sec:" {rate = $2}
      /Non-2xx|Socket errors/ {errors = $0}
      END {printf "%-10s %3d %9d %9.0f %9s %9s %9s\n", name, c, kb, rate, p50, p99, errors == "" ? "none" : errors}' "$work/wrk"
  done
}
measure list "$list"
measure by-impact "$list?sort=-impact"
measure limit-500 "$list?limit=500"
measure one "$list/$id"

resident() { awk '/VmRSS/ {print $2}' "/proc/$process/status"; }
before=$(resident)
python3 - "${origin##*:}" >"$work/idle" <<'PYTHON' &
import socket, sys, time
connections = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(10000)]
print(len(connections), flush=True)
time.sleep(600)
PYTHON
idle=$!
for _ in $(seq 300); do
  [ ! -s "$work/idle" ] || break
  kill -0 "$idle"
  sleep 0.1
done
sleep 1
echo
echo "$(cat "$work/idle") idle connections: $(($(resident) - before)) KiB more resident, on top of $before KiB"
echo "load of the machine: $(cut -d' ' -f1-3 /proc/loadavg)"

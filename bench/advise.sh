#!/usr/bin/env bash
# How good planwise's index advice is: on four workloads, per storage budget, by planner cost and by measured time, against a
# set made by hand. Prints Markdown tables; starts a PostgreSQL 15 of its own and fills it. Needs build/release/planwise and the
# packages of [bench] in .ci/packages.txt.
#   bench/advise.sh [--measured [--seconds N]] [--data FOLDER] [--results FOLDER] [--plots FOLDER] [WORKLOAD...]
# --data keeps the filled server there for the next run; the other options are those of bench/advise/run.py. PLANWISE names
# another binary.
set -euo pipefail
cd "$(dirname "$0")/.."
planwise=${PLANWISE:-$PWD/build/release/planwise}
data=
options=()
while [ $# -gt 0 ]; do
  case $1 in
    --data) data=$(realpath -m "${2:?--data needs a folder}"); shift ;;
    --measured) options+=("$1") ;;
    --results | --plots | --seconds) options+=("$1" "${2:?$1 needs a value}"); shift ;;
    --*) echo "advise.sh: error: unknown option $1" >&2; exit 2 ;;
    *) break ;;
  esac
  shift
done
workloads=("$@")
[ $# -gt 0 ] || workloads=(shop star saas queue)

source bench/server.sh
start_server "$data" shared_buffers=1GB
for name in "${workloads[@]}"; do
  "${psql[@]}" -d "$name" -c '' 2>/dev/null && continue
  filling=$name.filling
  "${psql[@]}" -d postgres -c "DROP DATABASE IF EXISTS \"$filling\"" -c "CREATE DATABASE \"$filling\""
  "${psql[@]}" -d "$filling" -f "bench/advise/$name/schema.sql" >/dev/null
  "${psql[@]}" -d "$filling" -c 'CREATE EXTENSION hypopg' -c 'CREATE EXTENSION pg_stat_statements'
  make_role "$filling"
  "${psql[@]}" -d postgres -c "ALTER DATABASE \"$filling\" RENAME TO \"$name\""
done

echo "planwise at $(git rev-parse --short HEAD), load of the machine $(cut -d' ' -f1-3 /proc/loadavg)"
/usr/bin/python3 bench/advise/run.py --planwise "$planwise" "${options[@]}" "${workloads[@]}"

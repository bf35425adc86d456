#!/usr/bin/env bash
# What index advice costs, and how that grows with statements and tables: wall time, CPU time (planwise's and the server's),
# planwise's peak memory and questions to the planner on generated workloads. Prints a Markdown table; starts a PostgreSQL 15 of
# its own. Needs build/release/planwise (PLANWISE names another binary) and the packages of [bench] in .ci/packages.txt.
#   bench/advise_effort.sh [TABLESxSTATEMENTS...]      default: 14x72 28x144 56x288 14x288 200x1000
set -euo pipefail
cd "$(dirname "$0")/.."
planwise=${PLANWISE:-$PWD/build/release/planwise}
[ $# -gt 0 ] || set -- 14x72 28x144 56x288 14x288 200x1000

source bench/server.sh
start_server '' shared_buffers=1GB max_locks_per_transaction=1024
echo "planwise at $(git rev-parse --short HEAD), load of the machine $(cut -d' ' -f1-3 /proc/loadavg)"
printf '| tables | statements | data | indexes | wall | CPU | peak memory | questions | complete |\n|---:|---:|---:|---:|---:|---:|---:|---:|---|\n'
for size in "$@"; do
  name=effort_$size
  "${psql[@]}" -d postgres -c "CREATE DATABASE $name"
  "${psql[@]}" -d "$name" -c 'CREATE EXTENSION hypopg' -c 'CREATE EXTENSION pg_stat_statements'
  /usr/bin/python3 bench/advise/effort.py fill "$name" "${size%x*}"
  make_role "$name"
  /usr/bin/python3 bench/advise/effort.py run "$name" "${size%x*}" "${size#*x}" --planwise "$planwise"
  "${psql[@]}" -d postgres -c "DROP DATABASE $name"
done

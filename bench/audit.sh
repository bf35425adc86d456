#!/usr/bin/env bash
# What one audit costs, and how that grows: wall time, the server's CPU time and planwise's peak memory on a generated
# database of 300 tables and 2,000 statement shapes, at 1x, 2x and 4x. Needs build/release/planwise.
#   bench/audit.sh [FACTOR...]
set -euo pipefail
cd "$(dirname "$0")/.."
planwise=$PWD/build/release/planwise
ticks=$(getconf CLK_TCK)
source bench/server.sh
start_server '' shared_buffers=512MB max_locks_per_transaction=512 pg_stat_statements.max=20000
postmaster=$(head -1 "$data_folder/data/postmaster.pid")

# CPU seconds of every backend that has ended so far.
server_seconds() { awk -v ticks="$ticks" '{print ($16 + $17) / ticks}' "/proc/$postmaster/stat"; }

printf '%-7s %7s %7s %8s %9s %9s %9s %8s\n' factor tables shapes indexes wall_s server_s peak_MiB planned
for factor in "${@:-1}"; do
  "${psql[@]}" -d postgres -c 'DROP DATABASE IF EXISTS wide' -c 'CREATE DATABASE wide'
  settings=(-v "tables=$((300 * factor))" -v rows=2000 -v "shapes=$((2000 * factor))")
  "${psql[@]}" -d wide "${settings[@]}" -f bench/workloads/wide/schema.sql >/dev/null
  "${psql[@]}" -d wide -c 'CREATE EXTENSION hypopg'
  make_role wide
  "${psql[@]}" -d wide -c 'SELECT pg_stat_statements_reset()' >/dev/null
  "${psql[@]}" -d wide "${settings[@]}" -f bench/workloads/wide/statements.sql >/dev/null
  indexes=$("${psql[@]}" -At -d wide -c "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace")
  sleep 1
  before=$(server_seconds)
  began=$(date +%s.%N)
  "$planwise" audit "host=$folder dbname=wide user=planwise" --format json --output "$folder/report.json" &
  process=$!
  peak=0
  while kill -0 $process 2>/dev/null; do
    now=$(awk '/VmHWM/ {print $2}' "/proc/$process/status" 2>/dev/null || true)
    [ -z "$now" ] || peak=$now
    sleep 0.05
  done
  wait $process
  ended=$(date +%s.%N)
  sleep 1
  after=$(server_seconds)
  planned=$(grep -o '"planned_share":[0-9.]*' "$folder/report.json" | cut -d: -f2)
  printf '%-7s %7d %7d %8d %9.1f %9.1f %9.0f %8s\n' "$factor" $((300 * factor)) $((2000 * factor)) "$indexes" \
    "$(awk "BEGIN {print $ended - $began}")" "$(awk "BEGIN {print $after - $before}")" \
    "$(awk "BEGIN {print $peak / 1024}")" "$planned"
done

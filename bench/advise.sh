#!/usr/bin/env bash
# How good planwise's index advice is: on four workloads, per storage budget, by planner cost and by measured time, against a
# set made by hand. Prints Markdown tables; starts a PostgreSQL 15 of its own and fills it. Needs build/release/planwise and the
# packages of [bench] in .ci/packages.txt.
#   bench/advise.sh [--measured] [--data FOLDER] [--results FOLDER] [--plots FOLDER] [WORKLOAD...]
# --data keeps the filled server there for the next run; the other options are those of bench/advise/run.py. PLANWISE names
# another binary.
set -euo pipefail
cd "$(dirname "$0")/.."
planwise=${PLANWISE:-$PWD/build/release/planwise}
bin=/usr/lib/postgresql/15/bin
data=
options=()
while [ $# -gt 0 ]; do
  case $1 in
    --data) data=$(realpath -m "${2:?--data needs a folder}"); shift ;;
    --measured) options+=("$1") ;;
    --results | --plots | --seconds) options+=("$1" "${2:?$1 needs a value}"); shift ;;
    --*) echo "advise.sh: unknown option $1" >&2; exit 2 ;;
    *) break ;;
  esac
  shift
done
workloads=("${@:-shop}")
[ $# -gt 0 ] || workloads=(shop star saas queue)

folder=$(mktemp -d /tmp/planwise-bench.XXXXXX)
work=${data:-$folder}
mkdir -p "$work"
as_postgres=()
if [ "$(id -u)" = 0 ]; then as_postgres=(runuser -u postgres --); chown postgres "$folder" "$work"; fi
trap '"${as_postgres[@]}" "$bin/pg_ctl" -D "$work/data" -m fast stop >/dev/null 2>&1; rm -rf --one-file-system "$folder"' EXIT
[ -d "$work/data" ] || "${as_postgres[@]}" "$bin/initdb" -D "$work/data" -A trust -U postgres --no-sync >/dev/null
"${as_postgres[@]}" "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w start -o "-c listen_addresses='' -c unix_socket_directories=$folder \
  -c fsync=off -c full_page_writes=off -c shared_buffers=1GB -c max_wal_size=4GB -c autovacuum=off \
  -c shared_preload_libraries=pg_stat_statements" >/dev/null
export PGHOST=$folder PGUSER=postgres
psql=(env PGOPTIONS="-c client_min_messages=warning" "$bin/psql" -X -q -v ON_ERROR_STOP=1)

for name in "${workloads[@]}"; do
  "${psql[@]}" -d "$name" -c '' 2>/dev/null && continue
  "${psql[@]}" -d postgres -c "DROP DATABASE IF EXISTS \"$name.filling\"" -c "CREATE DATABASE \"$name.filling\""
  "${psql[@]}" -d "$name.filling" -f "bench/advise/$name/schema.sql" >/dev/null
  "${psql[@]}" -d "$name.filling" -c 'CREATE EXTENSION hypopg' -c 'CREATE EXTENSION pg_stat_statements'
  "$planwise" check-target "host=$folder dbname='$name.filling' user=postgres" --format sql >"$folder/role.sql" || true
  "${psql[@]}" -v ON_ERROR_STOP=0 -d "$name.filling" -f "$folder/role.sql" >/dev/null 2>&1
  "${psql[@]}" -d postgres -c "ALTER DATABASE \"$name.filling\" RENAME TO \"$name\""
done

commit=$(git rev-parse --short HEAD 2>/dev/null || true)
echo "planwise ${commit:+at $commit }($("$planwise" --version)), load of the machine $(cut -d' ' -f1-3 /proc/loadavg)"
/usr/bin/python3 bench/advise/run.py --planwise "$planwise" "${options[@]}" "${workloads[@]}"

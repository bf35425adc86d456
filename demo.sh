#!/usr/bin/env bash
# Shows planwise on a database of its own: a web shop in a private PostgreSQL, under traffic, audited and served.
#   ./demo.sh            audits, then serves the page at http://127.0.0.1:8080 until Ctrl-C
#   ./demo.sh --once     ends after printing the audit
#   ./demo.sh --port N   another port
set -euo pipefail
cd "$(dirname "$0")"

once=
port=8080
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=yes ;;
    --port) port=${2:?--port needs a number}; shift ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "demo.sh: error: unknown option $1 (--help lists them)" >&2; exit 2 ;;
  esac
  shift
done

if [ -z "$once" ] && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  echo "demo.sh: error: port $port is taken" >&2
  echo "hint: stop what listens there, or take another: ./demo.sh --port $((port + 1))" >&2
  exit 2
fi

step() { printf '\n== %s\n' "$1" >&2; }

step 'packages'
.ci/install build web demo

step 'build (some minutes the first time, seconds after that)'
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
cmake --preset release >/dev/null
cmake --build --preset release --target planwise
planwise=$PWD/build/release/planwise

work=$(mktemp -d /tmp/planwise-demo.XXXXXX)
bin=/usr/lib/postgresql/15/bin
as_postgres=()
if [ "$(id -u)" = 0 ]; then  # PostgreSQL refuses to run as root
  as_postgres=(runuser -u postgres --)
  chown postgres "$work"
fi
background=()
finish() {
  trap - EXIT INT TERM
  for process in "${background[@]}"; do kill "$process" 2>/dev/null || true; done
  [ ! -f "$work/data/postmaster.pid" ] || "${as_postgres[@]}" "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  wait 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap finish EXIT
trap 'exit 0' INT TERM

step 'a private PostgreSQL 15'
"${as_postgres[@]}" "$bin/initdb" -D "$work/data" -A trust -U postgres --no-sync >/dev/null
"${as_postgres[@]}" "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w start -o "-c listen_addresses='' \
  -c unix_socket_directories=$work -c fsync=off -c full_page_writes=off -c shared_buffers=256MB -c max_wal_size=2GB \
  -c shared_preload_libraries=pg_stat_statements -c track_io_timing=on" >/dev/null
export PGHOST=$work
psql=(psql -X -q -v ON_ERROR_STOP=1 -U postgres)
"${psql[@]}" -d postgres -c 'CREATE DATABASE shop' -c 'CREATE ROLE shop LOGIN'

step 'the shop: 1.9 million rows'
shop=bench/workloads/shop
"${psql[@]}" -d shop -f $shop/schema.sql -f $shop/data.sql >/dev/null
"${psql[@]}" -d shop -c 'CREATE EXTENSION hypopg' -c 'GRANT ALL ON ALL TABLES IN SCHEMA public TO shop' \
  -c 'GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO shop'
"$planwise" check-target "host=$work dbname=shop user=postgres" --format sql >"$work/role.sql" || true
"${psql[@]}" -d shop -f "$work/role.sql" >/dev/null
"${psql[@]}" -d shop -c 'SELECT pg_stat_statements_reset(), pg_stat_reset()' >/dev/null  # filling it is no part of its work

traffic() {  # seconds, extra options
  "$bin/pgbench" -n -U shop -c 4 -j 1 -T "$@" -f $shop/traffic/account.sql@35 -f $shop/traffic/order_list.sql@5 -f $shop/traffic/login.sql@15 \
    -f $shop/traffic/browse.sql@25 -f $shop/traffic/search.sql@3 -f $shop/traffic/backoffice.sql@2 \
    -f $shop/traffic/report.sql@2 -f $shop/traffic/checkout.sql@10 -f $shop/traffic/tracking.sql@3 shop >/dev/null 2>&1
}
seconds=15
step "traffic for $seconds seconds"
traffic $seconds

step 'the audit'
target="host=$work dbname=shop user=planwise"
"$planwise" audit "$target"
[ -z "$once" ] || exit 0

cat >"$work/planwise.toml" <<TOML
[server]
listen = "127.0.0.1:$port"
[store]
uri = "sqlite:$work/planwise.db"
[[target]]
name = "shop"
dsn = "$target"
schedule = "* * * * *"
TOML
step 'traffic goes on; the shop is audited every minute; Ctrl-C ends and removes all of it'
traffic 86400 --rate 20 &
background+=($!)
"$planwise" serve --config "$work/planwise.toml" &
background+=($!)
wait $!

# shellcheck shell=bash disable=SC2154
# For the benchmarks, to be sourced: a PostgreSQL 15 of their own, gone at the end of the script.
#   start_server [FOLDER] [SETTING...]   data in FOLDER, which stays; without one (or '') in the temporary folder
#   make_role DATABASE                   the role that check-target prints, with what it needs there
# Leaves: folder (temporary; the server's socket is there), PGHOST, PGUSER, the array psql, and bin.
bin=/usr/lib/postgresql/15/bin
folder=$(mktemp -d /tmp/planwise-bench.XXXXXX)
data_folder=$folder
as_postgres=()
if [ "$(id -u)" = 0 ]; then as_postgres=(runuser -u postgres --); chown postgres "$folder"; fi  # PostgreSQL refuses to run as root
trap 'stop_server' EXIT
export PGHOST=$folder PGUSER=postgres
psql=(env PGOPTIONS='-c client_min_messages=warning' "$bin/psql" -X -q -v ON_ERROR_STOP=1)

start_server() {
  data_folder=${1:-$folder}
  mkdir -p "$data_folder"
  [ "$(id -u)" != 0 ] || chown postgres "$data_folder"
  local setting settings="-c listen_addresses='' -c unix_socket_directories=$folder -c fsync=off -c full_page_writes=off \
    -c max_wal_size=4GB -c autovacuum=off -c shared_preload_libraries=pg_stat_statements"
  for setting in "${@:2}"; do settings+=" -c $setting"; done
  [ -d "$data_folder/data" ] || "${as_postgres[@]}" "$bin/initdb" -D "$data_folder/data" -A trust -U postgres --no-sync >/dev/null
  "${as_postgres[@]}" "$bin/pg_ctl" -D "$data_folder/data" -l "$data_folder/log" -w start -o "$settings" >/dev/null
}

stop_server() {
  "${as_postgres[@]}" "$bin/pg_ctl" -D "$data_folder/data" -m fast stop >/dev/null 2>&1 || true
  rm -rf --one-file-system "$folder"
}

make_role() {
  "$planwise" check-target "host=$PGHOST dbname='$1' user=postgres" --format sql >"$folder/role.sql" || true  # ends with 1: the role is missing
  "${psql[@]}" -v ON_ERROR_STOP=0 -d "$1" -f "$folder/role.sql" >/dev/null 2>&1
}

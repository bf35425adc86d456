#!/usr/bin/env bash
# Installs what is missing, builds with sanitizers and runs every test, live ones included.
#   ./test.sh                 everything
#   ./test.sh -R rules        what CTest's -R, -L, -E … select
set -euo pipefail
cd "$(dirname "$0")"

.ci/install build web demo test
.ci/postgres-matrix
.ci/mysql-matrix
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
cmake --preset dev
cmake --build --preset dev
ctest --preset all --parallel "$(nproc)" "$@"

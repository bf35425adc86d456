# Every library of the program, each as one target; the tests name theirs in tests/CMakeLists.txt. All are Debian
# packages (.ci/packages.txt).

find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
pkg_check_modules(simdjson REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(libmariadb REQUIRED IMPORTED_TARGET libmariadb)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)

# libpg_query ships neither a CMake config nor a .pc file.
find_library(PLANWISE_PG_QUERY pg_query REQUIRED)
find_path(PLANWISE_PG_QUERY_INCLUDE pg_query.h REQUIRED)
add_library(planwise_pg_query INTERFACE)
target_link_libraries(planwise_pg_query INTERFACE ${PLANWISE_PG_QUERY})
target_include_directories(planwise_pg_query SYSTEM INTERFACE ${PLANWISE_PG_QUERY_INCLUDE})
find_package(date REQUIRED)
find_package(spdlog REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)

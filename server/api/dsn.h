// Which connection strings may come in over the network.
#pragma once

#include <string_view>

#include "analyzer/base/result.h"

namespace planwise::api {

// A libpq URI or keyword string, or a mysql:// URI, that names a host over TCP and uses only keys that read no
// file and choose no code on this machine: whoever may add a target must not thereby read passfile, service or key files of
// planwise's own user, or reach local sockets (where peer authentication would let planwise in as itself).
// kInvalidArgument says which key; nothing of a value is repeated. Source:
// https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-PARAMKEYWORDS
[[nodiscard]] Result<void> check_remote_dsn(std::string_view dsn);

}  // namespace planwise::api

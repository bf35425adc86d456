// The account an audit needs, of whatever engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/snapshot.h"

namespace planwise {

// The statements that make a login `name` which can see all that an audit of what the snapshot shows needs,
// and nothing more. See the engines' privileges.h for who runs them where.
[[nodiscard]] std::vector<std::string> least_privilege_sql(std::string_view name, const Snapshot& snapshot);

// How that login gets its password, as a clause; empty where it goes without saying (PostgreSQL).
[[nodiscard]] std::string password_hint(std::string_view name, const ServerInfo& server);

}  // namespace planwise

// Connection strings as libpq reads them, and how they may be shown.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/result.h"

namespace planwise::pg {

// True for "postgres://…", "postgresql://…" and keyword strings ("host=db1 dbname=shop").
[[nodiscard]] bool is_dsn(std::string_view target);

// kInvalidArgument where libpq cannot read it; the message quotes no part of it.
[[nodiscard]] Result<void> check_dsn(const std::string& dsn);

// The same address in the same form, with nothing in it but what tells where it leads: service, hosts, ports,
// user, database, sslmode and target_session_attrs. Never fails: what libpq cannot read comes back as
// "(unreadable connection string)".
[[nodiscard]] std::string redacted(const std::string& dsn);

}  // namespace planwise::pg

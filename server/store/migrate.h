// Brings a store's schema up to this version of planwise.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analyzer/base/result.h"
#include "server/store/sqlite_handle.h"

namespace planwise {

// Migration n (from 1) takes a store from user_version n - 1 to n.
struct Migration {
  std::string_view name;
  const char* sql;
};

// All of them in order, from server/store/schema/.
[[nodiscard]] std::span<const Migration> migrations();

// The store's schema number. kUnsupported if it is of a newer planwise, kMalformed for a database that is no
// store of planwise.
[[nodiscard]] Result<std::size_t> schema_of(sqlite::Connection& connection, const std::string& file,
                                            std::span<const Migration> steps);

// Runs what is missing, each migration in its own transaction together with its number. Before the first one
// that changes an existing store the file is copied to FILE.backup-vN; the copy is kept. kUnsupported for a
// store of a newer planwise, kMalformed for a database that is no store of planwise; neither is touched.
[[nodiscard]] Result<void> migrate(sqlite::Connection& connection, const std::string& file,
                                   std::span<const Migration> steps);

}  // namespace planwise

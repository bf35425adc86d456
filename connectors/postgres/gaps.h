// What an audit of PostgreSQL could not see, each with the remedy. All texts of the connector's gaps are
// here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/snapshot.h"
#include "connectors/postgres/session.h"

namespace planwise::pg {

// A part of the capture that failed. The remedy is the error's hint, or the grant that a refusal asks for.
[[nodiscard]] Gap failed_gap(std::string_view what, const Error& error, const Session& session);

[[nodiscard]] Gap untested_version_gap(const Session& session);
[[nodiscard]] Gap pooled_gap();
[[nodiscard]] Gap other_roles_gap(const Session& session, std::int64_t hidden_entries);
[[nodiscard]] Gap settings_gap(const Session& session);

// pg_stat_statements: not installed in this database, its library not loaded, or older than the server ships.
[[nodiscard]] Gap no_statements_gap(const Session& session, const Error& error);
[[nodiscard]] Gap old_extension_gap(const Session& session, std::string_view shipped);
[[nodiscard]] Gap tracking_off_gap();
[[nodiscard]] Gap evicted_gap(std::int64_t evictions);
[[nodiscard]] Gap unknown_window_gap();

[[nodiscard]] Gap unreadable_tables_gap(const Session& session, const std::vector<TableName>& tables);
[[nodiscard]] Gap row_security_gap(const Session& session, const std::vector<TableName>& tables);
[[nodiscard]] Gap unread_statistics_gap(std::size_t left_out, std::size_t read);
[[nodiscard]] Gap locked_tables_gap(const std::vector<TableName>& tables);
[[nodiscard]] Gap unreadable_sequences_gap(const Session& session, const std::vector<std::string>& names);

}  // namespace planwise::pg

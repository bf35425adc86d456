// What an audit of MySQL or MariaDB could not see, each with the remedy. All texts of the connector's gaps
// are here.
#pragma once

#include <cstdint>
#include <string_view>

#include "analyzer/model/snapshot.h"
#include "connectors/mysql/digests.h"
#include "connectors/mysql/session.h"

namespace planwise::mysql {

// A part of the capture that failed; of a refused one the remedy is the grant, where the part has a table.
[[nodiscard]] Gap failed_gap(std::string_view what, const Error& error, const Session& session,
                             std::string_view table = "");
[[nodiscard]] Gap no_schemas_gap(const Session& session);

// Statements: performance_schema off, its digests not collected or not to be read; the slow log instead.
[[nodiscard]] Gap performance_schema_off_gap(const Session& session);
[[nodiscard]] Gap digests_off_gap(std::string_view setup_table, std::string_view name);
[[nodiscard]] Gap only_slow_statements_gap(const Session& session);
[[nodiscard]] Gap no_statements_gap(const Session& session);
[[nodiscard]] Gap overflow_gap(std::int64_t calls);
[[nodiscard]] Gap cut_texts_gap(std::int64_t digests, const Session& session);
// Executions that leave no digest, as a share of all.
[[nodiscard]] Gap unseen_executions_gap(const Executions& executions, bool counts_open,
                                        const Session& session);

[[nodiscard]] Gap no_usage_gap(const Session& session);
[[nodiscard]] Gap other_sessions_gap(const Error& error, const Session& session);
[[nodiscard]] Gap no_plans_gap();

}  // namespace planwise::mysql

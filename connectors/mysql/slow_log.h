// The workload where there are no digests: the slow log, if the server keeps it in a table.
#pragma once

#include <cstddef>

#include "analyzer/base/result.h"
#include "analyzer/model/statement.h"
#include "connectors/mysql/catalog_query.h"

namespace planwise::mysql {

[[nodiscard]] const CatalogQuery& slow_log_query() noexcept;

// Whether the server writes one at all.
[[nodiscard]] bool has_slow_log_table(const Session& session);

// The entries of the last seven days, the newest 50,000, of the session's database or of all but the
// system's: times are those of the entries themselves, percentiles measured. Needs SELECT on mysql.slow_log;
// the server reads the table as a whole, because it has no index.
Result<Workload> read_slow_log(Session& session, const ViewColumns& views, std::size_t limit);
[[nodiscard]] Workload slow_workload_of(const Rows& entries, std::string_view database, Engine engine,
                                        std::size_t limit);

}  // namespace planwise::mysql

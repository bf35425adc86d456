// Sentences that the report's formats for people share.
#pragma once

#include <string>

#include "analyzer/audit.h"

namespace planwise {

[[nodiscard]] const Statement* find_statement(const AuditReport& report, StatementId id);
[[nodiscard]] double load_share(const AuditReport& report, const Statement& statement);  // 0..1; of a lone EXPLAIN document 1

// "PostgreSQL 15.18, database shop: 2,140 calls, 13 s of statement time since 2026-… ; 98.2 % of it planned."
[[nodiscard]] std::string summary_line(const AuditReport& report);
// "saves 12 min an hour (20.3 % of the load), 140 times as fast; new index 24 MB, writes 3.1 % dearer"; empty
// where nothing is known.
[[nodiscard]] std::string impact_line(const Impact& impact);
// ", cost 18,334 → 8.4"; empty where the costs are not known.
[[nodiscard]] std::string cost_change(const AffectedStatement& affected);
// "what: why. Remedy."
[[nodiscard]] std::string gap_line(const Gap& gap);

}  // namespace planwise

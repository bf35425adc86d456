// The changes that several rules propose, complete: SQL in order, the way back, locks and disk.
//
// Source of the locks:
// https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/rule.h"

namespace planwise::rules {

// A finding about an index to build on the table, all but severity, why and evidence filled in: title,
// objects, action, index size. A partitioned table gets the index on the parent alone, then on each partition
// without blocking writes, then attached. `name` empty: named as PostgreSQL would.
[[nodiscard]] Finding index_finding(const Analysis& analysis, const Table& table, const IndexDef& def,
                                    std::string name, std::optional<Bytes> size);

// What the advisor proposes, with its cost and gain; every rule that leads to this proposal builds its action
// by this function, so that the findings become one recommendation.
[[nodiscard]] Finding proposal_finding(const Analysis& analysis, const Table& table,
                                       const IndexProposal& proposal);

// Drops an index of the table; the rollback builds it again as it was.
[[nodiscard]] Action drop_index(const Analysis& analysis, const Table& table, const Index& index);

// Hides it from the optimizer, which is the first step to dropping it; nullopt where the server cannot:
// PostgreSQL, MySQL before 8.0, MariaDB before 10.6. Source: MySQL manual, "Invisible Indexes"; MariaDB
// manual, "Ignored Indexes".
[[nodiscard]] std::optional<Action> hide_index(const Analysis& analysis, const Table& table,
                                               const Index& index);

// "public.orders (customer_id, created_at DESC)".
[[nodiscard]] std::string index_text(const Analysis& analysis, const IndexDef& def);

// The statement with CONCURRENTLY after INDEX, as a server prints it without.
[[nodiscard]] std::string concurrently(const std::string& definition);

}  // namespace planwise::rules

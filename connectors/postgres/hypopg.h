// The what-if session on HypoPG: hypothetical indexes that live in one backend and are seen by EXPLAIN only.
//
// Needs a session of its own, straight to the server: hypothetical indexes belong to the backend and survive
// a ROLLBACK, so a pooler would hand them to strangers. Source:
// https://hypopg.readthedocs.io/en/rel1_stable/usage.html
#pragma once

#include <memory>
#include <vector>

#include "analyzer/model/snapshot.h"
#include "analyzer/what_if.h"
#include "connectors/postgres/replan.h"

namespace planwise::pg {

class Session;

// nullptr, with a Gap that says how to mend it, where the extension is not installed in this database or the
// session is not usable for it. `snapshot` must outlive what is returned. Hypothetical indexes left in the
// session are removed.
[[nodiscard]] std::unique_ptr<WhatIf> open_hypopg(std::unique_ptr<Session> session,
                                                  PlannedStatements statements, const Snapshot& snapshot,
                                                  std::vector<Gap>& gaps);

}  // namespace planwise::pg

// The index advisor: which indexes would give back the most measured time of a workload, net of what they
// cost writes.
//
// Statements are read as shapes, candidates are costed by a WhatIf, and a workload-level search picks the
// set. Effort is bounded by AdviseOptions::max_questions and never by a clock, so the same input gives the
// same advice byte for byte. Not thread-safe only in as far as the WhatIf is not.
#pragma once

#include <functional>
#include <map>
#include <string_view>

#include "analyzer/advise/advice.h"
#include "analyzer/base/result.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/sql/shape.h"
#include "analyzer/what_if.h"

namespace planwise {

// Share of the work done (0..1, never falling) and the step in words.
using AdviseProgress = std::function<void(double share, std::string_view step)>;

// `shapes` are resolved against the snapshot's schema; a statement whose shape was read from a text with
// literals may get partial indexes on them, one read from normalised text only on what holds for every value
// ($1 justifies none). A workload without measured time (WindowKind::kWorkloadFiles) is weighted by calls and
// planner cost; then Millis fields of the answer are zero and only shares are known.
//
// Fails only if the what-if session is lost before anything was learnt; lost later, the answer has what was
// found and a Gap. A workload without a statement to serve gives an Advice without proposals, never an error.
[[nodiscard]] Result<Advice> advise(const Snapshot& snapshot,
                                    const std::map<StatementId, StatementShape>& shapes, WhatIf& what_if,
                                    const AdviseOptions& options, const AdviseProgress& progress = {});

}  // namespace planwise

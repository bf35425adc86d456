// The size an index would have, from what the snapshot and the planner know of its columns.
#pragma once

#include "analyzer/base/result.h"
#include "analyzer/base/units.h"
#include "analyzer/model/snapshot.h"

namespace planwise::pg {

class Session;

// For a B-tree on an ordinary table (of a partitioned one: on a partition). Expressions without statistics
// and predicates cost one EXPLAIN each. Errors: kNotFound for a table or column the snapshot does not have,
// else the server's.
[[nodiscard]] Result<Bytes> btree_index_size(Session& session, const Snapshot& snapshot,
                                             const IndexDef& index);

}  // namespace planwise::pg

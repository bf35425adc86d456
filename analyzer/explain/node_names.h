// What PostgreSQL's plan nodes are in neutral terms.
#pragma once

#include <optional>
#include <string_view>

#include "analyzer/model/plan.h"

namespace planwise {

struct NodeName {
  std::string_view name;  // "Node Type" of EXPLAIN (FORMAT JSON)
  NodeKind kind = NodeKind::kOther;
  std::optional<JoinMethod> join;
};

// nullptr for a name that PostgreSQL 12 to 18 do not print. Index scans come as kIndexScan, whatever they
// read.
[[nodiscard]] const NodeName* find_postgres_node(std::string_view name) noexcept;

}  // namespace planwise

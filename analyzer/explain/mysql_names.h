// What the access types and access paths of MySQL and MariaDB are in neutral terms.
#pragma once

#include <optional>
#include <string_view>

#include "analyzer/model/plan.h"

namespace planwise::explain {

// "access_type" of a table in the query blocks of MySQL 5.6 and later, version 1, and MariaDB. nullopt for
// one that they do not print. Derived and temporary tables have the same words.
[[nodiscard]] std::optional<NodeKind> find_access_type(std::string_view name) noexcept;

struct PathName {
  std::string_view name;
  NodeKind kind = NodeKind::kOther;
  std::string_view label;  // as FORMAT=TREE says it
};

// "access_type" of a node of version 2, "index_access_type" where that is "index". nullptr for one that MySQL
// 8.3 to 9.7 do not print.
[[nodiscard]] const PathName* find_access_path(std::string_view name) noexcept;
[[nodiscard]] const PathName* find_index_access(std::string_view name) noexcept;

}  // namespace planwise::explain

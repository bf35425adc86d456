// One reader per family of EXPLAIN documents.
#pragma once

#include <simdjson.h>

#include "analyzer/base/result.h"
#include "analyzer/explain/explain.h"
#include "analyzer/model/plan.h"

namespace planwise::explain {

// Objects that are read below one another, and levels of the tree: beyond these, reading it or walking the
// tree might overflow the stack. A derived table takes three objects and about five levels, a join as many
// levels as it has tables; MySQL and MariaDB join at most 61.
inline constexpr std::size_t kMaxObjects = 100;
inline constexpr std::size_t kMaxLevels = 500;
// The same for version 2 of MySQL's documents, where a level is an object.
inline constexpr std::size_t kMaxTreeLevels = 200;

// `root` is the document's object, of that family. kMalformed: it holds no such plan.
Result<Plan> read_postgres(const simdjson::dom::object& root, PlanLiterals literals);
Result<Plan> read_mysql_blocks(const simdjson::dom::object& root, PlanLiterals literals);
Result<Plan> read_mysql_tree(const simdjson::dom::object& root, PlanLiterals literals);
Result<Plan> read_mariadb(const simdjson::dom::object& root, PlanLiterals literals);

}  // namespace planwise::explain

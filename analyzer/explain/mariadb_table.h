// A table of MariaDB's plans, without what stands below it.
#pragma once

#include <simdjson.h>

#include <string>
#include <vector>

#include "analyzer/explain/conditions.h"
#include "analyzer/explain/explain.h"
#include "analyzer/explain/plan_building.h"

namespace planwise::explain {

// Names that are not known are added to `unknown`, what conditions tell of schemas to `schemas`.
[[nodiscard]] JoinedTable read_mariadb_table(const simdjson::dom::object& from, PlanLiterals literals,
                                             std::vector<std::string>& unknown, SchemaNames& schemas);

// How the table in a "block-nl-join" is joined.
void read_join_buffer(const simdjson::dom::object& from, PlanLiterals literals, JoinedTable& out);

}  // namespace planwise::explain

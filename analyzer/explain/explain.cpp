#include "analyzer/explain/explain.h"

#include <string>
#include <utility>

#include "analyzer/base/hash.h"

namespace planwise {

Result<RecognisedPlan> read_plan(std::string_view document, PlanLiterals literals) {
  PLANWISE_TRY(Plan plan, read_postgres_plan(document, literals));
  return RecognisedPlan{.engine = Engine::kPostgres, .plan = std::move(plan)};
}

std::uint64_t plan_signature(const Plan& plan) {
  std::string structure;
  walk(plan, [&](const PlanNode& node, const std::string& path) {
    structure.append(path).append("\x1F").append(to_string(node.kind)).append("\x1F").append(node.label);
    structure.append("\x1F").append(node.qualified_table()).append("\x1F").append(node.index);
    structure.append("\x1F")
        .append(node.join ? to_string(*node.join) : "")
        .append("\x1F")
        .append(node.join_type);
    structure.append(node.covering ? "\x1F covering\n" : "\n");
  });
  return hash64(structure);
}

}  // namespace planwise

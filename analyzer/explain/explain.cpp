#include "analyzer/explain/explain.h"

#include <string>
#include <utility>

#include "analyzer/base/hash.h"
#include "analyzer/explain/document.h"
#include "analyzer/explain/readers.h"

namespace planwise {

namespace {

using explain::Family;

Result<Plan> read_family(Family family, const explain::Document& document, PlanLiterals literals) {
  switch (family) {
    case Family::kPostgres: return explain::read_postgres(document.root, literals);
    case Family::kMySqlBlocks: return explain::read_mysql_blocks(document.root, literals);
    case Family::kMySqlTree: return explain::read_mysql_tree(document.root, literals);
    case Family::kMariaDb: return explain::read_mariadb(document.root, literals);
  }
  return Error{ErrorCode::kInternal, "no such family of plans"};
}

std::string_view display_name(Engine engine) {
  return engine == Engine::kPostgres ? "PostgreSQL" : engine == Engine::kMySql ? "MySQL" : "MariaDB";
}

}  // namespace

Result<RecognisedPlan> read_plan(std::string_view document, PlanLiterals literals) {
  PLANWISE_TRY(const explain::Document parsed, explain::parse_document(document));
  PLANWISE_TRY(const Family family, explain::family_of(parsed.root));
  PLANWISE_TRY(Plan plan, read_family(family, parsed, literals));
  return RecognisedPlan{.engine = explain::engine_of(family), .plan = std::move(plan)};
}

Result<Plan> read_plan_of(Engine engine, std::string_view document, PlanLiterals literals) {
  PLANWISE_TRY(const explain::Document parsed, explain::parse_document(document));
  PLANWISE_TRY(Family family, explain::family_of(parsed.root));
  if (engine == Engine::kMariaDb && family == Family::kMySqlBlocks && !explain::is_certain(parsed.root)) {
    family = Family::kMariaDb;
  }
  if (explain::engine_of(family) != engine) {
    return Error{ErrorCode::kUnsupported,
                 "this is a plan of " + std::string(display_name(explain::engine_of(family)))};
  }
  return read_family(family, parsed, literals);
}

Result<Plan> read_postgres_plan(std::string_view document, PlanLiterals literals) {
  return read_plan_of(Engine::kPostgres, document, literals);
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

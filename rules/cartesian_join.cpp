#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/text.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_rows", 1'000, "rows",
           "rows on each side; below it one side is small and the product bounded"},
};

constexpr std::array<std::string_view, 1> kReferences{
    "https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-JOIN",
};

struct Product {
  double left = 0;
  double right = 0;
};

// True if a node below looks something up by a value of the outer side.
bool is_looked_up(const PlanNode& node) {
  return !node.index_condition.empty() || !node.recheck_condition.empty() || node.label == "Memoize" ||
         std::ranges::any_of(node.children, is_looked_up);
}

std::optional<Product> product_in(const Plan& plan, double min_rows) {
  std::optional<Product> found;
  walk(plan, [&](const PlanNode& node, const std::string&) {
    if (node.join != JoinMethod::kNestedLoop || node.children.size() != 2 || !node.join_filter.empty() ||
        !node.join_condition.empty() || !node.filter.empty() || is_looked_up(node.children[1])) {
      return;
    }
    const Product product{.left = node.children[0].rows.count, .right = node.children[1].rows.count};
    if (std::min(product.left, product.right) >= min_rows &&
        (!found || product.left * product.right > found->left * found->right)) {
      found = product;
    }
  });
  return found;
}

// Groups of a block's tables that no condition ties to another: a union-find over relations.
class Groups {
 public:
  explicit Groups(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t of(std::size_t relation) {
    while (parent_[relation] != relation) {
      relation = parent_[relation] = parent_[parent_[relation]];
    }
    return relation;
  }
  void tie(std::size_t left, std::size_t right) { parent_[of(left)] = of(right); }

 private:
  std::vector<std::size_t> parent_;
};

bool is_untied(const QueryBlock& block, int position) {
  Groups groups(block.relations.size());
  for (const JoinPredicate& join : block.joins) {
    const bool both_here = join.left.block == position && join.right.block == position &&
                           join.left.relation >= 0 && join.right.relation >= 0;
    if (both_here) {
      groups.tie(static_cast<std::size_t>(join.left.relation), static_cast<std::size_t>(join.right.relation));
    } else if (join.left.relation < 0 || join.right.relation < 0) {
      return false;  // a condition nobody could resolve may tie anything
    }
  }
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < block.relations.size(); ++i) {
    if (block.relations[i].kind != RelationKind::kTable) {
      continue;
    }
    if (first && groups.of(i) != *first) {
      return true;
    }
    first = groups.of(i);
  }
  return false;
}

const QueryBlock* untied_block(const StatementShape& shape) {
  for (std::size_t i = 0; i < shape.blocks.size(); ++i) {
    if (is_untied(shape.blocks[i], static_cast<int>(i))) {
      return &shape.blocks[i];
    }
  }
  return nullptr;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    const Plan* plan = analysis.snapshot.plan_of(statement.id);
    const StatementShape* shape = shape_of(analysis, statement.id);
    const QueryBlock* block = shape == nullptr ? nullptr : untied_block(*shape);
    const auto product =
        plan == nullptr || block == nullptr ? std::nullopt : product_in(*plan, options.get("min_rows"));
    if (!product) {
      continue;
    }
    Finding finding = statement_finding(analysis, statement);
    finding.confidence = Confidence::kStrong;
    finding.title = fmt::format("Add the missing join condition to statement {}", to_string(statement.id));
    finding.why =
        "Two tables stand in the statement with nothing that ties their rows together, so every row of one "
        "is "
        "paired with every row of the other.";
    for (const Relation& relation : block->relations) {
      if (relation.table) {
        finding.objects.push_back(object_of(analysis, *relation.table));
      }
    }
    finding.evidence.push_back(
        {.text = fmt::format("{} × {} rows, {} pairs", human(Rows{product->left}),
                             human(Rows{product->right}), human(Rows{product->left * product->right})),
         .metric = "plan_rows",
         .value = product->left * product->right,
         .unit = "rows"});
    finding.action = {
        .kind = ActionKind::kApplication,
        .text =
            "Write down what ties the rows of the two tables together (JOIN ... ON). If every pair is "
            "really wanted, limit both sides first.",
        .effort = Effort::kLow};
    out.findings.push_back(std::move(finding));
  }
}

}  // namespace

constinit const Rule cartesian_join{
    .info =
        {.id = "cartesian-join",
         .title = "Two tables are joined without a condition",
         .severity = Severity::kWarning,
         .engines = Engines::kPostgres,
         .what = "The statement names two tables that no condition ties together, and its plan pairs all "
                 "rows of two "
                 "inputs of at least `min_rows` rows each in a nested loop without a condition.",
         .why = "The number of pairs is the product of the two, and so is the time.",
         .fix = "Add the condition. It is nearly always forgotten, not meant.",
         .quiet =
             "One side is small; the tables are tied through an equality with a third, or through the same "
             "constant; sub-queries and functions in FROM, which may be tied from within.",
         .options = kOptions,
         .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

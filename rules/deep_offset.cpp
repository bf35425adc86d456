#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "analyzer/base/text.h"
#include "analyzer/sql/quote.h"
#include "rules/rules.h"
#include "rules/views.h"

namespace planwise::rules {
namespace {

constexpr std::array kOptions{
    Option{"min_skipped", 1'000, "rows", "rows a call that are read only to be skipped"},
};

constexpr std::array<std::string_view, 2> kReferences{
    "https://www.postgresql.org/docs/current/queries-limit.html",
    "https://use-the-index-luke.com/no-offset",
};

struct Skipped {
  double rows = 0;
  Confidence confidence = Confidence::kStrong;
  std::string source;
};

const PlanNode* limit_of(const Plan& plan) {
  const PlanNode* found = nullptr;
  walk(plan, [&](const PlanNode& node, const std::string&) {
    if (found == nullptr && node.kind == NodeKind::kLimit && !node.children.empty()) {
      found = &node;
    }
  });
  return found;
}

// A plan that was run tells what the LIMIT took in; one planned with the real value has the offset in its
// start-up cost. Source: adjust_limit_rows_costs() in PostgreSQL's pathnode.c: startup += (total - startup) *
// offset / rows of the input.
std::optional<Skipped> skipped_by_plan(const Plan& plan) {
  const PlanNode* limit = limit_of(plan);
  if (limit == nullptr) {
    return std::nullopt;
  }
  const PlanNode& input = limit->children.front();
  if (limit->actual && input.actual && limit->actual->loops > 0) {
    return Skipped{.rows = input.actual->rows.count - limit->actual->rows.count,
                   .confidence = Confidence::kConfirmed,
                   .source = "counted when the plan was run"};
  }
  const bool real = plan.source == PlanSource::kParameters || plan.source == PlanSource::kAsIs ||
                    plan.source == PlanSource::kRecorded;
  if (!real || !limit->startup_cost || !input.startup_cost || !input.cost ||
      input.cost->units <= input.startup_cost->units) {
    return std::nullopt;
  }
  const double share = (limit->startup_cost->units - input.startup_cost->units) /
                       (input.cost->units - input.startup_cost->units);
  return Skipped{.rows = std::round(share * input.rows.count), .source = "by the plan of a real call"};
}

// Without the value: how many rows of the walked index the blocks touched a call stand for. With a
// correlation of 1 a block holds a page full of rows, with 0 every row costs a block of its own. Source:
// cost_index() in costsize.c interpolates by the square of the correlation likewise.
std::optional<Skipped> skipped_by_blocks(const Analysis& analysis, const Statement& statement,
                                         const StatementShape& shape, const Plan& plan) {
  const StatementStats& stats = statement.stats;
  if (!stats.blocks_hit || !stats.blocks_read || stats.calls == 0 || limit_of(plan) == nullptr) {
    return std::nullopt;
  }
  const std::vector<TableScan> scans = scans_of(plan, analysis.snapshot.schema, &shape);
  if (scans.size() != 1 || scans.front().node->kind == NodeKind::kBitmapScan || !scans.front().stops_early ||
      !scans.front().node->filter.empty() || scans.front().table->pages <= 0) {
    return std::nullopt;  // a join or a sort reads blocks for other reasons
  }
  const Table& table = *scans.front().table;
  const double rows_a_page = std::max(1.0, row_count(table).value_or(0) / static_cast<double>(table.pages));
  const OrderItem* order = shape.blocks[0].order_by.empty() ? nullptr : &shape.blocks[0].order_by.front();
  const Column* column = order == nullptr ? nullptr : table.find_column(order->column.column);
  const bool in_heap_order = scans.front().node->kind == NodeKind::kFullScan;
  const double correlation = in_heap_order                        ? 1
                             : column != nullptr && column->stats ? column->stats->correlation.value_or(0)
                                                                  : 0;
  const double blocks =
      static_cast<double>(*stats.blocks_hit + *stats.blocks_read) / static_cast<double>(stats.calls);
  const double squared = correlation * correlation;
  const double blocks_a_row = squared / rows_a_page + (1 - squared);
  return Skipped{.rows = std::round(blocks / blocks_a_row) - statement.rows_per_call(),
                 .confidence = Confidence::kPossible,
                 .source = "inferred from the blocks touched a call"};
}

std::optional<Skipped> skipped_rows(const Analysis& analysis, const Statement& statement,
                                    const StatementShape& shape) {
  if (shape.blocks[0].offset) {
    return Skipped{
        .rows = *shape.blocks[0].offset, .confidence = Confidence::kConfirmed, .source = "as written"};
  }
  const Plan* plan = analysis.snapshot.plan_of(statement.id);
  if (plan == nullptr) {
    return std::nullopt;
  }
  const auto planned = skipped_by_plan(*plan);
  return planned ? planned : skipped_by_blocks(analysis, statement, shape, *plan);
}

bool has_one_direction(const QueryBlock& block) {
  return std::ranges::all_of(block.order_by, [&](const OrderItem& item) {
    return item.descending == block.order_by.front().descending;
  });
}

// "(created_at, id) < (last created_at, last id)" for the order of the statement.
std::string key_predicate(const Analysis& analysis, const QueryBlock& block) {
  std::string columns;
  std::string values;
  for (std::size_t i = 0; i < block.order_by.size(); ++i) {
    columns +=
        (i == 0 ? "" : ", ") + quoted(block.order_by[i].column.column, analysis.snapshot.server.engine);
    values += fmt::format("{}last {}", i == 0 ? "" : ", ", block.order_by[i].column.column);
  }
  const bool descending = !block.order_by.empty() && block.order_by.front().descending;
  return fmt::format("({}) {} ({})", columns, descending ? "<" : ">", values);
}

Finding finding_for(const Analysis& analysis, const Statement& statement, const StatementShape& shape,
                    const Skipped& skipped) {
  Finding finding = statement_finding(analysis, statement);
  finding.confidence = skipped.confidence;
  finding.title = fmt::format("Page by key instead of OFFSET in statement {}", to_string(statement.id));
  finding.why =
      "OFFSET reads the rows of all earlier pages and throws them away: the further a reader goes, the "
      "longer "
      "each page takes.";
  for (const Table* table : tables_read(analysis, shape)) {
    finding.objects.push_back(object_of(analysis, table->name));
  }
  finding.evidence.push_back(
      {.text = fmt::format("about {} rows skipped to return {}, {}", human(Rows{skipped.rows}),
                           human(Rows{statement.rows_per_call()}), skipped.source),
       .metric = "rows_skipped_per_call",
       .value = skipped.rows,
       .unit = "rows"});
  const QueryBlock& top = shape.blocks[0];
  std::string text =
      "Order by a unique key, remember the last key of the page, and ask for the rows beyond it: WHERE id > "
      "last id ORDER "
      "BY id LIMIT n. Without ORDER BY the pages are not even stable.";
  if (!top.order_by.empty()) {
    text = fmt::format(
        "Remember the last row of the page and ask for the rows beyond it: WHERE {} in the same ORDER BY "
        "with LIMIT, the "
        "order made unique by the primary key at its end. It needs an index on these columns.",
        key_predicate(analysis, top));
    text += has_one_direction(top) ? "" : " With mixed directions write the comparison out column by column.";
  }
  finding.action = {.kind = ActionKind::kApplication, .text = text, .effort = Effort::kMedium};
  return finding;
}

void check(const Analysis& analysis, const RuleOptions& options, Verdict& out) {
  for (const Statement& statement : analysis.snapshot.workload.statements) {
    const StatementShape* shape = shape_of(analysis, statement.id);
    if (shape == nullptr || shape->kind != StatementKind::kSelect || shape->blocks.empty() ||
        !shape->blocks[0].has_offset) {
      continue;
    }
    const auto skipped = skipped_rows(analysis, statement, *shape);
    if (skipped && skipped->rows >= options.get("min_skipped")) {
      out.findings.push_back(finding_for(analysis, statement, *shape, *skipped));
    } else if (!skipped && is_hot(analysis, statement)) {
      out.gaps.push_back({.what = "depth of an OFFSET",
                          .why = "the value is hidden and the plan does not tell how far it goes",
                          .remedy = "log a few calls of the statement with their parameters",
                          .statement = statement.id});
    }
  }
}

}  // namespace

constinit const Rule deep_offset{
    .info = {.id = "deep-offset",
             .title = "OFFSET reads many rows only to skip them",
             .severity = Severity::kWarning,
             .engines = Engines::kPostgres,
             .what = "A statement with OFFSET that skips `min_skipped` rows or more a call: as written, as "
                     "counted in a plan "
                     "that was run, or as the start-up cost of a plan with real values tells. Where the "
                     "value is hidden it "
                     "is inferred from the blocks touched a call and the correlation of the index that is "
                     "walked, and the "
                     "finding is `possible`.",
             .why = "Page n costs n times page one, and rows that come or go meanwhile make the reader miss "
                    "or repeat some.",
             .fix = "Keyset pagination: continue after the last row seen.",
             .quiet =
                 "Shallow pages. Where neither value, plan nor blocks tell the depth, it is told as skipped.",
             .options = kOptions,
             .references = kReferences},
    .check = check,
};

}  // namespace planwise::rules

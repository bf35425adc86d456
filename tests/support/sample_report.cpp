#include "tests/support/sample_report.h"

#include <chrono>

namespace planwise::test {
namespace {

constexpr StatementId kOrders{0x9f3c000000000001};
constexpr StatementId kItems{0x9f3c000000000002};

Statement statement(StatementId id, std::string query, std::int64_t calls, double total_ms) {
  Statement made;
  made.id = id;
  made.query = std::move(query);
  made.user = "shop";
  made.stats.calls = calls;
  made.stats.total_time = Millis{total_ms};
  made.stats.stddev_time = Millis{total_ms / static_cast<double>(calls) / 4};
  made.stats.p95_time = Millis{total_ms / static_cast<double>(calls) * 1.5};
  made.stats.rows = calls * 3;
  made.stats.blocks_hit = calls * 1000;
  return made;
}

StatementPlan scan_plan() {
  PlanNode scan;
  scan.kind = NodeKind::kFullScan;
  scan.label = "Seq Scan";
  scan.schema = "public";
  scan.table = "orders";
  scan.alias = "o";
  scan.filter = "(customer_id = $1)";
  scan.index_columns = {"status"};
  scan.rows = {4};
  scan.cost = PlanCost{18334.25};
  scan.actual =
      ActualRun{.rows = {3}, .loops = 1, .time = Millis{51.125}, .rows_removed_by_filter = Rows{420000}};
  PlanNode sort;
  sort.kind = NodeKind::kSort;
  sort.label = "Sort";
  sort.sort_keys = {"created_at DESC"};
  sort.rows = {4};
  sort.cost = PlanCost{18334.5};
  sort.children = {scan};
  StatementPlan planned;
  planned.plan = Plan{};
  planned.plan->root = sort;
  planned.plan->source = PlanSource::kStatistics;
  return planned;
}

Finding missing_index() {
  Finding finding;
  finding.rule = "missing-index";
  finding.subject = "index:public.orders(customer_id,created_at)";
  finding.severity = Severity::kWarning;
  finding.confidence = Confidence::kConfirmed;
  finding.title = "Add an index on public.orders (customer_id, created_at)";
  finding.why = "One statement reads all 420,000 rows of public.orders to return 3 of them.";
  finding.objects = {{ObjectKind::kTable, "public.orders"},
                     {ObjectKind::kColumn, "public.orders.customer_id"}};
  finding.statements = {{kOrders, StatementRole::kNone, PlanCost{18334.5}, PlanCost{8.4375}}};
  finding.evidence = {{"The planner's cost falls from 18,334 to 8.44", "planner_cost", 18334.5, "cost"}};
  finding.action = {ActionKind::kSql,
                    {"CREATE INDEX CONCURRENTLY orders_customer_id_created_at_idx ON public.orders "
                     "(customer_id, created_at)"},
                    {"DROP INDEX CONCURRENTLY public.orders_customer_id_created_at_idx"},
                    "Build the index while the application runs.",
                    Effort::kLow,
                    "Reads the table twice; writes go on."};
  finding.impact = {.load_saved = 0.412,
                    .time_saved_per_hour = Millis{722'000},
                    .speedup = 120.5,
                    .low = 0.38,
                    .high = 0.415,
                    .basis = Basis::kWhatIf,
                    .index_size = Bytes{13 << 20},
                    .write_overhead = 0.031};
  return finding;
}

Finding n_plus_one() {
  Finding finding;
  finding.rule = "n-plus-one";
  finding.subject = "statement:9f3c000000000002";
  finding.severity = Severity::kWarning;
  finding.confidence = Confidence::kStrong;
  finding.title = "Load the rows of public.\"Line <b>items</b>\n\x1B[31m\" together with their parents";
  finding.why = "For each row of one statement another runs once.";
  finding.objects = {{ObjectKind::kTable, "public.\"Line <b>items</b>\n\x1B[31m\""}};
  finding.statements = {{kOrders, StatementRole::kParent, {}, {}}, {kItems, StatementRole::kChild, {}, {}}};
  finding.evidence = {{"1.00 calls a row (95 % interval 0.98 to 1.02)", "calls_per_row", 1.0, "calls"}};
  finding.action = {ActionKind::kApplication, {}, {}, "Use a join or = ANY($1).", Effort::kMedium, ""};
  return finding;
}

}  // namespace

AuditReport sample_report() {
  using namespace std::chrono_literals;
  using std::chrono::sys_days;
  using std::chrono::year;
  AuditReport report;
  report.target_name = "shop <script>alert(1)</script>";
  report.server.version_text = "15.18";
  report.server.database = "shop";
  report.window = {TimePoint(sys_days(year{2026} / 11 / 1)), TimePoint(sys_days(year{2026} / 11 / 1) + 6h)};
  report.window_kind = WindowKind::kInterval;
  report.total_time = Millis{100'000};
  report.total_calls = 54'321;
  report.total_statements = 2;
  report.statements_analysed = 1;
  report.load_planned = 0.72;
  report.statements = {
      statement(kOrders, "SELECT id, total FROM orders o WHERE customer_id = $1 ORDER BY created_at DESC",
                1400, 72'000),
      statement(kItems, "SELECT * FROM \"Line <b>items</b>\n\x1B[31m\" WHERE order_id = $1 -- ```", 52'921,
                28'000)};
  report.plans = {{kOrders, scan_plan()}, {kItems, StatementPlan{{}, {}, "relation is not visible"}}};
  report.recommendations = {
      {1, "00000000000000a1", missing_index(), {"seq-scan", "sort-without-index"}, Horizon::kQuickWin, {}},
      {2, "00000000000000a2", n_plus_one(), {}, Horizon::kMediumTerm, {}}};
  report.skipped = {{"index advice",
                     "HypoPG is not installed",
                     "Install it",
                     {"CREATE EXTENSION hypopg"},
                     "missing-index",
                     {}},
                    {"plan of a statement", "relation is not visible", "", {}, "", kItems}};
  return report;
}

}  // namespace planwise::test

#include "rules/views.h"

#include <gtest/gtest.h>

#include "tests/support/described_database.h"
#include "tests/support/plan_drawing.h"

namespace planwise::rules {
namespace {

TEST(Mentions, FindsWholeIdentifiersOnly) {
  EXPECT_TRUE(mentions("(o.customer_id = $1)", "customer_id"));
  EXPECT_FALSE(mentions("(old_customer_id = $1)", "customer_id"));
  EXPECT_FALSE(mentions("(customer_id2 = $1)", "customer_id"));
  EXPECT_FALSE(mentions("(a = $1)", ""));
}

TEST(LeadsAnIndex, TakesTheColumnsInAnyOrder) {
  const test::Database db = test::parse_db(
      "table public.t rows=5000\n"
      "  CREATE INDEX t_abc ON public.t (a, b, c);\n"
      "  CREATE INDEX t_d ON public.t USING hash (d);\n"
      "  CREATE INDEX t_e ON public.t USING gin (e);\n"
      "  CREATE INDEX t_f ON public.t (lower(f));\n"
      "  CREATE INDEX t_g ON public.t (g); invalid\n");
  const Table& table = db.snapshot.schema.tables.front();
  EXPECT_TRUE(leads_an_index(table, {"b", "a"}, nullptr));
  EXPECT_TRUE(leads_an_index(table, {"d"}, nullptr));
  EXPECT_FALSE(leads_an_index(table, {"c"}, nullptr));
  EXPECT_FALSE(leads_an_index(table, {"a", "c"}, nullptr));
  EXPECT_FALSE(leads_an_index(table, {"e"}, nullptr));
  EXPECT_FALSE(leads_an_index(table, {"f"}, nullptr));
  EXPECT_FALSE(leads_an_index(table, {"g"}, nullptr)) << "an invalid index serves nobody";
  EXPECT_FALSE(leads_an_index(table, {}, nullptr));
  EXPECT_FALSE(leads_an_index(table, {"a"}, table.find_index("t_abc")));
}

TEST(IsTiny, NeedsBothFewRowsAndFewPages) {
  Table table;
  table.rows = Rows{999};
  table.size = Bytes{1000};
  EXPECT_TRUE(is_tiny(table));
  table.size = kTinySize;
  EXPECT_FALSE(is_tiny(table)) << "few rows of a megabyte";
  table.size = Bytes{1000};
  table.rows = Rows{1000};
  EXPECT_FALSE(is_tiny(table));
}

struct Seen {
  double loops = 0;
  bool early = false;
};

// Of the first scan of the table in the plan.
Seen seen(const Plan& plan, std::string_view table) {
  Seen found;
  walk_with_ancestors(plan, [&](const PlanNode& node, const std::vector<const PlanNode*>& ancestors) {
    if (node.table == table) {
      found = {loops_of(node, ancestors), stops_early(node, ancestors)};
    }
  });
  return found;
}

TEST(LoopsOf, MultipliesTheOuterRowsOfNestedLoops) {
  const Plan plan{.root = test::parse_plan({"Nested Loop rows=50", "  Seq Scan on public.a rows=10",
                                            "  Nested Loop rows=5", "    Seq Scan on public.b rows=4",
                                            "    Index Scan using c_pkey on public.c rows=1"})};
  EXPECT_EQ(seen(plan, "a").loops, 1);
  EXPECT_EQ(seen(plan, "b").loops, 10);
  EXPECT_EQ(seen(plan, "c").loops, 40);
}

TEST(LoopsOf, ReadsOnceWhatIsMaterialised) {
  const Plan plan{.root = test::parse_plan({"Nested Loop rows=50", "  Seq Scan on public.a rows=10",
                                            "  Materialize rows=5", "    Seq Scan on public.b rows=5"})};
  EXPECT_EQ(seen(plan, "b").loops, 1);
}

TEST(LoopsOf, ReadsOnceWhatADerivedTableIsMadeOf) {
  const Plan plan{.root = test::parse_plan({"Nested Loop rows=50", "  Seq Scan on public.a rows=10",
                                            "  Subquery Scan rows=5", "    Materialize rows=5",
                                            "      Nested Loop rows=6", "        Seq Scan on public.b rows=3",
                                            "        Index Scan using c_pkey on public.c rows=2"})};
  EXPECT_EQ(seen(plan, "b").loops, 1);
  EXPECT_EQ(seen(plan, "c").loops, 3) << "the join inside is still one";
}

TEST(LoopsOf, LooksPastTheSubPlansOfAJoin) {
  const Plan plan{.root = test::parse_plan({"Nested Loop rows=50", "  Seq Scan on public.d rows=1 init",
                                            "  Seq Scan on public.a rows=10 outer",
                                            "  Index Scan using b_pkey on public.b rows=1 inner",
                                            "  Seq Scan on public.c rows=4 sub"})};
  EXPECT_EQ(seen(plan, "b").loops, 10);
  EXPECT_EQ(seen(plan, "c").loops, 1);
}

TEST(LoopsOf, TakesTheCountOfARun) {
  const Plan plan{.root =
                      test::parse_plan({"Nested Loop rows=50 loops=1 actual=7",
                                        "  Seq Scan on public.a rows=10 loops=1 actual=7",
                                        "  Index Scan using b_pkey on public.b rows=1 loops=7 actual=7"})};
  EXPECT_EQ(seen(plan, "b").loops, 7);
}

TEST(StopsEarly, UnlessEverythingMustBeReadFirst) {
  EXPECT_TRUE(
      seen({.root = test::parse_plan({"Limit rows=1", "  Seq Scan on public.a rows=10"})}, "a").early);
  EXPECT_FALSE(
      seen({.root = test::parse_plan({"Limit rows=1", "  Sort rows=10", "    Seq Scan on public.a rows=10"})},
           "a")
          .early);
  EXPECT_FALSE(seen({.root = test::parse_plan(
                         {"Limit rows=1", "  Aggregate rows=1", "    Seq Scan on public.a rows=10"})},
                    "a")
                   .early);
  EXPECT_FALSE(seen({.root = test::parse_plan({"Seq Scan on public.a rows=10"})}, "a").early);
}

TEST(ParallelDivisor, CountsTheLeaderAsPostgresDoes) {
  PlanNode gather;
  gather.label = "Gather";
  gather.workers = 2;
  EXPECT_DOUBLE_EQ(parallel_divisor({&gather}), 2.4);
  gather.workers = 4;
  EXPECT_DOUBLE_EQ(parallel_divisor({&gather}), 4);
  EXPECT_DOUBLE_EQ(parallel_divisor({}), 1);
}

// MySQL's plans tell a table's alias only.
TEST(ScansOf, FindsTheTableOfAnAlias) {
  const test::Database db = test::parse_db("table shop.orders rows=500\ntable shop.o rows=7\n");
  StatementShape shape;
  shape.blocks.emplace_back();
  shape.blocks[0].relations.push_back({.name = "orders", .alias = "o", .table = TableName{"shop", "orders"}});
  PlanNode scan{.kind = NodeKind::kFullScan, .label = "ALL", .schema = "shop", .table = "o", .alias = "o"};
  scan.rows_read = Rows{500};
  const Plan plan{.root = scan};  // the scans point into it
  const auto scans = scans_of(plan, db.snapshot.schema, &shape);
  ASSERT_EQ(scans.size(), 1U);
  EXPECT_EQ(scans[0].table->name.table, "orders");
  EXPECT_EQ(full_scans_of(scans, *scans[0].table).size(), 1U);
}

TEST(ScansOf, SpeaksOfThePartitionedTable) {
  const test::Database db = test::parse_db(
      "table public.events rows=300 partitioned=(day)\n"
      "table public.events_1 rows=100 partition-of=public.events\n"
      "table public.events_2 rows=200 partition-of=public.events\n");
  const Plan plan{
      .root = test::parse_plan({"Append rows=2", "  Seq Scan on public.events_1 rows=1 filter=(a = 1)",
                                "  Seq Scan on public.events_2 rows=1 filter=(a = 1)"})};
  const auto scans = scans_of(plan, db.snapshot.schema, nullptr);
  ASSERT_EQ(scans.size(), 2U);
  EXPECT_EQ(scans[0].root->name.table, "events");
  EXPECT_EQ(scans[1].table->name.table, "events_2");
  EXPECT_EQ(scans[1].rows_read, 200);
  EXPECT_EQ(scans[1].rows_kept, 1);
}

}  // namespace
}  // namespace planwise::rules

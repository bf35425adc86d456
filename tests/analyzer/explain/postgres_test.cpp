#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "analyzer/explain/explain.h"
#include "analyzer/explain/node_names.h"

namespace planwise {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path kFolder =
    std::filesystem::path(PLANWISE_SOURCE_DIR) / "tests/data/plans/postgres";

std::string document(const std::string& name) {
  std::ifstream file(kFolder / (name + ".json"));
  return {std::istreambuf_iterator<char>(file), {}};
}

Plan plan(const std::string& name, PlanLiterals literals = PlanLiterals::kMasked) {
  Result<Plan> read = read_postgres_plan(document(name), literals);
  EXPECT_TRUE(read) << name << ": " << (read ? "" : read.error().message);
  return read ? *std::move(read) : Plan{};
}

// The first node with this label, parents first; fails the test if there is none.
PlanNode node(const Plan& plan, const std::string& label) {
  std::vector<PlanNode> found;
  walk(plan, [&](const PlanNode& each, const std::string&) {
    if (each.label == label) {
      found.push_back(each);
    }
  });
  EXPECT_FALSE(found.empty()) << "no " << label;
  return found.empty() ? PlanNode{} : found.front();
}

std::vector<std::string> recorded() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(kFolder)) {
    if (file.path().extension() == ".json") {
      names.push_back(file.path().stem().string());
    }
  }
  return names;
}

TEST(PostgresPlan, EveryRecordedDocumentIsReadWhole) {
  std::set<std::string> labels;
  for (const std::string& name : recorded()) {
    const Plan read = plan(name);
    EXPECT_THAT(read.unknown_nodes, IsEmpty()) << name;
    const bool analysed = name.ends_with(".analyze");
    walk(read, [&](const PlanNode& each, const std::string& path) {
      labels.insert(each.label);
      EXPECT_TRUE(each.cost) << name << " " << path;
      EXPECT_EQ(each.actual.has_value(), analysed) << name << " " << path;
      EXPECT_THAT(each.filter, testing::Not(HasSubstr("open"))) << name;
    });
    EXPECT_EQ(read.execution_time.has_value(), analysed) << name;
  }
  EXPECT_GE(labels.size(), 35U);
}

TEST(PostgresPlan, AFullScanSaysWhatItThrewAway) {
  const PlanNode scan = plan("seq_scan.analyze").root;
  EXPECT_EQ(scan.kind, NodeKind::kFullScan);
  EXPECT_EQ(scan.table, "orders");
  EXPECT_EQ(scan.filter, "((total > '?'::numeric) AND (status <> '?'::text))");
  ASSERT_TRUE(scan.actual && scan.rows_read);
  EXPECT_EQ(scan.actual->rows.count + scan.actual->rows_removed_by_filter->count, 20000);
  EXPECT_EQ(scan.rows_read->count, 20000);
}

TEST(PostgresPlan, LiteralsAreKeptOnDemand) {
  EXPECT_THAT(plan("seq_scan", PlanLiterals::kKept).root.filter, HasSubstr("'open'::text"));
}

TEST(PostgresPlan, AnIndexScanWithoutAConditionReadsTheWholeIndex) {
  const PlanNode lookup = node(plan("index_scan"), "Bitmap Heap Scan");
  EXPECT_EQ(lookup.kind, NodeKind::kBitmapScan);
  const PlanNode ordered = node(plan("index_scan_ordered"), "Index Scan");
  EXPECT_EQ(ordered.kind, NodeKind::kFullIndexScan);
  EXPECT_EQ(ordered.index, "orders_created_at_idx");
  const PlanNode only = node(plan("index_only_scan.analyze"), "Index Only Scan");
  EXPECT_EQ(only.kind, NodeKind::kIndexScan);
  EXPECT_TRUE(only.covering);
  EXPECT_EQ(only.index_condition, "((customer_id >= ?) AND (customer_id <= ?))");
  EXPECT_EQ(only.actual->heap_fetches, 0);
}

TEST(PostgresPlan, BitmapsKeepTheirIndexes) {
  const PlanNode heap = plan("bitmap_and").root;
  ASSERT_EQ(heap.children.size(), 1U);
  EXPECT_EQ(heap.children[0].label, "BitmapAnd");
  ASSERT_EQ(heap.children[0].children.size(), 2U);
  for (const PlanNode& index : heap.children[0].children) {
    EXPECT_EQ(index.kind, NodeKind::kBitmapScan);
    EXPECT_THAT(index.index, testing::StartsWith("orders_"));
  }
}

TEST(PostgresPlan, LoopsBecomeTotals) {
  const PlanNode inner = node(plan("nested_loop.analyze"), "Nested Loop").children.at(1);
  ASSERT_TRUE(inner.actual);
  EXPECT_EQ(inner.actual->loops, 19);
  EXPECT_EQ(inner.actual->rows.count, 190);
  const PlanNode never = node(plan("never_executed.analyze"), "Nested Loop").children.at(1);
  ASSERT_TRUE(never.actual);
  EXPECT_EQ(never.actual->loops, 0);
  EXPECT_EQ(never.actual->rows.count, 0);
  EXPECT_FALSE(never.rows_read);
}

TEST(PostgresPlan, WorkersCountAsLoops) {
  const PlanNode scan = node(plan("gather.analyze"), "Seq Scan");
  EXPECT_EQ(scan.actual->loops, 3);
  EXPECT_NEAR(scan.actual->rows.count + scan.actual->rows_removed_by_filter->count, 20000, 3);
  EXPECT_EQ(node(plan("gather"), "Gather").workers, 2);
}

// Release 12 prints whole rows and no Memoize, 18 fractions of a row, "Disabled" and "Index Searches".
TEST(PostgresPlan, TheOldestAndTheNewestReleaseSayTheSame) {
  for (const std::string release : {"12/", "18/"}) {
    const Plan loop = plan(release + "nested_loop.analyze");
    EXPECT_THAT(loop.unknown_nodes, IsEmpty());
    const PlanNode inner = node(loop, "Nested Loop").children.at(1);
    EXPECT_EQ(inner.actual->loops, 19) << release;
    EXPECT_EQ(inner.actual->rows.count, 190) << release;
    EXPECT_EQ(node(plan(release + "never_executed.analyze"), "Nested Loop").children.at(1).actual->loops, 0);
    EXPECT_TRUE(node(plan(release + "sort_on_disk.analyze"), "Sort").actual->disk_used) << release;
    EXPECT_EQ(node(plan(release + "gather.analyze"), "Gather").workers, 2) << release;
    EXPECT_TRUE(
        node(plan(release + "materialize.analyze"), "Nested Loop").actual->rows_removed_by_join_filter);
  }
}

TEST(PostgresPlan, JoinsTellMethodAndConditions) {
  const PlanNode hash = node(plan("hash_join"), "Hash Join");
  EXPECT_EQ(hash.join, JoinMethod::kHash);
  EXPECT_THAT(hash.join_type, testing::AnyOf("Left", "Right"));
  EXPECT_THAT(hash.join_condition, HasSubstr("customer_id = c.id"));
  EXPECT_EQ(node(plan("merge_join"), "Merge Join").join_condition, "(c.id = o.customer_id)");
  EXPECT_THAT(node(plan("materialize.analyze"), "Nested Loop").join_filter, HasSubstr("a.city < b.city"));
}

TEST(PostgresPlan, DiskUseIsInBytesAndAbsentInMemory) {
  EXPECT_FALSE(node(plan("sort.analyze"), "Sort").actual->disk_used);
  const auto on_disk = node(plan("sort_on_disk.analyze"), "Sort").actual->disk_used;
  ASSERT_TRUE(on_disk);
  EXPECT_GT(on_disk->count, 64 * 1024);
  EXPECT_TRUE(node(plan("hash_aggregate_on_disk.analyze"), "Aggregate").actual->disk_used);
}

TEST(PostgresPlan, KeysOfSortsAndGroups) {
  const PlanNode sort = node(plan("incremental_sort"), "Incremental Sort");
  EXPECT_THAT(sort.sort_keys, ElementsAre("customer_id", "total"));
  EXPECT_THAT(sort.presorted_keys, ElementsAre("customer_id"));
  EXPECT_THAT(node(plan("group_aggregate"), "Aggregate").group_keys, ElementsAre("customer_id"));
}

TEST(PostgresPlan, SubPlansNameTheirPlace) {
  const Plan read = plan("sub_plan");
  EXPECT_EQ(read.root.children.at(0).relationship, "SubPlan");
  EXPECT_THAT(read.root.children.at(0).subplan, HasSubstr("SubPlan"));
  EXPECT_EQ(node(plan("update"), "ModifyTable").kind, NodeKind::kWrite);
  EXPECT_EQ(node(plan("recursive_union"), "WorkTable Scan").kind, NodeKind::kSubquery);
}

TEST(PostgresPlan, UnknownNodesAreNamedAndNoError) {
  const auto read = read_postgres_plan(R"([{"Plan": {"Node Type": "Quantum Scan", "Plan Rows": 2.5, "Plans": [
      {"Node Type": "Quantum Scan"}, {"Node Type": "Seq Scan", "Relation Name": "t", "Disabled": true}]}}])");
  ASSERT_TRUE(read);
  EXPECT_THAT(read->unknown_nodes, ElementsAre("Quantum Scan"));
  EXPECT_EQ(read->root.kind, NodeKind::kOther);
  EXPECT_EQ(read->root.rows.count, 2.5);
  EXPECT_TRUE(read->root.children.at(1).disabled);
  EXPECT_FALSE(read->root.cost);
  EXPECT_FALSE(read->root.actual);
}

TEST(PostgresPlan, SwitchedOffNodesAreToldBeforeRelease18) {
  const auto read =
      read_postgres_plan(R"([{"Plan": {"Node Type": "Sort", "Total Cost": 10000000500.0, "Plans": [
      {"Node Type": "Seq Scan", "Total Cost": 10000000400.0}]}}])");
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->root.disabled);
  EXPECT_TRUE(read->root.children.at(0).disabled);
}

TEST(PostgresPlan, FormsFromLogsAndTerminalsAreRead) {
  EXPECT_TRUE(read_postgres_plan(R"({"Query Text": "SELECT 1", "Plan": {"Node Type": "Result"}})"));
  const auto from_psql = read_postgres_plan(
      "               QUERY PLAN               \n----------------------------------------\n"
      " [                                     +\n   {                                   +\n"
      "     \"Plan\": {                         +\n       \"Node Type\": \"Seq Scan\",        +\n"
      "       \"Filter\": \"(a = 'x +')\"         +\n     }                                 +\n"
      "   }                                   +\n ]\n(1 row)\n",
      PlanLiterals::kKept);
  ASSERT_TRUE(from_psql) << from_psql.error().message;
  EXPECT_EQ(from_psql->root.filter, "(a = 'x +')");
}

TEST(PostgresPlan, ErrorsNameWhatItIs) {
  const auto refused = [](std::string_view text) {
    const auto read = read_postgres_plan(text);
    EXPECT_FALSE(read) << text;
    return read ? Error{} : read.error();
  };
  EXPECT_EQ(refused("").code, ErrorCode::kMalformed);
  EXPECT_EQ(refused("[]").code, ErrorCode::kMalformed);
  EXPECT_EQ(refused("{\"a\": 1}").code, ErrorCode::kMalformed);
  EXPECT_EQ(refused("[{\"Plan\": 7}]").code, ErrorCode::kMalformed);
  EXPECT_EQ(refused(document("seq_scan").substr(0, 200)).code, ErrorCode::kMalformed);
  EXPECT_EQ(refused(std::string(5000, '[')).code, ErrorCode::kMalformed);
  EXPECT_THAT(refused("Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)").message, HasSubstr("text format"));
  EXPECT_THAT(refused(R"({"query_block": {"select_id": 1, "cost_info": {"query_cost": "1.0"}}})").message,
              HasSubstr("of MySQL"));
  EXPECT_THAT(refused(R"({"query_block": {"select_id": 1, "r_loops": 1}})").message, HasSubstr("of MariaDB"));
  EXPECT_EQ(refused(R"({"query": "x", "operation": "Table scan on t"})").code, ErrorCode::kUnsupported);
}

TEST(PlanSignature, DependsOnStructureOnly) {
  EXPECT_EQ(plan_signature(plan("seq_scan")), plan_signature(plan("seq_scan.analyze")));
  EXPECT_EQ(plan_signature(plan("sort")), plan_signature(plan("sort_on_disk")));
  std::set<std::uint64_t> seen;
  for (const std::string name : {"hash_join", "merge_join", "nested_loop", "anti_join", "bitmap_and",
                                 "bitmap_or", "index_scan_ordered", "index_only_scan", "seq_scan"}) {
    EXPECT_TRUE(seen.insert(plan_signature(plan(name))).second) << name;
  }
}

}  // namespace
}  // namespace planwise

#include "analyzer/advise/advisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "analyzer/advise/redundancy.h"
#include "tests/support/advice_shop.h"
#include "tests/support/fake_what_if.h"

namespace planwise {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> spelled(const Advice& advice) {
  std::vector<std::string> names;
  for (const IndexProposal& proposal : advice.proposals) {
    names.push_back(spelled(proposal.def));
  }
  return names;
}

// Measured time that the workload would take with the first `count` proposals.
double time_with(const AdviceWorld& world, const Advice& advice, std::size_t count) {
  FakeWhatIf what_if(world.snapshot, world.shapes);
  IndexSet set;
  for (std::size_t i = 0; i < count; ++i) {
    set.added.push_back(advice.proposals[i].def);
  }
  double time = 0;
  for (const Statement& statement : world.snapshot.workload.statements) {
    const std::vector<StatementId> one{statement.id};
    const double before = (*what_if.costs(one, {}, false)).front().cost->units;
    const double after = (*what_if.costs(one, set, false)).front().cost->units;
    time += statement.stats.total_time.count() * after / before;
  }
  return time;
}

TEST(FakeWhatIf, AddingAnIndexNeverRaisesACost) {
  AdviceWorld world = shop();
  add_reads(world);
  const Advice advice = advice_for(world);
  ASSERT_GE(advice.proposals.size(), 3U);
  double before = time_with(world, advice, 0);
  for (std::size_t count = 1; count <= advice.proposals.size(); ++count) {
    const double after = time_with(world, advice, count);
    EXPECT_LT(after, before) << "every prefix of the proposals is worth building";
    before = after;
  }
}

TEST(Advisor, PinnedColumnsLeadAndTheSortOrderFollows) {
  AdviceWorld world = shop();
  world.snapshot.schema.tables.back().columns[1].stats->distinct = 500;
  ASSERT_EQ(world.snapshot.schema.tables.back().name.table, "orders");
  world.statement(1000, 80, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "customer_id");
    AdviceWorld::order(block, "created_at", true);
    block.star = block.has_limit = true;
  });
  const Advice advice = advice_for(world);
  ASSERT_THAT(spelled(advice), ElementsAre("orders(customer_id, created_at)"));
  const IndexProposal& proposal = advice.proposals.front();
  EXPECT_EQ(proposal.name, "orders_customer_id_created_at_idx");
  EXPECT_GT(proposal.load_saved, 0.9);
  EXPECT_GT(proposal.saved_per_hour.count(), 70'000);
  EXPECT_THAT(proposal.alternatives, Contains(HasSubstr("(customer_id)")));
}

TEST(Advisor, OneIndexServesStatementsThatShareKeys) {
  AdviceWorld world = shop();
  for (const std::vector<std::string>& columns :
       std::vector<std::vector<std::string>>{{"status", "customer_id"}, {"customer_id"}}) {
    world.statement(1000, 80, {"orders"}, [&](QueryBlock& block) {
      for (const std::string& column : columns) {
        AdviceWorld::compare(block, column);
      }
      block.star = true;
    });
  }
  EXPECT_THAT(spelled(advice_for(world)), ElementsAre("orders(customer_id, status)"))
      << "status is pinned less often, so it comes last";
}

TEST(Advisor, TheSameInputGivesTheSameAdviceInAnyOrderOfStatements) {
  AdviceWorld world = shop();
  add_reads(world);
  const std::vector<std::string> first = spelled(advice_for(world));
  EXPECT_EQ(spelled(advice_for(world)), first);
  std::ranges::reverse(world.snapshot.workload.statements);
  EXPECT_EQ(spelled(advice_for(world)), first);
}

TEST(Advisor, NothingThatExistsIsProposedAgain) {
  AdviceWorld world = shop();
  add_reads(world);
  const Advice first = advice_for(world);
  ASSERT_THAT(first.proposals, Not(IsEmpty()));
  const double remaining = time_with(world, first, first.proposals.size()) / time_with(world, {}, 0);
  FakeWhatIf what_if(world.snapshot, world.shapes);
  IndexSet set;
  for (const IndexProposal& proposal : first.proposals) {
    set.added.push_back(proposal.def);
  }
  for (Statement& statement : world.snapshot.workload.statements) {
    const std::vector<StatementId> one{statement.id};
    statement.stats.total_time *= (*what_if.costs(one, set, false)).front().cost->units /
                                  (*what_if.costs(one, {}, false)).front().cost->units;
  }
  world.snapshot.workload.total_time *= remaining;
  for (const IndexProposal& proposal : first.proposals) {
    for (Table& table : world.snapshot.schema.tables) {
      if (table.name == proposal.def.table) {
        table.indexes.push_back({.name = proposal.name, .def = proposal.def});
      }
    }
  }
  EXPECT_THAT(spelled(advice_for(world)), IsEmpty()) << "once applied, nothing is left to propose";
}

TEST(Advisor, EveryProposalIsReadBySomePlan) {
  AdviceWorld world = shop();
  add_reads(world);
  const Advice advice = advice_for(world);
  FakeWhatIf what_if(world.snapshot, world.shapes);
  IndexSet set;
  for (const IndexProposal& proposal : advice.proposals) {
    set.added.push_back(proposal.def);
    EXPECT_THAT(proposal.gains, Not(IsEmpty()));
  }
  std::set<std::size_t> used;
  for (const Statement& statement : world.snapshot.workload.statements) {
    const std::vector<StatementId> one{statement.id};
    const std::vector<StatementCost> costs = *what_if.costs(one, set, false);
    used.insert(costs.front().used.begin(), costs.front().used.end());
  }
  EXPECT_EQ(used.size(), advice.proposals.size());
}

TEST(Advisor, ALargerBudgetNeverGivesAWorseSet) {
  AdviceWorld world = shop();
  add_reads(world);
  double before = time_with(world, {}, 0);
  for (const std::int64_t megabytes : {0, 5, 10, 20, 30, 50, 80, 120, 200, 400}) {
    AdviseOptions options;
    options.storage_budget = Bytes{megabytes << 20};
    const Advice advice = advice_for(world, options);
    Bytes size;
    for (const IndexProposal& proposal : advice.proposals) {
      size.count += proposal.size.count;
    }
    EXPECT_LE(size, *options.storage_budget);
    const double after = time_with(world, advice, advice.proposals.size());
    EXPECT_LE(after, before * 1.000001) << megabytes << " MB";
    before = after;
  }
}

TEST(Advisor, WideningAnExistingIndexReplacesIt) {
  AdviceWorld world = shop();
  for (Table& table : world.snapshot.schema.tables) {
    if (table.name.table == "orders") {
      AdviceWorld::index(table, "orders_customer_id_idx", {"customer_id"});
      table.columns[1].stats->distinct = 200;
    }
  }
  world.statement(1000, 80, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "customer_id");
    AdviceWorld::order(block, "created_at");
    block.star = block.has_limit = true;
  });
  const Advice advice = advice_for(world);
  ASSERT_THAT(spelled(advice), ElementsAre("orders(customer_id, created_at)"));
  EXPECT_THAT(advice.proposals.front().replaces, ElementsAre("orders_customer_id_idx"));
}

TEST(Advisor, ATinyTableGetsNoIndexAndTheStatementSaysWhy) {
  AdviceWorld world;
  world.table("colours", 200, {{"name", 200}});
  const StatementId id = world.statement(1'000'000, 1, {"colours"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "name");
    block.star = true;
  });
  const Advice advice = advice_for(world);
  EXPECT_THAT(advice.proposals, IsEmpty());
  EXPECT_THAT(advice.not_helped.at(id), HasSubstr("small"));
}

TEST(Advisor, WritesThatCostMoreThanReadsGainKeepTheIndexAway) {
  AdviceWorld world = shop();
  world.statement(10, 300, {"orders"}, [](QueryBlock& block) {
    AdviceWorld::compare(block, "customer_id");
    block.star = true;
  });
  EXPECT_THAT(advice_for(world).proposals, SizeIs(1));
  world.statement(
      50'000'000, 0.02, {"orders"}, [](QueryBlock&) {}, StatementKind::kInsert);
  EXPECT_THAT(advice_for(world).proposals, IsEmpty());
}

TEST(Advisor, ASelectiveConditionBecomesAPartialIndexAndAParameterNever) {
  AdviceWorld world;
  Table& jobs = world.table("jobs", 2'000'000, {{"id", 2'000'000}, {"state", 4}, {"run_at", 1'000'000}});
  jobs.columns[1].stats->common_values = {{.value = "3", .frequency = 0.97},
                                          {.value = "0", .frequency = 0.01}};
  const auto queue = [](ValueKind value) {
    return [value](QueryBlock& block) {
      Predicate predicate{
          .column = AdviceWorld::column("state"), .kind = PredicateKind::kEqual, .value = value};
      if (value == ValueKind::kConstant) {
        predicate.constants = {"0"};
      }
      block.predicates.push_back(std::move(predicate));
      AdviceWorld::order(block, "run_at");
      block.star = block.has_limit = true;
    };
  };
  world.statement(10'000, 50, {"jobs"}, queue(ValueKind::kConstant));
  EXPECT_THAT(spelled(advice_for(world)), ElementsAre("jobs(run_at) WHERE state = 0"));

  AdviceWorld normalised;
  normalised.snapshot.schema = world.snapshot.schema;
  normalised.statement(10'000, 50, {"jobs"}, queue(ValueKind::kParameter));
  EXPECT_THAT(spelled(advice_for(normalised)), ElementsAre("jobs(state, run_at)"));
}

TEST(Advisor, AWorkloadWithoutTimesIsWeightedByCallsAndCost) {
  AdviceWorld world = shop();
  add_reads(world);
  for (Statement& statement : world.snapshot.workload.statements) {
    statement.stats.total_time = Millis{0};
  }
  world.snapshot.workload.total_time = Millis{0};
  world.snapshot.workload.kind = WindowKind::kWorkloadFiles;
  const Advice advice = advice_for(world);
  ASSERT_THAT(advice.proposals, Not(IsEmpty()));
  EXPECT_GT(advice.proposals.front().load_saved, 0.1);
  EXPECT_EQ(advice.proposals.front().saved_per_hour.count(), 0) << "no time was measured";
}

TEST(Advisor, WhatCannotBePlannedIsSaidAndHarmsNoOther) {
  AdviceWorld world = shop();
  add_reads(world);
  FakeWhatIf what_if(world.snapshot, world.shapes);
  what_if.unplannable = {StatementId{3}};
  const Result<Advice> advice = advise(world.snapshot, world.shapes, what_if, {});
  ASSERT_TRUE(advice);
  EXPECT_THAT(advice->not_helped.at(StatementId{3}), HasSubstr("frobnicate"));
  EXPECT_THAT(spelled(*advice), Contains("items(order_id)"));
}

TEST(Advisor, AnIndexThePlannerRefusesIsLeftOut) {
  AdviceWorld world = shop();
  add_reads(world);
  FakeWhatIf what_if(world.snapshot, world.shapes);
  for (const IndexProposal& proposal : advice_for(world).proposals) {
    what_if.refused.insert(proposal.def);
  }
  const Result<Advice> advice = advise(world.snapshot, world.shapes, what_if, {});
  ASSERT_TRUE(advice);
  for (const IndexProposal& proposal : advice->proposals) {
    EXPECT_FALSE(what_if.refused.contains(proposal.def)) << spelled(proposal.def);
  }
}

TEST(Advisor, ALostSessionEndsTheSearchWithAGapWhereverItHappens) {
  AdviceWorld world = shop();
  add_reads(world);
  FakeWhatIf whole(world.snapshot, world.shapes);
  ASSERT_TRUE(advise(world.snapshot, world.shapes, whole, {}));
  for (std::int64_t after = 0; after < whole.asked; ++after) {
    FakeWhatIf what_if(world.snapshot, world.shapes);
    what_if.fails_after = after;
    const Result<Advice> advice = advise(world.snapshot, world.shapes, what_if, {});
    if (after < 5) {
      EXPECT_FALSE(advice) << "nothing was learnt";
      continue;
    }
    ASSERT_TRUE(advice) << after;
    EXPECT_FALSE(advice->complete) << after;
    EXPECT_THAT(advice->gaps, SizeIs(1)) << after;
  }
}

TEST(Advisor, QuestionsAreBoundedAndAnEarlyEndIsSaid) {
  AdviceWorld world = shop();
  add_reads(world);
  for (const std::int64_t limit : {1, 5, 8, 12, 20, 40}) {
    AdviseOptions options;
    options.max_questions = limit;
    const Advice advice = advice_for(world, options);
    EXPECT_LE(advice.questions, limit);
  }
  AdviseOptions few;
  few.max_questions = 6;
  EXPECT_FALSE(advice_for(world, few).complete);
  EXPECT_TRUE(advice_for(world).complete);
}

TEST(Advisor, ProgressNeverFalls) {
  AdviceWorld world = shop();
  add_reads(world);
  FakeWhatIf what_if(world.snapshot, world.shapes);
  std::vector<double> shares;
  ASSERT_TRUE(advise(world.snapshot, world.shapes, what_if, {},
                     [&](double share, std::string_view) { shares.push_back(share); }));
  ASSERT_THAT(shares, Not(IsEmpty()));
  EXPECT_TRUE(std::ranges::is_sorted(shares));
  EXPECT_EQ(shares.back(), 1);
}

TEST(Advisor, AnEmptyWorkloadGivesEmptyAdvice) {
  const AdviceWorld world = shop();
  const Advice advice = advice_for(world);
  EXPECT_THAT(advice.proposals, IsEmpty());
  EXPECT_TRUE(advice.complete);
}

}  // namespace
}  // namespace planwise

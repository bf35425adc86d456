#include "analyzer/advise/cost_estimates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace planwise {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Two tables joined: 0 and 1 are indexes on the first, 2 one on the second.
class CostEstimatesTest : public ::testing::Test {
 protected:
  CostEstimatesTest() {
    for (const char* name : {"company", "movie"}) {
      Table table;
      table.name = {"public", name};
      table.rows = Rows{10'000};
      table.pages = 100;
      schema_.tables.push_back(std::move(table));
    }
    add("movie", {"movie_id"});
    add("movie", {"movie_id", "note"});
    add("company", {"company_id"});
    learn(10'000, {});
    learn(30, {read(0, "(movie_id = c.id)", 10), read(2, "(company_id = 7)", 10)});
  }

  void add(const char* table, const std::vector<std::string>& columns) {
    Candidate candidate;
    candidate.def.table = {"public", table};
    for (const std::string& column : columns) {
      candidate.def.keys.push_back({.expression = column});
    }
    pool_.add(std::move(candidate));
  }

  static CostAnswer::Read read(int candidate, std::string condition, double cost) {
    CostAnswer::Read read{.read = {}, .candidates = {candidate}};
    read.read.indexes = {"hypothetical"};
    read.read.condition = std::move(condition);
    read.read.work = {.cpu = cost};
    return read;
  }

  void learn(double cost, std::vector<CostAnswer::Read> reads) {
    CostAnswer answer;
    answer.known = true;
    answer.cost = cost;
    answer.work = {.cpu = cost};
    for (const CostAnswer::Read& read : reads) {
      answer.used.push_back(read.candidates.front());
    }
    answer.reads = std::move(reads);
    estimates_.learn(0, answer);
  }

  Schema schema_;
  CandidatePool pool_;
  CostEstimates estimates_{schema_, pool_, PageCosts{}, 1};
};

TEST_F(CostEstimatesTest, APlanThatHasAllItReadsCostsWhatItCost) {
  const CostAnswer& answer = estimates_.answer(0, {0, 2}, 0);
  EXPECT_EQ(answer.cost, 30);
  EXPECT_THAT(answer.used, ElementsAre(0, 2));
}

TEST_F(CostEstimatesTest, WhatItLacksIsReplacedByTheCheapestThatIsThere) {
  EXPECT_NEAR(estimates_.answer(0, {1, 2}, 0).cost, 30, 1e-9) << "an index with the same leading key";
  EXPECT_THAT(estimates_.answer(0, {1, 2}, 0).used, ElementsAre(1, 2));
  const double scanned = 100 + 10'000 * 0.0125;
  EXPECT_NEAR(estimates_.answer(0, {2}, 0).cost, 20 + scanned, 1e-9);
  EXPECT_THAT(estimates_.answer(0, {2}, 0).used, ElementsAre(2));
}

TEST_F(CostEstimatesTest, ThePlanWithoutIndexesIsAlwaysThere) {
  const double both_scanned = 10 + 2 * (100 + 10'000 * 0.0125);
  EXPECT_NEAR(estimates_.answer(0, {}, 0).cost, both_scanned, 1e-9);
  CostAnswer correlated = estimates_.answer(0, {0, 2}, 0);
  CostEstimates other(schema_, pool_, PageCosts{}, 1);
  CostAnswer without;
  without.known = true;
  without.cost = 10'000;
  other.learn(0, without);
  correlated.reads = {read(0, "(movie_id = c.id)", 10), read(2, "(company_id = 7)", 10)};
  correlated.reads[0].read.correlated = true;
  other.learn(0, correlated);
  EXPECT_EQ(other.answer(0, {2}, 0).cost, 10'000);
}

TEST_F(CostEstimatesTest, NothingCostsLessThanWithMoreIndexes) {
  const CostAnswer& answer = estimates_.answer(0, {1, 2}, 50);
  EXPECT_EQ(answer.cost, 50);
  EXPECT_EQ(answer.work.cpu, 50);
}

TEST_F(CostEstimatesTest, WhatIsLearntReplacesWhatWasEstimated) {
  EXPECT_EQ(estimates_.answer(0, {1, 2}, 0).cost, 30);
  ASSERT_NE(estimates_.find(0, {1, 2}), nullptr);
  learn(25, {read(1, "((movie_id = c.id) AND (note = 'x'))", 5), read(2, "(company_id = 7)", 10)});
  EXPECT_EQ(estimates_.find(0, {1, 2}), nullptr);
  EXPECT_EQ(estimates_.answer(0, {1, 2}, 0).cost, 25);
}

}  // namespace
}  // namespace planwise

#include "analyzer/advise/candidates_merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/advice_world.h"

namespace planwise {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::string> spelled(const std::vector<Candidate>& candidates) {
  std::vector<std::string> names;
  for (const Candidate& candidate : candidates) {
    names.push_back(spelled(candidate.def));
  }
  return names;
}

Candidate on_orders(const std::vector<std::string>& keys, std::vector<std::string> include = {}) {
  Candidate candidate;
  candidate.def.table = {"public", "orders"};
  for (const std::string& key : keys) {
    candidate.def.keys.push_back({.expression = key});
  }
  candidate.def.include = std::move(include);
  return candidate;
}

TEST(CandidateForms, MergingPutsWhatBothShareFirst) {
  const std::vector<std::string> names = spelled(
      merged_forms(on_orders({"status", "customer_id"}), on_orders({"customer_id", "created_at"}), 4));
  EXPECT_THAT(names, Contains("orders(customer_id, status, created_at)"));
  EXPECT_THAT(names, Contains("orders(status, customer_id, created_at)"));
  for (const Candidate& form : merged_forms(on_orders({"a", "b", "c"}), on_orders({"c", "d", "e"}), 4)) {
    EXPECT_LE(form.def.keys.size(), 4U);
  }
  EXPECT_THAT(merged_forms(on_orders({"a"}), on_orders({"b"}), 4), IsEmpty()) << "nothing in common";
}

TEST(CandidateForms, MergingAPartialWithAWholeIndexGivesAWholeOne) {
  Candidate partial = on_orders({"created_at"});
  partial.def.predicate = "status = 1";
  partial.fraction = 0.1;
  for (const Candidate& form : merged_forms(partial, on_orders({"created_at", "total"}), 4)) {
    EXPECT_EQ(form.def.predicate, "");
    EXPECT_EQ(form.fraction, 1);
  }
}

TEST(CandidateForms, SimplerFormsLoseThePayloadOrAKey) {
  EXPECT_THAT(spelled(simpler_forms(on_orders({"customer_id", "status"}, {"total"}))),
              UnorderedElementsAre("orders(customer_id, status)", "orders(customer_id) +status +total",
                                   "orders(status) +customer_id +total"));
}

}  // namespace
}  // namespace planwise

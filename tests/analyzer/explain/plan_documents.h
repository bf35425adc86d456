// The EXPLAIN documents of tests/data/plans.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "analyzer/explain/explain.h"
#include "tests/support/read_file.h"

namespace planwise::test {

inline const std::filesystem::path kPlans = std::filesystem::path(PLANWISE_SOURCE_DIR) / "tests/data/plans";

// "mysql56/covering_index" and its like.
inline std::string plan_document(const std::string& name) {
  return read_file(kPlans / (name + ".json"));
}

// The names of all documents in the folder, sorted.
inline std::vector<std::string> plan_documents(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(kPlans / folder)) {
    if (file.path().extension() == ".json") {
      names.push_back(folder + "/" + file.path().stem().string());
    }
  }
  std::ranges::sort(names);
  return names;
}

// Fails the test where it cannot be read.
inline Plan plan_named(const std::string& name, PlanLiterals literals = PlanLiterals::kMasked) {
  Result<RecognisedPlan> read = read_plan(plan_document(name), literals);
  EXPECT_TRUE(read) << name << ": " << (read ? "" : read.error().message);
  return read ? std::move(read->plan) : Plan{};
}

inline std::vector<PlanNode> nodes_where(const Plan& plan,
                                         const std::function<bool(const PlanNode&)>& wanted) {
  std::vector<PlanNode> found;
  walk(plan, [&](const PlanNode& each, const std::string&) {
    if (wanted(each)) {
      found.push_back(each);
    }
  });
  return found;
}

// The first that reads or joins under this alias, parents first; fails the test where there is none.
inline PlanNode node_of(const Plan& plan, const std::string& alias) {
  const auto found = nodes_where(plan, [&](const PlanNode& node) { return node.alias == alias; });
  EXPECT_FALSE(found.empty()) << "no " << alias;
  return found.empty() ? PlanNode{} : found.front();
}

inline PlanNode labelled(const Plan& plan, const std::string& label) {
  const auto found = nodes_where(plan, [&](const PlanNode& node) { return node.label == label; });
  EXPECT_FALSE(found.empty()) << "no " << label;
  return found.empty() ? PlanNode{} : found.front();
}

// "join(full-scan o, index-scan c)": kinds and aliases.
inline std::string outline(const PlanNode& node) {
  std::string text(to_string(node.kind));
  if (!node.alias.empty()) {
    text += " " + node.alias;
  }
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    text += (i == 0 ? "(" : ", ") + outline(node.children[i]);
  }
  return node.children.empty() ? text : text + ")";
}

}  // namespace planwise::test

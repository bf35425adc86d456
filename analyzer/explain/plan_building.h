// What the readers of MySQL's and MariaDB's query blocks build trees with.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/explain/json_fields.h"
#include "analyzer/model/plan.h"

namespace planwise::explain {

// How much stands below one another, counted while it is read: objects, and levels of the tree, which a long
// join has many of.
struct Nesting {
  std::size_t objects = 0;
  std::size_t levels = 0;
  bool too_deep = false;  // once there were more than kMaxObjects or kMaxLevels
};
class Deeper {
 public:
  Deeper(Nesting& nesting, std::size_t objects, std::size_t levels);
  ~Deeper();
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  Nesting& nesting_;
  std::size_t objects_;
  std::size_t levels_;
};

template <class Words>
bool is_one_of(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// A node with one child, which hands on as many rows.
[[nodiscard]] PlanNode over(PlanNode child, NodeKind kind, std::string_view label);

// Each name once.
void add_unknown(std::string_view name, std::vector<std::string>& unknown);

// A table of a join, which these servers print as a list in the order in which the tables are read. All but
// `node` says how it is joined to those before it.
struct JoinedTable {
  PlanNode node;
  JoinMethod method = JoinMethod::kNestedLoop;
  std::string label = "nested_loop";
  std::string join_type;
  std::string join_condition;
  std::string join_filter;
  bool buffered = false;                      // read once for a whole buffer of rows, not once a row
  std::optional<double> rows_produced;        // by the join of all tables up to this one
  std::optional<PlanCost> cost_of_all_loops;  // of this table alone
  std::optional<PlanCost> prefix_cost;        // of all tables up to this one
  std::optional<double> rows_joined;          // by the join of all tables up to this one, counted
};

// The list as a left-deep tree. What filters the inner table by columns of the tables before it is the join's
// filter too. Rows that the engine does not tell are the product of both sides; at most the outer side's
// where each of its rows comes once (semi and anti joins). Counted rows of a nested loop that is not buffered
// are those of its inner side. The list must not be empty.
[[nodiscard]] PlanNode left_deep(std::vector<JoinedTable> tables);

// The join of a "nested_loop" list: add_part() is handed the name and the content of each member of each
// entry, and adds the tables it holds.
using AddPart =
    std::function<void(std::string_view key, const object& content, std::vector<JoinedTable>& tables)>;
[[nodiscard]] PlanNode join_of(const array& entries, Nesting& nesting, const AddPart& add_part);

// True if the condition names a column of one of the tables that `outer` reads.
[[nodiscard]] bool names_a_table_of(const PlanNode& outer, const std::string& condition);

}  // namespace planwise::explain

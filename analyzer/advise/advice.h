// What the index advisor proposes for a workload, and what it weighed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/model/snapshot.h"

namespace planwise {

// What one statement gains (or loses) from one proposal.
struct StatementGain {
  StatementId statement;
  PlanCost before;
  PlanCost after;
  Millis saved_per_hour{0};  // measured time scaled by the cost ratio; negative for a loss
  double share = 0;          // of the statement's own time now that it saves; negative for a loss
  double share_low = 0;      // ends of the interval in which it should lie
  double share_high = 0;
};

// What the advisor makes of one statement: why it has the indexes it has, or none.
struct StatementChoice {
  PlanCost before;
  PlanCost after;        // with all proposals
  double saved = 0;      // share of its own time given back with all proposals; negative for a loss
  double saved_low = 0;  // ends of the interval in which the share should lie
  double saved_high = 0;
  std::vector<std::string> uses;  // proposals its plan reads, by name
  std::size_t offered = 0;        // candidate indexes made for it
  struct Tried {
    std::vector<std::string> indexes;  // "public.orders (customer_id)": read together by the plan
    PlanCost cost;
  };
  std::vector<Tried> tried;  // cheapest first, at most five
  std::string reason;        // why it has no index, or empty
};

struct IndexProposal {
  IndexDef def;
  std::string name;  // of the new index
  Bytes size;
  std::vector<std::string>
      replaces;  // existing indexes of the same table that it makes redundant: to be dropped after
  std::vector<StatementGain> gains;  // largest first
  Millis saved_per_hour{0};          // sum of the gains less the write cost
  double load_saved = 0;             // share of the target's total statement time, 0..1
  double load_saved_low = 0;         // ends of the interval in which it should lie
  double load_saved_high = 0;
  double write_overhead = 0;  // share by which writes to the table get dearer, 0.05 = 5 %
  std::string basis;          // WhatIf::basis()
  bool verified = true;       // false: the planner could not try it (GIN, trigram)
  std::vector<std::string>
      alternatives;  // what was tried and lost, with the reason, best first, at most three
};

struct Advice {
  std::vector<IndexProposal> proposals;            // best first; every prefix is worth building by itself
  std::map<StatementId, std::string> not_helped;   // analysed statements without a proposal, and why
  std::map<StatementId, StatementChoice> choices;  // of every statement that was costed
  std::vector<Gap> gaps;
  std::int64_t questions = 0;  // asked of the planner
  bool complete = true;        // false: the question budget ended the search
};

struct AdviseOptions {
  std::optional<Bytes> storage_budget;  // for all new indexes together
  int max_index_width = 4;              // key columns
  int max_indexes = 0;                  // new ones in all; 0 is no limit
  std::vector<TableName> only_tables;   // if any, indexes are for these alone; without a schema: of any
  std::vector<TableName> excluded_tables;
  std::int64_t max_questions = 20'000;  // statement costings asked of the planner
  Rows tiny_table_rows{1000};           // tables below both get no index
  Bytes tiny_table_size{1 << 20};
  // An index must give back this share of the load that remains once all proposals stand (so that a second
  // run after applying them has nothing to add), or this much time; and never less than min_saved in the
  // whole window, which no measurement tells from noise.
  double min_load_saved = 0.005;
  Millis min_saved_per_hour{1000};
  Millis min_saved{10};
  // Asked before each round of questions: true ends the search where it stands, and what was found is put in
  // order with the questions that are left. A clock behind it makes the advice hang on the machine's speed.
  std::function<bool()> hurry;
};

}  // namespace planwise

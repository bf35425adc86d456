// N+1 patterns from counters alone: a lookup that runs once for each row another statement returns.
//
// Over many intervals, calls(child) is regressed on rows(parent) with the parent's calls and the remaining
// volume as covariates, because the common daily load alone correlates everything with everything. Pairs are
// tried only where a foreign key or the parent's own key links them. Pure and repeatable: the permutations'
// seeds come from the ids.
//
// Thresholds: measured on two servers (96 intervals, 24 statements) and in simulated ones of 125 statements;
// slope and intercept within these bounds together with the partial correlation, or a constant ratio, gave no
// false pair there.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "analyzer/model/snapshot.h"
#include "analyzer/sql/shape.h"

namespace planwise {

enum class NPlusOneTier : std::uint8_t {
  kRegression,  // rows per parent call vary, and the child's calls follow them
  kConstant,    // a constant page: calls(child) / calls(parent) is that constant
};

// How the two statements are tied together by the schema.
enum class NPlusOneLink : std::uint8_t {
  kForeignKey,  // the child looks up rows by a foreign key between the two tables, on either side
  kPrimaryKey,  // the child reads or writes the parent's own rows by their key
};

struct NPlusOnePair {
  StatementId parent;
  StatementId child;
  NPlusOneTier tier = NPlusOneTier::kRegression;
  NPlusOneLink link = NPlusOneLink::kForeignKey;
  std::string foreign_key;  // its name; empty for kPrimaryKey
  TableName child_table;
  std::vector<std::string> lookup_columns;  // of the child's table, as compared
  double slope = 0;                         // child calls per parent row
  double slope_low = 0;                     // 95 % confidence interval
  double slope_high = 0;
  double intercept_share = 0;      // |intercept| / mean child calls
  double correlation = 0;          // of calls(child) with rows(parent)
  double partial_correlation = 0;  // 0 for kConstant: undefined there
  double p_value = 1;              // against chance, before the correction
  int intervals = 0;               // k, in which both could be seen
  double rows_per_parent_call = 0;
  double child_calls = 0;  // over all intervals
  double parent_calls = 0;
  double child_calls_explained = 0;  // slope × parent rows: what one query per parent would replace
  bool write = false;                // the child is an UPDATE or DELETE
};

// Levels that feed each other: statements[0] is the parent, then its children in order.
struct NPlusOneChain {
  std::vector<StatementId> statements;
  std::vector<NPlusOnePair> pairs;  // pairs[i] links statements[i] to statements[i + 1]
};

struct NPlusOneOptions {
  int min_intervals = 10;              // k for the strict tier
  double min_calls_per_interval = 20;  // of the child
  double min_partial_correlation = 0.8;
  double min_correlation = 0.95;
  double min_slope = 0.7;
  double max_slope = 1.3;
  double max_intercept_share = 0.15;
  double max_false_rate = 0.01;  // Benjamini-Hochberg
};

struct NPlusOneAnswer {
  std::vector<NPlusOneChain> chains;  // most child calls explained first
  std::vector<NPlusOnePair> pairs;    // all accepted ones, most child calls explained first
  int tested = 0;                     // linked pairs that were put to the test
  std::string why_not;  // why nothing could be said: "3 intervals of 10 needed", "not enough variation"
};

[[nodiscard]] NPlusOneAnswer find_n_plus_one(std::span<const CounterInterval> intervals,
                                             const std::map<StatementId, StatementShape>& shapes,
                                             const Schema& schema, const NPlusOneOptions& options = {});

}  // namespace planwise

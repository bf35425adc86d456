// Existing indexes that proposals make redundant, each to be dropped where no plan misses it.
#pragma once

#include <set>

#include "analyzer/advise/proposals.h"

namespace planwise {

// An existing index that nothing but speed hangs on (is_plain()) goes once a proposed one covers it
// (covered_by()) and no statement's plan reads it any more: not with the proposal that covers it, if a later
// one has to stand first.
class Replacements {
 public:
  explicit Replacements(ProposalContext& context) : context_(context) {}

  // Gives what may go where the set `standing` stands to the last proposal of its table.
  void settle(const CandidateSet& standing, std::vector<IndexProposal>& proposals);

  // Where the planner can hide indexes: takes all of them back if hiding them costs the workload more than an
  // index is worth.
  void check(const CandidateSet& chosen, Advice& out);

 private:
  [[nodiscard]] bool is_read(const TableName& table, const std::string& index,
                             const CandidateSet& standing) const;

  ProposalContext& context_;
  std::set<IndexName> settled_;
};

}  // namespace planwise

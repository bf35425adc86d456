#include "analyzer/advise/unverified.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/advise/gin_cost.h"
#include "analyzer/advise/inverted_scans.h"
#include "analyzer/advise/inverted_searches.h"
#include "analyzer/advise/redundancy.h"
#include "analyzer/sql/quote.h"

namespace planwise {
namespace {

// A new index must find the rows at this share of what the scan costs now: the estimate of matching rows is
// the planner's, off by a factor of two and more for such conditions.
constexpr double kMostOfScan = 0.5;

// One statement's search that a draft would serve.
struct Use {
  int statement = 0;
  std::vector<InvertedScan> scans;
};

// An index in the making.
struct Draft {
  IndexDef def;
  const Table* table = nullptr;
  std::vector<InvertedCondition> conditions;  // one a key
  std::vector<Use> uses;
};

Millis per_hour(const ProposalContext& context, double value) {
  const double hours = context.snapshot.workload.hours();
  return Millis{context.measured && hours > 0 ? value / hours : 0};
}

std::string path_of(const InvertedCondition& condition) {
  return condition.key.expression;
}

bool has_inverted(const Table& table, const IndexKey& key) {
  return std::ranges::any_of(table.indexes, [&](const Index& index) {
    const bool kind = index.def.method == IndexMethod::kGin || index.def.method == IndexMethod::kGist;
    return kind && index.valid && std::ranges::any_of(index.def.keys, [&](const IndexKey& own) {
             return own.expression == key.expression || (key.is_expression && own.is_expression &&
                                                         same_expression(own.expression, key.expression));
           });
  });
}

class Unverified {
 public:
  Unverified(const ProposalContext& context, Advice& out)
      : context_(context),
        objective_(context.space.objective),
        prices_(cost_model::cost_settings(context.snapshot)),
        out_(out) {}

  void find(const std::map<StatementId, StatementShape>& shapes,
            const std::function<bool(const Table&)>& may_have);
  void read_plans();
  void make_drafts();
  void propose();

 private:
  struct Asked {
    int statement = 0;
    const StatementShape* shape = nullptr;
    std::vector<InvertedSearch> searches;
    std::optional<Plan> plan;
  };
  struct Weighed {
    double saved = 0;  // in the objective's unit
    double price = 0;
    std::vector<StatementGain> gains;
    [[nodiscard]] double net() const { return saved - price; }
  };

  [[nodiscard]] Draft& draft_for(const InvertedSearch& search);
  [[nodiscard]] GinSize size_of(const InvertedCondition& condition, const Table& table) const;
  [[nodiscard]] Candidate candidate_of(const Draft& draft) const;
  [[nodiscard]] Bytes bytes_of(const Draft& draft) const;
  [[nodiscard]] double cost_with(const Draft& draft, const InvertedScan& scan) const;
  [[nodiscard]] Weighed weigh(const Draft& draft);
  void accept(const Draft& draft, Weighed weighed);

  const ProposalContext& context_;
  const Objective& objective_;
  const cost_model::CostSettings prices_;
  Advice& out_;
  std::vector<Asked> asked_;
  std::set<std::pair<TableName, std::string>> whole_class_;  // jsonb keys that jsonb_path_ops does not serve
  std::vector<Draft> drafts_;
  std::map<int, double> cost_;                                   // by statement: with the proposals so far
  std::map<std::pair<int, const PlanNode*>, double> scan_cost_;  // what is left of each scan
};

void Unverified::find(const std::map<StatementId, StatementShape>& shapes,
                      const std::function<bool(const Table&)>& may_have) {
  for (int s = 0; s < objective_.statements(); ++s) {
    const auto shape = shapes.find(context_.statements[static_cast<std::size_t>(s)]->id);
    if (shape == shapes.end() || objective_.weight(s).time <= 0) {
      continue;
    }
    Asked asked{.statement = s, .shape = &shape->second, .searches = {}, .plan = {}};
    for (InvertedSearch& search : inverted_searches(shape->second, context_.snapshot)) {
      const bool served = std::ranges::any_of(search.any_of, [&](const InvertedCondition& condition) {
        return has_inverted(*search.table, condition.key);
      });
      for (const InvertedCondition& condition : search.any_of) {
        if (condition.kind == EntryKind::kKeysValues && !condition.any_class) {
          whole_class_.emplace(search.table->name, path_of(condition));
        }
      }
      if (!served && may_have(*search.table)) {
        asked.searches.push_back(std::move(search));
      }
    }
    if (!asked.searches.empty()) {
      asked_.push_back(std::move(asked));
    }
  }
}

void Unverified::read_plans() {
  if (asked_.empty()) {
    return;
  }
  IndexSet set;
  for (const IndexProposal& proposal : out_.proposals) {
    set.added.push_back(proposal.def);
  }
  std::vector<StatementId> ids;
  for (const Asked& asked : asked_) {
    ids.push_back(context_.statements[static_cast<std::size_t>(asked.statement)]->id);
  }
  Result<std::vector<StatementCost>> costs = context_.what_if.costs(ids, set, /*with_plans=*/true);
  out_.questions += static_cast<std::int64_t>(ids.size());
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    const Plan* known = context_.snapshot.plan_of(ids[i]);
    if (costs && i < costs->size() && (*costs)[i].plan) {
      asked_[i].plan = std::move((*costs)[i].plan);
    } else if (known != nullptr) {
      asked_[i].plan = *known;
    }
  }
}

Draft& Unverified::draft_for(const InvertedSearch& search) {
  IndexDef def;
  def.table = search.table->name;
  def.method = IndexMethod::kGin;
  std::vector<InvertedCondition> conditions;
  for (const InvertedCondition& condition : search.any_of) {
    InvertedCondition own = condition;
    if (own.kind == EntryKind::kKeysValues && !whole_class_.contains({def.table, path_of(own)})) {
      own.kind = EntryKind::kPaths;
      own.key.opclass = "jsonb_path_ops";
    }
    if (std::ranges::find(def.keys, own.key) == def.keys.end()) {
      def.keys.push_back(own.key);
      conditions.push_back(std::move(own));
    }
  }
  const auto at = std::ranges::find(drafts_, def, &Draft::def);
  if (at != drafts_.end()) {
    return *at;
  }
  return drafts_.emplace_back(
      Draft{.def = std::move(def), .table = search.table, .conditions = std::move(conditions), .uses = {}});
}

void Unverified::make_drafts() {
  for (const Asked& asked : asked_) {
    if (!asked.plan || !asked.plan->root.cost) {
      continue;
    }
    cost_[asked.statement] = asked.plan->root.cost->units;
    for (const InvertedSearch& search : asked.searches) {
      std::vector<InvertedScan> scans =
          inverted_scans(search, *asked.shape, *asked.plan, context_.snapshot.schema,
                         *context_.statements[static_cast<std::size_t>(asked.statement)]);
      if (scans.empty()) {
        continue;
      }
      for (const InvertedScan& scan : scans) {
        scan_cost_.emplace(std::pair(asked.statement, scan.node), scan.cost);
      }
      draft_for(search).uses.push_back({.statement = asked.statement, .scans = std::move(scans)});
    }
  }
  // An index on several columns finds what one on fewer of them would.
  for (Draft& wide : drafts_) {
    for (Draft& narrow : drafts_) {
      const bool within = std::ranges::all_of(narrow.def.keys, [&](const IndexKey& key) {
        return std::ranges::find(wide.def.keys, key) != wide.def.keys.end();
      });
      if (narrow.def.table == wide.def.table && narrow.def.keys.size() < wide.def.keys.size() && within) {
        wide.uses.insert(wide.uses.end(), narrow.uses.begin(), narrow.uses.end());
      }
    }
  }
}

GinSize Unverified::size_of(const InvertedCondition& condition, const Table& table) const {
  const double rows = table.rows.value_or(Rows{}).count;
  return gin_size(inverted_entries(condition.kind, *condition.column, rows),
                  static_cast<double>(table.pages));
}

Bytes Unverified::bytes_of(const Draft& draft) const {
  Bytes total;
  for (const InvertedCondition& condition : draft.conditions) {
    total.count += size_of(condition, *draft.table).bytes().count;
  }
  return total;
}

Candidate Unverified::candidate_of(const Draft& draft) const {
  Candidate candidate{.def = draft.def};
  candidate.entries_per_row = 0;
  for (const InvertedCondition& condition : draft.conditions) {
    candidate.entries_per_row +=
        inverted_entries(condition.kind, *condition.column, draft.table->rows.value_or(Rows{}).count).per_row;
  }
  return candidate;
}

// Of one run of the scan. The conditions of an OR are searched one by one, each for its part of the rows.
double Unverified::cost_with(const Draft& draft, const InvertedScan& scan) const {
  double cost = 0;
  const double share = scan.table->rows.value_or(Rows{}).count /
                       std::max(1.0, draft.table->rows.value_or(Rows{}).count);  // of a partition
  const auto conditions = static_cast<double>(scan.conditions.size());
  for (const InvertedCondition& condition : scan.conditions) {
    GinSize size = size_of(condition, *draft.table);
    size.entry_pages = std::ceil(size.entry_pages * share);
    size.posting_pages = std::ceil(size.posting_pages * share);
    cost += gin_scan_cost({.index = size,
                           .table_rows = scan.table->rows.value_or(Rows{}).count,
                           .table_pages = static_cast<double>(scan.table->pages),
                           .matches = scan.matches / conditions,
                           .entries = condition.search_entries,
                           .conditions = 1},
                          prices_);
  }
  return cost;
}

Unverified::Weighed Unverified::weigh(const Draft& draft) {
  Weighed weighed;
  std::map<int, double> after;
  for (const Use& use : draft.uses) {
    double relief = 0;
    for (const InvertedScan& scan : use.scans) {
      const double left = scan_cost_.at({use.statement, scan.node});
      const double then = cost_with(draft, scan) * scan.runs;
      relief += then <= kMostOfScan * left ? left - then : 0;
    }
    // Several searches of one scan: the better one counts.
    after[use.statement] = std::max(after[use.statement], relief);
  }
  for (const auto& [statement, relief] : after) {
    const double before = cost_.at(statement);
    const StatementWeight& weight = objective_.weight(statement);
    if (relief <= 0 || before <= 0 || weight.cost_now <= 0) {
      continue;
    }
    const double share = std::min(relief, before) / std::max(weight.cost_now, before);
    weighed.saved += weight.time * share;
    weighed.gains.push_back({.statement = context_.statements[static_cast<std::size_t>(statement)]->id,
                             .before = {before},
                             .after = {std::max(0.0, before - relief)},
                             .saved_per_hour = per_hour(context_, weight.time * share),
                             .share = share,
                             .share_low = 0,
                             .share_high = share});
  }
  weighed.price = objective_.price_of(candidate_of(draft), bytes_of(draft));
  return weighed;
}

void Unverified::accept(const Draft& draft, Weighed weighed) {
  const Candidate made = candidate_of(draft);
  const TableWrites& written = objective_.writes(draft.def.table);
  IndexProposal proposal;
  proposal.def = draft.def;
  proposal.size = bytes_of(draft);
  proposal.basis = "cost-model";
  proposal.verified = false;
  proposal.write_overhead = write_overhead(made, *draft.table, written);
  proposal.gains = std::move(weighed.gains);
  std::ranges::stable_sort(proposal.gains, [](const StatementGain& left, const StatementGain& right) {
    return left.saved_per_hour > right.saved_per_hour;
  });
  const double writes = objective_.write_price(made);
  proposal.saved_per_hour = per_hour(context_, weighed.saved - writes);
  proposal.load_saved = share_of_load(context_, weighed.saved - writes);
  proposal.load_saved_low = -share_of_load(context_, writes);
  proposal.load_saved_high = share_of_load(context_, weighed.saved);
  Table named = *draft.table;
  for (const IndexProposal& other : out_.proposals) {
    if (other.def.table == named.name) {
      named.indexes.push_back({.name = other.name, .def = other.def});
    }
  }
  proposal.name = index_name(draft.def, named, context_.snapshot.server.engine);
  for (const Use& use : draft.uses) {
    for (const InvertedScan& scan : use.scans) {
      double& left = scan_cost_.at({use.statement, scan.node});
      const double then = cost_with(draft, scan) * scan.runs;
      if (then <= kMostOfScan * left) {
        cost_.at(use.statement) = std::max(0.0, cost_.at(use.statement) - (left - then));
        left = then;
      }
    }
  }
  out_.proposals.push_back(std::move(proposal));
}

void Unverified::propose() {
  const SearchSpace& space = context_.space;
  std::int64_t taken = 0;
  for (const IndexProposal& proposal : out_.proposals) {
    taken += proposal.size.count;
  }
  const auto fits = [&](const Draft& draft) {
    const bool small = !space.budget || taken + bytes_of(draft).count <= space.budget->count;
    return small && (space.max_indexes == 0 || static_cast<int>(out_.proposals.size()) < space.max_indexes);
  };
  while (true) {
    const Draft* best = nullptr;
    Weighed best_weighed;
    for (const Draft& draft : drafts_) {
      Weighed weighed = weigh(draft);
      if (weighed.net() > 0 && fits(draft) && (best == nullptr || weighed.net() > best_weighed.net())) {
        best = &draft;
        best_weighed = std::move(weighed);
      }
    }
    if (best == nullptr) {
      return;
    }
    accept(*best, std::move(best_weighed));
    taken += out_.proposals.back().size.count;
    const IndexDef def = best->def;
    std::erase_if(drafts_, [&](const Draft& draft) { return draft.def == def; });
  }
}

}  // namespace

void propose_unverified(const ProposalContext& context, const std::map<StatementId, StatementShape>& shapes,
                        const std::function<bool(const Table&)>& may_have, Advice& out) {
  Unverified unverified(context, out);
  unverified.find(shapes, may_have);
  unverified.read_plans();
  unverified.make_drafts();
  unverified.propose();
}

}  // namespace planwise

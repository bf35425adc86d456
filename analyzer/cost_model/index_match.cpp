#include <algorithm>

#include "analyzer/cost_model/scans.h"

namespace planwise::cost_model {
namespace {

constexpr double kArrayElements = 10;  // of an array parameter. Source: estimate_array_length()

// An expression less what the catalogue adds to it: lower((email)::text) is lower(email).
std::string bare(std::string_view expression) {
  std::string text;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const std::string_view rest = expression.substr(i);
    for (const std::string_view cast :
         {std::string_view("::text"), std::string_view("::character varying")}) {
      i += rest.starts_with(cast) ? cast.size() : 0;
    }
    if (i < expression.size() && expression[i] != '(' && expression[i] != ')' && expression[i] != ' ') {
      text += expression[i];
    }
  }
  return text;
}

enum class Bounding : std::uint8_t { kNot, kEquality, kRange };

class Matcher {
 public:
  Matcher(const IndexInfo& index, const ScanRequest& request, std::span<const Clause> clauses)
      : index_(index), request_(request), clauses_(clauses), used_(clauses.size(), false) {}

  std::optional<IndexMatch> match() {
    if (!predicate_holds()) {
      return std::nullopt;
    }
    match_keys();
    add_predicate();
    count_filters();
    match_.covering = covers();
    return std::move(match_);
  }

 private:
  [[nodiscard]] const Table& table() const { return *request_.unit.table; }

  bool predicate_holds() {
    std::vector<Predicate> given;
    for (const Clause& clause : clauses_) {
      given.push_back(clause.predicate);
    }
    std::vector<std::string> not_null = request_.unit.joined;
    for (const Bound& bound : request_.bounds) {
      not_null.push_back(bound.key);
    }
    return std::ranges::all_of(
        index_.predicate, [&](const Predicate& wanted) { return implies(given, not_null, wanted, table()); });
  }

  [[nodiscard]] static bool same_key(const IndexKey& key, const std::string& name) {
    return key.is_expression ? key.expression == name || bare(key.expression) == bare(name)
                             : key.expression == name;
  }

  [[nodiscard]] static bool by_pattern(const IndexKey& key) { return key.opclass.ends_with("_pattern_ops"); }

  // LIKE 'x%' is a range where the index is in byte order.
  [[nodiscard]] static bool has_prefix(const Clause& clause) {
    return clause.predicate.constants.size() == 1 && !clause.predicate.constants[0].empty() &&
           clause.predicate.constants[0][0] != '%' && clause.predicate.constants[0][0] != '_';
  }

  [[nodiscard]] static Bounding bounding(const Clause& clause, const IndexKey& key) {
    switch (clause.predicate.kind) {
      case PredicateKind::kEqual:
      case PredicateKind::kIn:
      case PredicateKind::kIsNull:
      case PredicateKind::kIsTrue:
      case PredicateKind::kIsFalse: return Bounding::kEquality;
      case PredicateKind::kRange: return by_pattern(key) ? Bounding::kNot : Bounding::kRange;
      case PredicateKind::kIsNotNull: return Bounding::kRange;
      case PredicateKind::kLike: return has_prefix(clause) ? Bounding::kRange : Bounding::kNot;
      default: return Bounding::kNot;
    }
  }

  void match_keys() {
    bool bounds_walk = true;  // equalities on all keys so far
    bool in_order = true;
    bool unique = index_.def.unique;
    for (const IndexKey& key : index_.def.keys) {
      const bool leading = &key == &index_.def.keys.front();
      const Bounding found = match_key(key, bounds_walk);
      if (bounds_walk) {
        match_.bounded = match_.bounded || found != Bounding::kNot;
      }
      unique = unique && pinned_;
      in_order = in_order && !by_pattern(key) && (!listed_ || leading);
      if (in_order && !pinned_) {
        in_order = add_order(key);
      }
      bounds_walk = bounds_walk && found == Bounding::kEquality;
    }
    match_.at_most_one = unique;
  }

  // Takes the conditions on one key.
  Bounding match_key(const IndexKey& key, bool bounds_walk) {
    Bounding found = Bounding::kNot;
    pinned_ = listed_ = false;
    for (const Bound& bound : request_.bounds) {
      if (same_key(key, bound.key)) {
        take(key, bound.share, bound.share, bounds_walk);
        match_.uses_bounds = match_.uses_bounds || bounds_walk;
        bound_keys_.push_back(bound.key);
        pinned_ = true;
        return Bounding::kEquality;
      }
    }
    for (std::size_t c = 0; c < clauses_.size(); ++c) {
      const Clause& clause = clauses_[c];
      const Bounding kind = same_key(key, clause.key) ? bounding(clause, key) : Bounding::kNot;
      if (kind == Bounding::kNot || used_[c] || found == Bounding::kEquality) {
        continue;
      }
      used_[c] = clause.predicate.kind != PredicateKind::kLike;
      const double share = used_[c] ? clause.share : clause.prefix_share;
      take(key, share, share, bounds_walk);
      match_.conditions += used_[c] ? 0 : 1;  // LIKE 'x%' becomes two bounds
      if (clause.predicate.kind == PredicateKind::kIn) {
        listed_ = true;
        match_.searches *= elements_of(clause.predicate);
      }
      pinned_ = kind == Bounding::kEquality && !listed_ && clause.predicate.kind != PredicateKind::kIsNull;
      found = kind;
    }
    return found;
  }

  [[nodiscard]] static double elements_of(const Predicate& predicate) {
    const auto listed = static_cast<double>(predicate.constants.size());
    return std::max({1.0, listed,
                     predicate.in_list_length > 0 ? predicate.in_list_length
                     : listed == 0                ? kArrayElements
                                                  : 0.0});
  }

  void take(const IndexKey& key, double share, double bounded_share, bool bounds_walk) {
    match_.share *= share;
    match_.bounded_share *= bounds_walk ? bounded_share : 1;
    ++match_.conditions;
    match_.condition += (match_.condition.empty() ? "" : ", ") + key.expression;
  }

  bool add_order(const IndexKey& key) {
    const auto found = std::ranges::find_if(request_.unit.keys,
                                            [&](const auto& entry) { return same_key(key, entry.first); });
    if (found == request_.unit.keys.end()) {
      return false;
    }
    if (!request_.block.fixed[static_cast<std::size_t>(found->second.key_class)]) {
      match_.order.push_back({found->second.key_class, key.descending, key.nulls_first});
    }
    return true;
  }

  // What the predicate keeps counts once, be it that the conditions on keys say as much. Source:
  // add_predicate_to_index_quals().
  void add_predicate() {
    implied_.resize(clauses_.size(), false);
    std::vector<Predicate> searched;
    for (std::size_t c = 0; c < clauses_.size(); ++c) {
      if (used_[c]) {
        searched.push_back(clauses_[c].predicate);
      }
    }
    for (const Predicate& condition : index_.predicate) {
      const std::string& name =
          condition.column.expression.empty() ? condition.column.column : condition.column.expression;
      double share = selectivity(condition, value_stats(table(), condition.column));
      const bool counted = implies(searched, bound_keys_, condition, table());
      for (std::size_t c = 0; c < clauses_.size(); ++c) {
        const bool same = clauses_[c].key == name && clauses_[c].predicate.kind == condition.kind;
        share = same ? clauses_[c].share : share;
        const Predicate& given = clauses_[c].predicate;
        const bool follows = clauses_[c].key == name && implies({&condition, 1}, {}, given, table());
        implied_[c] = implied_[c] || follows;
      }
      match_.share *= counted ? 1 : share;
      match_.bounded_share *= counted ? 1 : share;
      match_.restricted = true;
    }
  }

  void count_filters() {
    for (std::size_t c = 0; c < clauses_.size(); ++c) {
      if (!used_[c] && !implied_[c]) {
        ++match_.filters;
        match_.filter += (match_.filter.empty() ? "" : ", ") + clauses_[c].key;
      }
    }
    for (const Bound& bound : request_.bounds) {
      const bool in_index =
          std::ranges::any_of(index_.def.keys, [&](const IndexKey& key) { return same_key(key, bound.key); });
      match_.filters += in_index ? 0 : 1;
    }
    for (const Alternative& alternative : request_.unit.alternatives) {
      match_.filters += static_cast<int>(alternative.branches.size());
      match_.filter += "OR";
    }
  }

  [[nodiscard]] bool covers() const {
    if (request_.unit.all_columns) {
      return false;
    }
    const auto holds = [&](const std::string& column) {
      return std::ranges::find(index_.def.include, column) != index_.def.include.end() ||
             std::ranges::any_of(index_.def.keys, [&](const IndexKey& key) {
               return !key.is_expression && key.expression == column;
             });
    };
    for (std::size_t c = 0; c < clauses_.size(); ++c) {
      const ColumnUse& use = clauses_[c].predicate.column;
      if (!implied_[c] && !std::ranges::all_of(use.columns, holds)) {
        return false;
      }
    }
    return std::ranges::all_of(request_.unit.shown, holds);
  }

  const IndexInfo& index_;
  const ScanRequest& request_;
  std::span<const Clause> clauses_;
  std::vector<bool> used_;               // as an index condition
  std::vector<bool> implied_;            // by the index's predicate
  std::vector<std::string> bound_keys_;  // ScanRequest::bounds among the index conditions
  IndexMatch match_;
  bool pinned_ = false;  // the key at hand has one value
  bool listed_ = false;  // the key at hand is searched by an IN list
};

}  // namespace

std::optional<IndexMatch> match_index(const IndexInfo& index, const ScanRequest& request,
                                      std::span<const Clause> clauses) {
  return Matcher(index, request, clauses).match();
}

}  // namespace planwise::cost_model

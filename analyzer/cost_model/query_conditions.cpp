#include <algorithm>

#include "analyzer/cost_model/index_info.h"
#include "analyzer/cost_model/query_reader.h"

namespace planwise::cost_model {
namespace {

constexpr double kUnknownJoin = 0.005;  // of an equality of expressions over several units

bool is_guess(const Predicate& predicate) {
  const bool unknown = predicate.value == ValueKind::kParameter || predicate.value == ValueKind::kExpression;
  return (unknown && predicate.estimates.empty()) || predicate.value == ValueKind::kSubquery ||
         !predicate.column.expression.empty() || predicate.kind == PredicateKind::kOther ||
         predicate.kind == PredicateKind::kRegex || predicate.kind == PredicateKind::kContains ||
         predicate.kind == PredicateKind::kTextSearch;
}

}  // namespace

void QueryReader::read_predicates(int number) {
  Block& block = at(number);
  std::map<std::pair<int, int>, Alternative> ors;  // unit, group
  for (const Predicate& predicate : shape(number).predicates) {
    const ColumnUse& use = predicate.column;
    const bool by_join = predicate.value == ValueKind::kSubquery && predicate.kind == PredicateKind::kIn;
    if (!is_key(use)) {
      block.loose_share *= by_join ? 1 : kDefaultInequality;
      continue;
    }
    if (use.block != number || by_join || predicate.or_group >= 0) {
      note_columns(use);
    }
    if (use.block != number || by_join) {
      continue;
    }
    Unit& of = unit(number, use.relation);
    Clause clause{.predicate = of.table != nullptr ? plain(predicate, *of.table) : predicate,
                  .key = key_of(use)};
    const ValueStats values = note_key(number, use).values;
    clause.share = selectivity(clause.predicate, values);
    clause.guessed = is_guess(clause.predicate);
    if (clause.predicate.kind == PredicateKind::kLike) {
      clause.prefix_share = std::max(clause.share, prefix_selectivity(clause.predicate, values));
    }
    if (predicate.or_group < 0) {
      of.clauses.push_back(std::move(clause));
      continue;
    }
    auto& branches = ors[{use.relation, predicate.or_group}].branches;
    branches.resize(std::max(branches.size(), static_cast<std::size_t>(predicate.or_branch) + 1));
    branches[static_cast<std::size_t>(predicate.or_branch)].push_back(std::move(clause));
  }
  for (Unit& of : block.units) {
    pair_ranges(of);
  }
  for (auto& [place, alternative] : ors) {
    close_or(number, place.first, place.second, std::move(alternative));
  }
}

void QueryReader::pair_ranges(Unit& of) {
  for (std::size_t i = 0; i < of.clauses.size(); ++i) {
    for (std::size_t j = i + 1; j < of.clauses.size(); ++j) {
      Clause& one = of.clauses[i];
      Clause& other = of.clauses[j];
      if (are_range(one.predicate, other.predicate) && one.share < 1 && other.share < 1) {
        one.share = range_selectivity(one.predicate, one.share, other.predicate, other.share,
                                      of.keys.at(one.key).values);
        one.guessed = one.guessed || other.guessed;
        other.share = 1;
      }
    }
  }
}

// An OR over several units keeps its rows only once they are joined: then its parts bind no unit.
void QueryReader::close_or(int number, int unit_number, int group, Alternative alternative) {
  const bool alone = std::ranges::all_of(shape(number).predicates, [&](const Predicate& predicate) {
    return predicate.or_group != group || predicate.column.relation == unit_number;
  });
  double missed = 1;
  for (const std::vector<Clause>& branch : alternative.branches) {
    double share = branch.empty() ? 0 : 1;
    for (const Clause& clause : branch) {
      share *= clause.share;
    }
    missed *= 1 - share;
  }
  alternative.share = 1 - missed;
  if (alone) {
    unit(number, unit_number).alternatives.push_back(std::move(alternative));
  }
}

void QueryReader::read_joins(int number) {
  const QueryBlock& source = shape(number);
  Block& block = at(number);
  for (const JoinPredicate& join : source.joins) {
    note_columns(join.left);
    note_columns(join.right);
    if (!is_key(join.left) || !is_key(join.right)) {
      block.loose_share *= join.equality ? kUnknownJoin : kDefaultInequality;
    } else if (join.left.block == number && join.right.block == number) {
      read_join(number, join);
    } else if (join.left.block == number) {
      read_correlation(number, join.left, join.right, join);
    } else if (join.right.block == number) {
      read_correlation(number, join.right, join.left, join);
    }
  }
  const bool in = source.use == SubqueryUse::kIn && joined_.contains(number);
  if (in && source.output.size() == 1 && is_key(source.output[0]) && is_key(source.in_column) &&
      source.output[0].block == number) {
    read_correlation(number, source.output[0], source.in_column, {});
  } else if (in) {
    auto& [parent, semi] = joined_.at(number);
    unit(parent, semi).needs = 0;
    at(parent).loose_share *= 0.5;
  }
}

void QueryReader::read_join(int number, const JoinPredicate& join) {
  if (join.equality) {
    (void)note_key(number, join.left);
    (void)note_key(number, join.right);
    unite(number, {join.left.relation, key_of(join.left)}, {join.right.relation, key_of(join.right)});
    return;
  }
  const UnitSet units = (UnitSet{1} << join.left.relation) | (UnitSet{1} << join.right.relation);
  const bool differs = join.op == "<>" || join.op == "!=";
  at(number).loose.push_back({units, differs ? 1 - kDefaultEqual : kDefaultInequality});
}

// `inner` is of the block, `outer` of a block around it.
void QueryReader::read_correlation(int number, const ColumnUse& inner, const ColumnUse& outer,
                                   const JoinPredicate& join) {
  const Key key = note_key(number, inner);
  if (!join.equality) {
    Clause clause{.predicate = {.column = inner, .kind = PredicateKind::kRange, .op = join.op},
                  .key = key_of(inner),
                  .share = kDefaultInequality};
    clause.predicate.value = ValueKind::kExpression;
    unit(number, inner.relation).clauses.push_back(std::move(clause));
    return;
  }
  unit(number, inner.relation).joined.push_back(key_of(inner));
  at(number).bindings.push_back({inner.relation, key_of(inner), equal_to_any(key.values)});
  const auto found = joined_.find(number);
  if (found == joined_.end() || outer.block != found->second.first) {
    return;
  }
  const auto [parent, semi] = found->second;
  (void)note_key(parent, outer);
  const std::string name =
      shape(number).relations[static_cast<std::size_t>(inner.relation)].alias + "." + key_of(inner);
  unit(parent, semi).keys[name].values = key.values;
  unite(parent, {outer.relation, key_of(outer)}, {semi, name});
  unit(parent, semi).needs |= UnitSet{1} << outer.relation;
}

void QueryReader::unite(int block, const Place& left, const Place& right) {
  united_[block].emplace_back(left, right);
  for (const Place& place : {left, right}) {
    unit(block, place.first).joined.push_back(place.second);
  }
}

}  // namespace planwise::cost_model

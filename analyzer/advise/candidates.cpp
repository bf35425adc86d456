#include "analyzer/advise/candidates.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "analyzer/advise/index_keys.h"
#include "analyzer/advise/redundancy.h"

namespace planwise {
namespace {

// Of all included columns together: see kMaxPayloadColumns.
constexpr std::int64_t kMaxPayloadBytes = 96;
// Share of all-visible pages below which index-only scans read most rows from the heap all the same.
constexpr double kLeastVisible = 0.5;
// A partial index over most of the table is hardly smaller than a whole one and serves fewer statements.
constexpr double kLargestFraction = 0.9;
// A key that most rows share finds nothing: `deleted_at IS NULL` belongs in a predicate or nowhere.
constexpr double kIdleKey = 0.5;

double distinct_of(const IndexKey& key, const Table& table) {
  const Column* column = key.is_expression ? nullptr : table.find_column(key.expression);
  return column != nullptr && column->stats ? column->stats->distinct : 0;
}

// A B-tree is read backward as well: the first ordered key is made ascending, so that orders that mirror each
// other become one candidate.
Keys forward(Keys order) {
  if (!order.empty() && order.front().descending) {
    for (IndexKey& key : order) {
      key.descending = !key.descending;
      key.nulls_first = !key.nulls_first;
    }
  }
  return order;
}

// Whether an index-only scan seldom has to look at the heap. A new index finds the visibility map as it is
// now: where VACUUM seldom comes or updates keep clearing it, payload is ballast. Known only of a table with
// pages. Source: https://www.postgresql.org/docs/current/indexes-index-only-scans.html
bool is_mostly_visible(const Table& table) {
  return table.pages <= 0 ||
         static_cast<double>(table.all_visible_pages) >= kLeastVisible * static_cast<double>(table.pages);
}

// Whether keys that are all pinned find at most one row through an existing unique index.
bool is_unique_lookup(const Keys& pinned, const Table& table) {
  return std::ranges::any_of(table.indexes, [&](const Index& index) {
    return index.valid && index.def.unique && index.def.predicate.empty() &&
           std::ranges::all_of(index.def.keys, [&](const IndexKey& key) { return has_key(pinned, key); });
  });
}

class Generator {
 public:
  Generator(const AccessPattern& pattern, const KeyShares& shares, Engine engine, int max_width,
            std::size_t limit)
      : pattern_(pattern),
        table_(*pattern.table),
        engine_(engine),
        width_(static_cast<std::size_t>(max_width)),
        limit_(limit) {
    if (const auto at = shares.find(table_.name); at != shares.end()) {
      shares_ = &at->second;
    }
  }

  std::vector<Candidate> generate() {
    if (is_unique_lookup(pattern_.pinned, table_)) {
      return {};
    }
    for (const IndexKey& key : pattern_.pinned) {
      if (nearly_unique_expression(key, table_)) {
        Candidate alone;
        alone.def.table = table_.name;
        alone.def.keys = {key};
        keep(std::move(alone));
        return std::move(out_);
      }
    }
    for (const std::vector<PartialCondition>& conditions : condition_sets()) {
      for (const Keys& head : heads(conditions)) {
        for (const Keys& tail : tails()) {
          emit(joined(head, tail), conditions);
        }
      }
    }
    if (out_.size() > limit_) {
      out_.resize(limit_);
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] int shares_of(const IndexKey& key) const {
    if (shares_ == nullptr) {
      return 0;
    }
    const auto at = shares_->find(key.expression);
    return at == shares_->end() ? 0 : at->second;
  }

  [[nodiscard]] Keys ordered(Keys keys) const {
    std::ranges::sort(keys, [&](const IndexKey& left, const IndexKey& right) {
      const auto rank = [&](const IndexKey& key) {
        return std::tuple(-shares_of(key), -distinct_of(key, table_), key.expression);
      };
      return rank(left) < rank(right);
    });
    return keys;
  }

  // None, all together, and each by itself.
  [[nodiscard]] std::vector<std::vector<PartialCondition>> condition_sets() const {
    std::vector<std::vector<PartialCondition>> sets(1);
    std::vector<PartialCondition> usable;
    for (const PartialCondition& condition : pattern_.conditions) {
      if (condition.fraction <= kLargestFraction) {
        usable.push_back(condition);
      }
    }
    std::ranges::sort(usable, {}, &PartialCondition::text);
    if (usable.size() > 1) {
      sets.push_back(usable);
    }
    for (const PartialCondition& condition : usable) {
      sets.push_back({condition});
    }
    return sets;
  }

  [[nodiscard]] std::vector<Keys> heads(const std::vector<PartialCondition>& conditions) const {
    Keys pinned = pattern_.pinned;
    std::erase_if(pinned, [&](const IndexKey& key) {
      const auto settles = [&](const PartialCondition& condition) {
        return condition.pins && !key.is_expression && condition.column == key.expression;
      };
      return std::ranges::any_of(conditions, settles) ||
             std::ranges::any_of(pattern_.conditions, [&](const PartialCondition& condition) {
               return settles(condition) && condition.fraction > kIdleKey;
             });
    });
    pinned = ordered(std::move(pinned));
    std::vector<Keys> heads;
    for (const Keys& join : pattern_.joined) {
      if (is_unique_lookup(join, table_)) {
        continue;
      }
      const Keys keys = ordered(join);
      heads.push_back(joined(pinned, keys));
      heads.push_back(joined(keys, pinned));
      heads.push_back(keys);
    }
    if (pattern_.joined.size() == 2) {
      heads.push_back(joined(ordered(pattern_.joined[0]), ordered(pattern_.joined[1])));
      heads.push_back(joined(ordered(pattern_.joined[1]), ordered(pattern_.joined[0])));
    }
    heads.push_back(pinned);
    // Widening an index that exists is cheaper to keep than a second one beside it.
    for (const Index& index : table_.indexes) {
      Keys lead;
      for (const IndexKey& key : index.def.keys) {
        if (!has_key(pinned, key) || !index.def.predicate.empty() ||
            index.def.method != IndexMethod::kBtree) {
          break;
        }
        lead.push_back(key);
      }
      if (!lead.empty()) {
        heads.push_back(joined(lead, pinned));
      }
    }
    return heads;
  }

  [[nodiscard]] std::vector<Keys> tails() const {
    std::vector<Keys> tails;
    const Keys order = forward(pattern_.order);
    if (!order.empty()) {
      for (const IndexKey& range : pattern_.ranges) {
        tails.push_back(joined(order, {range}));
      }
      tails.push_back(order);
    }
    for (const IndexKey& range : pattern_.ranges) {
      tails.push_back(joined({range}, pattern_.ranges));
      tails.push_back({range});
    }
    if (!pattern_.grouped.empty()) {
      tails.push_back(pattern_.grouped);
      tails.push_back(ordered(pattern_.grouped));
    }
    for (const IndexKey& extreme : pattern_.extremes) {
      tails.push_back({extreme});
    }
    tails.emplace_back();
    return tails;
  }

  // The columns an index-only scan needs beside the keys; nullopt where none is possible or they are too
  // wide.
  [[nodiscard]] std::optional<std::vector<std::string>> payload(
      const IndexDef& def, const std::vector<PartialCondition>& conditions) const {
    if (pattern_.all_columns || engine_ != Engine::kPostgres || !is_mostly_visible(table_)) {
      return std::nullopt;
    }
    std::vector<std::string> columns;
    std::int64_t width = 0;
    for (const std::string& name : pattern_.columns) {
      const auto is_it = [&](const IndexKey& key) { return !key.is_expression && key.expression == name; };
      // What the predicate says of a column need not be looked up, unless the statement shows the column.
      const auto says = [&](const PartialCondition& condition) { return condition.column == name; };
      const bool settled = std::ranges::any_of(conditions, says) && !pattern_.shown.contains(name);
      if (settled || std::ranges::any_of(def.keys, is_it)) {
        continue;
      }
      const Column* column = table_.find_column(name);
      if (column == nullptr || !column->stats) {
        return std::nullopt;
      }
      width += column->stats->average_width.count;
      columns.push_back(name);
    }
    const bool fits = columns.size() <= kMaxPayloadColumns && width <= kMaxPayloadBytes;
    return fits ? std::optional(std::move(columns)) : std::nullopt;
  }

  void emit(Keys keys, const std::vector<PartialCondition>& conditions) {
    keys.resize(std::min(keys.size(), width_));
    if (keys.empty()) {
      // The column its predicate pins, equal in all entries, is the smallest key; a merge may drop the
      // predicate.
      const Column* pinned = conditions.empty() ? nullptr : table_.find_column(conditions.front().column);
      if (pinned == nullptr || !conditions.front().pins || !is_indexable(*pinned, engine_)) {
        return;
      }
      keys.push_back({.expression = conditions.front().column});
    }
    Candidate candidate;
    candidate.def.table = table_.name;
    candidate.def.keys = std::move(keys);
    for (const PartialCondition& condition : conditions) {
      candidate.def.predicate += candidate.def.predicate.empty() ? condition.text : " AND " + condition.text;
      candidate.fraction *= condition.fraction;
    }
    if (auto columns = payload(candidate.def, conditions); columns && !columns->empty()) {
      Candidate covering = candidate;
      covering.def.include = *std::move(columns);
      keep(std::move(covering));
    }
    keep(std::move(candidate));
  }

  void keep(Candidate candidate) {
    if (!exists(candidate.def, table_) && seen_.insert(candidate.def).second) {
      out_.push_back(std::move(candidate));
    }
  }

  const AccessPattern& pattern_;
  const Table& table_;
  const Engine engine_;
  const std::size_t width_;
  const std::size_t limit_;
  const std::map<std::string, int>* shares_ = nullptr;
  std::set<IndexDef> seen_;
  std::vector<Candidate> out_;
};

}  // namespace

KeyShares count_keys(const std::vector<std::vector<AccessPattern>>& patterns) {
  KeyShares shares;
  for (const std::vector<AccessPattern>& statement : patterns) {
    for (const AccessPattern& pattern : statement) {
      std::map<std::string, int>& counts = shares[pattern.table->name];
      for (const IndexKey& key : pattern.pinned) {
        ++counts[key.expression];
      }
    }
  }
  return shares;
}

std::vector<Candidate> candidates_for(const AccessPattern& pattern, const KeyShares& shares, Engine engine,
                                      int max_width, std::size_t limit) {
  return Generator(pattern, shares, engine, max_width, limit).generate();
}

bool exists(const IndexDef& def, const Table& table) {
  return std::ranges::any_of(table.indexes, [&](const Index& index) {
    return index.valid && index.visible && covered_by(in_spelling_of(def, index.def), index.def).has_value();
  });
}

}  // namespace planwise

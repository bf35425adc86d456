#include <algorithm>
#include <array>
#include <string_view>

#include "analyzer/cost_model/query_reader.h"

namespace planwise::cost_model {

void QueryReader::read_sorting(int number) {
  const QueryBlock& source = shape(number);
  Block& block = at(number);
  for (const auto* list : {&source.output, &source.others}) {
    std::ranges::for_each(*list, [&](const ColumnUse& use) { note_columns(use); });
  }
  const auto is_own = [&](const ColumnUse& use) { return is_key(use) && use.block == number; };
  for (const OrderItem& item : source.order_by) {
    note_columns(item.column);
    if (is_own(item.column)) {
      (void)note_key(number, item.column);
    }
  }
  const std::vector<ColumnUse>& groups = groups_of(source);
  block.grouped = !groups.empty() || source.distinct;
  for (const ColumnUse& use : groups) {
    note_columns(use);
    const bool own = is_own(use);
    block.group_values.emplace_back(own ? use.relation : -1,
                                    own ? note_key(number, use).values.distinct() : kDefaultDistinct);
  }
  read_extreme(number);
}

// min() and max() of one column of one table, and nothing else.
void QueryReader::read_extreme(int number) {
  const QueryBlock& source = shape(number);
  static constexpr std::array<std::string_view, 2> kExtremes{"max", "min"};
  static constexpr std::array<std::string_view, 6> kOthers{"count",     "sum",        "avg",
                                                           "array_agg", "string_agg", "jsonb_agg"};
  const auto calls = [&](std::string_view name) {
    return std::ranges::find(shape_.functions, name) != shape_.functions.end();
  };
  if (source.has_aggregate && source.group_by.empty() && source.output.empty() && source.others.size() == 1 &&
      at(number).units.size() == 1 && is_key(source.others[0]) && source.others[0].block == number &&
      std::ranges::any_of(kExtremes, calls) && std::ranges::none_of(kOthers, calls)) {
    (void)note_key(number, source.others[0]);
    at(number).extreme = {source.others[0].relation, key_of(source.others[0])};
  }
}

const std::vector<ColumnUse>& QueryReader::groups_of(const QueryBlock& source) {
  return !source.group_by.empty()      ? source.group_by
         : !source.distinct_on.empty() ? source.distinct_on
         : source.distinct             ? source.output
                                       : source.distinct_on;
}

// Every key gets the number of its class: that of the smallest place it is equal to.
void QueryReader::number_classes(int number) {
  Block& block = at(number);
  std::map<Place, int> classes;
  for (int u = 0; u < static_cast<int>(block.units.size()); ++u) {
    for (const auto& [key, entry] : unit(number, u).keys) {
      const int next = static_cast<int>(classes.size());
      classes.emplace(Place{u, key}, next);
    }
  }
  for (const auto& [left, right] : united_[number]) {
    const int from = std::max(classes[left], classes[right]);
    const int to = std::min(classes[left], classes[right]);
    for (auto& [place, key_class] : classes) {
      key_class = key_class == from ? to : key_class;
    }
  }
  for (const auto& [place, key_class] : classes) {
    unit(number, place.first).keys[place.second].key_class = key_class;
  }
  block.fixed.assign(classes.size(), false);
  const auto class_of = [&](const ColumnUse& use) {
    const auto found = use.block == number ? classes.find({use.relation, key_of(use)}) : classes.end();
    return found == classes.end() ? -1 : found->second;
  };
  for (const OrderItem& item : shape(number).order_by) {
    block.order.push_back({class_of(item.column), item.descending, item.nulls_first});
  }
  for (const ColumnUse& use : groups_of(shape(number))) {
    block.groups.push_back({class_of(use)});
  }
}

// What equals a constant in one unit does so in all that are joined by it.
void QueryReader::spread_constants(Block& block) {
  for (std::size_t u = 0; u < block.units.size(); ++u) {
    const std::vector<Clause> clauses = block.units[u].clauses;
    for (const Clause& clause : clauses) {
      const PredicateKind kind = clause.predicate.kind;
      const auto key = block.units[u].keys.find(clause.key);
      const bool pins =
          kind == PredicateKind::kEqual || kind == PredicateKind::kIsTrue || kind == PredicateKind::kIsFalse;
      if (!pins || key == block.units[u].keys.end()) {
        continue;
      }
      const int key_class = key->second.key_class;
      const bool known = block.fixed[static_cast<std::size_t>(key_class)];
      block.fixed[static_cast<std::size_t>(key_class)] = true;
      for (std::size_t v = 0; v < block.units.size() && !known && kind == PredicateKind::kEqual; ++v) {
        if (v != u) {
          copy_clause(clause, key_class, block.units[v]);
        }
      }
    }
  }
  for (const Binding& binding : block.bindings) {
    const Unit& unit = block.units[static_cast<std::size_t>(binding.unit)];
    block.fixed[static_cast<std::size_t>(unit.keys.at(binding.key).key_class)] = true;
  }
}

void QueryReader::copy_clause(const Clause& clause, int key_class, Unit& to) {
  for (const auto& [name, key] : to.keys) {
    if (key.key_class == key_class && to.kind == UnitKind::kTable && !to.nullable) {
      Clause copy = clause;
      copy.key = name;
      copy.predicate.column = {.column = name, .columns = {name}};
      copy.share = selectivity(copy.predicate, key.values);
      to.clauses.push_back(std::move(copy));
    }
  }
}

// A nullable unit comes after those it is joined to.
void QueryReader::set_needs(Block& block) {
  for (std::size_t u = 0; u < block.units.size(); ++u) {
    Unit& unit = block.units[u];
    for (std::size_t v = 0; v < block.units.size() && unit.nullable; ++v) {
      const bool earlier = v < u || !block.units[v].nullable;
      const bool joined = std::ranges::any_of(unit.keys, [&](const auto& key) {
        return std::ranges::any_of(block.units[v].keys, [&](const auto& other) {
          return other.second.key_class == key.second.key_class;
        });
      });
      unit.needs |= v != u && earlier && joined ? UnitSet{1} << v : 0;
    }
  }
}

Result<void> QueryReader::check_statistics() const {
  for (const Block& block : query_.blocks) {
    for (const Unit& unit : block.units) {
      if (unit.table == nullptr || unit.table->rows->count < 1) {
        continue;
      }
      for (const auto& [key, entry] : unit.keys) {
        const Column* column = unit.table->find_column(key);
        if (column != nullptr && !column->stats) {
          return Error{ErrorCode::kUnsupported,
                       "no statistics on column " + key + " of " + unit.table->name.table};
        }
      }
    }
  }
  return {};
}

void QueryReader::set_widths() {
  for (Block& block : query_.blocks) {
    for (Unit& unit : block.units) {
      double width = 0;
      for (const std::string& name : unit.shown) {
        const Column* column = unit.table == nullptr ? nullptr : unit.table->find_column(name);
        width +=
            column != nullptr && column->stats ? static_cast<double>(column->stats->average_width.count) : 8;
      }
      unit.width = std::max(4.0, width);
    }
  }
}

}  // namespace planwise::cost_model

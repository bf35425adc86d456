#include "analyzer/model/schema.h"

#include <algorithm>
#include <array>

namespace planwise {

std::string_view to_string(IndexMethod method) noexcept {
  static constexpr std::array<std::string_view, 9> kNames{"btree", "hash",     "gin",     "gist", "spgist",
                                                          "brin",  "fulltext", "spatial", "other"};
  return kNames.at(static_cast<std::size_t>(method));
}

const Column* Table::find_column(std::string_view column) const {
  const auto at = std::ranges::find(columns, column, &Column::name);
  return at == columns.end() ? nullptr : &*at;
}

const Index* Table::find_index(std::string_view index) const {
  const auto at = std::ranges::find(indexes, index, &Index::name);
  return at == indexes.end() ? nullptr : &*at;
}

const Table* Schema::find(const TableName& name) const {
  const auto at = std::ranges::lower_bound(tables, name, {}, &Table::name);
  return at != tables.end() && at->name == name ? &*at : nullptr;
}

const Table* Schema::resolve(std::string_view schema, std::string_view table) const {
  if (!schema.empty()) {
    return find({std::string(schema), std::string(table)});
  }
  for (const std::string& place : search_path) {
    if (const Table* found = find({place, std::string(table)}); found != nullptr) {
      return found;
    }
  }
  return nullptr;
}

const Table& Schema::root_of(const Table& table) const {
  const Table* at = &table;
  for (int depth = 0; depth < 32 && at->partition_of; ++depth) {
    const Table* parent = find(*at->partition_of);
    if (parent == nullptr) {
      break;
    }
    at = parent;
  }
  return *at;
}

}  // namespace planwise

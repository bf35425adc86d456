#include "analyzer/advise/inverted_searches.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "analyzer/sql/immutable.h"
#include "analyzer/sql/pull_up.h"

namespace planwise {
namespace {

template <std::size_t kCount>
bool one_of(std::string_view text, const std::array<std::string_view, kCount>& list) {
  return std::ranges::find(list, text) != list.end();
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80U;
}

constexpr std::size_t kTrigram = 3;

// The longest run of letters and digits that every match of a LIKE pattern contains.
std::size_t literal_run(std::string_view pattern) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool escaped = pattern[i] == '\\' && i + 1 < pattern.size();
    i += escaped ? 1 : 0;
    run = is_letter_or_digit(pattern[i]) ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// The same of a regular expression, from below: of alternatives the shortest, nothing inside brackets,
// nothing that a quantifier may leave out.
std::size_t literal_run_of_regex(std::string_view pattern) {
  std::size_t least = std::string_view::npos;
  std::size_t longest = 0;
  std::size_t run = 0;
  int brackets = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\') {
      ++i;
      run = 0;
    } else if (c == '[' || c == '(' || c == '{') {
      ++brackets;
      run = c == '{' && run > 0 ? run - 1 : 0;
    } else if (c == ']' || c == ')' || c == '}') {
      --brackets;
      run = 0;
    } else if (c == '|' && brackets == 0) {
      least = std::min(least, longest);
      longest = 0;
      run = 0;
    } else if (c == '?' || c == '*') {
      run = 0;
    } else if (is_letter_or_digit(c) && brackets == 0) {
      ++run;
      const bool optional =
          i + 1 < pattern.size() && (pattern[i + 1] == '?' || pattern[i + 1] == '*' || pattern[i + 1] == '{');
      longest = std::max(longest, optional ? run - 1 : run);
    } else {
      run = 0;
    }
  }
  return std::min(least, longest);
}

class Finder {
 public:
  Finder(StatementShape shape, const Snapshot& snapshot) : shape_(std::move(shape)), snapshot_(snapshot) {}

  std::vector<InvertedSearch> find() const {
    std::vector<InvertedSearch> searches;
    for (const QueryBlock& block : shape_.blocks) {
      std::map<int, std::map<int, const Predicate*>>
          branches;  // by OR: one condition a branch that is served
      for (const Predicate& predicate : block.predicates) {
        if (predicate.or_group >= 0) {
          if (condition_of(predicate)) {
            branches[predicate.or_group].emplace(predicate.or_branch, &predicate);
          }
        } else if (auto condition = condition_of(predicate)) {
          searches.push_back({.table = table_of(predicate.column), .any_of = {*std::move(condition)}});
        }
      }
      for (const auto& [group, served] : branches) {
        add_or(block, group, served, searches);
      }
    }
    return searches;
  }

 private:
  [[nodiscard]] const Table* table_of(const ColumnUse& use) const {
    if (use.block < 0 || use.relation < 0) {
      return nullptr;
    }
    const Relation& relation =
        shape_.blocks[static_cast<std::size_t>(use.block)].relations[static_cast<std::size_t>(use.relation)];
    const Table* table = relation.table ? snapshot_.schema.find(*relation.table) : nullptr;
    return table == nullptr ? nullptr : &snapshot_.schema.root_of(*table);
  }

  // Every branch must be served, or the table is read to the end for the one that is not.
  void add_or(const QueryBlock& block, int group, const std::map<int, const Predicate*>& served,
              std::vector<InvertedSearch>& searches) const {
    std::map<int, bool> all;
    for (const Predicate& predicate : block.predicates) {
      if (predicate.or_group == group) {
        all[predicate.or_branch] = true;
      }
    }
    InvertedSearch search;
    for (const auto& [branch, predicate] : served) {
      const Table* table = table_of(predicate->column);
      if (search.table != nullptr && search.table != table) {
        return;
      }
      search.table = table;
      search.any_of.push_back(*condition_of(*predicate));
    }
    if (all.size() == served.size()) {
      searches.push_back(std::move(search));
    }
  }

  [[nodiscard]] std::optional<InvertedCondition> condition_of(const Predicate& predicate) const {
    const Table* table = table_of(predicate.column);
    const Column* column = table == nullptr ? nullptr : table->find_column(predicate.column.column);
    const bool compares = predicate.value == ValueKind::kParameter ||
                          predicate.value == ValueKind::kConstant ||
                          predicate.value == ValueKind::kExpression;
    if (column == nullptr || !compares) {
      return std::nullopt;
    }
    const std::string& expression = predicate.column.expression;
    InvertedCondition condition{.key = {.expression = expression.empty() ? column->name : expression,
                                        .is_expression = !expression.empty()},
                                .column = column,
                                .op = predicate.op};
    if (!expression.empty() && immutability(expression, *table) != Immutability::kYes) {
      return std::nullopt;
    }
    const bool found = as_jsonb(predicate, *column, condition) || as_array(predicate, *column, condition) ||
                       as_text_search(predicate, *column, condition) ||
                       as_trigrams(predicate, *column, condition);
    return found ? std::optional(std::move(condition)) : std::nullopt;
  }

  static bool as_jsonb(const Predicate& predicate, const Column& column, InvertedCondition& out) {
    static constexpr std::array<std::string_view, 6> kServed{"@>", "?", "?|", "?&", "@?", "@@"};
    static constexpr std::array<std::string_view, 3> kByPath{"@>", "@?", "@@"};
    const std::string& expression = out.key.expression;
    const bool is_part =
        !out.key.is_expression ||
        (predicate.column.function.empty() && predicate.column.cast.empty() &&
         expression.find(">>") == std::string::npos && expression.find("::") == std::string::npos);
    if (column.base_type != "jsonb" || !is_part || !one_of(predicate.op, kServed)) {
      return false;
    }
    out.kind = EntryKind::kKeysValues;
    out.any_class = one_of(predicate.op, kByPath);
    out.search_entries = 2;
    return true;
  }

  bool as_array(const Predicate& predicate, const Column& column, InvertedCondition& out) const {
    static constexpr std::array<std::string_view, 2> kServed{"@>", "&&"};
    if (!column.base_type.starts_with('_') || out.key.is_expression || !one_of(predicate.op, kServed)) {
      return false;
    }
    // intarray brings operators of its own for integer[], which the default operator class does not know.
    if (column.base_type == "_int4" && snapshot_.server.extensions.contains("intarray")) {
      out.key.opclass = opclass_name(snapshot_, "intarray", "gin__int_ops");
    }
    out.kind = EntryKind::kElements;
    out.search_entries = 2;
    return true;
  }

  static bool as_text_search(const Predicate& predicate, const Column& column, InvertedCondition& out) {
    const bool is_vector = !out.key.is_expression && column.base_type == "tsvector";
    const bool makes_vector =
        out.key.is_expression &&
        (predicate.column.function == "to_tsvector" || predicate.column.function == "pg_catalog.to_tsvector");
    if (predicate.op != "@@" || (!is_vector && !makes_vector)) {
      return false;
    }
    out.kind = EntryKind::kWords;
    out.search_entries = 2;
    return true;
  }

  bool as_trigrams(const Predicate& predicate, const Column& column, InvertedCondition& out) const {
    static constexpr std::array<std::string_view, 9> kServed{"~~", "~~*", "~",   "~*", "%",
                                                             "<%", "%>",  "<<%", "%>>"};
    static constexpr std::array<std::string_view, 4> kKeepsText{"lower", "upper", "btrim", "coalesce"};
    const bool is_text = column.base_type == "text" || column.base_type == "varchar";
    const bool keeps_text = !out.key.is_expression || one_of(predicate.column.function, kKeepsText);
    if (!is_text || !keeps_text || !one_of(predicate.op, kServed) ||
        !snapshot_.server.extensions.contains("pg_trgm")) {
      return false;
    }
    const bool is_regex = predicate.op == "~" || predicate.op == "~*";
    const bool is_like = predicate.op == "~~" || predicate.op == "~~*";
    const auto too_short = [&](const std::string& pattern) {
      return (is_regex ? literal_run_of_regex(pattern) : literal_run(pattern)) < kTrigram;
    };
    if ((is_regex || is_like) && std::ranges::any_of(predicate.constants, too_short)) {
      return false;
    }
    constexpr double kOfUnknown = 4;
    out.search_entries = kOfUnknown;
    if (!predicate.constants.empty()) {
      out.search_entries =
          std::max<double>(1, static_cast<double>(trigrams_of(predicate.constants.front()).size()) - 2);
    }
    out.kind = EntryKind::kTrigrams;
    out.key.opclass = opclass_name(snapshot_, "pg_trgm", "gin_trgm_ops");
    return true;
  }

  const StatementShape shape_;
  const Snapshot& snapshot_;
};

}  // namespace

std::vector<InvertedSearch> inverted_searches(const StatementShape& shape, const Snapshot& snapshot) {
  const bool reads = shape.parsed && snapshot.server.engine == Engine::kPostgres;
  return reads ? Finder(pulled_up(shape, snapshot.schema), snapshot).find() : std::vector<InvertedSearch>{};
}

std::string opclass_name(const Snapshot& snapshot, const std::string& extension, const std::string& opclass) {
  const auto at = snapshot.server.extension_schemas.find(extension);
  const std::vector<std::string>& path = snapshot.schema.search_path;
  const bool visible = at == snapshot.server.extension_schemas.end() || at->second == "pg_catalog" ||
                       std::ranges::find(path, at->second) != path.end();
  return visible ? opclass : at->second + "." + opclass;
}

}  // namespace planwise

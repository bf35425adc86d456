// Conditions as MySQL and MariaDB print them in plans.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "analyzer/explain/explain.h"
#include "analyzer/model/plan.h"

namespace planwise::explain {

// For display: literals masked unless kept, and a sub-query that MySQL prints in full shortened to
// "(select #2)" either way.
[[nodiscard]] std::string shown_condition(std::string_view condition, PlanLiterals literals);

// The same for a range of index keys ("'2024-01-01' <= created_at"), where the server puts quotes around a
// text without escaping those in it.
[[nodiscard]] std::string shown_range(std::string_view range, PlanLiterals literals);

// "(a) and (b)", or the one that is not empty.
[[nodiscard]] std::string both(std::string first, const std::string& second);

// A name as it is meant: without its quotes, doubled ones undone.
[[nodiscard]] std::string plain_name(std::string_view token);

// What stands before a dot and a name: aliases, and schemas before them.
[[nodiscard]] std::set<std::string, std::less<>> qualifiers_in(std::string_view condition);

// The schemas of a plan whose tables come by alias only. Conditions and references name them by the way.
// Not thread-safe.
class SchemaNames {
 public:
  void see_condition(std::string_view condition);
  void see_reference(std::string_view reference);  // "shop.c.id"
  // Fills in the schema of tables in the tree where all mentions of their alias agree.
  void fill_in(PlanNode& root) const;

 private:
  void add(std::string_view schema, std::string_view alias);
  std::map<std::string, std::set<std::string>, std::less<>> schemas_;  // by alias
};

}  // namespace planwise::explain

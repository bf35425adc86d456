// What the readers of statements ask of a dialect, where parse trees alone do not tell.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/model/engine.h"
#include "analyzer/sql/parse_tree.h"

namespace planwise {

struct Dialect {
  Engine engine = Engine::kPostgres;
  // An expression as the engine takes it in CREATE INDEX; nullopt for what no index holds.
  std::optional<std::string> (*deparse)(const parse_tree::Node& node) = nullptr;
  // The type that a TypeName names, as the engine spells it.
  std::string (*type_text)(const parse_tree::Node& type_name) = nullptr;
  // Whether a function of this name (lower case) aggregates rows.
  bool (*is_aggregate)(std::string_view function) = nullptr;
};

[[nodiscard]] const Dialect& postgres_dialect();
// For MySQL and MariaDB.
[[nodiscard]] const Dialect& mysql_dialect();

}  // namespace planwise

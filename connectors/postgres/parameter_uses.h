// Where a statement uses its parameters: which column each is compared with, and how.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/model/schema.h"
#include "connectors/postgres/parse_tree.h"

namespace planwise::pg {

enum class UseKind : std::uint8_t {
  kOther,  // anywhere else: output, arithmetic, an assignment
  kEqual,  // column = $1, column IN ($1, ...), a VALUES list compared with it
  kNotEqual,
  kGreater,  // column > $1 or >= $1
  kLess,     // column < $1 or <= $1
  kArray,    // column = ANY ($1)
  kLike,     // LIKE, ILIKE, SIMILAR TO
  kRegex,
  kContains,  // @>, <@, &&, ?: jsonb, arrays and ranges
  kLimit,
  kOffset,
  kArgument,  // argument `argument` of `function`
};

// One parameter, by the most telling of its uses.
struct ParameterUse {
  UseKind kind = UseKind::kOther;
  std::optional<TableName> table;  // of the column it is compared with, where that is known
  std::string column;
  std::string transform;        // a function around the column: "lower"; empty for the bare one
  std::string function;         // of kArgument, without its schema
  int argument = 0;             // of kArgument, from 0
  bool top_level = false;       // of kLimit: it bounds the statement's own result
  bool is_offset_from = false;  // the value is only part of what the column is compared with: now() - $1
};

// Where a `$n` stands in the text.
struct ParameterPlace {
  std::size_t number = 0;
  std::size_t offset = 0;  // in bytes
};

struct ParameterUses {
  std::vector<ParameterUse> parameters;  // of $1, $2, ...
  std::vector<ParameterPlace> places;
  // The one table a statement reads, where its rows per call are the rows its conditions let through: no
  // join, grouping, DISTINCT, LIMIT, aggregate or sub-query. nullopt otherwise.
  std::optional<TableName> counted_table;
};

// The text with `::integer` behind every parameter that no column tells about: for statements whose types the
// server cannot infer, such as `SELECT $1 + $2` or `date + $1`, and whose constants most often were whole
// numbers. The text itself where there is no such parameter.
[[nodiscard]] std::string with_integer_parameters(const std::string& sql, const ParameterUses& uses);

[[nodiscard]] ParameterUses read_parameter_uses(const ParseTree& tree, const Schema& schema);

}  // namespace planwise::pg

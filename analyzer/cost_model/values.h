// Values of columns as the statistics spell them: their order, and whether a LIKE pattern matches them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace planwise::cost_model {

// The value on a line that has the type's order: numbers, dates and times (seconds since 1970, without a zone
// UTC), booleans. nullopt for other types and for what does not read as one ("infinity").
[[nodiscard]] std::optional<double> position_of(std::string_view value, std::string_view base_type);

// Below 0, 0 or above 0, by position where the type has one, else byte by byte.
[[nodiscard]] int compare_values(std::string_view left, std::string_view right, std::string_view base_type);

// Where `value` lies between `low` and `high`, 0..1; 0.5 where they cannot be told apart. Text is read as
// digits behind the common prefix, as convert_string_to_scalar() in selfuncs.c does.
[[nodiscard]] double share_between(std::string_view value, std::string_view low, std::string_view high,
                                   std::string_view base_type);

// LIKE with the default escape; `fold` for ILIKE (ASCII letters).
[[nodiscard]] bool like_matches(std::string_view pattern, std::string_view text, bool fold);

// The characters before the first wildcard, unescaped; `rest` is what follows.
struct LikeParts {
  std::string prefix;
  std::string rest;  // empty: no wildcard at all
};
[[nodiscard]] LikeParts like_parts(std::string_view pattern);

// A text above all that begin with `prefix`: its last byte raised. nullopt where there is none.
[[nodiscard]] std::optional<std::string> after_prefix(std::string prefix);

}  // namespace planwise::cost_model

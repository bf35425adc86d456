// The rules, as one list.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analyzer/rule.h"

namespace planwise::rules {

#define PLANWISE_RULE(name) extern const Rule name;
#include "rules/rules.def"
#undef PLANWISE_RULE

[[nodiscard]] std::span<const Rule* const> all() noexcept;

}  // namespace planwise::rules

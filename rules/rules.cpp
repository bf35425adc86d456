#include "rules/rules.h"

#include <array>

namespace planwise::rules {

std::span<const Rule* const> all() noexcept {
  static constexpr std::array<const Rule*, std::size_t{0}
#define PLANWISE_RULE(name) +1
#include "rules/rules.def"
#undef PLANWISE_RULE
                              >
      kAll{
#define PLANWISE_RULE(name) &name,
#include "rules/rules.def"
#undef PLANWISE_RULE
      };
  return kAll;
}

}  // namespace planwise::rules

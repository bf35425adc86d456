// A harmless value of a type, for parameters that no column tells about.
#pragma once

#include <optional>
#include <string>

#include "analyzer/base/units.h"
#include "connectors/postgres/parameter_uses.h"

namespace planwise::pg {

struct ParameterType;

// In the type's text form, and such that the functions of the system that check their arguments take it
// ('day' for date_trunc's first). nullopt where nothing is known of the type.
[[nodiscard]] std::optional<std::string> default_value(const ParameterUse& use, const ParameterType& type,
                                                       TimePoint now);

}  // namespace planwise::pg

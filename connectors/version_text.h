// Versions as servers and extensions spell them.
#pragma once

#include <string_view>

#include "analyzer/model/engine.h"

namespace planwise {

// "1.10", "10.11.19-MariaDB-log"; what follows the digits is ignored, what is missing is 0.
[[nodiscard]] Version parse_version(std::string_view text);

}  // namespace planwise

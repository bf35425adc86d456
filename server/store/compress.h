// Documents in the store: zstd, with a bound on what comes out.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/result.h"

namespace planwise {

[[nodiscard]] std::string compressed(std::string_view text);

// kMalformed for bytes that are no zstd frame of known size, or one that unpacks to more than 256 MiB.
[[nodiscard]] Result<std::string> uncompressed(std::string_view bytes);

}  // namespace planwise

// A reading as text for the store. Texts of statements are left out: only counters are compared later.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/result.h"
#include "server/store/records.h"

namespace planwise {

[[nodiscard]] std::string encode_reading(const Reading& reading);

// The inverse but for what is left out; kMalformed for anything else.
[[nodiscard]] Result<Reading> decode_reading(std::string_view text);

}  // namespace planwise

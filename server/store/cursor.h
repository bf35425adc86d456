// Opaque cursors of keyset pages: where the page before ended, tied to the query it belongs to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"

namespace planwise {

// The sort key of the last item. Integers are kept as they are, reals by their bits.
struct CursorKey {
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::string text;
};

// URL-safe text. `query` is a text form of everything but limit and cursor; `secret` is the store's own.
[[nodiscard]] std::string make_cursor(const CursorKey& key, std::string_view query, std::uint64_t secret);

// kInvalidArgument for a text that make_cursor() did not make with the same query and secret.
[[nodiscard]] Result<CursorKey> read_cursor(std::string_view cursor, std::string_view query,
                                            std::uint64_t secret);

}  // namespace planwise

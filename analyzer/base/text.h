// Text for people and text from strangers: figures with units, UTF-8 made valid, lengths bounded.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/units.h"

namespace planwise {

// "1.2 GB", "940 kB", "17 bytes"; powers of 1024, as PostgreSQL's pg_size_pretty.
[[nodiscard]] std::string human(Bytes size);
// "1.5 h", "2.3 s", "840 ms", "0.02 ms".
[[nodiscard]] std::string human(Millis time);
// "1,234,567"; fractions below ten keep one decimal.
[[nodiscard]] std::string human(Rows rows);
// "12.3 %", "<0.1 %"; takes a share of 0 to 1.
[[nodiscard]] std::string human_share(double share);

// RFC 3339 in UTC with seconds: "2026-01-31T23:59:59Z".
[[nodiscard]] std::string rfc3339(TimePoint time);

// Replaces every invalid byte by U+FFFD and every NUL by a space.
[[nodiscard]] std::string valid_utf8(std::string_view bytes);

// At most `limit` bytes, cut between code points, with "…" in place of what was cut.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t limit);

// Control characters (newline and tab too) become spaces: names of strangers must not move a terminal's cursor.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace planwise

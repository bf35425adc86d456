// What the lists of the SQLite store share: page limits, and reading one row more than is asked for.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

#include "server/store/cursor.h"
#include "server/store/records.h"
#include "server/store/sqlite_handle.h"

namespace planwise {

inline Result<void> check_limit(const PageRequest& page) {
  if (page.limit < 1 || page.limit > kMaxPage) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("limit must be from 1 to {}", kMaxPage)};
  }
  return {};
}

// Steps through `statement`, which was bound to return at most limit + 1 rows. `item` makes an item of the
// current row; `key` makes the cursor of an item that was made from the current row.
template <class T, class MakeItem, class MakeKey>
Result<Page<T>> read_page(sqlite::Query& statement, const PageRequest& request, std::string_view query,
                          std::uint64_t secret, MakeItem item, MakeKey key) {
  Page<T> page;
  CursorKey last;
  while (true) {
    PLANWISE_TRY(const bool row, statement.step());
    if (!row) {
      return page;
    }
    if (page.items.size() == static_cast<std::size_t>(request.limit)) {
      page.next_cursor = make_cursor(last, query, secret);
      return page;
    }
    PLANWISE_TRY(T made, item(statement));
    last = key(statement);
    page.items.push_back(std::move(made));
  }
}

// ASCII letters in lower case; other bytes as they are.
inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') {
      letter = static_cast<char>(letter - 'A' + 'a');
    }
  }
  return lower;
}

}  // namespace planwise

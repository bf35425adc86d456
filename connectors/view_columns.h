// Which columns of a view a piece of SQL reads.
#pragma once

#include <string_view>
#include <vector>

namespace planwise {

// The names after "s.", the alias of the view, as they are spelt.
[[nodiscard]] std::vector<std::string_view> view_columns_in(std::string_view sql);

}  // namespace planwise

// What kind of statement a text is, where no parser reads it.
#pragma once

#include <string_view>

#include "analyzer/model/engine.h"
#include "analyzer/sql/shape.h"

namespace planwise {

// By the first word; after WITH by the first one outside parentheses that can open a query. kUnknown for a
// text without a word.
[[nodiscard]] StatementKind kind_by_words(std::string_view sql, Engine engine);

}  // namespace planwise

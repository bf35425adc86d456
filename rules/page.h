// Prints the page of a rule: rules/docs/<id>.md, `planwise rules <id>` and /rules/<id> on the web.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/rule.h"

namespace planwise::rules {

// Markdown. `examples` is Markdown too, taken from the rule's tests; empty leaves the section out.
[[nodiscard]] std::string page(const RuleInfo& info, std::string_view examples);

// "PostgreSQL, MySQL, MariaDB", as the page names them.
[[nodiscard]] std::string engine_names(Engines engines);

}  // namespace planwise::rules

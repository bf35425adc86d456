// Holds JSON against the subset of JSON Schema 2020-12 that our schemas use.
//
// A keyword outside the subset is reported as a violation, so that no schema is checked in part without
// anybody noticing. Objects are open unless `additionalProperties` says otherwise, as the standard has it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace planwise::test {

// What is wrong with `value`, one line each: "/items/0/rank: is a string, not an integer"; empty if it
// conforms. `pointer` names the schema inside `document` ("" is the document itself,
// "/components/schemas/Target"); `$ref`s are resolved within `document`.
[[nodiscard]] std::vector<std::string> schema_violations(const nlohmann::ordered_json& document,
                                                         std::string_view pointer,
                                                         const nlohmann::ordered_json& value);

// The same for texts; a text that is no JSON is a violation.
[[nodiscard]] std::vector<std::string> schema_violations(std::string_view document, std::string_view pointer,
                                                         std::string_view value);

}  // namespace planwise::test

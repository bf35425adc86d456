// The OpenAPI 3.1 description of the API, printed from the route table.
#pragma once

#include <string>

namespace planwise::api {

// The document, in JSON. Paths come from routes(); schemas from server/api/schemas.json and, for what the
// report holds too, from server/report/report.schema.json. The same text on every call.
[[nodiscard]] const std::string& openapi_document();

}  // namespace planwise::api

// Files of the tree that are part of the binary (cmake/embed.cmake). The texts live as long as the process.
#pragma once

#include <string_view>

namespace planwise::embedded {

[[nodiscard]] std::string_view api_schemas() noexcept;    // server/api/schemas.json
[[nodiscard]] std::string_view report_schema() noexcept;  // server/report/report.schema.json

}  // namespace planwise::embedded

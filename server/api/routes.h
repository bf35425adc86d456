// All routes of the API, as one table.
#pragma once

#include <span>

#include "server/api/route.h"

namespace planwise::api {

[[nodiscard]] std::span<const Route> routes() noexcept;

}  // namespace planwise::api

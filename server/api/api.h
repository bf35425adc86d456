// Answers requests: finds the route, checks the parameters, calls the handler, sets what every reply has.
// Thread-safe.
#pragma once

#include <span>

#include "server/api/assets.h"
#include "server/api/exchange.h"
#include "server/api/reply.h"
#include "server/api/router.h"
#include "server/api/services.h"

namespace planwise::api {

class Api {
 public:
  // Both must outlive it.
  Api(Services& services, std::span<const Asset> assets);

  [[nodiscard]] Reply handle(const Exchange& exchange);

 private:
  // `route` is set to the template of the route that was found.
  Reply answer(const Exchange& exchange, std::string_view& route);

  Services& services_;
  std::span<const Asset> assets_;
  Router router_;
};

}  // namespace planwise::api

// What operators and their tools ask: is it alive, is it ready, how is it doing, which version is it.
#include <nlohmann/json.hpp>
#include <string>

#include "server/api/handlers.h"
#include "server/api/metrics.h"
#include "server/api/openapi.h"
#include "server/api/replies.h"

namespace planwise::api {

// Alive: it answers. Asks nothing else, so that a full disk is no reason to be restarted.
Reply get_health(Services& /*services*/, const Call& /*call*/) {
  return {.body = R"({"status":"ok"})"};
}

Reply get_readiness(Services& services, const Call& /*call*/) {
  auto reasons = nlohmann::ordered_json::array();
  if (const auto writable = services.store.ping(); !writable) {
    reasons.push_back("store: " + writable.error().message);
  }
  if (!services.scheduler.healthy()) {
    reasons.push_back("scheduler: has not looked at the schedules for two minutes");
  }
  const bool ready = reasons.empty();
  const nlohmann::ordered_json document{{"status", ready ? "ok" : "unavailable"},
                                        {"reasons", std::move(reasons)}};
  return {.status = ready ? 200 : 503,
          .body = document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)};
}

Reply get_metrics(Services& services, const Call& /*call*/) {
  return {.body = services.metrics.text(services),
          .content_type = "text/plain; version=0.0.4; charset=utf-8"};
}

Reply get_version(Services& /*services*/, const Call& /*call*/) {
  return {.body = R"({"name":"planwise","version":")" PLANWISE_VERSION R"("})"};
}

Reply get_openapi(Services& /*services*/, const Call& call) {
  return resource_reply(call, openapi_document());
}

}  // namespace planwise::api

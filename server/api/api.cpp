#include "server/api/api.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "server/api/call.h"
#include "server/api/metrics.h"
#include "server/api/problem.h"
#include "server/api/replies.h"
#include "server/api/request_target.h"
#include "server/api/routes.h"

namespace planwise::api {
namespace {

void set_default(Reply& reply, std::string_view name, std::string_view value) {
  const bool set = std::any_of(reply.headers.begin(), reply.headers.end(),
                               [&](const auto& header) { return header.first == name; });
  if (!set) {
    reply.headers.emplace_back(name, value);
  }
}

}  // namespace

Api::Api(Services& services, std::span<const Asset> assets)
    : services_(services), assets_(assets), router_(routes()) {}

Reply Api::handle(const Exchange& exchange) {
  const auto start = std::chrono::steady_clock::now();
  std::string_view route;
  Reply reply = answer(exchange, route);
  set_default(reply, "Cache-Control", "no-store");
  set_default(reply, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  set_default(reply, "Cross-Origin-Resource-Policy", "same-origin");
  set_default(reply, "Referrer-Policy", "no-referrer");
  set_default(reply, "X-Content-Type-Options", "nosniff");
  services_.metrics.observe(route, exchange.head.method, reply.status,
                            std::chrono::steady_clock::now() - start);
  return reply;
}

Reply Api::answer(const Exchange& exchange, std::string_view& route) {
  const auto target = parse_request_target(exchange.head.target);
  if (!target) {
    return reply_of(Problem{.status = 400, .detail = target.error().message});
  }
  Router::Match match = router_.find(exchange.head.method, target->segments);
  if (match.allow.empty()) {
    if (auto asset = asset_reply(assets_, exchange, target->path)) {
      route = "/";
      return *std::move(asset);
    }
    return reply_of(
        Problem{.status = 404, .detail = "there is nothing at this path", .instance = target->path});
  }
  if (match.route == nullptr) {
    Reply reply = exchange.head.method == Method::kOptions
                      ? Reply{.status = 204}
                      : reply_of(Problem{.status = 405,
                                         .detail = "the resource does not have this method",
                                         .instance = target->path});
    reply.headers.emplace_back("Allow", fmt::format("{}", fmt::join(match.allow, ", ")));
    return reply;
  }
  route = match.route->path;
  auto checked = Call::check(*match.route, match.captures, *target, exchange);
  if (auto* const problem = std::get_if<Problem>(&checked)) {
    problem->instance = target->path;
    return reply_of(*problem);
  }
  return match.route->handle(services_, std::get<Call>(checked));
}

}  // namespace planwise::api

#include "tests/server/api/api_fixture.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "server/api/openapi.h"
#include "server/api/problem.h"
#include "server/api/request_target.h"
#include "server/api/router.h"
#include "server/api/routes.h"
#include "server/report/json.h"
#include "tests/support/json_schema.h"

namespace planwise::api {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(result.error().message);
  }
  return std::move(result).value();
}

Listener free_listener() {
  return must(open_listener({.host = "127.0.0.1", .port = 0}));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return std::tolower(letter); });
  return text;
}

// The pointer of the schema that the OpenAPI document gives for this answer; empty where it is no JSON. A
// response that is not described at all fails the test.
std::string schema_pointer(std::string_view method, const std::string& target, const ApiAnswer& answer) {
  static const Router kRouter(routes());
  const std::string type = answer.headers.count("content-type") > 0 ? answer.headers.at("content-type") : "";
  const std::string media_type = type.substr(0, type.find(';'));
  if (media_type == kProblemType) {
    return "/components/schemas/Problem";
  }
  const auto parsed = parse_request_target(target);
  const auto match = kRouter.find(method == "GET"     ? Method::kGet
                                  : method == "POST"  ? Method::kPost
                                  : method == "PATCH" ? Method::kPatch
                                                      : Method::kDelete,
                                  parsed ? parsed->segments : std::vector<std::string>{});
  if (match.route == nullptr) {
    ADD_FAILURE() << method << " " << target << " is no route, and answered " << answer.status;
    return {};
  }
  for (const Response& response : match.route->responses) {
    if (response.status == answer.status && (answer.body.empty() || response.media_type == media_type)) {
      return response.schema.empty() || answer.body.empty()
                 ? ""
                 : "/components/schemas/" + std::string(response.schema);
    }
  }
  if (answer.status != 304) {
    ADD_FAILURE() << method << " " << target << " answered " << answer.status << " " << type
                  << ", not described";
  }
  return {};
}

}  // namespace

std::vector<std::string> ApiAnswer::error_pointers() const {
  std::vector<std::string> out;
  if (json.contains("errors")) {
    for (const auto& error : json.at("errors")) {
      out.push_back(error.at("pointer"));
    }
  }
  return out;
}

ApiServer::ApiServer()
    : store(must(open_store("sqlite:" + folder.file("planwise.db"), clock))),
      auditor_(*store, clock, bus, {}, [this](const Target& target) { return store->target_dsn(target.id); }),
      scheduler_(*store, clock, auditor_, "UTC"),
      events_(bus),
      services_{*store,  clock,    auditor_, scheduler_,
                events_, metrics_, "UTC",    [this] { return guard_->stats(); }},
      api_(services_, {}),
      engine_([this](const Exchange& exchange) { return api_.handle(exchange); }) {
  Listener listener = free_listener();
  port_ = listener.port;
  guard_ = std::make_unique<Guard>(std::move(listener), GuardLimits{.workers = 2},
                                   [this](const Exchange& exchange) { return engine_.respond(exchange); });
  events_.on_news([this] { guard_->wake_streams(); });
  guard_->start();
}

ApiServer::~ApiServer() {
  guard_->drain(std::chrono::milliseconds(0));
  events_.on_news(nullptr);
}

ApiAnswer ApiServer::ask(std::string_view method, const std::string& target, const std::string& body,
                         const std::map<std::string, std::string>& headers) {
  httplib::Client client("127.0.0.1", port_);
  httplib::Request request;
  request.method = method;
  request.path = target;
  request.body = body;
  for (const auto& [name, value] : headers) {
    request.headers.emplace(name, value);
  }
  if (!body.empty() && headers.count("Content-Type") == 0) {
    request.headers.emplace("Content-Type", "application/json");
  }
  const auto response = client.send(request);
  if (!response) {
    throw std::runtime_error("no answer to " + target + ": " + httplib::to_string(response.error()));
  }
  ApiAnswer answer{.status = response->status, .body = response->body};
  for (const auto& [name, value] : response->headers) {
    answer.headers[lower(name)] = value;
  }
  if (method == "HEAD" || method == "OPTIONS") {
    return answer;
  }
  const std::string pointer = schema_pointer(method, target, answer);
  if (!pointer.empty()) {
    static const Json kDocument = Json::parse(openapi_document());
    answer.json = Json::parse(answer.body, nullptr, false);
    for (const std::string& violation : test::schema_violations(kDocument, pointer, answer.json)) {
      ADD_FAILURE() << method << " " << target << " against " << pointer << ": " << violation;
    }
  }
  return answer;
}

std::string ApiServer::add_target(const std::string& name) {
  return std::to_string(
      must(store->add_target({.name = name, .dsn = "postgres://planwise@db1/" + name})).value);
}

std::string ApiServer::save_audit(const std::string& target_id, const AuditReport& report) {
  must(store->queue_audit(TargetId{std::stoll(target_id)}, AuditTrigger::kManual));
  const auto claimed = must(store->claim_audit());
  must(store->save_audit(claimed->id, {.report = report, .json = report_json(report), .reading = nullptr}));
  return std::to_string(claimed->id.value);
}

}  // namespace planwise::api

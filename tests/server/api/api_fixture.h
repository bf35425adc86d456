// The whole API over real HTTP, on a SQLite store in a temporary folder. Every response is held against the
// schema that the OpenAPI document promises for it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/audit.h"
#include "server/api/api.h"
#include "server/api/engine.h"
#include "server/api/events.h"
#include "server/api/guard.h"
#include "server/api/metrics.h"
#include "server/api/services.h"
#include "server/store/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace planwise::api {

struct ApiAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  nlohmann::ordered_json json;  // null where the body is none

  // The pointers of a problem's `errors`.
  [[nodiscard]] std::vector<std::string> error_pointers() const;
};

class ApiServer {
 public:
  ApiServer();
  ~ApiServer();

  // One request; the calling test fails where the answer is not as the OpenAPI document has it.
  ApiAnswer ask(std::string_view method, const std::string& target, const std::string& body = {},
                const std::map<std::string, std::string>& headers = {});
  ApiAnswer get(const std::string& target, const std::map<std::string, std::string>& headers = {}) {
    return ask("GET", target, {}, headers);
  }

  // Adds a target and gives its id as REST has it.
  std::string add_target(const std::string& name);
  // A successful audit of the target that gave this report; its id as REST has it.
  std::string save_audit(const std::string& target_id, const AuditReport& report);

  [[nodiscard]] std::uint16_t port() const { return port_; }

  test::TempFolder folder;
  test::FakeClock clock;
  std::unique_ptr<Store> store;
  EventBus bus;

 private:
  Auditor auditor_;
  Scheduler scheduler_;
  EventStream events_;
  Metrics metrics_;
  Services services_;
  Api api_;
  Engine engine_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Guard> guard_;
};

class ApiTest : public testing::Test {
 public:
  ApiServer server;
};

}  // namespace planwise::api

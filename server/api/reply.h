// What a handler answers, before it is bytes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/api/exchange.h"

namespace planwise::api {

struct Reply {
  int status = 200;
  std::string body{};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>>
      headers{};                  // beside Content-Type, Content-Length and Connection
  EventSource* stream = nullptr;  // follows the (empty) body for as long as the client stays; not owned
  std::uint64_t cursor = 0;
};

}  // namespace planwise::api

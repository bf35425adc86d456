// Debian's cpp-httplib as the HTTP/1.1 engine between the guard and the handlers. Thread-safe.
//
// The library never sees a socket: it gets a request line that the guard has vetted and writes the answer
// into memory. Its routing (std::regex), its body readers, its ranges and its compression are not used.
#pragma once

#include <functional>
#include <memory>

#include "server/api/exchange.h"
#include "server/api/reply.h"

namespace planwise::api {

// May throw; the engine answers 500 then.
using Handle = std::function<Reply(const Exchange& exchange)>;

class Engine {
 public:
  explicit Engine(Handle handle);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] Answer respond(const Exchange& exchange) const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace planwise::api

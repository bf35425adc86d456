#include "server/api/engine.h"

#include <httplib.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "server/api/problem.h"

namespace planwise::api {
namespace {

// A request in memory and its answer in memory, in the shape of the library's connections.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string request) : request_(std::move(request)) {}

  [[nodiscard]] bool is_readable() const override { return true; }
  [[nodiscard]] bool is_writable() const override { return true; }
  ssize_t read(char* out, std::size_t size) override {
    const std::size_t count = request_.copy(out, size, read_);
    read_ += count;
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* bytes, std::size_t size) override {
    answer_.append(bytes, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  [[nodiscard]] socket_t socket() const override { return INVALID_SOCKET; }

  [[nodiscard]] std::string take_answer() && { return std::move(answer_); }

 private:
  std::string request_;
  std::size_t read_ = 0;
  std::string answer_;
};

// The pre-routing handler of the library has no argument for it.
struct Current {
  const Exchange* exchange = nullptr;
  Answer* answer = nullptr;
};
thread_local Current current;  // one request a thread

}  // namespace

class Engine::Server : public httplib::Server {
 public:
  explicit Server(Handle handle) : handle_(std::move(handle)) {
    set_pre_routing_handler([this](const httplib::Request& /*request*/, httplib::Response& response) {
      fill(response);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([](const httplib::Request& /*request*/, httplib::Response& response) {
      response.headers.erase("Keep-Alive");
      response.headers.erase("Accept-Ranges");  // ranges are not served
      const bool is_stream = current.answer->stream != nullptr;
      // RFC 9110, 8.6: no Content-Length with 204, and none that differs from the full answer's with 304.
      if (response.status == 204 || response.status == 304 || is_stream) {
        response.headers.erase("Content-Length");
      }
      if (is_stream) {  // it ends with its connection
        response.headers.erase("Connection");
        response.set_header("Connection", "close");
      }
    });
  }

  Answer respond(const Exchange& exchange) {
    Answer answer;
    current = {&exchange, &answer};
    MemoryStream stream(std::string(to_string(exchange.head.method)) + " " + exchange.head.target +
                        " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    bool closed = false;
    const bool served = process_request(stream, !exchange.head.keep_alive, closed, nullptr);
    current = {};
    answer.bytes = std::move(stream).take_answer();
    answer.close = !served || closed || !exchange.head.keep_alive || answer.bytes.empty();
    return answer;
  }

 private:
  void fill(httplib::Response& response) const {
    Reply reply;
    try {
      reply = handle_(*current.exchange);
    } catch (const std::exception& error) {
      const RequestHead& head = current.exchange->head;
      spdlog::error("{} {}: {}", to_string(head.method), head.target.substr(0, head.target.find('?')),
                    error.what());
      const Problem problem{.status = 500, .detail = "planwise met an error of its own; its log says more"};
      reply = {.status = 500, .body = to_json(problem), .content_type = std::string(kProblemType)};
    }
    response.status = reply.status;
    response.body = std::move(reply.body);
    if (!response.body.empty() || reply.stream != nullptr) {
      response.set_header("Content-Type", reply.content_type);
    }
    for (const auto& [name, value] : reply.headers) {
      response.set_header(name, value);
    }
    current.answer->stream = reply.stream;
    current.answer->cursor = reply.cursor;
  }

  Handle handle_;
};

Engine::Engine(Handle handle) : server_(std::make_unique<Server>(std::move(handle))) {}

Engine::~Engine() = default;

Answer Engine::respond(const Exchange& exchange) const {
  return server_->respond(exchange);
}

}  // namespace planwise::api

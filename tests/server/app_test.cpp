#include "server/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "server/api/listener.h"
#include "tests/support/http_probe.h"
#include "tests/support/temp_folder.h"

namespace planwise {
namespace {

using std::chrono::milliseconds;
using test::body_of;
using test::HttpProbe;
using test::status_of;
using testing::HasSubstr;
using testing::Not;

// A service in a process of its own, with its configuration and store in a temporary folder.
class Service {
 public:
  explicit Service(const std::string& config = {}) {
    write_config(config);
    std::array<int, 2> pipe_ends{};
    EXPECT_EQ(pipe(pipe_ends.data()), 0);
    process_ = fork();
    if (process_ == 0) {
      dup2(pipe_ends[1], STDOUT_FILENO);
      ::close(pipe_ends[0]);
      ::close(pipe_ends[1]);
      const auto served = run_serve(sources());
      std::_Exit(served ? 0 : 2);
    }
    ::close(pipe_ends[1]);
    FILE* const out = fdopen(pipe_ends[0], "r");
    unsigned port = 0;
    listening_ = std::fscanf(out, "listening on http://127.0.0.1:%u", &port) == 1;
    port_ = static_cast<std::uint16_t>(port);
    std::fclose(out);
  }
  ~Service() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // All at once, as an editor does it: the service may read at any time.
  void write_config(const std::string& text) const {
    std::ofstream(folder_.file("new.toml")) << text;
    std::filesystem::rename(folder_.file("new.toml"), folder_.file("planwise.toml"));
  }
  void signal(int number) const { kill(process_, number); }

  // The exit status, 128 + signal where one ended it; nullopt if it still runs after `limit`.
  std::optional<int> status_within(milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    int status = 0;
    while (waitpid(process_, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() >= deadline) {
        return std::nullopt;
      }
      std::this_thread::sleep_for(milliseconds(5));
    }
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  [[nodiscard]] std::string get(const std::string& path) const {
    HttpProbe probe(port_);
    probe.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return probe.read_response();
  }

  // Asks until the answer holds `text` or ten seconds have passed; the last answer.
  [[nodiscard]] std::string get_until(const std::string& path, const std::string& text) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    std::string answer = get(path);
    while (answer.find(text) == std::string::npos && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(milliseconds(20));
      answer = get(path);
    }
    return answer;
  }

  [[nodiscard]] ConfigSources sources() const {
    return {
        .file = folder_.file("planwise.toml"),
        .environment = [](const std::string&) { return std::nullopt; },
        .flags = {{"server.listen", "127.0.0.1:0"}, {"store.uri", "sqlite:" + folder_.file("planwise.db")}}};
  }
  [[nodiscard]] bool listening() const { return listening_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  test::TempFolder folder_;
  pid_t process_ = -1;
  bool listening_ = false;
  std::uint16_t port_ = 0;
};

constexpr const char* kShop =
    "[[target]]\nname = \"shop\"\ndsn = \"host=127.0.0.1 port=1 user=u password=hunter2\"\n";
constexpr const char* kOther = "[[target]]\nname = \"other\"\ndsn = \"host=127.0.0.1 port=1 user=u\"\n";

TEST(Serve, AnswersOnceItSaysSo) {
  const Service service(kShop);
  ASSERT_TRUE(service.listening());
  EXPECT_EQ(status_of(service.get("/healthz")), 200);
  EXPECT_EQ(status_of(service.get("/readyz")), 200);
  const std::string targets = service.get("/api/v1/targets");
  EXPECT_THAT(targets, HasSubstr("\"name\":\"shop\""));
  EXPECT_THAT(targets, Not(HasSubstr("hunter2")));
}

TEST(Serve, ShowsThePage) {
  const Service service;
  ASSERT_TRUE(service.listening());
  EXPECT_THAT(service.get("/"), HasSubstr("<title>planwise</title>"));
}

TEST(Serve, DrainsAtATermination) {
  for (const int number : {SIGTERM, SIGINT}) {
    Service service;
    ASSERT_TRUE(service.listening());
    HttpProbe follower(service.port());
    follower.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_FALSE(follower.read_until("\r\n\r\n").empty());
    service.signal(number);
    EXPECT_EQ(service.status_within(std::chrono::seconds(10)), 0);
    EXPECT_TRUE(follower.closes_within(milliseconds(1000)));
  }
}

TEST(Serve, EndsAtOnceAtASecondSignal) {
  Service service;
  ASSERT_TRUE(service.listening());
  HttpProbe slow(service.port());  // its request is under way, so a drain waits for it
  slow.send(
      "POST /api/v1/targets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
      "9\r\n\r\n{");
  EXPECT_EQ(status_of(service.get("/healthz")), 200);
  service.signal(SIGTERM);
  EXPECT_EQ(service.status_within(milliseconds(300)), std::nullopt);
  service.signal(SIGTERM);
  EXPECT_EQ(service.status_within(milliseconds(1500)), 128 + SIGTERM);
}

TEST(Serve, AppliesAChangedConfiguration) {
  const Service service(kShop);
  ASSERT_TRUE(service.listening());
  service.write_config(std::string(kShop) + kOther);
  service.signal(SIGHUP);
  EXPECT_THAT(service.get_until("/api/v1/targets", "other"), HasSubstr("\"name\":\"shop\""));
  service.write_config(kOther);
  service.signal(SIGHUP);
  EXPECT_THAT(service.get_until("/api/v1/targets?q=shop", "\"enabled\":false"),
              HasSubstr("\"enabled\":false"));
}

TEST(Serve, KeepsTheOldConfigurationIfTheNewOneIsWrong) {
  const Service service(kShop);
  ASSERT_TRUE(service.listening());
  service.write_config(std::string("[server]\nlisen = 1\n") + kOther);
  service.signal(SIGHUP);
  std::this_thread::sleep_for(milliseconds(300));  // nothing tells that a reload was refused but the log
  const std::string targets = service.get("/api/v1/targets");
  EXPECT_THAT(targets, HasSubstr("\"name\":\"shop\""));
  EXPECT_THAT(targets, Not(HasSubstr("\"enabled\":false")));
  EXPECT_THAT(targets, Not(HasSubstr("other")));
}

Error failure_of(const std::map<std::string, std::string>& flags) {
  const auto served = run_serve(
      {.file = "/dev/null", .environment = [](const std::string&) { return std::nullopt; }, .flags = flags});
  EXPECT_FALSE(served);
  return served ? Error{} : served.error();
}

TEST(Serve, NamesATakenPortAndTouchesNothing) {
  const test::TempFolder folder;
  const auto taken = api::open_listener({.host = "127.0.0.1", .port = 0});
  ASSERT_TRUE(taken);
  const Error error = failure_of({{"server.listen", "127.0.0.1:" + std::to_string(taken->port)},
                                  {"store.uri", "sqlite:" + folder.file("planwise.db")}});
  EXPECT_THAT(error.message, HasSubstr("port " + std::to_string(taken->port)));
  EXPECT_THAT(error.hint, HasSubstr("--listen"));
  EXPECT_FALSE(std::ifstream(folder.file("planwise.db")).is_open());
}

TEST(Serve, RefusesToServeANetworkUnguarded) {
  EXPECT_THAT(failure_of({{"server.listen", "0.0.0.0:8080"}}).message, HasSubstr("0.0.0.0:8080"));
}

TEST(Serve, RefusesTokensThatNobodyWouldCheck) {
  const test::TempFolder folder;
  std::ofstream(folder.file("planwise.toml"))
      << "[server]\nlisten = \"0.0.0.0:0\"\n[[server.token]]\nname = \"ci\"\ntoken = \"env:TOKEN\"\n";
  const auto served =
      run_serve({.file = folder.file("planwise.toml"),
                 .environment =
                     [](const std::string& name) {
                       return name == "TOKEN" ? std::optional<std::string>("0123456789abcdef0123456789abcdef")
                                              : std::nullopt;
                     },
                 .flags = {{"store.uri", "sqlite:" + folder.file("planwise.db")}}});
  ASSERT_FALSE(served);
  EXPECT_THAT(served.error().message, HasSubstr("server.token"));
  EXPECT_THAT(served.error().message, Not(HasSubstr("0123456789abcdef")));
}

TEST(Serve, NamesAStoreThatIsNone) {
  const test::TempFolder folder;
  std::ofstream(folder.file("notes.txt")) << std::string(5000, 'x');
  const Error error =
      failure_of({{"server.listen", "127.0.0.1:0"}, {"store.uri", "sqlite:" + folder.file("notes.txt")}});
  EXPECT_THAT(error.message, HasSubstr("notes.txt"));
}

}  // namespace
}  // namespace planwise

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "connectors/mysql/session.h"
#include "tests/live/mysql_capture.h"

namespace planwise::mysql {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::Not;

// Listens on a port of its own, says what it is given to whoever comes, and, once it has heard something, the
// second thing it is given; then it is silent, and keeps what it hears.
class SilentListener {
 public:
  explicit SilentListener(std::string greeting = "", std::string answer = "")
      : greeting_(std::move(greeting)), answer_(std::move(answer)) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(listen(socket_, 8), 0);
    EXPECT_EQ(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length), 0);
    port_ = ntohs(address.sin_port);
    greeter_ = std::thread([this] {
      for (int client = accept(socket_, nullptr, nullptr); client >= 0;
           client = accept(socket_, nullptr, nullptr)) {
        clients_.push_back(client);
        if (!greeting_.empty()) {
          EXPECT_EQ(send(client, greeting_.data(), greeting_.size(), MSG_NOSIGNAL),
                    static_cast<ssize_t>(greeting_.size()));
        }
        if (!answer_.empty()) {
          hear(client);
          EXPECT_EQ(send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL),
                    static_cast<ssize_t>(answer_.size()));
          hear(client);
        }
      }
    });
  }
  SilentListener(const SilentListener&) = delete;
  SilentListener& operator=(const SilentListener&) = delete;
  ~SilentListener() {
    stop();
    close(socket_);
    for (const int client : clients_) {
      close(client);
    }
  }
  [[nodiscard]] int port() const { return port_; }
  // Ends it.
  [[nodiscard]] std::string heard() {
    stop();
    return heard_;
  }

 private:
  void hear(int client) {
    const timeval patience{2, 0};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::array<char, 4096> buffer{};
    const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
    heard_.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  }
  void stop() {
    shutdown(socket_, SHUT_RDWR);
    if (greeter_.joinable()) {
      greeter_.join();
    }
  }

  std::string greeting_;
  std::string answer_;
  std::string heard_;  // written by greeter_ until it has ended
  int socket_ = -1;
  int port_ = 0;
  std::vector<int> clients_;
  std::thread greeter_;
};

// What a server says first. Source: MySQL internals, "Protocol::HandshakeV10".
std::string greeting(bool with_tls) {
  std::string body(
      "\x0a"
      "10.11.6-MariaDB\0"
      "\x01\0\0\0"
      "abcdefgh\0",
      16 + 1 + 4 + 9);
  const unsigned capabilities = 0x81ff'f7ffU & ~(with_tls ? 0U : 0x800U);
  body += static_cast<char>(capabilities & 0xffU);
  body += static_cast<char>(capabilities >> 8U & 0xffU);
  body += "\x2d";
  body.append("\x02\0", 2);
  body += static_cast<char>(capabilities >> 16U & 0xffU);
  body += static_cast<char>(capabilities >> 24U & 0xffU);
  body += static_cast<char>(21);
  body.append(10, '\0');
  body.append("ijklmnopqrst\0mysql_native_password\0", 13 + 22);
  std::string packet{static_cast<char>(body.size()), '\0', '\0', '\0'};
  return packet + body;
}

TEST(MySqlSession, AListenerThatNeverSpeaksIsGivenUpInTime) {
  const SilentListener listener;
  const auto started = steady_clock::now();
  const auto session =
      open_session("mysql://u@127.0.0.1:" + std::to_string(listener.port()) + "/shop", {}, 1500ms);
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::kTimeout) << session.error().message;
  EXPECT_LT(steady_clock::now() - started, 4s);
}

TEST(MySqlSession, AServerThatStopsInTheMiddleOfTheLoginIsGivenUpInTime) {
  for (const bool with_tls : {false, true}) {
    const SilentListener listener(greeting(with_tls));
    const auto started = steady_clock::now();
    const auto session =
        open_session("mysql://u:p@127.0.0.1:" + std::to_string(listener.port()) + "/shop", {}, 1500ms);
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().code, ErrorCode::kTimeout) << session.error().message;
    EXPECT_LT(steady_clock::now() - started, 4s);
  }
}

TEST(MySqlSession, NoTlsIsAnErrorWhereItWasAskedFor) {
  for (const char* mode : {"REQUIRED", "VERIFY_IDENTITY"}) {
    const SilentListener listener(greeting(false));
    const auto session = open_session(
        "mysql://u:p@127.0.0.1:" + std::to_string(listener.port()) + "/shop?ssl-mode=" + mode, {}, 1500ms);
    ASSERT_FALSE(session);
    EXPECT_THAT(session.error().message, Not(HasSubstr(":p@")));
  }
}

TEST(MySqlSession, AServerThatAsksForThePasswordInClearTextDoesNotGetIt) {
  const std::string question = std::string("\xfe") + "mysql_clear_password" + std::string(1, '\0');
  const std::string packet = std::string{static_cast<char>(question.size()), '\0', '\0', '\2'} + question;
  SilentListener listener(greeting(false), packet);
  const auto session =
      open_session("mysql://u:s3cret@127.0.0.1:" + std::to_string(listener.port()) + "/shop", {}, 3s);
  ASSERT_FALSE(session);
  EXPECT_THAT(session.error().message, HasSubstr("a way to log in that planwise does not use here"));
  const std::string heard = listener.heard();
  EXPECT_THAT(heard, HasSubstr("information_schema"));  // the login itself
  EXPECT_THAT(heard, Not(HasSubstr("s3cret")));
}

TEST(MySqlSession, NothingListensOnADeadPort) {
  int port = 0;
  {
    const SilentListener listener;
    port = listener.port();
  }
  const auto session = open_session("mysql://u@127.0.0.1:" + std::to_string(port) + "/shop");
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(session.error().message, HasSubstr("nothing listens at 127.0.0.1:" + std::to_string(port)));
}

class MySqlSessionLive : public MySqlCapture {};

TEST_F(MySqlSessionLive, AWrongPasswordIsToldWithoutIt) {
  server_->sql("CREATE USER 'guarded'@'%' IDENTIFIED BY 'right'");
  const auto session = open_session("mysql://guarded:wr0ng@localhost/shop?socket=" + server_->socket());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::kPermissionDenied);
  EXPECT_THAT(session.error().message, HasSubstr("\"guarded\""));
  EXPECT_THAT(session.error().message + session.error().hint, Not(HasSubstr("wr0ng")));
}

TEST_F(MySqlSessionLive, AnUnknownDatabaseIsNotFound) {
  const auto session = open_session(server_->dsn("nowhere", "planwise"));
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::kNotFound);
}

TEST_F(MySqlSessionLive, APrivilegedLoginIsRefusedWithTheRightOne) {
  const auto refused = open_session(server_->dsn("shop"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kPermissionDenied);
  EXPECT_THAT(refused.error().message, HasSubstr("ALL PRIVILEGES on *.*"));
  EXPECT_THAT(refused.error().hint, HasSubstr("GRANT SELECT, SHOW VIEW ON `shop`.* TO 'planwise'@'%';"));
  EXPECT_TRUE(open_session(server_->dsn("shop"), {.allow_privileged = true}));
}

TEST_F(MySqlSessionLive, RightsThroughARoleCountToo) {
  server_->script(
      "CREATE ROLE writers;\nGRANT INSERT ON shop.* TO writers;\nCREATE ROLE staff;\nGRANT writers TO "
      "staff;\n"
      "CREATE USER 'clerk'@'%';\nGRANT SELECT ON shop.* TO 'clerk'@'%';\nGRANT staff TO 'clerk'@'%';\n");
  const auto refused = open_session(server_->dsn("shop", "clerk"));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("INSERT on shop.*"));
}

TEST_F(MySqlSessionLive, NothingCanBeWritten) {
  Session session = open("shop", "root", {.allow_privileged = true});
  const auto answer = session.query("CREATE TABLE shop.stray (a int)");
  ASSERT_FALSE(answer);
  EXPECT_EQ(session.error_number(), 1792U);
  EXPECT_FALSE(session.query("SELECT 1; SELECT 2"));  // one statement a call
}

TEST_F(MySqlSessionLive, TheServerEndsALongStatement) {
  Session session = open("shop", "planwise", {.statement_timeout = 300ms});
  const auto started = steady_clock::now();
  // SLEEP() alone returns when it is interrupted.
  const auto answer = session.query(
      "SELECT count(*) FROM shop.orders a, shop.orders b, shop.orders c WHERE a.note <> b.note");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kTimeout) << answer.error().message;
  EXPECT_TRUE(session.is_open());
  EXPECT_LT(steady_clock::now() - started, 5s);
}

TEST_F(MySqlSessionLive, TheClientGivesUpWhatTheServerDoesNotEnd) {
  Session session = open("shop", "planwise");
  const auto started = steady_clock::now();
  const auto answer = session.query("SELECT SLEEP(20)", steady_clock::now() + 500ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kTimeout);
  EXPECT_LT(steady_clock::now() - started, 3s);
  EXPECT_FALSE(session.is_open());
  // The statement itself is ended too, by another connection.
  const auto deadline = steady_clock::now() + 10s;
  while (server_->value(
             "SELECT count(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP(20)%'") !=
             "0" &&
         steady_clock::now() < deadline) {
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_LT(steady_clock::now(), deadline);
  ASSERT_TRUE(session.reopen(steady_clock::now() + 10s));
  EXPECT_TRUE(session.query("SELECT 1"));
}

TEST_F(MySqlSessionLive, AStoppedServerHoldsNobody) {
  Session session = open("shop", "planwise");
  server_->pause();
  const auto started = steady_clock::now();
  const auto answer = session.query("SELECT 1", steady_clock::now() + 500ms);
  const auto again = session.reopen(steady_clock::now() + 500ms);
  server_->resume();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kTimeout);
  EXPECT_FALSE(again);
  EXPECT_LT(steady_clock::now() - started, 5s);
}

TEST_F(MySqlSessionLive, AnEndlessAnswerIsCutOff) {
  Session session = open("shop", "planwise", {.response_limit = 1 << 20});
  const auto answer = session.query("SELECT a.note, b.note FROM shop.orders a, shop.orders b");
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("larger than planwise takes"));
  EXPECT_FALSE(session.is_open());
}

TEST_F(MySqlSessionLive, ALostConnectionIsUnavailable) {
  Session session = open("shop", "planwise");
  const auto id = session.query("SELECT CONNECTION_ID() AS id");
  ASSERT_TRUE(id);
  server_->sql("KILL " + (*id)[0].text_or_empty("id"));
  const auto answer = session.query("SELECT 1");
  ASSERT_FALSE(answer);
  EXPECT_FALSE(session.is_open() && session.query("SELECT 1"));
  EXPECT_TRUE(session.reopen(steady_clock::now() + 10s));
}

TEST_F(MySqlSessionLive, TheServerMayNotAskForFiles) {
  Session session = open("shop", "root", {.allow_privileged = true});
  EXPECT_FALSE(session.query("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE shop.numbers"));
}

}  // namespace
}  // namespace planwise::mysql

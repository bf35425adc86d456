#include "connectors/mysql/login.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temp_folder.h"

namespace planwise::mysql {
namespace {

using testing::HasSubstr;
using testing::Not;

Login login_of(std::string_view dsn, const LoginSources& sources = {}) {
  auto login = read_login(dsn, sources);
  EXPECT_TRUE(login) << login.error().message;
  return login ? *login : Login{};
}

std::string message_of(std::string_view dsn, const LoginSources& sources = {}) {
  const auto login = read_login(dsn, sources);
  return login ? "no error" : login.error().message;
}

TEST(MySqlLogin, ReadsTheWholeUri) {
  const Login login = login_of(
      "mysql://plan%40wise:p%2Fw@[::1]:3307/my%20shop?ssl-mode=verify_identity&ssl-ca=/"
      "ca.pem&connect-timeout=3");
  EXPECT_EQ(login.user, "plan@wise");
  EXPECT_EQ(login.password, "p/w");
  EXPECT_EQ(login.host, "::1");
  EXPECT_EQ(login.port, 3307);
  EXPECT_EQ(login.database, "my shop");
  EXPECT_EQ(login.tls, TlsMode::kVerifyIdentity);
  EXPECT_EQ(login.tls_ca, "/ca.pem");
  EXPECT_EQ(login.connect_timeout, std::chrono::seconds(3));
  EXPECT_EQ(login.place(), "[::1]:3307");
  EXPECT_FALSE(login.is_local());
}

TEST(MySqlLogin, VerifyingTheIssuerNeedsToKnowIt) {
  EXPECT_EQ(login_of("mysql://h/d?ssl-mode=VERIFY_CA&ssl-ca=/ca.pem").tls, TlsMode::kVerifyCa);
  EXPECT_THAT(message_of("mysql://h/d?ssl-mode=VERIFY_CA"), HasSubstr("needs ssl-ca"));
}

TEST(MySqlLogin, LocalhostWithoutAPortIsTheSocket) {
  EXPECT_TRUE(login_of("mariadb://u@localhost/shop").is_local());
  EXPECT_TRUE(login_of("mysql:///shop").is_local());
  EXPECT_FALSE(login_of("mysql://u@localhost:3306/shop").is_local());
  const Login encoded = login_of("mysql://u@%2Frun%2Fmysqld.sock/shop");
  EXPECT_TRUE(encoded.is_local());
  EXPECT_EQ(encoded.socket, "/run/mysqld.sock");
  EXPECT_EQ(login_of("mysql://u@localhost/shop?socket=/tmp/s").socket, "/tmp/s");
}

TEST(MySqlLogin, AWrongUriIsToldWithoutItsParts) {
  for (const char* dsn :
       {"mysql://u:s3cret@h:0/d", "mysql://u:s3cret@h:99999/d", "mysql://u:s3cret@h:port/d",
        "mysql://u:s3%zz@h/d", "mysql://u:s3cret@h/d?ssl-mode=s3cret", "mysql://u:s3cret@[::1/d",
        "mysql://u:s3cret@h/d/e", "mysql://u:s3cret@h/d?s3cret!=1",
        "mysql://u:s3cret@h/d?connect-timeout=s3cret", "mysql://u:s3%00@h/d"}) {
    const auto login = read_login(dsn, {});
    ASSERT_FALSE(login) << dsn;
    EXPECT_EQ(login.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(login.error().message, HasSubstr("connection string cannot be read"));
    EXPECT_THAT(login.error().message + login.error().hint, Not(HasSubstr("s3")));
  }
  EXPECT_THAT(message_of("mysql://h/d?local-infile=1"), HasSubstr("\"local-infile\" is no parameter"));
}

TEST(MySqlLogin, FromElsewhereOnlyWhatReadsNoFileAndGivesItsOwnPassword) {
  EXPECT_TRUE(check_remote_dsn("mysql://u:p@db1/shop?ssl-mode=REQUIRED"));
  EXPECT_TRUE(check_remote_dsn("mysql://u:p@localhost:3306/shop"));
  for (const char* dsn :
       {"mysql://u:p@db1/shop?socket=/s", "mysql://u:p@db1/shop?defaults-file=/f",
        "mysql://u:p@db1/d?ssl-key=/k", "mysql://u:p@localhost/shop", "mysql://u:p@%2Fs/shop",
        "mysql:///shop", "mysql://u@db1/shop", "mysql://db1/shop"}) {
    EXPECT_FALSE(check_remote_dsn(dsn)) << dsn;
  }
}

class MySqlOptionFiles : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const std::string path = folder_.file(name);
    std::ofstream(path) << text;
    chmod(path.c_str(), 0600);
    return path;
  }
  test::TempFolder folder_;
};

TEST_F(MySqlOptionFiles, TheUriWinsOverFilesAndTheyOverTheEnvironment) {
  LoginSources sources;
  sources.environment = [](const std::string& variable) -> std::optional<std::string> {
    return variable == "MYSQL_PWD" || variable == "USER" ? std::optional<std::string>("of environment")
                                                         : std::nullopt;
  };
  EXPECT_EQ(login_of("mysql://h/d", sources).password, "of environment");
  EXPECT_EQ(login_of("mysql://h/d", sources).user, "of environment");
  sources.option_files = {
      file("a.cnf", "[client]\nuser = first\npassword=first\nport=3310\n"),
      file("b.cnf", "[mysqld]\nuser=mysql\n[planwise]\npassword=\"second # half\" \nhost=db2\n")};
  const Login login = login_of("mysql:///d", sources);
  EXPECT_EQ(login.user, "first");
  EXPECT_EQ(login.password, "second # half");
  EXPECT_EQ(login.host, "db2");
  EXPECT_EQ(login.port, 3310);
  const Login given = login_of("mysql://me:mine@db9/d", sources);
  EXPECT_EQ(given.user, "me");
  EXPECT_EQ(given.password, "mine");
  EXPECT_EQ(given.port, 0);  // the file's is another server's
}

TEST_F(MySqlOptionFiles, ReadsEscapesCommentsIncludesAndSuffixes) {
  file("inner.cnf", "[client_shop]\nssl_ca=/inner.pem\n");
  const std::string outer =
      file("outer.cnf",
           "# comment\n; another\n[client]\npassword='a\\tb\\\\c' \nloose-user=u # said\n"
           "ssl-mode=REQUIRED\nquick\nskip-auto-rehash\n!include " +
               folder_.file("inner.cnf") + "\n");
  const Login login = login_of("mysql://h/d?defaults-group-suffix=_shop&defaults-file=" + outer);
  EXPECT_EQ(login.password, "a\tb\\c");
  EXPECT_EQ(login.user, "u");
  EXPECT_EQ(login.tls, TlsMode::kRequired);
  EXPECT_EQ(login.tls_ca, "/inner.pem");
}

TEST_F(MySqlOptionFiles, BadFilesAreToldAndUnsafeOnesLeftOut) {
  const std::string broken = file("broken.cnf", "[client]\nuser=u\nthis is no option\n");
  EXPECT_THAT(message_of("mysql://h/d", {.option_files = {broken}}), HasSubstr("broken.cnf:3: is no option"));
  const std::string open = file("open.cnf", "[client]\nuser=planted\n");
  chmod(open.c_str(), 0666);
  EXPECT_EQ(login_of("mysql://h/d", {.option_files = {open, "/nowhere/my.cnf"}}).user, "");
  EXPECT_THAT(message_of("mysql://h/d?defaults-file=/nowhere/my.cnf"), HasSubstr("cannot be read"));
  const std::string loop = folder_.file("loop.cnf");
  file("loop.cnf", "!include " + loop + "\n");
  EXPECT_THAT(message_of("mysql://h/d", {.option_files = {loop}}), HasSubstr("include each other"));
}

}  // namespace
}  // namespace planwise::mysql

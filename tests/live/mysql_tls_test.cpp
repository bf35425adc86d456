// TLS with certificates of our own: which mode takes which server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/live/mysql_capture.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace planwise::mysql {
namespace {

using testing::HasSubstr;

class MySqlTls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<test::TempFolder>();
    for (const char* authority : {"ca", "other"}) {
      openssl({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", file(authority, "key"), "-out",
               file(authority, "pem"), "-days", "2", "-subj", std::string("/CN=") + authority});
    }
    make_server_certificate("right", "IP:127.0.0.1");
    make_server_certificate("elsewhere", "DNS:db1");
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static std::string file(const std::string& name, const std::string& extension) {
    return folder_->file(name + "." + extension);
  }
  static void openssl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openssl");
    const test::ProcessResult result = test::run(arguments);
    ASSERT_EQ(result.status, 0) << result.output;
  }
  static void make_server_certificate(const std::string& name, const std::string& subject) {
    std::ofstream(file(name, "ext")) << "subjectAltName=" << subject;
    openssl({"req", "-newkey", "rsa:2048", "-nodes", "-keyout", file(name, "key"), "-out", file(name, "csr"),
             "-subj", "/CN=server"});
    openssl({"x509", "-req", "-in", file(name, "csr"), "-CA", file("ca", "pem"), "-CAkey", file("ca", "key"),
             "-CAcreateserial", "-out", file(name, "pem"), "-days", "2", "-extfile", file(name, "ext")});
  }
  // A server with that certificate; empty for none.
  static std::unique_ptr<test::MySqlServer> server_with(const std::string& certificate) {
    test::MySqlServerOptions options{.tcp = true};
    if (!certificate.empty()) {
      options.settings = {"ssl-ca=" + file("ca", "pem"), "ssl-cert=" + file(certificate, "pem"),
                          "ssl-key=" + file(certificate, "key")};
    }
    auto server = std::make_unique<test::MySqlServer>(options);
    server->sql("CREATE USER 'watcher'@'%' IDENTIFIED BY 'secret'");
    return server;
  }
  // What SHOW STATUS says of the session's cipher, or the error.
  static std::string cipher_or_error(const test::MySqlServer& server, const std::string& parameters) {
    auto session =
        open_session("mysql://watcher:secret@127.0.0.1:" + std::to_string(server.port()) + "/?" + parameters);
    if (!session) {
      return session.error().message;
    }
    const auto status = session->query("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
    return status && !status->empty() ? (*status)[0].text_or_empty("Value") : "no status";
  }
  static std::string trusting(const std::string& authority) { return "&ssl-ca=" + file(authority, "pem"); }

  static inline std::unique_ptr<test::TempFolder> folder_;
};

TEST_F(MySqlTls, EncryptsWhereTheServerCanAndVerifiesWhereItIsAsked) {
  const auto server = server_with("right");
  const auto result = [&](const std::string& parameters) { return cipher_or_error(*server, parameters); };
  EXPECT_THAT(result(""), HasSubstr("TLS_"));
  EXPECT_EQ(result("ssl-mode=DISABLED"), "");
  EXPECT_THAT(result("ssl-mode=REQUIRED"), HasSubstr("TLS_"));
  EXPECT_THAT(result("ssl-mode=VERIFY_CA" + trusting("ca")), HasSubstr("TLS_"));
  EXPECT_THAT(result("ssl-mode=VERIFY_CA" + trusting("other")), HasSubstr("no TLS connection"));
  EXPECT_THAT(result("ssl-mode=VERIFY_IDENTITY" + trusting("ca")), HasSubstr("TLS_"));
  EXPECT_THAT(result("ssl-mode=VERIFY_IDENTITY" + trusting("other")), HasSubstr("no TLS connection"));
  EXPECT_THAT(result("ssl-mode=VERIFY_IDENTITY"),
              HasSubstr("no TLS connection"));  // the system knows no such issuer
}

TEST_F(MySqlTls, ACertificateForAnotherHostIsNoIdentity) {
  const auto server = server_with("elsewhere");
  EXPECT_THAT(cipher_or_error(*server, "ssl-mode=VERIFY_CA" + trusting("ca")), HasSubstr("TLS_"));
  EXPECT_THAT(cipher_or_error(*server, "ssl-mode=VERIFY_IDENTITY" + trusting("ca")),
              HasSubstr("no TLS connection"));
}

TEST_F(MySqlTls, AServerWithoutTlsIsRefusedWhereTlsIsAskedFor) {
  const auto server = server_with("");
  EXPECT_EQ(cipher_or_error(*server, ""), "");
  EXPECT_THAT(cipher_or_error(*server, "ssl-mode=REQUIRED"), HasSubstr("no TLS connection"));
  EXPECT_THAT(cipher_or_error(*server, "ssl-mode=VERIFY_CA" + trusting("ca")),
              HasSubstr("no TLS connection"));
}

TEST_F(MySqlTls, ThePasswordGoesInClearTextOnlyToWhoHasProvedToBeTheServer) {
  if (access("/usr/lib/mysql/plugin/auth_pam.so", R_OK) != 0) {
    GTEST_SKIP() << "the plug-in auth_pam comes with the package mariadb-server";
  }
  const auto server = server_with("right");
  server->sql("INSTALL SONAME 'auth_pam'");  // asks the client for the password as it is
  server->sql("CREATE USER 'typist'@'%' IDENTIFIED VIA pam");
  const auto login = [&](const std::string& parameters) {
    const auto session =
        open_session("mysql://typist:secret@127.0.0.1:" + std::to_string(server->port()) + "/?" + parameters);
    return session ? std::string("in") : session.error().message;
  };
  EXPECT_THAT(login("ssl-mode=REQUIRED"), HasSubstr("a way to log in that planwise does not use here"));
  EXPECT_THAT(login("ssl-mode=DISABLED"), HasSubstr("a way to log in that planwise does not use here"));
  EXPECT_THAT(login("ssl-mode=VERIFY_IDENTITY" + trusting("ca")),
              HasSubstr("refused user"));  // it was asked, and wrong
}

}  // namespace
}  // namespace planwise::mysql

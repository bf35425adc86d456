#include "server/api/dsn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace planwise::api {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(RemoteDsn, TakesHostsOverTcp) {
  for (const std::string dsn :
       {"postgres://planwise@db1/shop", "postgresql://u:p%40ss@[::1]:5433/db?sslmode=require",
        "host=db1 dbname=shop", "hostaddr=10.0.0.1 user=u password='a b'",
        "postgres://u@h1,h2/db?target_session_attrs=primary"}) {
    const auto allowed = check_remote_dsn(dsn);
    EXPECT_TRUE(allowed) << dsn << ": " << allowed.error().message;
  }
}

TEST(RemoteDsn, RefusesKeysThatReadFilesOfThisMachine) {
  for (const std::string key :
       {"passfile", "service", "sslkey", "sslcert", "sslrootcert", "sslcrl", "options"}) {
    const auto allowed = check_remote_dsn("host=db1 " + key + "=/etc/passwd");
    ASSERT_FALSE(allowed) << key;
    EXPECT_THAT(allowed.error().message, HasSubstr(key));
    EXPECT_THAT(allowed.error().message, Not(HasSubstr("/etc/passwd")));
  }
}

TEST(RemoteDsn, RefusesLocalSockets) {
  for (const std::string dsn :
       {"dbname=shop", "host=/var/run/postgresql", "host=@abstract", "host=db1,/tmp", "postgres:///shop",
        "postgres://%2Fvar%2Frun/shop", "postgres:///shop?host=/tmp", "host='' user=u", "host=db1,"}) {
    EXPECT_FALSE(check_remote_dsn(dsn)) << dsn;
  }
}

TEST(RemoteDsn, RefusesWhatIsNoneAndRepeatsNothingOfIt) {
  for (const std::string dsn :
       {"", "snapshot.json", "/etc/passwd", "postgres://u:hunter2@h:port:x/db?a", "mysql://u@h/d",
        "host=db1 password=hunter2 colour=red", "host=db1 password='hunter2"}) {
    const auto allowed = check_remote_dsn(dsn);
    ASSERT_FALSE(allowed) << dsn;
    EXPECT_THAT(allowed.error().message, Not(HasSubstr("hunter2")));
  }
  EXPECT_FALSE(check_remote_dsn(std::string("host=db1\0host=/tmp", 18)));
}

}  // namespace
}  // namespace planwise::api

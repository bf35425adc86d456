#include "server/target.h"

#include <gtest/gtest.h>

namespace planwise {
namespace {

TEST(WithoutSecrets, LeavesOutWhatIsSecret) {
  EXPECT_EQ(without_secrets("postgres://u:s3cret@h:5432/db"), "postgres://u@h:5432/db");
  EXPECT_EQ(without_secrets("postgresql://h/db?password=s3cret").find("s3cret"), std::string::npos);
  EXPECT_EQ(without_secrets("host=h password=s3cret dbname=d"), "host=h dbname=d");
  EXPECT_EQ(without_secrets("host=h s3cret").find("s3cret"), std::string::npos);
  EXPECT_EQ(without_secrets("mysql://u:s3cret@h:3306/db"), "mysql://u@h:3306/db");
  EXPECT_EQ(without_secrets("mysql://u:@h/db"), "mysql://u@h/db");
  EXPECT_EQ(without_secrets("mysql://u:s3@cret@h/db"), "mysql://u@h/db");
  EXPECT_EQ(without_secrets("mysql://u:s3/cret@h/db"), "mysql://u@h/db");
  EXPECT_EQ(without_secrets("mysql://u:s3/c?ret@h/db"), "mysql://…");
  EXPECT_EQ(without_secrets("mariadb://h/db?user=u&PassWord=s3cret&pwd=s3cret&x=1"), "mariadb://h/db?user=u&x=1");
  EXPECT_EQ(without_secrets("mariadb://h/db?p%61ssword=s3cret"), "mariadb://h/db");
  EXPECT_EQ(without_secrets("mariadb://u:p@h/db?user=x@y&password=s3@cret"), "mariadb://u@h/db?user=x@y");
  EXPECT_EQ(without_secrets("u:s3cret@h"), "…");
  EXPECT_EQ(without_secrets("/var/lib/planwise/snapshot.json.zst"), "/var/lib/planwise/snapshot.json.zst");
  EXPECT_EQ(without_secrets(""), "");
}

}  // namespace
}  // namespace planwise

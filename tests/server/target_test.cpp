#include "server/target.h"

#include <gtest/gtest.h>

namespace planwise {
namespace {

TEST(WithoutSecrets, LeavesOutWhatIsSecret) {
  EXPECT_EQ(without_secrets("postgres://u:s3cret@h:5432/db"), "postgres://u@h:5432/db");
  EXPECT_EQ(without_secrets("postgres://u@h/db?sslmode=require"), "postgres://u@h/db?sslmode=require");
  EXPECT_EQ(without_secrets("postgresql://h/db?password=s3cret"), "postgresql://h/db");
  EXPECT_EQ(without_secrets("postgresql://h/db?user=u&PassWord=s3cret&sslpassword=s3cret&x=1"),
            "postgresql://h/db?user=u&x=1");
  EXPECT_EQ(without_secrets("postgresql://h/db?p%61ssword=s3cret"), "postgresql://h/db");
  EXPECT_EQ(without_secrets("postgres://u:s3@cret@h/db"), "postgres://u@h/db");
  EXPECT_EQ(without_secrets("postgres://u:s3/cret@h/db"), "postgres://u@h/db");
  EXPECT_EQ(without_secrets("postgres://u:s3/c?ret@h/db"), "postgres://…");
  EXPECT_EQ(without_secrets("postgres://u:p@h/db?user=x@y&password=s3@cret"), "postgres://u@h/db?user=x@y");
  EXPECT_EQ(without_secrets("mysql://u:@h/db"), "mysql://u@h/db");
  EXPECT_EQ(without_secrets("host=h password=s3cret dbname=d"), "host=h dbname=d");
  EXPECT_EQ(without_secrets("host = h password = 's3 \\' cret' dbname='my db'"), "host=h dbname='my db'");
  EXPECT_EQ(without_secrets("password='s3cret"), "…");
  EXPECT_EQ(without_secrets("host=h s3cret"), "…");
  EXPECT_EQ(without_secrets("u:s3cret@h"), "…");
  EXPECT_EQ(without_secrets("snapshot.json.zst"), "snapshot.json.zst");
  EXPECT_EQ(without_secrets(""), "");
}

}  // namespace
}  // namespace planwise

#include "connectors/postgres/dsn.h"

#include <gtest/gtest.h>

namespace planwise::pg {
namespace {

TEST(Dsn, IsToldFromAFileName) {
  EXPECT_TRUE(is_dsn("postgres://db1/shop"));
  EXPECT_TRUE(is_dsn("postgresql:///"));
  EXPECT_TRUE(is_dsn("host=db1 dbname=shop"));
  EXPECT_FALSE(is_dsn("shop.json.zst"));
  EXPECT_FALSE(is_dsn("mysql://db1/shop"));
}

TEST(Dsn, NoSecretIsShown) {
  EXPECT_EQ(redacted("postgres://app:s3cret@db1:5433/shop?sslmode=require&sslpassword=x&passfile=/p"),
            "postgres://app@db1:5433/shop?sslmode=require");
  EXPECT_EQ(redacted("host=db1 user=app password='a b' dbname='my shop' options='-c x=secret'"),
            "host=db1 user=app dbname='my shop'");
  EXPECT_EQ(redacted("postgres://a,b:6000/x?password=p"), "postgres://a,b:6000/x");
  EXPECT_EQ(redacted("postgres://u@[::1]:5432/x"), "postgres://u@[::1]:5432/x");
  EXPECT_EQ(redacted("postgres:///x?host=/run/postgresql"), "postgres://%2Frun%2Fpostgresql/x");
  EXPECT_EQ(redacted("host=db1 password"), "(unreadable connection string)");
}

TEST(Dsn, WhatCannotBeReadIsNotQuoted) {
  for (const char* text : {"postgres://app:s3cret@db1:1/x?nothing=1", "host=db1 s3cret", "password='s3cret",
                           "s3cret=1", "postgres://app:s3cret%@db1/x"}) {
    const auto checked = check_dsn(text);
    ASSERT_FALSE(checked) << text;
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(checked.error().message.find("s3cret"), std::string::npos) << checked.error().message;
    EXPECT_EQ(redacted(text).find("s3cret"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace planwise::pg

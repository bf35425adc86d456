#include "connectors/postgres/server_error.h"

#include <gtest/gtest.h>

namespace planwise::pg {
namespace {

constexpr std::string_view kRefused = "connection to server at \"db1\" (10.0.0.1), port 5432 failed: ";

TEST(ServerError, ValuesInMessagesAreNotPassedOn) {
  const Error error = statement_error("22P02", "invalid input syntax for type integer: \"4111 1111\"");
  EXPECT_EQ(error.message.find("4111"), std::string::npos);
  EXPECT_NE(error.message.find("22P02"), std::string::npos);
}

TEST(ServerError, NamesInMessagesAre) {
  const Error error = statement_error(kInsufficientPrivilege, "permission denied for table orders");
  EXPECT_EQ(error.code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(error.message, "permission denied for table orders (SQLSTATE 42501)");
}

TEST(ServerError, TheSqlstateIsFoundInAnyLanguage) {
  EXPECT_EQ(sqlstate_in("FATAL:  28P01: password authentication failed\nLOCATION:  auth_failed, auth.c:1\n"),
            "28P01");
  EXPECT_EQ(sqlstate_in("ВАЖНО:  3D000: база данных не существует"), "3D000");
  EXPECT_EQ(sqlstate_in("FATAL:  28000: a\nFATAL:  53300: b"), "53300");
  EXPECT_EQ(sqlstate_in("could not connect:  whatever"), "");
}

TEST(ServerError, EachCauseOfAFailedConnectionHasItsRemedy) {
  const Address at{"db1", "5432", "planwise", "shop"};
  struct Case {
    const char* said;
    ErrorCode code;
    const char* message;
    const char* hint;
  };
  for (const Case& one : {
           Case{"FATAL:  28P01: x", ErrorCode::kPermissionDenied, "password of user \"planwise\"",
                "PGPASSWORD"},
           Case{"FATAL:  28000: no pg_hba.conf entry for host", ErrorCode::kPermissionDenied,
                "database \"shop\"", "pg_hba.conf"},
           Case{"FATAL:  3D000: x", ErrorCode::kNotFound, "no database \"shop\"", "psql -l"},
           Case{"FATAL:  53300: x", ErrorCode::kUnavailable, "no connection left", "max_connections"},
           Case{"FATAL:  57P03: x", ErrorCode::kUnavailable, "does not take connections yet", "minute"},
           Case{"Connection refused", ErrorCode::kUnavailable, "nothing listens at db1:5432", "port"},
           Case{"could not translate host name \"db1\"", ErrorCode::kUnavailable, "host name \"db1\"",
                "spelling"},
           Case{"fe_sendauth: no password supplied", ErrorCode::kPermissionDenied, "asks for the password",
                "pgpass"},
       }) {
    const Error error = connection_error(std::string(kRefused) + one.said, at);
    EXPECT_EQ(error.code, one.code) << one.said;
    EXPECT_NE(error.message.find(one.message), std::string::npos) << error.message;
    EXPECT_NE(error.hint.find(one.hint), std::string::npos) << error.hint;
  }
}

}  // namespace
}  // namespace planwise::pg

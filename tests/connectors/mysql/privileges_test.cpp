#include "connectors/mysql/privileges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace planwise::mysql {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(MySqlPrivileges, ReadingIsHarmless) {
  EXPECT_THAT(powers_of({"GRANT PROCESS, REPLICATION CLIENT ON *.* TO `p`@`%`",
                         "GRANT SELECT, SHOW VIEW ON `shop`.* TO `p`@`%`",
                         "GRANT SELECT, UPDATE ON `performance_schema`.* TO `p`@`%`",
                         "GRANT EXECUTE ON `shop`.* TO `p`@`%`",
                         "GRANT USAGE ON *.* TO 'p'@'%' IDENTIFIED BY PASSWORD 'x'"}),
              IsEmpty());
}

TEST(MySqlPrivileges, WritingAdministeringAndFilesAreNot) {
  EXPECT_THAT(powers_of({"GRANT ALL PRIVILEGES ON *.* TO 'root'@'localhost' WITH GRANT OPTION"}),
              ElementsAre("ALL PRIVILEGES on *.*", "GRANT OPTION on *.*"));
  EXPECT_THAT(powers_of({"GRANT SELECT, INSERT ON `shop`.* TO `p`@`%`", "GRANT FILE, SUPER ON *.* TO `p`@`%`",
                         "GRANT SELECT (`a`, `b`), UPDATE (`c`) ON `shop`.`t` TO `p`@`%`",
                         "GRANT BACKUP_ADMIN,SHOW_ROUTINE ON *.* TO `p`@`%`"}),
              ElementsAre("FILE on *.*", "SUPER on *.*", "BACKUP_ADMIN on *.*", "INSERT on shop.*",
                          "UPDATE on shop.t"));
}

TEST(MySqlPrivileges, NamesThatLookLikeGrantsAreNone) {
  EXPECT_THAT(powers_of({"GRANT SELECT ON `x TO y ON z`.`, INSERT`  TO `p`@`%`"}), IsEmpty());
  EXPECT_THAT(powers_of({"GRANT SELECT ON `shop`.* TO `with GRANT OPTION`@`%`"}), IsEmpty());
}

Result<TextRows> answer(std::vector<std::string> lines) {
  TextRows rows({"Grants"});
  for (const std::string& line : lines) {
    rows.append(line);
  }
  return rows;
}

TEST(MySqlPrivileges, RolesAreSwitchedOnToBeSeenOnMariaDb) {
  std::vector<std::string> asked;
  const auto ask = [&](std::string_view sql) -> Result<TextRows> {
    asked.emplace_back(sql);
    if (sql == "SELECT CURRENT_ROLE() AS role") {
      TextRows rows({"role"});
      rows.append("usual");
      return rows;
    }
    if (sql.starts_with("SET ROLE")) {
      return TextRows{};
    }
    return sql == "SHOW GRANTS"
               ? answer({"GRANT `a` TO `p`@`%`", "GRANT `b` TO `a`", "GRANT DROP ON `shop`.* TO `b`"})
               : answer({"GRANT `a` TO `p`@`%`", "GRANT SELECT ON `shop`.* TO `p`@`%`"});
  };
  const auto grants = read_grants(ask, {.engine = Engine::kMariaDb, .version = {10, 11, 0}});
  ASSERT_TRUE(grants);
  EXPECT_THAT(powers_of(*grants), ElementsAre("DROP on shop.*"));
  EXPECT_THAT(asked, Contains("SET ROLE `a`"));
  EXPECT_EQ(asked.back(), "SET ROLE usual");
}

TEST(MySqlPrivileges, RolesAreAskedForInOneGoOnMySql8) {
  const auto ask = [](std::string_view sql) -> Result<TextRows> {
    return sql == "SHOW GRANTS FOR CURRENT_USER() USING `a`@`%`, `b`@`%`"
               ? answer({"GRANT SELECT, INSERT ON `shop`.* TO `p`@`%`", "GRANT `a`@`%`,`b`@`%` TO `p`@`%`"})
               : answer({"GRANT `a`@`%`,`b`@`%` TO `p`@`%`"});
  };
  const auto grants = read_grants(ask, {.engine = Engine::kMySql, .version = {8, 0, 36}});
  ASSERT_TRUE(grants);
  EXPECT_THAT(powers_of(*grants), ElementsAre("INSERT on shop.*"));
}

TEST(MySqlPrivileges, NobodyCanLogInWithoutAPassword) {
  const auto first = [](Engine engine, Version version) {
    return least_privilege_sql("planwise", {"shop"}, {.engine = engine, .version = version}).front();
  };
  EXPECT_THAT(first(Engine::kMySql, {8, 4, 0}), HasSubstr("RANDOM PASSWORD"));
  EXPECT_THAT(first(Engine::kMySql, {5, 7, 40}), HasSubstr("ACCOUNT LOCK"));
  EXPECT_THAT(first(Engine::kMariaDb, {10, 11, 0}), HasSubstr("ACCOUNT LOCK"));
  EXPECT_THAT(password_hint("planwise", {.engine = Engine::kMariaDb, .version = {10, 11, 0}}),
              HasSubstr("ALTER USER 'planwise'@'%' IDENTIFIED BY '…' ACCOUNT UNLOCK"));
  EXPECT_THAT(first(Engine::kMySql, {5, 6, 24}), HasSubstr("PASSWORD '*" + std::string(40, '0') + "'"));
}

TEST(MySqlPrivileges, ASchemaIsNoPattern) {
  EXPECT_EQ(grant_on_schema("my_sh`op", "planwise@10.%"),
            "GRANT SELECT, SHOW VIEW ON `my\\_sh``op`.* TO 'planwise'@'10.%'");
}

}  // namespace
}  // namespace planwise::mysql

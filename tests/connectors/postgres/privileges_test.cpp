#include "connectors/postgres/privileges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/golden.h"

namespace planwise::pg {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(Privileges, TheRoleReadsAllDataWhereThatIsARole) {
  const auto sql = least_privilege_sql("planwise", "shop", {.version = {15, 0, 0}});
  EXPECT_THAT(sql, Contains("GRANT pg_monitor TO planwise"));
  EXPECT_THAT(sql, Contains("GRANT pg_read_all_data TO planwise"));
}

TEST(Privileges, BeforeThatItIsGrantedTableByTable) {
  const auto sql = least_privilege_sql("planwise", "shop", {.version = {13, 0, 0}});
  EXPECT_THAT(sql, Not(Contains(HasSubstr("pg_read_all_data"))));
  EXPECT_THAT(sql, Contains(HasSubstr("GRANT SELECT ON ALL TABLES")));
}

TEST(Privileges, NamesAreQuoted) {
  const auto sql = least_privilege_sql("Plan\"wise", "my shop", {.version = {13, 0, 0}});
  EXPECT_THAT(sql, Contains("GRANT CONNECT ON DATABASE \"my shop\" TO \"Plan\"\"wise\""));
}

TEST(Privileges, ThePageShowsTheSameStatements) {
  const std::string page = test::file_text("web/src/sql/setup.ts");
  for (std::string sql : least_privilege_sql("role", "database", {.version = {15, 0, 0}})) {
    for (const std::string name : {"role", "database"}) {
      const auto at = sql.rfind(" " + name);
      sql = at == std::string::npos ? sql : sql.replace(at + 1, name.size(), "${" + name + "}");
    }
    EXPECT_THAT(page, HasSubstr(sql));
  }
}

}  // namespace
}  // namespace planwise::pg

#include "connectors/postgres/privileges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace planwise::pg {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(Privileges, TheRoleReadsAllDataWhereThatIsARole) {
  const auto sql = least_privilege_sql("planwise", "shop", true);
  EXPECT_THAT(sql, Contains("GRANT pg_monitor TO planwise"));
  EXPECT_THAT(sql, Contains("GRANT pg_read_all_data TO planwise"));
}

TEST(Privileges, BeforeThatItIsGrantedTableByTable) {
  const auto sql = least_privilege_sql("planwise", "shop", false);
  EXPECT_THAT(sql, Not(Contains(HasSubstr("pg_read_all_data"))));
  EXPECT_THAT(sql, Contains(HasSubstr("GRANT SELECT ON ALL TABLES")));
}

TEST(Privileges, NamesAreQuoted) {
  const auto sql = least_privilege_sql("Plan\"wise", "my shop", false);
  EXPECT_THAT(sql, Contains("GRANT CONNECT ON DATABASE \"my shop\" TO \"Plan\"\"wise\""));
}

}  // namespace
}  // namespace planwise::pg

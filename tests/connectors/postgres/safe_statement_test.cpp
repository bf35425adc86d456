#include "connectors/postgres/safe_statement.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace planwise::pg {
namespace {

const std::vector<std::string> kSchemas{"pg_catalog", "public"};

std::optional<Objection> objection(const std::string& sql, const UntrustedCode& untrusted) {
  const auto tree = ParseTree::parse(sql);
  EXPECT_TRUE(tree.has_value());
  const auto names = read_names(*tree);
  EXPECT_TRUE(names.has_value());
  return objection_to(*names, untrusted, kSchemas);
}

UntrustedCode hostile() {
  UntrustedCode code;
  code.functions = {{"public", "lower"}, {"m", "f"}};
  code.row_functions = {{"public", "leak"}};
  code.operators = {{"public", "="}, {"m", "~~"}};
  code.types = {{"m", "kind"}};
  code.relations = {{"public", "v"}};
  return code;
}

TEST(SafeStatement, ObjectsToWhateverMayResolveToUntrustedCode) {
  EXPECT_TRUE(objection("SELECT lower('x')", hostile()));
  EXPECT_TRUE(objection("SELECT 1 FROM t WHERE a = 1", hostile()));
  EXPECT_TRUE(objection("SELECT 1 FROM t WHERE a IN (1, 2)", hostile()));
  EXPECT_TRUE(objection("SELECT 1 FROM t JOIN u USING (id)", hostile()));
  EXPECT_TRUE(objection("SELECT NULLIF(a, b) FROM t", hostile()));
  EXPECT_TRUE(objection("SELECT CASE a WHEN 1 THEN 2 END FROM t", hostile()));
  EXPECT_TRUE(objection("SELECT 1 FROM t WHERE a OPERATOR(m.~~) 'x'", hostile()));
  EXPECT_TRUE(objection("SELECT m.f(1)", hostile()));
  EXPECT_TRUE(objection("SELECT t.leak FROM t", hostile()));
  EXPECT_TRUE(objection("SELECT ('x'::m.kind)::text", hostile()));
  EXPECT_TRUE(objection("INSERT INTO v VALUES (1)", hostile()));
}

TEST(SafeStatement, LeavesAloneWhatCannotReachIt) {
  EXPECT_FALSE(objection("SELECT upper('x') FROM t WHERE a > 1", hostile()));
  EXPECT_FALSE(objection("SELECT f(1)", hostile()));                       // m is not on the path
  EXPECT_FALSE(objection("SELECT 1 FROM t WHERE a LIKE 'x'", hostile()));  // nor its operator
  EXPECT_FALSE(objection("SELECT pg_catalog.lower('x')", hostile()));
  EXPECT_FALSE(objection("SELECT 1 FROM m.v", hostile()));
  EXPECT_FALSE(objection("SELECT lower('x') FROM t WHERE a = 1", {}));
}

TEST(SafeStatement, SaysWhoseCodeItIs) {
  const auto found = objection("SELECT lower('x')", hostile());
  ASSERT_TRUE(found);
  EXPECT_THAT(found->why, testing::HasSubstr("function public.lower"));
  EXPECT_THAT(found->remedy, testing::HasSubstr("trusted owners"));
}

TEST(SafeStatement, ObjectsToEverythingWhereTheCatalogueWasNotReadWhole) {
  UntrustedCode code;
  code.complete = false;
  EXPECT_TRUE(objection("SELECT 1", code));
}

}  // namespace
}  // namespace planwise::pg

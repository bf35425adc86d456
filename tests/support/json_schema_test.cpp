#include "tests/support/json_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace planwise::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kDocument = R"({
  "type": "object",
  "required": ["id", "rank"],
  "properties": {
    "id": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    "rank": {"type": "integer", "minimum": 1},
    "at": {"type": ["string", "null"], "format": "date-time"},
    "state": {"enum": ["open", "closed"]},
    "children": {"type": "array", "maxItems": 2, "items": {"$ref": "#/$defs/child"}}
  },
  "additionalProperties": false,
  "$defs": {"child": {"oneOf": [{"type": "string", "minLength": 2}, {"type": "number", "exclusiveMinimum": 0}]}}
})";

std::vector<std::string> check(std::string_view value) {
  return schema_violations(kDocument, "", value);
}

TEST(JsonSchema, AcceptsWhatConforms) {
  EXPECT_THAT(
      check(R"({"id": "0123456789abcdef", "rank": 1, "at": null, "state": "open", "children": ["ab", 2]})"),
      IsEmpty());
  EXPECT_THAT(check(R"({"id": "0123456789abcdef", "rank": 2.0, "at": "2026-01-31T23:59:59Z"})"), IsEmpty());
}

TEST(JsonSchema, NamesThePlaceOfEveryViolation) {
  EXPECT_THAT(
      check(R"({"id": "xyz", "rank": 0, "at": "yesterday", "state": "odd", "children": ["a", -1, "bcd"]})"),
      testing::UnorderedElementsAre(HasSubstr("/id: "), HasSubstr("/rank: is less"), HasSubstr("/at: "),
                                    HasSubstr("/state: "), HasSubstr("/children/0: "),
                                    HasSubstr("/children/1: "), HasSubstr("/children: is longer")));
}

TEST(JsonSchema, ReportsMissingAndUnexpectedMembers) {
  EXPECT_THAT(check(R"({"id": "0123456789abcdef", "other": 1})"),
              testing::UnorderedElementsAre(": lacks rank", "/other: is not allowed"));
}

TEST(JsonSchema, RefusesTheWrongType) {
  EXPECT_THAT(check("[]"), ElementsAre(HasSubstr("not of type \"object\"")));
  EXPECT_THAT(check(R"({"id": 1, "rank": 1.5})"), testing::SizeIs(2));
}

TEST(JsonSchema, RefusesKeywordsItDoesNotKnow) {
  EXPECT_THAT(schema_violations(R"({"uniqueItems": true})", "", "[]"), ElementsAre(HasSubstr("uniqueItems")));
}

TEST(JsonSchema, RefusesADanglingReference) {
  EXPECT_THAT(schema_violations(R"({"$ref": "#/$defs/none"})", "", "1"), ElementsAre(HasSubstr("not there")));
  EXPECT_THAT(schema_violations("{}", "/none", "1"), testing::SizeIs(1));
}

}  // namespace
}  // namespace planwise::test

#include "connectors/postgres/rows.h"

#include <gtest/gtest.h>

namespace planwise::pg {
namespace {

using Texts = std::vector<std::string>;

TEST(Rows, NullIsNothingAndSoIsAnotherKind) {
  Rows rows({"a", "b"});
  rows.append("12");
  rows.append(std::nullopt);
  rows.append("x");
  rows.append("t");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].integer("a"), 12);
  EXPECT_EQ(rows[0].number("a"), 12.0);
  EXPECT_EQ(rows[0].text("b"), std::nullopt);
  EXPECT_EQ(rows[0].text_or_empty("b"), "");
  EXPECT_FALSE(rows[0].is_true("b"));
  EXPECT_EQ(rows[1].integer("a"), std::nullopt);
  EXPECT_EQ(rows[1].boolean("a"), std::nullopt);
  EXPECT_TRUE(rows[1].is_true("b"));
}

TEST(Rows, NumbersThatAreNoneAreNothing) {
  Rows rows({"a"});
  for (const char* text : {"NaN", "Infinity", "1e999", "", "12abc"}) {
    rows.append(text);
    EXPECT_EQ(rows[rows.size() - 1].number("a"), std::nullopt) << text;
  }
}

TEST(Rows, TextIsMadeValidUtf8) {
  Rows rows({"a"});
  rows.append("caf\xE9");
  EXPECT_EQ(rows[0].text("a"), "caf\xEF\xBF\xBD");
}

TEST(Rows, AskingForAColumnTheQueryHasNotEndsTheProgram) {
  Rows rows({"a"});
  rows.append("1");
  EXPECT_DEATH((void)rows[0].text("b"), "");
}

TEST(ParseArray, ReadsWhatTheServerPrints) {
  EXPECT_EQ(parse_array("{}"), Texts{});
  EXPECT_EQ(parse_array("{1,2}"), (Texts{"1", "2"}));
  EXPECT_EQ(parse_array(R"({a,"b c","d\"e\\f","NULL",NULL})"), (Texts{"a", "b c", "d\"e\\f", "NULL"}));
  EXPECT_EQ(parse_array("[0:1]={7,8}"), (Texts{"7", "8"}));
  EXPECT_EQ(parse_array(R"({""})"), Texts{""});
  EXPECT_EQ(parse_array(R"({"a,b","{c}"})"), (Texts{"a,b", "{c}"}));
}

TEST(ParseArray, RefusesTheRest) {
  for (const char* text : {"", "x", "{", "{\"a}", "{{1,2},{3,4}}", "[0:1]"}) {
    EXPECT_EQ(parse_array(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace planwise::pg

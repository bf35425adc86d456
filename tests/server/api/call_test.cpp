#include "server/api/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>

namespace planwise::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array<std::string_view, 2> kColours{"red", "blue"};
constexpr std::array kPath{Parameter{"id", ParameterType::kId}};
constexpr std::array kQuery{Parameter{"limit", ParameterType::kInteger, "", {}, 1, 500},
                            Parameter{"colour", ParameterType::kChoices, "", kColours},
                            Parameter{"at", ParameterType::kTime}};
constexpr Route kRoute{.path = "/things/{id}", .path_parameters = kPath, .query_parameters = kQuery};

class CallTest : public testing::Test {
 protected:
  std::variant<Call, Problem> check(const std::string& query, const std::string& id = "7") {
    const auto target = parse_request_target("/things/" + id + query);
    EXPECT_TRUE(target);
    return Call::check(kRoute, {id}, *target, exchange_);
  }
  Exchange exchange_;
};

TEST_F(CallTest, GivesTheValues) {
  const auto checked = check("?limit=20&colour=red,blue&at=2026-01-31T12:00:00Z");
  const auto* call = std::get_if<Call>(&checked);
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->integer("id"), 7);
  EXPECT_EQ(call->integer("limit"), 20);
  EXPECT_THAT(call->words("colour"), ElementsAre("red", "blue"));
  EXPECT_TRUE(call->time("at"));
  EXPECT_EQ(call->path(), "/things/7");
}

TEST_F(CallTest, LeavesOutWhatWasNotGiven) {
  const auto checked = check("");
  const auto* call = std::get_if<Call>(&checked);
  ASSERT_NE(call, nullptr);
  EXPECT_FALSE(call->has("limit"));
  EXPECT_EQ(call->integer("limit", 50), 50);
  EXPECT_THAT(call->words("colour"), ElementsAre());
}

TEST_F(CallTest, ListsEveryBadQueryParameter) {
  const auto checked = check("?limit=501&colour=red,green&at=noon&shape=round");
  const auto* problem = std::get_if<Problem>(&checked);
  ASSERT_NE(problem, nullptr);
  EXPECT_EQ(problem->status, 400);
  ASSERT_EQ(problem->errors.size(), 4U);
  EXPECT_EQ(problem->errors[0].pointer, "limit");
  EXPECT_THAT(problem->errors[0].detail, HasSubstr("1 to 500"));
  EXPECT_THAT(problem->errors[1].detail, HasSubstr("red, blue"));
  EXPECT_THAT(problem->errors[2].detail, HasSubstr("RFC 3339"));
  EXPECT_EQ(problem->errors[3].pointer, "shape");
}

TEST_F(CallTest, RefusesNumbersThatAreNone) {
  for (const std::string value : {"", "0", "-1", "1.5", "1e2", "0x10", "99999999999999999999", "ten"}) {
    const auto checked = check("?limit=" + value);
    EXPECT_TRUE(std::holds_alternative<Problem>(checked)) << value;
  }
}

TEST_F(CallTest, FindsNothingUnderAnImpossibleId) {
  for (const std::string id : {"0", "-1", "abc", "7.0", "99999999999999999999"}) {
    const auto checked = check("", id);
    const auto* problem = std::get_if<Problem>(&checked);
    ASSERT_NE(problem, nullptr) << id;
    EXPECT_EQ(problem->status, 404);
  }
}

TEST_F(CallTest, RefusesABodyThatNobodyReads) {
  exchange_.body = "{}";
  const auto checked = check("");
  ASSERT_TRUE(std::holds_alternative<Problem>(checked));
  EXPECT_EQ(std::get<Problem>(checked).status, 400);
}

TEST(Rfc3339, ReadsOffsetsAndFractions) {
  using std::chrono::sys_days;
  const TimePoint noon = TimePoint(sys_days(std::chrono::year{2026} / 1 / 31)) + std::chrono::hours(12);
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00Z"), noon);
  EXPECT_EQ(parse_rfc3339("2026-01-31t13:30:00+01:30"), noon);
  EXPECT_EQ(parse_rfc3339("2026-01-31T11:00:00-01:00"), noon);
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00.25Z"), noon + std::chrono::milliseconds(250));
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00.0000009Z"), noon);
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const std::string text :
       {"", "2026-01-31", "2026-01-31 12:00:00Z", "2026-01-31T12:00:00", "2026-02-30T12:00:00Z",
        "2026-13-01T12:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z", "2026-01-31T12:00:60Z",
        "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00.5", "2026-01-31T12:00:00+1:00",
        "2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00Zx"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace planwise::api

#include "analyzer/base/text.h"

#include <gtest/gtest.h>

namespace planwise {
namespace {

TEST(Text, FiguresCarryTheirUnit) {
  EXPECT_EQ(human(Bytes{17}), "17 bytes");
  EXPECT_EQ(human(Bytes{1536 * 1024}), "1.5 MB");
  EXPECT_EQ(human(Millis{0.021}), "0.02 ms");
  EXPECT_EQ(human(Millis{840}), "840 ms");
  EXPECT_EQ(human(Millis{5'400'000}), "1.5 h");
  EXPECT_EQ(human(Rows{1234567}), "1,234,567");
  EXPECT_EQ(human(Rows{2.25}), "2.2");
  EXPECT_EQ(human_share(0.0004), "<0.1 %");
}

TEST(Text, TimesAreUtc) {
  using namespace std::chrono_literals;
  using std::chrono::sys_days;
  using std::chrono::year;
  EXPECT_EQ(rfc3339(TimePoint(sys_days(year{2026} / 1 / 31) + 23h + 59min + 59s)), "2026-01-31T23:59:59Z");
}

TEST(Text, InvalidBytesAreReplacedOneByOne) {
  EXPECT_EQ(valid_utf8("a\xC3\xA9z"), "a\xC3\xA9z");
  EXPECT_EQ(valid_utf8("a\xFF\xC3"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(valid_utf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(valid_utf8(std::string_view("a\0b", 3)), "a b");
}

TEST(Text, IsCutBetweenCodePoints) {
  EXPECT_EQ(shortened("short", 10), "short");
  EXPECT_EQ(shortened("\xC3\xA9\xC3\xA9\xC3\xA9", 6), "\xC3\xA9\xC3\xA9\xC3\xA9");
  EXPECT_EQ(shortened("\xC3\xA9\xC3\xA9\xC3\xA9z", 6), "\xC3\xA9…");
}

TEST(Text, ControlCharactersDoNotReachATerminal) {
  EXPECT_EQ(printable("a\x1B[2Jb\n"), "a [2Jb ");
}

}  // namespace
}  // namespace planwise

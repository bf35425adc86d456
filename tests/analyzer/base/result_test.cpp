#include "analyzer/base/result.h"

#include <gtest/gtest.h>

namespace planwise {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) {
    return Error{ErrorCode::kInvalidArgument, "odd", "give an even number"};
  }
  return n / 2;
}

Result<int> quarter(int n) {
  PLANWISE_TRY(const int once, half(n));
  PLANWISE_TRY(const int twice, half(once));
  return twice;
}

TEST(Result, TryReturnsTheFirstError) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().hint, "give an even number");
  EXPECT_EQ(Error(quarter(6).error()).in("quarter").message, "quarter: odd");
}

}  // namespace
}  // namespace planwise

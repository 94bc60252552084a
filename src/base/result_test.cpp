#include "base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace davy {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return fail(ErrorCode::invalid_argument, "odd number", std::to_string(number));
  return number / 2;
}

Result<int> quarter(int number) {
  const int once = TRY(half(number));
  return TRY(half(once));
}

Status only_even(int number) {
  TRY(half(number));
  return {};
}

TEST(Result, TryPassesValuesAndErrorsOn) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error().context, "3");
  EXPECT_TRUE(only_even(2).has_value());
  EXPECT_EQ(only_even(1).error().code, ErrorCode::invalid_argument);
}

TEST(Result, TryMovesOwnersOut) {
  const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(7); };
  const auto take = [&]() -> Result<int> { return *TRY(make()); };
  EXPECT_EQ(take().value(), 7);
}

TEST(Result, ErrnoBecomesCodeAndWords) {
  const Result<int> missing = fail_errno(ENOENT, "cannot open", "/x");
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_EQ(describe(missing.error()), "cannot open: No such file or directory (/x)");
  const Result<int> denied = fail_errno(EPERM, "cannot open");
  EXPECT_EQ(denied.error().code, ErrorCode::permission_denied);
  const Result<int> full = fail_errno(ENOSPC, "cannot write");
  EXPECT_EQ(full.error().code, ErrorCode::io);
}

TEST(Result, EveryCodeHasAName) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::io); ++code)
    EXPECT_NE(name_of(static_cast<ErrorCode>(code)), "unknown") << code;
}

TEST(Result, AboutNamesTheThingOnceInFrontOfDetails) {
  EXPECT_EQ(about("a.pack", Status(fail(ErrorCode::malformed, "bad"))).error().context, "a.pack");
  const auto twice = about("a.pack", about("a.pack", Status(fail(ErrorCode::malformed, "bad", "part 3"))));
  EXPECT_EQ(twice.error().context, "a.pack, part 3");
  EXPECT_EQ(about("a.pack", Result<int>(7)).value(), 7);
}

}  // namespace
}  // namespace davy

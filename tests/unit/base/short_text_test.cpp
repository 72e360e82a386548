// tests/unit/base/short_text_test.cpp
#include "base/short_text.hpp"

#include <gtest/gtest.h>

namespace fenqun {
namespace {

TEST(ShortText, WhatIsShortStaysAsItIs) {
  EXPECT_EQ(short_text("", 3), "");
  EXPECT_EQ(short_text("abc", 3), "abc");
  EXPECT_EQ(short_text("居民户", 3), "居民户");
  EXPECT_EQ(short_text_around("abc", 2, 3), "abc");
}

TEST(ShortText, WhatIsLongEndsBetweenTwoCharacters) {
  EXPECT_EQ(short_text("abcd", 3), "abc…");
  EXPECT_EQ(short_text("居民用户", 3), "居民用…");
  EXPECT_EQ(short_text(std::string(5000, 'x')), std::string(kMostShown, 'x') + "…");
}

TEST(ShortText, AroundAPlaceBothEndsMayBeLeftOut) {
  EXPECT_EQ(short_text_around("abcdefgh", 0, 4), "abcd…");
  EXPECT_EQ(short_text_around("abcdefgh", 4, 4), "…cdef…");
  EXPECT_EQ(short_text_around("abcdefgh", 8, 4), "…efgh");
  EXPECT_EQ(short_text_around("abcdefgh", 100, 4), "…efgh");
}

}  // namespace
}  // namespace fenqun

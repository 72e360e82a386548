// tests/unit/cli/visible_text_test.cpp
#include "cli/visible_text.hpp"

#include "cli/text_table.hpp"

#include <gtest/gtest.h>

namespace fenqun::cli {
namespace {

TEST(VisibleText, WhatATerminalWouldObeyIsSpelledOut) {
  using std::string_literals::operator""s;
  EXPECT_EQ(visible("a\x1b[31mb\x07"s + '\0', LineEnds::Shown), "a\\x1B[31mb\\x07\\x00");
  EXPECT_EQ(visible("\x7f\u009b1m\u202e\u2066\u2028", LineEnds::Shown), "\\x7F\\u009B1m\\u202E\\u2066\\u2028");
  EXPECT_EQ(visible("a\nb\tc\r", LineEnds::Shown), "a\\x0Ab\\x09c\\x0D");
  EXPECT_EQ(visible("a\nb\tc\r", LineEnds::Kept), "a\nb\tc\\x0D");
}

TEST(VisibleText, OtherTextsStayAsTheyAre) {
  const std::string text = "户号 0001，电量 12.5 kWh ☑ 𠮷 é ━█";
  EXPECT_EQ(visible(text, LineEnds::Shown), text);
  EXPECT_EQ(visible("", LineEnds::Shown), "");
}

TEST(VisibleText, BytesThatAreNoTextAreShown) {
  EXPECT_EQ(visible("a\xff\xe6\x88", LineEnds::Shown), "a\\xFF\\xE6\\x88");
  EXPECT_EQ(visible("\xc0\x80\xf5", LineEnds::Shown), "\\xC0\\x80\\xF5");
}

TEST(VisibleText, ValuesOfErrorsHaveNoLineEndsButForReasonsOfLibraries) {
  const auto shown = visible(
      Error{ErrorCode::BadData, {"x.y", {{"file", "a\nb"}, {"reason", "c\nd\x1b"}}}, {{"x.z", {{"value", "\x1b"}}}}});
  EXPECT_EQ(shown.arg("file"), "a\\x0Ab");
  EXPECT_EQ(shown.arg("reason"), "c\nd\\x1B");
  EXPECT_EQ(shown.context[0].args[0].value, "\\x1B");
}

TEST(VisibleText, CellsOfATableStayOnTheirLine) {
  TextTable table({{"a\nb", Align::Left}});
  table.add({"1\n2\x1b"});
  EXPECT_EQ(table.text(), "  a\\x0Ab\n  ──────────\n  1\\x0A2\\x1B\n");
}

}  // namespace
}  // namespace fenqun::cli

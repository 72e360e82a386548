// tests/unit/cli/text_table_test.cpp
#include "cli/text_table.hpp"

#include <gtest/gtest.h>

namespace fenqun::cli {
namespace {

TEST(TextTable, ChineseTakesTwoColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("户号"), 4U);
  EXPECT_EQ(display_width("户数,a"), 6U);
  EXPECT_EQ(display_width("（全角）"), 8U);
  EXPECT_EQ(display_width(""), 0U);
}

TEST(TextTable, BytesThatAreNoTextDoNotCrash) {
  EXPECT_EQ(display_width("\xff\xfe"), 2U);
  EXPECT_GE(display_width("\xe6\x88"), 1U);
}

TEST(TextTable, ColumnsLineUpWhateverTheScript) {
  TextTable table({{"群", Align::Left}, {"户数", Align::Right}});
  table.add({"居民客户", "12"});
  table.add({"abc", "1,234"});
  EXPECT_EQ(table.text(),
            "  群         户数\n"
            "  ────────  ─────\n"
            "  居民客户     12\n"
            "  abc       1,234\n");
}

TEST(TextTable, BarsShowEighthsAndNeverHideASmallShare) {
  EXPECT_EQ(share_bar(1, 3), "███");
  EXPECT_EQ(share_bar(0.5, 3), "█▌ ");
  EXPECT_EQ(share_bar(0.0001, 3), "▏  ");
  EXPECT_EQ(share_bar(0, 3), "   ");
  EXPECT_EQ(share_bar(7, 2), "██");
}

}  // namespace
}  // namespace fenqun::cli

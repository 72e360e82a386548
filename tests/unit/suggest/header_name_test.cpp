// suggest/header_name_test.cpp
#include "suggest/header_name.hpp"

#include "suggest/plain_text.hpp"

#include <gtest/gtest.h>

namespace fenqun::suggest {
namespace {

std::string letters(std::string_view header) { return to_utf8(read_header(header).letters); }
std::string unit(std::string_view header) { return read_header(header).unit; }
double likeness(std::string_view a, std::string_view b) { return compare_names(read_header(a), read_header(b)).score; }

TEST(HeaderName, BracketsWidthCaseAndPunctuationDoNotCount) {
  EXPECT_EQ(letters("缴费金额（元）"), "缴费金额");
  EXPECT_EQ(letters("  ＣＯＮＳ＿ＮＯ "), "consno");
  EXPECT_EQ(letters("*户号:"), "户号");
  EXPECT_EQ(letters("社区(村)编号"), "社区编号");
  EXPECT_EQ(letters("電費年月"), "电费年月");
  EXPECT_EQ(letters("（元）"), "元");  // nothing else is left
  EXPECT_EQ(letters(""), "");
  EXPECT_EQ(letters("###"), "");
}

TEST(HeaderName, AUnitIsSeenInBracketsAndAtTheEnd) {
  EXPECT_EQ(unit("电量(kWh)"), "kWh");
  EXPECT_EQ(unit("电量（ＫＷＨ）"), "kWh");
  EXPECT_EQ(unit("金额/元"), "元");
  EXPECT_EQ(unit("应收电费[万元]"), "万元");
  EXPECT_EQ(unit("energy_MWh"), "MWh");
  EXPECT_EQ(unit("电量kwh"), "kWh");
  EXPECT_EQ(unit("最高气温℃"), "");  // a sign, not a word: the values tell
  EXPECT_EQ(unit("最高气温(℃)"), "°C");
  EXPECT_EQ(letters("energy_MWh"), "energy");
}

TEST(HeaderName, WhatOnlyLooksLikeAUnitIsNone) {
  EXPECT_EQ(unit("kwh"), "");
  EXPECT_EQ(unit("plan_a"), "");
  EXPECT_EQ(unit("户号(新)"), "");
  EXPECT_EQ(unit("台区"), "");
  EXPECT_EQ(unit("得分"), "");
}

TEST(NameLikeness, TheSameNameCountsFully) {
  EXPECT_DOUBLE_EQ(likeness("缴费金额（元）", "缴费金额"), 1);
  EXPECT_DOUBLE_EQ(likeness("交费日期", "缴费日期"), 1);
  EXPECT_DOUBLE_EQ(likeness("Customer_ID", "customer id"), 1);
}

TEST(NameLikeness, AChineseNameIsOfWhatStandsAtItsEnd) {
  EXPECT_GT(likeness("本月用电量", "用电量"), 0.7);
  EXPECT_LT(likeness("用电量备注", "用电量"), 0.6);
  EXPECT_GT(likeness("本月用电量", "用电量"), likeness("用电量备注", "用电量"));
}

TEST(NameLikeness, OneChineseCharacterMakesAnotherWord) {
  EXPECT_EQ(likeness("峰电量", "谷电量"), 0);
  EXPECT_EQ(likeness("最高气温", "最低气温"), 0);
  EXPECT_EQ(likeness("停电时间", "复电时间"), 0);
}

TEST(NameLikeness, LatinWordsMayStandInAnyOrderAndBeMisspelt) {
  EXPECT_GT(likeness("price_off_peak_var", "off-peak price"), 0.7);
  EXPECT_GT(likeness("custmer_name", "customer_name"), 0.7);
  EXPECT_LT(likeness("peak_price", "off-peak price"), 0.8);
  EXPECT_EQ(likeness("day", "week"), 0);
  EXPECT_LT(likeness("day_in_week", "day"), 0.5);
}

TEST(NameLikeness, TwoHeaderRowsJoinedAreReadEitherWayRound) {
  EXPECT_GT(likeness("电量/峰", "峰电量"), 0.9);
  EXPECT_GT(likeness("电量/峰(kWh)", "峰电量"), 0.9);
}

TEST(NameLikeness, NothingIsLikeABlankHeader) {
  EXPECT_EQ(likeness("", "户号"), 0);
  EXPECT_EQ(likeness("户号", ""), 0);
  EXPECT_EQ(likeness("\xff\xfe", "户号"), 0);
}

}  // namespace
}  // namespace fenqun::suggest

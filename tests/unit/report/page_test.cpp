// report/page_test.cpp
#include "report/page.hpp"

#include "report/clean_text.hpp"

#include <gtest/gtest.h>

namespace fenqun::report {
namespace {

TEST(CleanText, KeepsWellFormedTextOfAnyLanguage) {
  const std::string text = "户号 00123\tÅ 😀\n";
  EXPECT_EQ(clean_text(text), text);
}

TEST(CleanText, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(clean_text("a\xFF"), "a\uFFFD");
  EXPECT_EQ(clean_text("\xC0\xAF"), "\uFFFD\uFFFD");            // overlong '/'
  EXPECT_EQ(clean_text("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // half of a surrogate pair
  EXPECT_EQ(clean_text("\xE6\x88"), "\uFFFD\uFFFD");            // cut in the middle
  EXPECT_EQ(clean_text(std::string("a\0b", 3)),
            "a\uFFFD"
            "b");
}

TEST(CloseUp, TakesASpaceOutOnlyBetweenChineseCharacters) {
  EXPECT_EQ(close_up("由 3 个月 变为 0 个月"), "由 3 个月变为 0 个月");
  EXPECT_EQ(close_up("由 12.5% 变为 3%"), "由 12.5% 变为 3%");
  EXPECT_EQ(close_up("由 居民 变为 商业，其余不变"), "由居民变为商业，其余不变");
  EXPECT_EQ(close_up("from 3 months to 0"), "from 3 months to 0");
  EXPECT_EQ(close_up(" 户 "), " 户 ");
  EXPECT_EQ(close_up(""), "");
}

TEST(HtmlWriter, EscapesContentAndAttributes) {
  HtmlWriter html;
  html.line("p", "a<b>&\"'", {{"title", "\"><script>"}});
  EXPECT_EQ(html.html(), "<p title=\"&quot;&gt;&lt;script&gt;\">a&lt;b&gt;&amp;&quot;&#39;</p>\n");
}

TEST(HtmlWriter, ClosesElementsInTheOrderTheyWereOpened) {
  HtmlWriter html;
  {
    const auto outer = html.in("div", {{"hidden", ""}});
    const auto inner = html.in("b");
    html.text("x");
  }
  EXPECT_EQ(html.html(), "<div hidden><b>x</b>\n</div>\n");
}

TEST(Tones, RunFromDarkToLightWhereGroupsHaveAnOrder) {
  EXPECT_EQ(tone_of(0, 3, true), "ordered-0");
  EXPECT_EQ(tone_of(1, 3, true), "ordered-3");
  EXPECT_EQ(tone_of(2, 3, true), "ordered-6");
  EXPECT_EQ(tone_of(0, 1, true), "ordered-0");
  EXPECT_EQ(tone_of(6, 7, true), "ordered-6");
  EXPECT_EQ(tone_of(9, 10, true), "ordered-6");
  EXPECT_EQ(tone_of(4, 5, false), "kind-4");
  EXPECT_EQ(tone_of(8, 9, false), "kind-0");
}

TEST(Heat, IsCentredAtOneAndSymmetricInRatio) {
  EXPECT_EQ(heat_of(1.0, 5), "heat-even");
  EXPECT_EQ(heat_of(1.04, 5), "heat-even");
  EXPECT_EQ(heat_of(1.16, 5), "heat-high-1");
  EXPECT_EQ(heat_of(1 / 1.16, 5), "heat-low-1");
  EXPECT_EQ(heat_of(1.9, 5), "heat-high-2");
  EXPECT_EQ(heat_of(3.9, 5), "heat-high-3");
  EXPECT_EQ(heat_of(0.2, 5), "heat-low-4");
  EXPECT_EQ(heat_of(0.0, 5), "heat-low-4");
  EXPECT_EQ(heat_of(-2.0, 5), "heat-low-4");
}

TEST(Heat, SaysNothingWhereARatioSaysNothing) {
  EXPECT_EQ(heat_of(std::nullopt, 5), "");
  EXPECT_EQ(heat_of(3.0, -0.02), "");
  EXPECT_EQ(heat_of(3.0, 0), "");
}

}  // namespace
}  // namespace fenqun::report

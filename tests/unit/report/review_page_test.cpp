// tests/unit/report/review_page_test.cpp
#include "report/review_page.hpp"

#include "unit/report/sample_model.hpp"

#include <gtest/gtest.h>

namespace fenqun::report {
namespace {

// The page of one scheme with one group that grew so much.
std::string page_with_growth(std::optional<double> growth) {
  ReviewModel model;
  model.language = Language::English;
  model.as_of = "2026-06";
  ReviewSection section;
  section.run.scheme = "x";
  section.run.scheme_title = {"甲", "X"};
  segment::GroupResult group;
  group.code = "g";
  group.title = {"群", "Group"};
  section.run.groups.push_back(group);
  section.run.classified = 10;
  segment::Market market;
  market.code = "g";
  market.customers = market.compared = 10;
  market.growth = growth;
  section.markets.push_back(market);
  model.sections.push_back(section);
  const auto texts = Texts::create(AssetStore(), Language::English);
  const auto html = render_review_html(model, sample_features(), *texts, AssetStore());
  return html ? *html : html.error().line.key;
}

bool has(const std::string& page, const std::string& part) { return page.find(part) != std::string::npos; }

TEST(ReviewPage, GrowthIsColouredAsItIsShown) {
  EXPECT_TRUE(has(page_with_growth(-0.012), "attention\">-1.2%"));
  EXPECT_TRUE(has(page_with_growth(0.012), "+1.2%"));
  for (const double nothing : {-0.0002, 0.0002, 0.0}) {
    const auto page = page_with_growth(nothing);
    EXPECT_TRUE(has(page, "class=\"number\">0.0%<")) << nothing;
    EXPECT_FALSE(has(page, "-0.0%")) << nothing;
    EXPECT_FALSE(has(page, "+0.0%")) << nothing;
  }
  EXPECT_FALSE(has(page_with_growth(std::nullopt), "attention\">"));
}

}  // namespace
}  // namespace fenqun::report

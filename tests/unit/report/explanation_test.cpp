// tests/unit/report/explanation_test.cpp
#include "report/explanation.hpp"

#include "unit/report/sample_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace fenqun::report {
namespace {

class RuleWords : public testing::Test {
 protected:
  // In a group by a row of the table, another one being the nearest.
  static segment::Explanation told(segment::RuleState fired, segment::RuleState nearest) {
    segment::Explanation out;
    out.customer_id = "0001";
    out.own = {fired.group, ""};
    out.own_title = {"甲", "A"};
    out.fired = std::move(fired);
    out.nearest = std::move(nearest);
    return out;
  }
  std::vector<std::string> words_of(const segment::Explanation& told) {
    return explain_in_words(told, segment::RunResult(), Wording(texts_, features_));
  }
  Texts texts_ = *Texts::create(AssetStore(), Language::English);
  std::vector<features::Feature> features_ = sample_features();
};

const segment::RuleState kRest = {"rest", "true", "", {}};
const segment::RuleState kLarge = {"large", "a > 1", "", {{"a > 1", true, {{"a", 2.0}}}}};

TEST_F(RuleWords, ARowThatAlwaysHoldsIsToldInWordsAndNotAsItsCondition) {
  for (const auto& lines : {words_of(told(kRest, kLarge)), words_of(told(kLarge, kRest))}) {
    EXPECT_TRUE(std::none_of(lines.begin(), lines.end(),
                             [](const auto& line) { return line.find("true") != std::string::npos; }));
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                            [](const auto& line) { return line.find("a > 1") != std::string::npos; }),
              2);
  }
}

}  // namespace
}  // namespace fenqun::report

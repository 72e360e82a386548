// tests/unit/segment/expression_test.cpp
#include "segment/expression.hpp"

#include "warehouse/database.hpp"

#include <gtest/gtest.h>

#include <array>

namespace fenqun::segment {
namespace {

std::optional<ValueType> type_of(std::string_view name) {
  if (name == "a" || name == "b") return ValueType::Number;
  if (name == "t") return ValueType::Text;
  if (name == "f") return ValueType::Flag;
  return std::nullopt;
}
const NameLookup names{type_of, {"a", "b", "t", "f"}};

// Four rows: a = 1..3 and missing, t = 'x','y','x',missing, f = true,false,missing,true.
class ExpressionSql : public testing::Test {
 protected:
  void SetUp() override {
    database_.emplace(*warehouse::Database::open("", {}));
    connection_.emplace(*database_->connect());
    ASSERT_TRUE(
        connection_
            ->execute(
                "CREATE TABLE p AS SELECT * FROM (VALUES (1, 1::DOUBLE, 10::DOUBLE, 'x', true), (2, 2, 0, 'y', false), "
                "(3, 3, 30, 'x', NULL), (4, NULL, 40, NULL, true)) v(n, a, b, t, f)")
            .has_value());
  }
  // Numbers of the rows for which it holds.
  std::string holds(const std::string& text) {
    const auto expression = Expression::parse(text, names);
    if (!expression) return expression.error().line.key;
    const auto rows = connection_->query("SELECT n FROM p WHERE " + expression->sql("p") + " ORDER BY n");
    if (!rows) return std::string(rows.error().arg("reason"));
    std::string out;
    for (std::size_t r = 0; r < rows->rows.size(); ++r) out += rows->text(r, 0);
    return out;
  }
  std::optional<warehouse::Database> database_;
  std::optional<warehouse::Connection> connection_;
};

TEST_F(ExpressionSql, ComparisonsFollowThreeValuedLogic) {
  EXPECT_EQ(holds("a > 1"), "23");
  EXPECT_EQ(holds("not a > 1"), "1");
  EXPECT_EQ(holds("a != 2"), "13");
  EXPECT_EQ(holds("a is missing"), "4");
  EXPECT_EQ(holds("f is not missing"), "124");
  EXPECT_EQ(holds("a <= 1 or f"), "14");
  EXPECT_EQ(holds("true"), "1234");
}

TEST_F(ExpressionSql, AndBindsTighterThanOrAndParenthesesOverrule) {
  EXPECT_EQ(holds("a = 1 or a = 2 and t = 'x'"), "1");
  EXPECT_EQ(holds("(a = 1 or a = 2) and t = 'y'"), "2");
}

TEST_F(ExpressionSql, ArithmeticHasItsPrecedenceAndDividesByZeroToMissing) {
  EXPECT_EQ(holds("a + 2 * 3 = 7"), "1");
  EXPECT_EQ(holds("(a + 2) * 3 = 9"), "1");
  EXPECT_EQ(holds("a - 1 - 1 = 1"), "3");
  EXPECT_EQ(holds("-a < -2"), "3");
  EXPECT_EQ(holds("a / b is missing"), "24");
}

TEST_F(ExpressionSql, ListsOfTextAndNumbers) {
  EXPECT_EQ(holds("t in ('x', 'z')"), "13");
  EXPECT_EQ(holds("a in (1, 1 + 2)"), "13");
  EXPECT_EQ(holds("not t in ('x')"), "2");
}

TEST_F(ExpressionSql, AggregatesLookAtTheWholePopulationWithoutMissing) {
  EXPECT_EQ(holds("a > mean(a)"), "3");
  EXPECT_EQ(holds("a = median(a)"), "2");
  EXPECT_EQ(holds("b >= quantile(b, 0.75)"), "4");
  EXPECT_EQ(holds("b > mean(a * 10)"), "34");
}

TEST_F(ExpressionSql, TextInQuotesCannotBecomeSql) {
  EXPECT_EQ(holds("t = 'x; DROP TABLE p'"), "");
  EXPECT_EQ(holds("t = 'x\\'"), "");
  EXPECT_EQ(holds("t in ('x')"), "13");
}

TEST(Expression, NamesFeaturesOnceInOrder) {
  const auto expression = Expression::parse("b > 1 and a > b and t = 'x'", names);
  ASSERT_TRUE(expression.has_value());
  EXPECT_EQ(expression->features(), (std::vector<std::string>{"b", "a", "t"}));
  EXPECT_EQ(expression->type(), ValueType::Flag);
}

struct Wrong {
  const char* text;
  const char* key;
  const char* position;
};

TEST(Expression, FaultsNameThePosition) {
  constexpr std::array kWrong = {Wrong{"", "segment.expression_syntax", "1"},
                                 Wrong{"a >", "segment.expression_syntax", "4"},
                                 Wrong{"a > 1 1", "segment.expression_syntax", "7"},
                                 Wrong{"(a > 1", "segment.expression_syntax", "7"},
                                 Wrong{"a = 'x", "segment.expression_syntax", "5"},
                                 Wrong{"zz > 1", "segment.expression_name", "1"},
                                 Wrong{"a > 'x'", "segment.expression_type", "5"},
                                 Wrong{"t + 1 > 2", "segment.expression_type", "1"},
                                 Wrong{"a and f", "segment.expression_type", "1"},
                                 Wrong{"not a", "segment.expression_type", "5"},
                                 Wrong{"f and a", "segment.expression_type", "7"},
                                 Wrong{"a in (1, 'x')", "segment.expression_type", "10"},
                                 Wrong{"quantile(a, 1.5) > 0", "segment.expression_syntax", "13"},
                                 Wrong{"sum(a) > 0", "segment.expression_syntax", "1"},
                                 Wrong{"a > 1.2.3", "segment.expression_syntax", "5"},
                                 Wrong{"a is something", "segment.expression_syntax", "6"},
                                 Wrong{"a # 1", "segment.expression_syntax", "3"}};
  for (const auto& wrong : kWrong) {
    const auto expression = Expression::parse(wrong.text, names);
    ASSERT_FALSE(expression.has_value()) << wrong.text;
    EXPECT_EQ(expression.error().line.key, wrong.key) << wrong.text;
    EXPECT_EQ(expression.error().arg("position"), wrong.position) << wrong.text;
  }
}

TEST(Expression, DeepNestingIsRefusedInsteadOfExhaustingTheStack) {
  const std::string deep = std::string(5000, '(') + "a > 1" + std::string(5000, ')');
  const auto expression = Expression::parse(deep, names);
  ASSERT_FALSE(expression.has_value());
  EXPECT_EQ(expression.error().line.key, "segment.expression_syntax");
}

TEST(Expression, AnEndlessChainIsRefusedToo) {
  std::string chain = "a > 1";
  for (int i = 0; i < 30000; ++i) chain += " and a > 1";
  const auto expression = Expression::parse(chain, names);
  ASSERT_FALSE(expression.has_value());
  EXPECT_EQ(expression.error().line.key, "segment.expression_syntax");
}

}  // namespace
}  // namespace fenqun::segment

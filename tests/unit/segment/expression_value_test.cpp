// tests/unit/segment/expression_value_test.cpp - what is evaluated in memory is what the database says.
#include "segment/expression.hpp"

#include "warehouse/database.hpp"

#include <gtest/gtest.h>

namespace fenqun::segment {
namespace {

std::optional<ValueType> lookup(std::string_view name) {
  if (name == "a" || name == "b") return ValueType::Number;
  if (name == "t") return ValueType::Text;
  if (name == "f") return ValueType::Flag;
  return std::nullopt;
}

const NameLookup kNames = {lookup, {}};

FeatureValue from(const warehouse::Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

TEST(ExpressionValueTest, EvaluatingInMemoryGivesWhatTheDatabaseGivesForEveryRow) {
  auto database = warehouse::Database::open({}, {});
  ASSERT_TRUE(database.has_value());
  auto connection = database->connect();
  ASSERT_TRUE(connection.has_value());
  ASSERT_TRUE(connection
                  ->execute("CREATE TABLE rows AS SELECT a, b, t, f FROM (VALUES (NULL::DOUBLE), (-2.5), (0), (3)) "
                            "AS x(a), (VALUES (NULL::DOUBLE), (0.0), (1.5)) AS y(b), (VALUES (NULL), ('x'), ('中')) "
                            "AS z(t), (VALUES (NULL::BOOLEAN), (true), (false)) AS w(f)")
                  .has_value());
  const auto rows = connection->query("SELECT a, b, t, f FROM rows");
  for (const char* text :
       {"a > b", "a / b >= 1 or f", "not f and t = 'x'", "t in ('x', 'y')", "not (t in ('x', '中'))", "a is missing",
        "b is not missing and a != 3", "-a + 2 * b <= mean(a) - median(b)", "t < 'y' and (a < 1 or b > 1)", "f",
        "true and a in (3, 0, b)", "f = false", "quantile(a, 0.75) < a", "a * 2 - b"}) {
    SCOPED_TRACE(text);
    const auto expression = Expression::parse(text, kNames);
    ASSERT_TRUE(expression.has_value());
    std::vector<FeatureValue> aggregates;
    for (const auto& sql : expression->aggregates_sql("rows"))
      aggregates.push_back(from(connection->query("SELECT " + sql)->rows[0][0]));
    const auto expected = connection->query("SELECT " + expression->sql("rows") + " FROM rows");
    ASSERT_TRUE(expected.has_value());
    for (std::size_t r = 0; r < rows->rows.size(); ++r) {
      const auto value = [&](std::string_view name) {
        return from(rows->rows[r][name == "a" ? 0 : name == "b" ? 1 : name == "t" ? 2 : 3]);
      };
      EXPECT_EQ(expression->evaluate(value, aggregates), from(expected->rows[r][0])) << "row " << r;
    }
  }
}

TEST(ExpressionValueTest, ConditionsAreFoundFromLeftToRightWithAllTheyLookAt) {
  const auto expression =
      Expression::parse("(a >= 315 or t in ('x', 'y')) and not f and b > mean(b) + 2 and a is missing", kNames);
  ASSERT_TRUE(expression.has_value());
  const auto& found = expression->conditions();
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0].text, "a >= 315");
  EXPECT_EQ(found[0].numbers, std::vector<double>{315});
  EXPECT_EQ(found[1].text, "t in ('x', 'y')");
  EXPECT_EQ(found[1].texts, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(found[2].text, "f");
  EXPECT_EQ(found[3].text, "b > mean(b) + 2");
  EXPECT_EQ(found[3].features, std::vector<std::string>{"b"});
  EXPECT_EQ(found[3].aggregates.size(), 1U);
  EXPECT_EQ(found[4].text, "a is missing");
  const auto none = Expression::parse("true", kNames);
  EXPECT_TRUE(none->conditions().empty());
}

}  // namespace
}  // namespace fenqun::segment

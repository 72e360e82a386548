// strategy/reach.cpp - the part of library.hpp that tells conditions which hold never or always.
#include "strategy/library.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace fenqun::strategy {
namespace {

using segment::Expression;
using segment::FeatureValue;
using segment::ValueType;

constexpr std::size_t kMostTried = 200'000;

// Values on which the conditions that look at a column can differ.
struct Column {
  std::set<double> numbers;
  std::set<std::string> texts;
};

std::map<std::string, Column> columns_of(const Expression& expression) {
  std::map<std::string, Column> out;
  for (const auto& name : expression.features()) out[name];
  for (const auto& condition : expression.conditions()) {
    for (const auto& name : condition.features) {
      out[name].numbers.insert(condition.numbers.begin(), condition.numbers.end());
      out[name].texts.insert(condition.texts.begin(), condition.texts.end());
    }
  }
  return out;
}

std::vector<FeatureValue> values_for(const std::string& name, const Column& column, const segment::NameLookup& names) {
  std::vector<FeatureValue> out = {std::monostate()};
  const auto type = segment::scheme_of_column(name) ? ValueType::Text : names.type_of(name).value_or(ValueType::Text);
  if (type == ValueType::Flag) {
    out.emplace_back(false);
    out.emplace_back(true);
  } else if (type == ValueType::Text) {
    for (const auto& text : column.texts) out.emplace_back(text);
    out.emplace_back(std::string("\x01 another"));
  } else {
    // On, between and beyond all numbers.
    std::vector<double> numbers(column.numbers.begin(), column.numbers.end());
    if (numbers.empty()) numbers.push_back(0);
    out.emplace_back(numbers.front() - 1);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      out.emplace_back(numbers[i]);
      out.emplace_back(i + 1 < numbers.size() ? (numbers[i] + numbers[i + 1]) / 2 : numbers[i] + 1);
    }
  }
  return out;
}

bool holds(const FeatureValue& value) { return std::holds_alternative<bool>(value) && std::get<bool>(value); }

}  // namespace

Reach reach_of(const Expression& condition, const segment::NameLookup& names) {
  if (!condition.aggregates_sql("p").empty()) return Reach::Sometimes;
  const auto columns = columns_of(condition);
  std::vector<std::string> order;
  std::vector<std::vector<FeatureValue>> values;
  std::size_t combinations = 1;
  for (const auto& [name, column] : columns) {
    order.push_back(name);
    values.push_back(values_for(name, column, names));
    combinations *= values.back().size();
    if (combinations > kMostTried) return Reach::Sometimes;
  }
  std::vector<std::size_t> at(order.size(), 0);
  const auto value_of = [&](std::string_view name) -> FeatureValue {
    const auto found = std::find(order.begin(), order.end(), name);
    const auto place = static_cast<std::size_t>(found - order.begin());
    return values[place][at[place]];
  };
  bool ever = false;
  bool always = true;
  for (std::size_t n = 0; n < combinations && (!ever || always); ++n) {
    auto rest = n;
    for (std::size_t c = 0; c < at.size(); ++c) {
      at[c] = rest % values[c].size();
      rest /= values[c].size();
    }
    if (holds(condition.evaluate(value_of, {}))) {
      ever = true;
    } else {
      always = false;
    }
  }
  if (!ever) return Reach::Never;
  return always ? Reach::Always : Reach::Sometimes;
}

}  // namespace fenqun::strategy

// segment/expression_value.cpp - an expression for one customer, in memory: three-valued, as the SQL is.
#include "segment/expression_node.hpp"

namespace fenqun::segment {
namespace {

using Missing = std::monostate;

bool is_missing(const FeatureValue& value) { return std::holds_alternative<Missing>(value); }

// -1, 0, 1. Texts are compared byte by byte, as the database does.
int compare(const FeatureValue& left, const FeatureValue& right) {
  if (left == right) return 0;
  return left < right ? -1 : 1;
}

FeatureValue both(const FeatureValue& left, const FeatureValue& right, bool decisive) {
  if (left == FeatureValue(decisive) || right == FeatureValue(decisive)) return decisive;
  if (is_missing(left) || is_missing(right)) return Missing();
  return !decisive;
}

FeatureValue among(const FeatureValue& value, const std::vector<FeatureValue>& list) {
  if (is_missing(value)) return Missing();
  bool unknown = false;
  for (const auto& one : list) {
    if (one == value) return true;
    unknown = unknown || is_missing(one);
  }
  if (unknown) return Missing();
  return false;
}

}  // namespace

FeatureValue Expression::value_of(const Node& node, const ValueOf& values, std::span<const FeatureValue> aggregates) {
  using Op = Node::Op;
  const auto child = [&](std::size_t i) { return value_of(*node.children[i], values, aggregates); };
  switch (node.op) {
    case Op::Constant:
      return node.value;
    case Op::Feature:
      return values(std::get<std::string>(node.value));
    case Op::Aggregate:
      return node.place < aggregates.size() ? aggregates[node.place] : FeatureValue();
    case Op::Or:
      return both(child(0), child(1), true);
    case Op::And:
      return both(child(0), child(1), false);
    case Op::IsMissing:
      return is_missing(child(0));
    case Op::IsNotMissing:
      return !is_missing(child(0));
    case Op::In: {
      std::vector<FeatureValue> list;
      for (const auto& one : node.children[1]->children) list.push_back(value_of(*one, values, aggregates));
      return among(child(0), list);
    }
    case Op::List:
      return Missing();
    case Op::Not:
    case Op::Negate: {
      auto value = child(0);
      if (is_missing(value)) return value;
      if (node.op == Op::Not) return !std::get<bool>(value);
      return -std::get<double>(value);
    }
    default:
      break;
  }
  const auto left = child(0);
  const auto right = child(1);
  if (is_missing(left) || is_missing(right)) return Missing();
  switch (node.op) {
    case Op::Equal:
      return compare(left, right) == 0;
    case Op::NotEqual:
      return compare(left, right) != 0;
    case Op::AtMost:
      return compare(left, right) <= 0;
    case Op::AtLeast:
      return compare(left, right) >= 0;
    case Op::Less:
      return compare(left, right) < 0;
    case Op::Greater:
      return compare(left, right) > 0;
    case Op::Add:
      return std::get<double>(left) + std::get<double>(right);
    case Op::Subtract:
      return std::get<double>(left) - std::get<double>(right);
    case Op::Multiply:
      return std::get<double>(left) * std::get<double>(right);
    case Op::Divide:
      if (std::get<double>(right) == 0) return Missing();
      return std::get<double>(left) / std::get<double>(right);
    default:
      return Missing();
  }
}

FeatureValue Expression::evaluate(const ValueOf& values, std::span<const FeatureValue> aggregates) const {
  return value_of(*root_, values, aggregates);
}

FeatureValue Expression::evaluate_condition(std::size_t place, const ValueOf& values,
                                            std::span<const FeatureValue> aggregates) const {
  return value_of(*condition_nodes_.at(place), values, aggregates);
}

void Expression::collect_aggregates(const Node& node, const std::string& population, std::vector<std::string>& out) {
  if (node.op == Node::Op::Aggregate) {
    std::string sql;
    write(node, population, sql);
    out.push_back(std::move(sql));
    return;
  }
  for (const auto& child : node.children) collect_aggregates(*child, population, out);
}

std::vector<std::string> Expression::aggregates_sql(const std::string& population) const {
  std::vector<std::string> out;
  collect_aggregates(*root_, population, out);
  return out;
}

}  // namespace fenqun::segment

// segment/expression_node.hpp - the tree behind an expression: its SQL, and what evaluating it for one customer needs.
// Level 3, inside the room.
#pragma once

#include "segment/expression.hpp"

namespace fenqun::segment {

struct Expression::Node {
  enum class Op : std::uint8_t {
    Or,
    And,
    Not,
    IsMissing,
    IsNotMissing,
    In,  // the second child is a List
    List,
    Equal,
    NotEqual,
    AtMost,
    AtLeast,
    Less,
    Greater,
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    Constant,  // value
    Feature,   // value: its name
    Aggregate  // place
  } op = Op::Constant;
  std::string before;  // SQL before, between and after the children
  std::string between;
  std::string after;
  std::vector<std::shared_ptr<const Node>> children;
  FeatureValue value;
  std::size_t place = 0;  // among the aggregates of the expression
};

}  // namespace fenqun::segment

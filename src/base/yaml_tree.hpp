// base/yaml_tree.hpp - a YAML document as a tree; private to this room. Level 0. The only place that sees the library.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun {

/// Read-only once parsed; an alias is the node of its anchor once more, so a node may have several parents, and no node
/// is below itself.
struct YamlNode {
  enum class Kind : std::uint8_t { Null, Scalar, List, Map };
  using Pointer = std::shared_ptr<const YamlNode>;
  Kind kind = Kind::Null;
  int line = 0;          // 1-based
  std::size_t size = 1;  // of it and all below it, aliases counted as often as they stand
  std::string text;      // of a scalar
  std::vector<Pointer> items;
  std::vector<std::pair<Pointer, Pointer>> entries;  // in the order of the file; each text key once
};

/// The first document of `text`. Errors: BadData (the message names `origin`, line and column): it is not YAML, is
/// nested deeper than 100, has more than a million nodes with its aliases, or a map has a key twice.
Result<YamlNode::Pointer> parse_yaml(std::string_view text, const std::string& origin);

}  // namespace fenqun

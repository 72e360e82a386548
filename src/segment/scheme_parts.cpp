// segment/scheme_parts.cpp
#include "segment/scheme_parts.hpp"

#include "base/near_names.hpp"

#include <utility>

namespace fenqun::segment {

// Puts file and line in front of what the parser found wrong.
Result<Expression> read_condition(const Settings& node, std::string_view key, const NameLookup& names) {
  FENQUN_TRY(const auto text, node.text(key));
  auto parsed = Expression::parse(text, names);
  if (!parsed) {
    return fail(std::move(parsed).error().with_context(
        "segment.in_scheme", {{"file", node.origin()}, {"line", std::to_string(node.line())}}));
  }
  if (parsed->type() != ValueType::Flag) return node.refuse("segment.not_a_condition", {{"expression", text}});
  return parsed;
}

Result<void> need_feature(const Settings& node, const features::FeatureCatalogue& catalogue, const std::string& name) {
  if (catalogue.find(name) != nullptr) return {};
  return node.refuse("segment.unknown_feature", {{"feature", name}, {"near", near_names(name, names_in(catalogue))}});
}

}  // namespace fenqun::segment

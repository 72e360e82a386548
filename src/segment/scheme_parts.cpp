// segment/scheme_parts.cpp
#include "segment/scheme_parts.hpp"

#include "base/near_names.hpp"

#include <utility>

namespace fenqun::segment {

Result<BilingualText> read_bilingual(const Settings& node, std::string_view key, bool required) {
  BilingualText out;
  if (!required && !node.has(key)) return out;
  FENQUN_TRY(const auto texts, node.child(key));
  if (!texts.is_map()) {
    const auto value = texts.text();
    return texts.refuse(
        "base.setting_wrong",
        {{"key", std::string(key)}, {"value", value ? *value : "..."}, {"expected", "{zh: ..., en: ...}"}});
  }
  FENQUN_CHECK(texts.allow_only({"zh", "en"}));
  FENQUN_TRY(out.zh, texts.text("zh"));
  FENQUN_TRY(out.en, texts.text("en"));
  return out;
}

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

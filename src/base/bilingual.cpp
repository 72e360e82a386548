// base/bilingual.cpp
#include "base/bilingual.hpp"

#include <string>

namespace fenqun {

Result<BilingualText> read_bilingual(const Settings& node, std::string_view key, bool required) {
  if (!required && !node.has(key)) return BilingualText();
  FENQUN_TRY(const auto texts, node.child(key));
  return read_bilingual(texts, key);
}

Result<BilingualText> read_bilingual(const Settings& node, std::string_view key) {
  if (!node.is_map()) {
    const auto value = node.text();
    return node.refuse(
        "base.setting_wrong",
        {{"key", std::string(key)}, {"value", value ? *value : "..."}, {"expected", "{zh: ..., en: ...}"}});
  }
  FENQUN_CHECK(node.allow_only({"zh", "en"}));
  BilingualText out;
  FENQUN_TRY(out.zh, node.text("zh"));
  FENQUN_TRY(out.en, node.text("en"));
  return out;
}

}  // namespace fenqun

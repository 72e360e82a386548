// base/bilingual.hpp - names in both languages read from a file. Level 0.
#pragma once

#include "base/settings.hpp"
#include "base/texts.hpp"

#include <string_view>

namespace fenqun {

/// `{zh: ..., en: ...}` below `key`; empty texts where it is absent and not required. Errors: BadData.
Result<BilingualText> read_bilingual(const Settings& node, std::string_view key, bool required);
/// The node itself. Errors: BadData.
Result<BilingualText> read_bilingual(const Settings& node, std::string_view key);

}  // namespace fenqun

// segment/wording.hpp - a catalogue text in both languages, for results that are stored once and read in either.
// Level 3.
#pragma once

#include "base/asset.hpp"
#include "base/texts.hpp"

#include <string_view>

namespace fenqun::segment {

/// Errors: as Texts::create.
Result<BilingualText> in_both_languages(const AssetStore& assets, std::string_view key, const TextArgs& args = {});

}  // namespace fenqun::segment

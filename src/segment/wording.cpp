// segment/wording.cpp
#include "segment/wording.hpp"

namespace fenqun::segment {

Result<BilingualText> in_both_languages(const AssetStore& assets, std::string_view key, const TextArgs& args) {
  FENQUN_TRY(const auto chinese, Texts::create(assets, Language::Chinese));
  FENQUN_TRY(const auto english, Texts::create(assets, Language::English));
  return BilingualText{chinese(key, args), english(key, args)};
}

}  // namespace fenqun::segment

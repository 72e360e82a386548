// base/texts.cpp
#include "base/texts.hpp"

#include "base/placeholders.hpp"
#include "base/settings.hpp"

namespace fenqun {

std::string_view code_of(Language language) noexcept { return language == Language::Chinese ? "zh" : "en"; }

Result<Language> parse_language(std::string_view text) {
  if (text.starts_with("zh")) return Language::Chinese;
  if (text.starts_with("en")) return Language::English;
  return fail(ErrorCode::InvalidArgument, "base.unknown_language", {{"value", std::string(text)}});
}

Result<Texts> Texts::create(const AssetStore& assets, Language language) {
  Texts texts;
  texts.language_ = language;
  for (const auto& path : assets.list("config/texts/" + std::string(code_of(language)), ".yaml")) {
    FENQUN_TRY(const auto asset, assets.read(path));
    FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
    FENQUN_TRY(const auto entries, root.entries());
    for (const auto& [key, value] : entries) {
      FENQUN_TRY(auto text, value.text());
      if (!texts.texts_.emplace(key, std::move(text)).second) {
        return fail(ErrorCode::BadData, "base.text_twice", {{"key", key}, {"path", asset.origin}});
      }
    }
  }
  return texts;
}

std::string Texts::operator()(std::string_view key, const TextArgs& args) const {
  const auto found = texts_.find(key);
  return found == texts_.end() ? name_values(key, args) : fill_placeholders(found->second, args);
}

std::string render_error(const Error& error, const Texts& texts) {
  std::string out = texts(error.line.key, error.line.args);
  for (const auto& line : error.context) {
    out += "\n  ";
    out += texts(line.key, line.args);
  }
  return out;
}

}  // namespace fenqun

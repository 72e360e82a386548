// base/texts.cpp
#include "base/texts.hpp"

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
  if (found == texts_.end()) {
    std::string out(key);
    for (const auto& arg : args) out += " " + arg.name + "=" + arg.value;
    return out;
  }
  const std::string& pattern = found->second;
  std::string out;
  out.reserve(pattern.size() + 64);
  for (std::size_t at = 0; at < pattern.size();) {
    const auto close = pattern[at] == '{' ? pattern.find('}', at) : std::string::npos;
    if (close == std::string::npos) {
      out += pattern[at++];
      continue;
    }
    const std::string_view name(pattern.data() + at + 1, close - at - 1);
    bool filled = false;
    for (const auto& arg : args) {
      if (arg.name == name) {
        out += arg.value;
        filled = true;
        break;
      }
    }
    if (!filled) out.append(pattern, at, close - at + 1);
    at = close + 1;
  }
  return out;
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

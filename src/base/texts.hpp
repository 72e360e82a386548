// base/texts.hpp - every sentence a user reads, in Chinese and English, from config/texts/<language>/*.yaml.
// Level 0.
#pragma once

#include "base/asset.hpp"

#include <map>
#include <string>
#include <string_view>

namespace fenqun {

enum class Language { Chinese, English };

/// "zh" or "en".
std::string_view code_of(Language language) noexcept;
/// Errors: InvalidArgument for anything but zh, zh-CN, en, en-US and the like.
Result<Language> parse_language(std::string_view text);

/// One language's catalogue: a flat map from key ("ingest.empty_file") to text with {named} placeholders.
/// Immutable after create: safe from several threads.
class Texts {
 public:
  /// Reads every file of config/texts/<language>/. Errors: BadData (not a flat map of texts; a key twice).
  static Result<Texts> create(const AssetStore& assets, Language language);

  /// The text with its placeholders filled; an unknown key gives the key and the values, so that nothing is lost.
  [[nodiscard]] std::string operator()(std::string_view key, const TextArgs& args = {}) const;
  [[nodiscard]] bool has(std::string_view key) const { return texts_.find(key) != texts_.end(); }
  [[nodiscard]] Language language() const noexcept { return language_; }
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& all() const noexcept { return texts_; }

 private:
  Language language_ = Language::Chinese;
  std::map<std::string, std::string, std::less<>> texts_;
};

/// A name in both languages, as contracts, catalogues and schemes carry it.
struct BilingualText {
  std::string zh;
  std::string en;
  [[nodiscard]] const std::string& in(Language language) const noexcept {
    return language == Language::Chinese ? zh : en;
  }
};

/// The error in the user's words, one line per context, what was attempted last.
std::string render_error(const Error& error, const Texts& texts);

}  // namespace fenqun

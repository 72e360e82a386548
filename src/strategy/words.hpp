// strategy/words.hpp - words of the files and what they stand for. Level 5, inside the room.
#pragma once

#include "base/settings.hpp"
#include "strategy/library.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace fenqun::strategy {

template <class Enum>
using Word = std::pair<std::string_view, Enum>;

std::span<const Word<Occasion>> occasion_words() noexcept;
std::span<const Word<Channel>> channel_words() noexcept;
std::span<const Word<Role>> role_words() noexcept;
std::span<const Word<FieldKind>> field_words() noexcept;
std::span<const Word<Goal>> goal_words() noexcept;

template <class Enum>
std::string_view word_of(std::span<const Word<Enum>> words, Enum value) noexcept {
  const auto found = std::find_if(words.begin(), words.end(), [&](const auto& one) { return one.second == value; });
  return found == words.end() ? std::string_view() : found->first;
}

/// The value of the word below `key`; `fallback` where the key is absent. Errors: BadData, telling all words.
template <class Enum>
Result<Enum> read_word(const Settings& node, std::string_view key, std::span<const Word<Enum>> words,
                       std::optional<Enum> fallback = {}) {
  if (fallback && !node.has(key)) return *fallback;
  FENQUN_TRY(const auto word, node.text(key));
  std::string expected;
  for (const auto& [name, value] : words) {
    if (name == word) return value;
    expected += (expected.empty() ? "" : ", ") + std::string(name);
  }
  return node.refuse("base.setting_wrong", {{"key", std::string(key)}, {"value", word}, {"expected", expected}});
}

}  // namespace fenqun::strategy

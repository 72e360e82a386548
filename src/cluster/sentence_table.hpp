// cluster/sentence_table.hpp - the sentences that cmake/sentences.cmake compiles in. Level 1, inside the room.
#pragma once

#include <span>
#include <string_view>

namespace fenqun::cluster {

/// One line of config/texts/<language>/{base,cluster}.yaml; the text has {named} places for values.
struct SentenceOfKey {
  std::string_view key;
  std::string_view text;
};

std::span<const SentenceOfKey> chinese_sentences();
std::span<const SentenceOfKey> english_sentences();

}  // namespace fenqun::cluster

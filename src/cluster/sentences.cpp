// cluster/sentences.cpp
#include "cluster/sentences.hpp"

#include "base/placeholders.hpp"
#include "cluster/sentence_table.hpp"

#include <algorithm>
#include <span>

namespace fenqun::cluster {
namespace {

std::string words_of(const Error::Line& line, std::span<const SentenceOfKey> table) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const SentenceOfKey& entry) { return entry.key == line.key; });
  return found == table.end() ? name_values(line.key, line.args) : fill_placeholders(found->text, line.args);
}

}  // namespace

std::string sentence(const Error& error, std::string_view language) {
  const auto table = language.starts_with("zh") ? chinese_sentences() : english_sentences();
  std::string out = words_of(error.line, table);
  for (const auto& line : error.context) out += "\n  " + words_of(line, table);
  return out;
}

}  // namespace fenqun::cluster

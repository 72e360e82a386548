// ingest/reading.hpp - how the texts of one file are to be understood. Level 2.
#pragma once

#include "reader/text_traits.hpp"

#include <string>
#include <vector>

namespace fenqun::ingest {

/// Texts that say that there is no value, where a mapping gives no list of its own.
std::vector<std::string> default_empty_texts();

struct Reading {
  /// Texts that mean no value, besides blank ones. Letters A to Z in either case.
  std::vector<std::string> empty = default_empty_texts();
  /// Words of totals (ClosingWords::totals()): an id that is one, or ends with one, is a line of totals.
  std::vector<std::string> closing_words;
  /// Zone of the workspace's times: a time that states its own zone is brought to it.
  std::string zone = "Asia/Shanghai";
  reader::TextTraits traits;
};

}  // namespace fenqun::ingest

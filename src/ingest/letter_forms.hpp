// ingest/letter_forms.hpp - letters, digits and signs in one form where they have several. Level 2.
#pragma once

#include <string>
#include <string_view>

namespace fenqun::ingest {

/// A to Z as a to z, the rest as it is.
std::string lower_ascii(std::string_view text);

/// Full-width digits, letters and punctuation (U+FF01..U+FF5E) as ASCII, the ideographic space as a blank. UTF-8.
std::string half_width(std::string_view text);

}  // namespace fenqun::ingest

// reader/delimiter.hpp - which character parts the values of a CSV text. Level 1.
#pragma once

#include "reader/source_layout.hpp"

#include <string_view>

namespace fenqun::reader {

/// Of comma, semicolon, tab and bar the one that splits most of the first hundred records into equally many values, two
/// or more; of several the one that gives most values. A first line `sep=;` says it outright. Comma when none does.
/// `beginning` is the text's first part, in UTF-8; its last record may be cut. `values` is how many a record must have
/// (0: unknown). Cost: a few passes over the beginning.
char detect_delimiter(std::string_view beginning, std::size_t values);

/// The delimiter that a first line `sep=;` names; 0 when the text does not begin so.
char stated_delimiter(std::string_view beginning);

}  // namespace fenqun::reader

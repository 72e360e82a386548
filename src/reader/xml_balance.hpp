// reader/xml_balance.hpp - whether a text of XML is whole: every element that begins also ends. Level 1.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::reader {

/// Looks at a text piece by piece, in UTF-8; a tag may be cut by the pieces. Names of attributes, entities and
/// characters are not looked at. Cost: about 1 GB/s. Not for several threads.
class XmlBalance {
 public:
  /// The next piece. False from the first end tag on that closes another element than the open one, or from markup or
  /// nesting beyond all sense (1 MiB, 1,024 levels).
  bool add(std::string_view piece);
  /// Whether the pieces so far are one whole element, with what may stand around it.
  [[nodiscard]] bool is_whole() const noexcept { return good_ && has_root_ && open_.empty() && !in_markup_; }

 private:
  std::size_t collect(std::string_view piece, std::size_t at);
  [[nodiscard]] bool is_finished() const;
  void take();
  void take_tag();

  std::vector<std::string> open_;  // names of the open elements
  std::string markup_;             // from its '<' on
  std::size_t looked_at_ = 0;      // of it, for quotes
  char quote_ = 0;                 // the quote that is open in a tag
  bool in_markup_ = false;
  bool has_root_ = false;
  bool good_ = true;
};

}  // namespace fenqun::reader

// reader/xml_balance.cpp
#include "reader/xml_balance.hpp"

#include <algorithm>

namespace fenqun::reader {
namespace {

constexpr std::size_t kLongestMarkup = 1U << 20U;
constexpr std::size_t kDeepest = 1024;

std::string_view name_in(std::string_view tag) { return tag.substr(0, tag.find_first_of(" \t\r\n/>")); }

}  // namespace

bool XmlBalance::add(std::string_view piece) {
  for (std::size_t at = 0; good_ && at < piece.size();) {
    if (in_markup_) {
      at = collect(piece, at);
      continue;
    }
    at = piece.find('<', at);
    if (at == std::string_view::npos) break;
    in_markup_ = true;
    markup_.clear();
    looked_at_ = 0;
    quote_ = 0;
  }
  return good_;
}

// Takes the piece up to the next '>', or all of it; returns where to go on.
std::size_t XmlBalance::collect(std::string_view piece, std::size_t at) {
  const auto end = std::min(piece.find('>', at), piece.size() - 1) + 1;
  markup_.append(piece.substr(at, end - at));
  if (markup_.size() > kLongestMarkup) good_ = false;
  for (; looked_at_ < markup_.size(); ++looked_at_) {
    const char c = markup_[looked_at_];
    if (quote_ != 0)
      quote_ = c == quote_ ? '\0' : quote_;
    else if (c == '"' || c == '\'')
      quote_ = c;
  }
  if (markup_.back() == '>' && is_finished()) take();
  return end;
}

bool XmlBalance::is_finished() const {
  if (markup_.starts_with("<!--")) return markup_.size() >= 7 && markup_.ends_with("-->");
  if (markup_.starts_with("<![CDATA[")) return markup_.ends_with("]]>");
  if (markup_.starts_with("<?")) return markup_.ends_with("?>");
  return quote_ == 0;
}

void XmlBalance::take() {
  in_markup_ = false;
  if (!markup_.starts_with("<!") && !markup_.starts_with("<?")) take_tag();
}

void XmlBalance::take_tag() {
  const std::string_view tag = markup_;
  if (tag.starts_with("</")) {
    good_ = !open_.empty() && open_.back() == name_in(tag.substr(2));
    if (good_) open_.pop_back();
    return;
  }
  // A second '<': the tag before it never ended. Within quotes it is no mark-up, though not allowed there either.
  const auto name = name_in(tag.substr(1));
  good_ = !name.empty() && tag.find('<', 1) == std::string_view::npos && open_.size() < kDeepest &&
          (!open_.empty() || !has_root_);
  has_root_ = true;
  if (!tag.ends_with("/>")) open_.emplace_back(name);
}

}  // namespace fenqun::reader

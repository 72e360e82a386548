// report/html_writer.hpp - HTML put together so that it is always balanced and escaped. Level 5.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun::report {

struct Attribute {
  std::string_view name;  // a literal of ours, never data
  std::string value;      // escaped when written; empty: the name alone
};
using Attributes = std::vector<Attribute>;

/// Writes elements one after the other. There is no way to write raw text: content and attributes are escaped.
class HtmlWriter {
 public:
  /// Closes its element when it goes out of scope.
  class [[nodiscard]] Element {
   public:
    Element(HtmlWriter& html, std::string_view tag) : html_(&html), tag_(tag) {}
    Element(const Element&) = delete;
    Element& operator=(const Element&) = delete;
    Element(Element&&) = delete;
    Element& operator=(Element&&) = delete;
    ~Element() { html_->end(tag_); }

   private:
    HtmlWriter* html_;
    std::string_view tag_;
  };

  /// Opens `<tag ...>`; what is written until the returned value dies is inside.
  Element in(std::string_view tag, const Attributes& attributes = {}) {
    begin(tag, attributes);
    return Element(*this, tag);
  }
  /// A whole element with text inside.
  void line(std::string_view tag, std::string_view text, const Attributes& attributes = {});
  void text(std::string_view text);

  [[nodiscard]] const std::string& html() const noexcept { return html_; }
  [[nodiscard]] std::string take() && { return std::move(html_); }

 private:
  void begin(std::string_view tag, const Attributes& attributes);
  void end(std::string_view tag);

  std::string html_;
};

}  // namespace fenqun::report

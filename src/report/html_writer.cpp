// report/html_writer.cpp
#include "report/html_writer.hpp"

#include "report/clean_text.hpp"

namespace fenqun::report {

void HtmlWriter::begin(std::string_view tag, const Attributes& attributes) {
  html_ += '<';
  html_ += tag;
  for (const auto& attribute : attributes) {
    html_ += ' ';
    html_ += attribute.name;
    if (!attribute.value.empty()) html_ += "=\"" + escape_html(attribute.value) + "\"";
  }
  html_ += '>';
}

void HtmlWriter::end(std::string_view tag) {
  html_ += "</";
  html_ += tag;
  html_ += ">\n";
}

void HtmlWriter::line(std::string_view tag, std::string_view text, const Attributes& attributes) {
  begin(tag, attributes);
  html_ += escape_html(text);
  end(tag);
}

void HtmlWriter::text(std::string_view text) { html_ += escape_html(text); }

}  // namespace fenqun::report

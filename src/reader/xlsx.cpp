// reader/xlsx.cpp
#include "reader/xlsx.hpp"

#include "base/number.hpp"
#include "reader/scratch_file.hpp"
#include "reader/xlsx_part.hpp"
#include "reader/xlsx_value.hpp"

#include <pugixml.hpp>

#include <map>

namespace fenqun::reader {
namespace {

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const auto& candidate : node.children()) {
    if (local_name(candidate) == name) return candidate;
  }
  return {};
}

// All texts of a rich or plain string; phonetic runs (rPh) are a reading aid, not content.
std::string string_of(const pugi::xml_node& node) {
  std::string out;
  for (const auto& part : node.children()) {
    if (local_name(part) == "t")
      out += part.text().get();
    else if (local_name(part) == "r")
      out += string_of(part);
  }
  return out;
}

struct Workbook {
  std::string sheet;
  std::string part;  // of the sheet
  DateSystem dates = DateSystem::From1900;
  std::vector<bool> style_is_date;
  std::vector<std::string> texts;
};

class SheetReader {
 public:
  SheetReader(const XlsxRequest& request, XlsxArchive archive, std::stop_token stop)
      : request_(request), archive_(std::move(archive)), stop_(std::move(stop)) {}

  Result<XlsxRows> convert(const std::filesystem::path& csv);

 private:
  Result<pugi::xml_document> document(const std::string& part, bool required);
  Result<void> read_contents();
  Result<void> read_styles();
  Result<void> read_texts();
  Result<void> add_row(std::string_view xml, OutputFile& out);
  Result<std::vector<std::string>> cells_of(const pugi::xml_node& row);
  std::string cell_text(const pugi::xml_node& cell) const;
  [[nodiscard]] tl::unexpected<Error> damaged(const std::string& part) const {
    return fail(ErrorCode::BadData, "ingest.not_xlsx", {{"file", request_.file.string()}, {"part", part}});
  }
  [[nodiscard]] static tl::unexpected<Error> beyond(const char* what, std::int64_t limit) {
    return fail(ErrorCode::BadData, "ingest.xlsx_limit", {{"what", what}, {"limit", std::to_string(limit)}});
  }

  const XlsxRequest& request_;
  XlsxArchive archive_;
  std::stop_token stop_;
  Workbook book_;
  XlsxRows rows_;
  std::int64_t row_ = 0;
  std::size_t width_ = 0;
};

Result<pugi::xml_document> SheetReader::document(const std::string& part, bool required) {
  pugi::xml_document parsed;
  FENQUN_TRY(const auto text, archive_.read(part));
  if (!text) {
    if (required) return damaged(part);
    return parsed;
  }
  if (!parsed.load_buffer(text->data(), text->size())) return damaged(part);
  return parsed;
}

Result<void> SheetReader::read_contents() {
  FENQUN_TRY(const auto book, document("xl/workbook.xml", true));
  FENQUN_TRY(const auto links, document("xl/_rels/workbook.xml.rels", true));
  const auto root = book.document_element();
  const std::string_view from_1904 = child(root, "workbookPr").attribute("date1904").value();
  if (from_1904 == "1" || from_1904 == "true") book_.dates = DateSystem::From1904;
  std::string names;
  std::string link;
  for (const auto& sheet : child(root, "sheets").children()) {
    const std::string name = sheet.attribute("name").value();
    names += (names.empty() ? "" : ", ") + name;
    if (!link.empty() || (!request_.sheet.empty() && name != request_.sheet)) continue;
    for (const auto& attribute : sheet.attributes()) {
      if (std::string_view(attribute.name()).ends_with(":id")) link = attribute.value();
    }
    book_.sheet = name;
  }
  if (link.empty()) {
    return fail(ErrorCode::BadData, "ingest.no_sheet",
                {{"file", request_.file.string()}, {"sheet", request_.sheet}, {"sheets", names}});
  }
  for (const auto& entry : links.document_element().children()) {
    if (entry.attribute("Id").value() != link) continue;
    const std::string target = entry.attribute("Target").value();
    book_.part = target.starts_with('/') ? target.substr(1) : "xl/" + target;
  }
  if (book_.part.empty()) return damaged("xl/_rels/workbook.xml.rels");
  return {};
}

Result<void> SheetReader::read_styles() {
  FENQUN_TRY(const auto styles, document("xl/styles.xml", false));
  const auto root = styles.document_element();
  std::map<int, std::string> codes;
  for (const auto& format : child(root, "numFmts").children()) {
    codes[format.attribute("numFmtId").as_int()] = format.attribute("formatCode").value();
  }
  for (const auto& style : child(root, "cellXfs").children()) {
    const int id = style.attribute("numFmtId").as_int();
    const auto code = codes.find(id);
    book_.style_is_date.push_back(shows_date(id, code == codes.end() ? "" : code->second));
  }
  return {};
}

Result<void> SheetReader::read_texts() {
  const std::string part = "xl/sharedStrings.xml";
  return archive_.for_elements(part, "si", kXlsxMaxPartBytes, [&](std::string_view xml) -> Result<void> {
    pugi::xml_document parsed;
    if (!parsed.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata)) return damaged(part);
    book_.texts.push_back(string_of(parsed.document_element()));
    return {};
  });
}

std::string SheetReader::cell_text(const pugi::xml_node& cell) const {
  const std::string_view type = cell.attribute("t").value();
  if (type == "inlineStr") return string_of(child(cell, "is"));
  std::string value = child(cell, "v").text().get();
  if (value.empty() || type == "str" || type == "e" || type == "d") return value;
  if (type == "b") return value == "1" ? "true" : "false";
  if (type == "s") {
    const auto index = parse_integer(value);
    const bool known = index && *index >= 0 && *index < static_cast<std::int64_t>(book_.texts.size());
    return known ? book_.texts[static_cast<std::size_t>(*index)] : "#REF!";
  }
  const auto style = cell.attribute("s").as_uint();
  if (style < book_.style_is_date.size() && book_.style_is_date[style]) {
    const auto serial = parse_number(value);
    const auto date = serial ? date_text(*serial, book_.dates) : std::nullopt;
    if (date) return *date;
  }
  return number_text(value);
}

Result<std::vector<std::string>> SheetReader::cells_of(const pugi::xml_node& row) {
  std::vector<std::string> cells;
  for (const auto& cell : row.children()) {
    if (local_name(cell) != "c") continue;
    const auto named = column_of(cell.attribute("r").value());
    const auto column = named.value_or(static_cast<std::int64_t>(cells.size()));
    if (column >= kXlsxMaxColumns) return beyond("columns", kXlsxMaxColumns);
    const auto at = static_cast<std::size_t>(column);
    if (at >= cells.size()) cells.resize(at + 1);
    cells[at] = cell_text(cell);
  }
  while (!cells.empty() && cells.back().empty()) cells.pop_back();
  return cells;
}

void append_csv(std::string& line, const std::string& value) {
  if (value.find_first_of(",\"\r\n") == std::string::npos) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : value) {
    line += c;
    if (c == '"') line += c;
  }
  line += '"';
}

Result<void> SheetReader::add_row(std::string_view xml, OutputFile& out) {
  if (stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  pugi::xml_document parsed;
  if (!parsed.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata))
    return damaged(book_.part);
  const auto row = parsed.document_element();
  row_ = row.attribute("r").empty() ? row_ + 1 : row.attribute("r").as_llong();
  if (row_ < 1 || row_ > kXlsxMaxRows) return beyond("rows", kXlsxMaxRows);
  if (row_ <= request_.skip_lines) return {};
  FENQUN_TRY(auto cells, cells_of(row));
  if (cells.empty()) return {};
  if (rows_.sheet_rows.empty()) width_ = cells.size();
  if (cells.size() < width_) cells.resize(width_);
  std::string line;
  for (std::size_t at = 0; at < cells.size(); ++at) {
    if (at > 0) line += ',';
    append_csv(line, cells[at]);
  }
  rows_.sheet_rows.push_back(row_);
  return out.write(line + "\n");
}

Result<XlsxRows> SheetReader::convert(const std::filesystem::path& csv) {
  FENQUN_CHECK(read_contents());
  FENQUN_CHECK(read_styles());
  FENQUN_CHECK(read_texts());
  rows_.sheet = book_.sheet;
  FENQUN_TRY(auto out, OutputFile::create(csv));
  FENQUN_CHECK(archive_.for_elements(book_.part, "row", kXlsxMaxSheetBytes,
                                     [&](std::string_view xml) { return add_row(xml, out); }));
  FENQUN_CHECK(out.close());
  return std::move(rows_);
}

}  // namespace

Result<XlsxRows> convert_xlsx(const XlsxRequest& request, const std::filesystem::path& csv,
                              const std::stop_token& stop) {
  FENQUN_TRY(auto archive, XlsxArchive::open(request.file));
  return SheetReader(request, std::move(archive), stop).convert(csv);
}

}  // namespace fenqun::reader

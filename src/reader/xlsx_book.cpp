// reader/xlsx_book.cpp
#include "reader/xlsx_book.hpp"

#include "base/number.hpp"
#include "reader/xlsx_limits.hpp"

#include <pugixml.hpp>

#include <algorithm>
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
      out += child(part, "t").text().get();
  }
  return out;
}

std::optional<std::uint32_t> row_of(std::string_view reference) {
  const auto digits = reference.find_first_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  const auto row = parse_integer(reference.substr(digits));
  if (!row || *row < 1 || *row > kXlsxMaxRows) return std::nullopt;
  return static_cast<std::uint32_t>(*row);
}

// "B2:D5"
std::optional<MergedCell> merged_cell(std::string_view area) {
  const auto colon = area.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto from = area.substr(0, colon);
  const auto to = area.substr(colon + 1);
  const auto left = column_of(from);
  const auto right = column_of(to);
  const auto top = row_of(from);
  const auto bottom = row_of(to);
  if (!left || !right || !top || !bottom || *left > *right || *top > *bottom || *right >= kXlsxMaxColumns)
    return std::nullopt;
  return MergedCell{*top, *bottom, static_cast<std::uint32_t>(*left), static_cast<std::uint32_t>(*right)};
}

}  // namespace

tl::unexpected<Error> XlsxBook::damaged(const std::string& part) const {
  return fail(ErrorCode::BadData, "ingest.not_xlsx", {{"file", name_}, {"part", part}});
}

tl::unexpected<Error> XlsxBook::beyond(const SheetInfo& sheet, const char* key, std::int64_t limit) const {
  return fail(ErrorCode::BadData, key, {{"file", name_}, {"sheet", sheet.name}, {"limit", std::to_string(limit)}});
}

// What is wrong with a sheet's part is told by the sheet's name too.
Result<void> XlsxBook::elements_of(const SheetInfo& sheet, std::string_view name,
                                   const std::function<Result<bool>(std::string_view)>& on_element) {
  auto done = archive_.for_elements(sheet.part, name, kXlsxMaxSheetBytes, on_element);
  if (done || done.error().line.key != "ingest.not_xlsx") return done;
  return fail(ErrorCode::BadData, "reader.sheet_damaged",
              {{"file", name_}, {"sheet", sheet.name}, {"part", sheet.part}});
}

Result<XlsxBook> XlsxBook::open(const std::filesystem::path& file, const std::string& name, std::stop_token stop) {
  FENQUN_TRY(auto archive, XlsxArchive::open(file, name));
  XlsxBook book(std::move(archive), name, std::move(stop));
  FENQUN_CHECK(book.read_contents());
  FENQUN_CHECK(book.read_styles());
  FENQUN_CHECK(book.read_texts());
  return book;
}

Result<void> XlsxBook::read_document(const std::string& part, bool required, pugi::xml_document& into) {
  FENQUN_TRY(const auto text, archive_.read(part));
  if (!text) return required ? Result<void>(damaged(part)) : Result<void>();
  if (!into.load_buffer(text->data(), text->size())) return damaged(part);
  return {};
}

Result<void> XlsxBook::read_contents() {
  pugi::xml_document book;
  pugi::xml_document links;
  FENQUN_CHECK(read_document("xl/workbook.xml", true, book));
  FENQUN_CHECK(read_document("xl/_rels/workbook.xml.rels", true, links));
  const auto root = book.document_element();
  const std::string_view from_1904 = child(root, "workbookPr").attribute("date1904").value();
  if (from_1904 == "1" || from_1904 == "true") dates_ = DateSystem::From1904;
  std::map<std::string, std::string> targets;
  for (const auto& entry : links.document_element().children()) {
    const std::string target = entry.attribute("Target").value();
    targets[entry.attribute("Id").value()] = target.starts_with('/') ? target.substr(1) : "xl/" + target;
  }
  for (const auto& sheet : child(root, "sheets").children()) {
    SheetInfo info;
    info.name = sheet.attribute("name").value();
    info.is_hidden = std::string_view(sheet.attribute("state").value()).find("idden") != std::string_view::npos;
    for (const auto& attribute : sheet.attributes()) {
      if (!std::string_view(attribute.name()).ends_with(":id")) continue;
      const auto target = targets.find(attribute.value());
      if (target != targets.end()) info.part = target->second;
    }
    sheets_.push_back(std::move(info));
  }
  if (sheets_.empty()) return damaged("xl/workbook.xml");
  return {};
}

Result<void> XlsxBook::read_styles() {
  pugi::xml_document styles;
  FENQUN_CHECK(read_document("xl/styles.xml", false, styles));
  const auto root = styles.document_element();
  std::map<int, std::string> codes;
  for (const auto& format : child(root, "numFmts").children()) {
    codes[format.attribute("numFmtId").as_int()] = format.attribute("formatCode").value();
  }
  for (const auto& style : child(root, "cellXfs").children()) {
    const int id = style.attribute("numFmtId").as_int();
    const auto code = codes.find(id);
    styles_.push_back(shown_by(id, code == codes.end() ? "" : code->second));
  }
  return {};
}

Result<void> XlsxBook::read_texts() {
  const std::string part = "xl/sharedStrings.xml";
  return archive_.for_elements(part, "si", kXlsxMaxPartBytes, [&](std::string_view xml) -> Result<bool> {
    pugi::xml_document parsed;
    if (!parsed.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata)) return damaged(part);
    texts_.push_back(string_of(parsed.document_element()));
    return true;
  });
}

Result<std::vector<MergedCell>> XlsxBook::merged_cells(const SheetInfo& sheet) {
  std::vector<MergedCell> merged;
  FENQUN_CHECK(elements_of(sheet, "mergeCell", [&](std::string_view xml) -> Result<bool> {
    if (stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    pugi::xml_document parsed;
    if (!parsed.load_buffer(xml.data(), xml.size())) return damaged(sheet.part);
    if (const auto cell = merged_cell(parsed.document_element().attribute("ref").value())) merged.push_back(*cell);
    if (merged.size() > kXlsxMaxMerges)
      return beyond(sheet, "reader.xlsx_many_merges", static_cast<std::int64_t>(kXlsxMaxMerges));
    return true;
  }));
  std::sort(merged.begin(), merged.end(), [](const MergedCell& a, const MergedCell& b) {
    return std::pair(a.top, a.left) < std::pair(b.top, b.left);
  });
  return merged;
}

Result<std::string> XlsxBook::shared_text(const SheetInfo& sheet, const pugi::xml_node& cell,
                                          std::string_view index) const {
  const auto number = parse_integer(index);
  if (number && *number >= 0 && *number < static_cast<std::int64_t>(texts_.size()))
    return texts_[static_cast<std::size_t>(*number)];
  return fail(ErrorCode::BadData, "reader.no_shared_text",
              {{"file", name_},
               {"sheet", sheet.name},
               {"cell", cell.attribute("r").value()},
               {"index", std::string(index)},
               {"count", std::to_string(texts_.size())}});
}

Result<std::string> XlsxBook::cell_text(const SheetInfo& sheet, const pugi::xml_node& cell) const {
  const std::string_view type = cell.attribute("t").value();
  if (type == "inlineStr") return string_of(child(cell, "is"));
  std::string value = child(cell, "v").text().get();
  if (value.empty() || type == "str" || type == "e" || type == "d") return value;
  if (type == "b") return value == "1" ? "true" : "false";
  if (type == "s") return shared_text(sheet, cell, value);
  const auto style = cell.attribute("s").as_uint();
  if (style < styles_.size() && styles_[style] != Shown::Number) {
    const auto serial = parse_number(value);
    const auto date = serial ? date_text(*serial, dates_, styles_[style]) : std::nullopt;
    if (date) return *date;
  }
  return number_text(value);
}

Result<Cells> XlsxBook::cells_of(const SheetInfo& sheet, const pugi::xml_node& row) const {
  Cells cells;
  for (const auto& cell : row.children()) {
    if (local_name(cell) != "c") continue;
    const auto named = column_of(cell.attribute("r").value());
    const auto column = named.value_or(static_cast<std::int64_t>(cells.size()));
    if (column >= kXlsxMaxColumns) return beyond(sheet, "reader.xlsx_many_columns", kXlsxMaxColumns);
    const auto at = static_cast<std::size_t>(column);
    if (at >= cells.size()) cells.resize(at + 1);
    FENQUN_TRY(cells[at], cell_text(sheet, cell));
  }
  while (!cells.empty() && cells.back().empty()) cells.pop_back();
  return cells;
}

Result<void> XlsxBook::for_rows(const SheetInfo& sheet,
                                const std::function<Result<bool>(std::uint32_t row, Cells cells)>& on_row) {
  if (sheet.part.empty()) return damaged("xl/_rels/workbook.xml.rels");
  std::int64_t last = 0;
  return elements_of(sheet, "row", [&](std::string_view xml) -> Result<bool> {
    if (stop_.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
    pugi::xml_document parsed;
    if (!parsed.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata))
      return damaged(sheet.part);
    const auto row = parsed.document_element();
    const auto number = row.attribute("r").empty() ? last + 1 : row.attribute("r").as_llong();
    if (number > kXlsxMaxRows) return beyond(sheet, "reader.xlsx_many_rows", kXlsxMaxRows);
    if (number <= last) return damaged(sheet.part);
    last = number;
    FENQUN_TRY(auto cells, cells_of(sheet, row));
    if (filled_cells(cells) == 0) return true;
    return on_row(static_cast<std::uint32_t>(number), std::move(cells));
  });
}

}  // namespace fenqun::reader

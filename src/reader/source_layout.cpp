// reader/source_layout.cpp
#include "reader/source_layout.hpp"

#include <algorithm>

namespace fenqun::reader {
namespace {

tl::unexpected<Error> wrong(const Settings& node, const char* key, std::string value, const char* expected) {
  return node.refuse("base.setting_wrong", {{"key", key}, {"value", std::move(value)}, {"expected", expected}});
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

Result<void> read_format(const Settings& node, SourceLayout& layout) {
  FENQUN_TRY(const auto format, node.text("format", ""));
  if (format.empty()) return {};
  for (const auto known : {SourceFormat::Csv, SourceFormat::Xlsx, SourceFormat::Parquet, SourceFormat::JsonLines}) {
    if (format == name_of(known)) layout.format = known;
  }
  if (!layout.format) return wrong(node, "format", format, "csv, xlsx, parquet, json_lines");
  return {};
}

Result<void> read_text(const Settings& node, SourceLayout& layout) {
  FENQUN_TRY(const auto delimiter, node.text("delimiter", "auto"));
  if (delimiter != "auto") {
    if (delimiter.size() != 1 || delimiter == "\"" || delimiter == "\n" || delimiter == "\r" || delimiter == " " ||
        static_cast<unsigned char>(delimiter.front()) >= 0x80)
      return wrong(node, "delimiter", delimiter, "auto  ','  ';'  '|'  \"\\t\"");
    layout.delimiter = delimiter.front();
  }
  FENQUN_TRY(const auto encoding, node.text("encoding", "auto"));
  if (encoding == "auto") return {};
  layout.encoding = parse_encoding(encoding);
  if (!layout.encoding) return wrong(node, "encoding", encoding, "auto, utf-8, gb18030, utf-16, utf-16le, utf-16be");
  return {};
}

Result<void> read_header(const Settings& node, SourceLayout& layout) {
  FENQUN_TRY(layout.header, node.boolean("header", true));
  FENQUN_TRY(layout.columns, node.texts("columns"));
  if (node.has("skip_lines")) {
    FENQUN_TRY(const auto lines, node.integer("skip_lines"));
    if (lines < 0) return wrong(node, "skip_lines", std::to_string(lines), "0, 1, 2 ...");
    layout.skip_lines = lines;
  }
  if (node.has("header_rows")) {
    FENQUN_TRY(const auto rows, node.integer("header_rows"));
    if (rows < 1 || rows > 3) return wrong(node, "header_rows", std::to_string(rows), "1, 2, 3");
    if (!layout.header) return wrong(node, "header", "false", "true");
    layout.header_rows = rows;
  }
  if (!layout.header && layout.columns.empty()) return node.refuse("base.setting_missing", {{"key", "columns"}});
  return {};
}

Result<void> read_closing_lines(const Settings& node, SourceLayout& layout) {
  FENQUN_TRY(const auto where, node.text("closing_lines", "at_end"));
  if (where == "at_end")
    layout.closing_lines = ClosingLines::AtEnd;
  else if (where == "anywhere")
    layout.closing_lines = ClosingLines::Anywhere;
  else if (where == "nowhere")
    layout.closing_lines = ClosingLines::Nowhere;
  else
    return wrong(node, "closing_lines", where, "at_end, anywhere, nowhere");
  return {};
}

std::filesystem::path without_gz(std::filesystem::path file) {
  if (lower(file.extension().string()) == ".gz") file.replace_extension();
  return file;
}

}  // namespace

std::string_view name_of(SourceFormat format) noexcept {
  switch (format) {
    case SourceFormat::Csv:
      return "csv";
    case SourceFormat::Xlsx:
      return "xlsx";
    case SourceFormat::Parquet:
      return "parquet";
    case SourceFormat::JsonLines:
      return "json_lines";
  }
  return "csv";
}

std::optional<SourceFormat> format_of(const std::filesystem::path& file) {
  const auto ending = lower(without_gz(file).extension().string());
  if (ending == ".csv" || ending == ".txt" || ending == ".tsv") return SourceFormat::Csv;
  if (ending == ".xlsx") return SourceFormat::Xlsx;
  if (ending == ".parquet") return SourceFormat::Parquet;
  if (ending == ".jsonl" || ending == ".ndjson") return SourceFormat::JsonLines;
  return std::nullopt;
}

std::string bare_name(const std::filesystem::path& file) { return without_gz(file).stem().string(); }

Result<SourceLayout> read_layout(const Settings& node) {
  FENQUN_CHECK(node.allow_only({"format", "delimiter", "encoding", "header", "header_rows", "sheet", "columns",
                                "skip_lines", "fill_merged", "closing_lines"}));
  SourceLayout layout;
  FENQUN_CHECK(read_format(node, layout));
  FENQUN_CHECK(read_text(node, layout));
  FENQUN_CHECK(read_header(node, layout));
  FENQUN_CHECK(read_closing_lines(node, layout));
  FENQUN_TRY(layout.sheets, node.texts("sheet"));
  // A list names sheets, even one that is called so.
  const auto sheet = node.find("sheet");
  if (sheet && sheet->is_scalar() && layout.sheets == std::vector<std::string>{"all"}) {
    layout.sheets.clear();
    layout.all_sheets = true;
  }
  FENQUN_TRY(layout.fill_merged, node.boolean("fill_merged", false));
  return layout;
}

}  // namespace fenqun::reader

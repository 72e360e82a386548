// cli/output_source.cpp
#include "cli/output.hpp"

#include "base/number.hpp"
#include "cli/visible_text.hpp"

namespace fenqun::cli {
namespace {

std::string joined(const std::vector<std::string>& parts, const char* separator) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : separator) + visible(part, LineEnds::Shown);
  return out;
}

// gzip, GB18030, delimiter ';', sheet ...: what is not as one would expect.
std::vector<std::string> peculiarities(const reader::SourceReport& report, const Texts& texts) {
  using reader::SourceFormat;
  std::vector<std::string> out;
  if (report.is_gzip) out.emplace_back("gzip");
  if (report.format == SourceFormat::JsonLines) out.emplace_back("JSON Lines");
  if (report.encoding && *report.encoding != reader::Encoding::Utf8) out.emplace_back(name_of(*report.encoding));
  if (report.format == SourceFormat::Csv && report.delimiter != ',') {
    const auto shown = report.delimiter == '\t' ? std::string("Tab") : std::string(1, report.delimiter);
    out.push_back(texts("cli.source_delimiter", {{"delimiter", shown}}));
  }
  if (!report.sheets.empty()) out.push_back(texts("cli.source_sheets", {{"sheets", joined(report.sheets, ", ")}}));
  return out;
}

// Counts that are not zero, with the lines as far as they are known.
std::vector<std::string> left_out(const reader::SourceReport& report, const Texts& texts) {
  using reader::LineKind;
  std::vector<std::string> out;
  const auto lines_of = [&](auto&& holds) {
    constexpr std::size_t kShown = 5;
    std::vector<std::string> lines;
    for (const auto& line : report.left_out) {
      if (!holds(line.kind)) continue;
      if (lines.size() == kShown) return joined(lines, ", ") + " ...";
      lines.push_back((line.sheet.empty() ? "" : line.sheet + "!") + std::to_string(line.line));
    }
    return joined(lines, ", ");
  };
  const auto add = [&](const char* key, std::int64_t count, const std::string& lines) {
    if (count == 0) return;
    auto text = texts(key, {{"count", with_thousands(count)}});
    out.push_back(lines.empty() ? text : texts("cli.source_with_lines", {{"what", text}, {"lines", lines}}));
  };
  add("cli.source_titles", report.titles, lines_of([](LineKind kind) { return kind == LineKind::Title; }));
  if (report.headers > 1) add("cli.source_headers", report.headers, "");
  add("cli.source_repeated", report.repeated_headers,
      lines_of([](LineKind kind) { return kind == LineKind::RepeatedHeader; }));
  add("cli.source_closing", report.closing,
      lines_of([](LineKind kind) { return kind == LineKind::Total || kind == LineKind::RowCount; }));
  add("cli.source_blank", report.blank, "");
  return out;
}

}  // namespace

std::string show_source(const ingest::IngestOutcome& outcome, const Texts& texts) {
  return outcome.source ? show_source(*outcome.source, outcome.file.filename().string(), texts) : "";
}

std::string show_source(const reader::SourceReport& report, const std::string& file, const Texts& texts) {
  const auto separator = texts.language() == Language::Chinese ? "，" : ", ";
  std::string out;
  const auto line = [&](const char* key, TextArgs args) {
    args.push_back({"file", visible(file, LineEnds::Shown)});
    out += "  " + texts(key, args) + "\n";
  };
  const auto how = peculiarities(report, texts);
  if (!how.empty()) line("cli.source_read_as", {{"how", joined(how, separator)}});
  if (!report.unread_sheets.empty()) line("cli.source_unread_sheets", {{"sheets", joined(report.unread_sheets, ", ")}});
  const auto no_rows = left_out(report, texts);
  if (!no_rows.empty()) {
    line("cli.source_left_out", {{"records", with_thousands(report.records())},
                                 {"rows", with_thousands(report.rows)},
                                 {"rest", joined(no_rows, separator)}});
  }
  if (report.stated_rows && *report.stated_rows != report.rows) {
    line("cli.source_stated_rows",
         {{"stated", with_thousands(*report.stated_rows)}, {"rows", with_thousands(report.rows)}});
  }
  return out;
}

Json json_of(const reader::SourceReport& report) {
  Json lines = Json::array();
  for (const auto& line : report.left_out) {
    lines.push_back({{"kind", name_of(line.kind)}, {"sheet", line.sheet}, {"line", line.line}, {"text", line.text}});
  }
  Json out = {{"format", name_of(report.format)},
              {"gzip", report.is_gzip},
              {"encoding", report.encoding ? Json(name_of(*report.encoding)) : Json()},
              {"byte_order_mark", report.has_mark},
              {"delimiter", report.delimiter != 0 ? Json(std::string(1, report.delimiter)) : Json()},
              {"sheets", report.sheets},
              {"unread_sheets", report.unread_sheets},
              {"records", report.records()},
              {"rows", report.rows},
              {"titles", report.titles},
              {"headers", report.headers},
              {"repeated_headers", report.repeated_headers},
              {"closing_lines", report.closing},
              {"blank_records", report.blank},
              {"stated_rows", report.stated_rows ? Json(*report.stated_rows) : Json()},
              {"left_out", lines}};
  return out;
}

}  // namespace fenqun::cli

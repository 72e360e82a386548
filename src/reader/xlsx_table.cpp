// reader/xlsx_table.cpp
#include "reader/xlsx_table.hpp"

#include "reader/csv_line.hpp"
#include "reader/sheet_dump.hpp"

#include <algorithm>
#include <set>

namespace fenqun::reader {
namespace {

class WorkbookOpener {
 public:
  WorkbookOpener(const TableRequest& request, XlsxBook book) : request_(request), book_(std::move(book)) {}

  Result<Table> open();

 private:
  Result<void> choose_sheets();
  Result<void> choose_first();
  [[nodiscard]] std::string sheet_names() const;
  Result<Table> read_sheet(std::size_t number);
  Result<void> append(const Table& sheet, std::size_t number, OutputFile& out);
  Result<Table> join(std::vector<Table> sheets);
  [[nodiscard]] tl::unexpected<Error> bad(const char* key, TextArgs args = {}) const {
    args.push_back({"file", request_.file.string()});
    return fail(ErrorCode::BadData, key, std::move(args));
  }

  const TableRequest& request_;
  XlsxBook book_;
  std::vector<std::size_t> chosen_;  // indices of sheets
  std::vector<std::string> unread_;
  Table joined_;
};

std::string WorkbookOpener::sheet_names() const {
  std::string names;
  for (const auto& sheet : book_.sheets()) names += (names.empty() ? "" : ", ") + sheet.name;
  return names;
}

// The visible sheets that hold a table; all of them, or the first. Without one, the first with any text.
Result<void> WorkbookOpener::choose_first() {
  std::vector<std::size_t> with_text;
  for (std::size_t at = 0; at < book_.sheets().size(); ++at) {
    if (book_.sheets()[at].is_hidden) continue;
    FENQUN_TRY(const auto content, look_at(book_, book_.sheets()[at]));
    if (content != SheetContent::Empty) with_text.push_back(at);
    if (content != SheetContent::Table) continue;
    chosen_.push_back(at);
    if (!request_.layout.all_sheets) return {};
  }
  if (chosen_.empty() && !with_text.empty()) chosen_.push_back(with_text.front());
  if (chosen_.empty()) return bad("ingest.empty_file");
  return {};
}

Result<void> WorkbookOpener::choose_sheets() {
  const auto& sheets = book_.sheets();
  for (const auto& name : request_.layout.sheets) {
    const auto found =
        std::find_if(sheets.begin(), sheets.end(), [&](const SheetInfo& sheet) { return sheet.name == name; });
    if (found == sheets.end()) return bad("ingest.no_sheet", {{"sheet", name}, {"sheets", sheet_names()}});
    const auto at = static_cast<std::size_t>(found - sheets.begin());
    if (std::find(chosen_.begin(), chosen_.end(), at) == chosen_.end()) chosen_.push_back(at);
  }
  if (request_.layout.sheets.empty()) FENQUN_CHECK(choose_first());
  for (std::size_t at = 0; at < sheets.size(); ++at) {
    if (std::find(chosen_.begin(), chosen_.end(), at) != chosen_.end()) continue;
    FENQUN_TRY(const auto content, look_at(book_, sheets[at]));
    if (content != SheetContent::Empty) unread_.push_back(sheets[at].name);
  }
  return {};
}

Result<Table> WorkbookOpener::read_sheet(std::size_t number) {
  const auto& sheet = book_.sheets()[number];
  const auto named = "sheet" + std::to_string(number);
  FENQUN_TRY(const auto dump, dump_sheet(book_, sheet, request_.layout, request_.scratch / (named + ".csv")));
  FENQUN_TRY(auto table, sort_dump(request_, dump, request_.scratch / (named + "_rows.csv")));
  for (auto& line : table.report.left_out) {
    if (chosen_.size() > 1) line.sheet = sheet.name;
  }
  table.report.sheets.push_back(sheet.name);
  return table;
}

// Rows of a further sheet, its columns put in the order of the first one's.
Result<void> WorkbookOpener::append(const Table& sheet, std::size_t number, OutputFile& out) {
  const bool same_order = sheet.columns == joined_.columns;
  std::vector<std::size_t> order;
  std::set<std::string_view> different;
  for (const auto& name : joined_.columns) {
    const auto found = std::find(sheet.columns.begin(), sheet.columns.end(), name);
    const bool is_again = !different.insert(name).second;
    if (!same_order && (is_again || found == sheet.columns.end() || sheet.columns.size() != joined_.columns.size())) {
      std::string names;
      for (const auto& column : sheet.columns) names += (names.empty() ? "" : ", ") + column;
      return bad("reader.sheets_differ", {{"sheet", sheet.report.sheets.front()},
                                          {"first", joined_.report.sheets.front()},
                                          {"column", name},
                                          {"columns", names}});
    }
    order.push_back(static_cast<std::size_t>(found - sheet.columns.begin()));
  }
  FENQUN_TRY(auto scanner, sheet.scan());
  ScannedRecord record;
  std::string line;
  while (scanner.next(record)) {
    line.assign(record.raw);
    line += '\n';
    auto cells = same_order ? Cells() : split_record(record.raw, ',');
    // A row wider than the table stays as it is, to be rejected as such.
    if (!same_order && cells.size() == order.size()) {
      Cells ordered;
      for (const auto at : order) ordered.push_back(std::move(cells[at]));
      line.clear();
      append_record(line, ordered, ordered.size());
    }
    FENQUN_CHECK(out.write(line));
    joined_.sheet_rows.push_back(
        {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(sheet.line_of(record))});
  }
  return {};
}

Result<Table> WorkbookOpener::join(std::vector<Table> sheets) {
  joined_.columns = sheets.front().columns;
  joined_.unnamed = sheets.front().unnamed;
  joined_.header = false;
  joined_.readable = request_.scratch / "sheets.csv";
  joined_.traits = {false, false};
  auto& report = joined_.report;
  for (const auto& sheet : sheets) {
    joined_.traits.control = joined_.traits.control || sheet.traits.control;
    joined_.traits.number_letters = joined_.traits.number_letters || sheet.traits.number_letters;
    const auto& own = sheet.report;
    report.sheets.push_back(own.sheets.front());
    report.rows += own.rows;
    report.titles += own.titles;
    report.headers += own.headers;
    report.repeated_headers += own.repeated_headers;
    report.closing += own.closing;
    report.blank += own.blank;
    report.left_out.insert(report.left_out.end(), own.left_out.begin(), own.left_out.end());
    if (own.stated_rows) report.stated_rows = report.stated_rows.value_or(0) + *own.stated_rows;
  }
  FENQUN_TRY(auto out, OutputFile::create(joined_.readable));
  for (std::size_t number = 0; number < sheets.size(); ++number) FENQUN_CHECK(append(sheets[number], number, out));
  FENQUN_CHECK(out.close());
  joined_.records = report.rows;
  return std::move(joined_);
}

Result<Table> WorkbookOpener::open() {
  FENQUN_CHECK(choose_sheets());
  std::vector<Table> sheets;
  for (const auto number : chosen_) {
    FENQUN_TRY(auto sheet, read_sheet(number));
    sheets.push_back(std::move(sheet));
  }
  Result<Table> table = Table();
  if (sheets.size() == 1)
    table = std::move(sheets.front());
  else
    table = join(std::move(sheets));
  if (!table) return table;
  table->report.format = SourceFormat::Xlsx;
  table->report.unread_sheets = std::move(unread_);
  return table;
}

}  // namespace

Result<Table> open_xlsx(const TableRequest& request, const std::filesystem::path& file) {
  FENQUN_TRY(auto book, XlsxBook::open(file, request.file.string(), request.stop));
  return WorkbookOpener(request, std::move(book)).open();
}

}  // namespace fenqun::reader

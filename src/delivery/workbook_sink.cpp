// delivery/workbook_sink.cpp - XLSX. The only file that uses libxlsxwriter here.
#include "base/number.hpp"
#include "delivery/record_sink.hpp"

#include <xlsxwriter.h>

namespace fenqun::delivery {
namespace {

constexpr std::int64_t kMostRows = 1'048'576;

class WorkbookSink : public RecordSink {
 public:
  WorkbookSink(lxw_workbook* book, std::string path)
      : book_(book),
        path_(std::move(path)),
        day_format_(workbook_add_format(book_)),
        time_format_(workbook_add_format(book_)),
        centre_(workbook_add_format(book_)) {
    format_set_num_format(day_format_, "yyyy/m/d");
    format_set_num_format(time_format_, "yyyy-mm-dd hh:mm:ss");
    format_set_align(centre_, LXW_ALIGN_CENTER);
    // The time of making would make every file another one.
    lxw_doc_properties properties{};
    properties.created = 1;
    workbook_set_properties(book_, &properties);
  }
  WorkbookSink(const WorkbookSink&) = delete;
  WorkbookSink& operator=(const WorkbookSink&) = delete;
  ~WorkbookSink() override {
    if (book_ != nullptr) workbook_close(book_);
  }

  Result<void> sheet(const std::string& name) override {
    sheet_ = workbook_add_worksheet(book_, name.empty() ? nullptr : name.c_str());
    row_ = 0;
    if (sheet_ != nullptr) return {};
    return failed("sheet");
  }
  Result<void> title(const std::string& text) override {
    FENQUN_CHECK(room());
    worksheet_write_string(sheet_, row_++, 0, text.c_str(), nullptr);
    return {};
  }
  Result<void> header(const std::vector<HeaderCell>& cells) override {
    FENQUN_CHECK(room());
    bool has_groups = false;
    for (const auto& cell : cells) has_groups = has_groups || !cell.group.empty();
    for (std::size_t i = 0; i < cells.size();) {
      const auto from = static_cast<lxw_col_t>(i);
      const auto& cell = cells[i];
      if (!has_groups || cell.group.empty()) {
        if (has_groups) {
          worksheet_merge_range(sheet_, row_, from, row_ + 1, from, cell.name.c_str(), centre_);
        } else {
          worksheet_write_string(sheet_, row_, from, cell.name.c_str(), nullptr);
        }
        ++i;
        continue;
      }
      std::size_t last = i;
      while (last + 1 < cells.size() && cells[last + 1].group == cell.group) ++last;
      worksheet_merge_range(sheet_, row_, from, row_, static_cast<lxw_col_t>(last), cell.group.c_str(), centre_);
      for (; i <= last; ++i) {
        worksheet_write_string(sheet_, row_ + 1, static_cast<lxw_col_t>(i), cells[i].name.c_str(), nullptr);
      }
    }
    row_ += has_groups ? 2 : 1;
    return {};
  }
  Result<std::int64_t> record(const std::vector<OutCell>& cells) override {
    FENQUN_CHECK(room());
    for (std::size_t i = 0; i < cells.size(); ++i) write(static_cast<lxw_col_t>(i), cells[i]);
    return static_cast<std::int64_t>(++row_);
  }
  Result<std::int64_t> broken(const std::string& text, bool) override { return record({{OutCell::Kind::Text, text}}); }
  Result<void> close() override {
    const auto done = workbook_close(std::exchange(book_, nullptr));
    return done == LXW_NO_ERROR ? Result<void>() : failed(lxw_strerror(done));
  }

 private:
  [[nodiscard]] tl::unexpected<Error> failed(const char* reason) const {
    return fail(ErrorCode::Io, "base.cannot_write", {{"path", path_}, {"reason", reason}});
  }
  Result<void> room() {
    if (sheet_ == nullptr) FENQUN_CHECK(sheet(""));
    if (row_ + 2 < kMostRows) return {};
    return failed("1048576 rows");
  }
  static lxw_datetime moment(const std::string& iso) {
    const auto at = [&](std::size_t from, std::size_t length) {
      return from >= iso.size() ? 0 : static_cast<int>(parse_integer(iso.substr(from, length)).value_or(0));
    };
    return {at(0, 4), at(5, 2), at(8, 2), at(11, 2), at(14, 2), static_cast<double>(at(17, 2))};
  }
  void write(lxw_col_t column, const OutCell& cell) {
    switch (cell.kind) {
      case OutCell::Kind::Empty:
        return;
      case OutCell::Kind::Number:
        worksheet_write_number(sheet_, row_, column, parse_number(cell.text).value_or(0), nullptr);
        return;
      case OutCell::Kind::Yes:
        worksheet_write_boolean(sheet_, row_, column, cell.text == "true" ? 1 : 0, nullptr);
        return;
      case OutCell::Kind::Date:
      case OutCell::Kind::Time: {
        auto when = moment(cell.text);
        worksheet_write_datetime(sheet_, row_, column, &when,
                                 cell.kind == OutCell::Kind::Date ? day_format_ : time_format_);
        return;
      }
      case OutCell::Kind::Text:
        worksheet_write_string(sheet_, row_, column, cell.text.c_str(), nullptr);
        return;
    }
  }

  lxw_workbook* book_;
  std::string path_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* day_format_ = nullptr;
  lxw_format* time_format_ = nullptr;
  lxw_format* centre_ = nullptr;
  lxw_row_t row_ = 0;
};

}  // namespace

Result<std::unique_ptr<RecordSink>> make_workbook(const std::filesystem::path& path) {
  auto* const book = workbook_new(path.c_str());
  if (book == nullptr) return fail(ErrorCode::Io, "base.cannot_write", {{"path", path.string()}, {"reason", "xlsx"}});
  return std::unique_ptr<RecordSink>(std::make_unique<WorkbookSink>(book, path.string()));
}

}  // namespace fenqun::delivery

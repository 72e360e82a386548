// delivery/record_sink.cpp - CSV, JSON lines and Parquet.
#include "delivery/record_sink.hpp"

#include "base/assert.hpp"

#include <fmt/format.h>

namespace fenqun::delivery {
namespace {

std::string quoted(const std::string& text, char delimiter) {
  const bool needs = text.find(delimiter) != std::string::npos || text.find_first_of("\"\r\n") != std::string::npos;
  if (!needs) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

class CsvSink : public RecordSink {
 public:
  CsvSink(TextOut out, char delimiter, std::string line_end)
      : out_(std::move(out)), delimiter_(delimiter), line_end_(std::move(line_end)) {}

  Result<void> sheet(const std::string&) override { return {}; }
  Result<void> title(const std::string& text) override { return put(quoted(text, delimiter_)); }
  Result<void> header(const std::vector<HeaderCell>& cells) override {
    std::vector<OutCell> names;
    names.reserve(cells.size());
    for (const auto& cell : cells) names.push_back({OutCell::Kind::Text, cell.name});
    return put(csv_line(names, delimiter_));
  }
  Result<std::int64_t> record(const std::vector<OutCell>& cells) override {
    const auto line = line_ + 1;
    FENQUN_CHECK(put(csv_line(cells, delimiter_)));
    return line;
  }
  Result<std::int64_t> broken(const std::string& text, bool ends) override {
    const auto line = ++line_;
    FENQUN_CHECK(out_.write(ends ? text + line_end_ : text));
    return line;
  }
  Result<void> close() override { return out_.close(); }

 private:
  Result<void> put(const std::string& line) {
    ++line_;
    return out_.write(line + line_end_);
  }

  TextOut out_;
  char delimiter_;
  std::string line_end_;
  std::int64_t line_ = 0;
};

class JsonSink : public RecordSink {
 public:
  explicit JsonSink(TextOut out) : out_(std::move(out)) {}

  Result<void> sheet(const std::string&) override { return {}; }
  Result<void> title(const std::string&) override { return {}; }
  Result<void> header(const std::vector<HeaderCell>& cells) override {
    for (const auto& cell : cells) names_.push_back(json_text(cell.name));
    return {};
  }
  Result<std::int64_t> record(const std::vector<OutCell>& cells) override {
    std::string text = "{";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto& cell = cells[i];
      if (cell.kind == OutCell::Kind::Empty) continue;  // such systems leave a name out that has no value
      const bool bare = cell.kind == OutCell::Kind::Number || cell.kind == OutCell::Kind::Yes;
      text += (text.size() > 1 ? "," : "") + names_[i] + ":" + (bare ? cell.text : json_text(cell.text));
    }
    return broken(text + "}", true);
  }
  Result<std::int64_t> broken(const std::string& text, bool ends) override {
    FENQUN_CHECK(out_.write(ends ? text + "\n" : text));
    return ++line_;
  }
  Result<void> close() override { return out_.close(); }

 private:
  TextOut out_;
  std::vector<std::string> names_;
  std::int64_t line_ = 0;
};

/// Texts, as a system writes them that has no types; and numbers and days where the style is native.
class ParquetSink : public RecordSink {
 public:
  ParquetSink(warehouse::Connection& session, std::filesystem::path path) : session_(session), path_(std::move(path)) {}

  Result<void> sheet(const std::string&) override { return {}; }
  Result<void> title(const std::string&) override { return {}; }
  Result<void> header(const std::vector<HeaderCell>& cells) override {
    std::vector<warehouse::ColumnSpec> columns;
    columns.reserve(cells.size());
    for (const auto& cell : cells) columns.push_back({cell.name, warehouse::ColumnType::Text, 0});
    FENQUN_TRY(auto appender, session_.appender("", kTable, columns, warehouse::Connection::Table::Create));
    appender_.emplace(std::move(appender));
    return {};
  }
  Result<std::int64_t> record(const std::vector<OutCell>& cells) override {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].kind == OutCell::Kind::Empty) {
        appender_->set_null(i);
      } else {
        appender_->set_text(i, cells[i].text);
      }
    }
    FENQUN_CHECK(appender_->end_row());
    return ++row_;
  }
  Result<std::int64_t> broken(const std::string&, bool) override {
    FENQUN_ASSERT(false);  // a Parquet file has no lines
    return row_;
  }
  Result<void> close() override {
    FENQUN_CHECK(appender_->close());
    appender_.reset();
    FENQUN_CHECK(session_.execute(
        fmt::format("COPY {} TO {} (FORMAT parquet, COMPRESSION zstd)", kTable, warehouse::sql_text(path_.string()))));
    return session_.execute(fmt::format("DROP TABLE {}", kTable));
  }

 private:
  static constexpr const char* kTable = "delivery_rows";
  warehouse::Connection& session_;
  std::filesystem::path path_;
  std::optional<warehouse::Appender> appender_;
  std::int64_t row_ = 0;
};

}  // namespace

std::string csv_line(const std::vector<OutCell>& cells, char delimiter) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += delimiter;
    out += quoted(cells[i].text, delimiter);
  }
  return out;
}

Result<std::unique_ptr<RecordSink>> make_sink(const SinkOptions& options, warehouse::Connection& session) {
  if (options.format == Format::Xlsx) return make_workbook(options.path);
  if (options.format == Format::Parquet) {
    return std::unique_ptr<RecordSink>(std::make_unique<ParquetSink>(session, options.path));
  }
  FENQUN_TRY(auto out, TextOut::create(options.path, options.encoding, options.packed));
  if (options.format == Format::JsonLines) {
    return std::unique_ptr<RecordSink>(std::make_unique<JsonSink>(std::move(out)));
  }
  return std::unique_ptr<RecordSink>(std::make_unique<CsvSink>(std::move(out), options.delimiter, options.line_end));
}

}  // namespace fenqun::delivery

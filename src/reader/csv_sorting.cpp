// reader/csv_sorting.cpp
#include "reader/csv_sorting.hpp"

#include "reader/utf8.hpp"

#include <algorithm>
#include <limits>

namespace fenqun::reader {
namespace {

constexpr std::size_t kMostClosing = 64;
constexpr std::size_t kShownBytes = 200;
constexpr std::size_t kRestBytes = 256;

// The cells after the first filled one, delimiters and quotes made blanks.
std::string rest_after(std::string_view raw, std::string_view value, char delimiter) {
  const auto at = static_cast<std::size_t>(value.data() - raw.data()) + value.size();
  std::string rest(raw.substr(at, kRestBytes));
  std::replace(rest.begin(), rest.end(), delimiter, ' ');
  std::replace(rest.begin(), rest.end(), '"', ' ');
  return std::string(without_blanks(rest));
}

// Where the value that begins at `at` ends: before the quote that closes it, for "" is a quote of its own.
std::size_t end_of_value(std::string_view raw, std::size_t at, bool quoted, char delimiter) {
  if (!quoted) return std::min(raw.size(), raw.find(delimiter, at));
  auto end = std::min(raw.size(), raw.find('"', at));
  while (end + 1 < raw.size() && raw[end + 1] == '"') end = std::min(raw.size(), raw.find('"', end + 2));
  return end;
}

}  // namespace

std::string_view first_value(std::string_view raw, char delimiter) {
  std::size_t at = 0;
  while (at < raw.size()) {
    const char c = raw[at];
    if (c == delimiter) {
      ++at;
      continue;
    }
    if (const auto blank = blank_at(raw.substr(at))) {
      at += blank;
      continue;
    }
    const bool quoted = c == '"';
    if (quoted) ++at;
    const auto end = end_of_value(raw, at, quoted, delimiter);
    const auto value = without_blanks(raw.substr(at, end - at));
    if (!value.empty()) return value;
    at = quoted ? end + 1 : end;
  }
  return {};
}

CsvSorting::CsvSorting(CsvPreamble preamble, ClosingWords words, ClosingLines where, char delimiter)
    : preamble_(std::move(preamble)), words_(std::move(words)), where_(where), delimiter_(delimiter) {
  const auto look_at = [&](char first) { needs_look_[static_cast<unsigned char>(first)] = true; };
  // What a blank begins with, in one byte or several, and what may stand before the first value.
  for (const char first : {delimiter, '"', ' ', '\t', '\r', '\n', '\xC2', '\xE3', '\xEF'}) look_at(first);
  for (const auto& line : preamble_.lines) look_at(line.front());
  if (where_ == ClosingLines::Nowhere) return;
  for (int byte = 0; byte < 256; ++byte) {
    // Asked for anywhere, a line of totals may also begin with whose total it is: 0001 小计.
    if (where_ == ClosingLines::Anywhere || words_.may_begin(static_cast<char>(byte))) look_at(static_cast<char>(byte));
  }
}

void CsvSorting::skip(std::int64_t filled_lines) { counts_.titles += filled_lines; }

CsvSorting::Judged CsvSorting::judge(const ScannedRecord& record) const {
  if (record.fault != RecordFault::None) return {};
  const auto raw = record.raw;
  if (raw.empty()) return {Sort::Blank, {}};
  char first = raw.front();
  if (!needs_look_[static_cast<unsigned char>(first)]) return {};
  std::string_view value;
  if (first == delimiter_ || first == '"' || blank_at(raw) > 0) {
    value = first_value(raw, delimiter_);
    if (value.empty()) return {Sort::Blank, {}};
    first = value.front();
  }
  for (const auto& line : preamble_.lines) {
    if (raw == line) return {Sort::Repeated, {}};
  }
  const bool is_anywhere = where_ == ClosingLines::Anywhere;
  if (where_ == ClosingLines::Nowhere || (!is_anywhere && !words_.may_begin(first))) return {};
  if (value.empty()) value = first_value(raw, delimiter_);
  if (is_anywhere && words_.ends_so(value)) return {Sort::Closing, {}};
  const auto sign = words_.judge(value, rest_after(raw, value, delimiter_));
  if (!sign) return {};
  return {Sort::Closing, *sign};
}

void CsvSorting::leave_out(LineKind kind, const ScannedRecord& record) {
  if (counts_.left_out.size() >= kShownLeftOut) return;
  counts_.left_out.push_back({kind, "", record.line, beginning_of(record.raw, kShownBytes)});
}

void CsvSorting::add_above(const ScannedRecord& record) {
  if (first_value(record.raw, delimiter_).empty()) {
    ++counts_.blank;
  } else if (record.fault != RecordFault::None || above_++ < preamble_.titles) {
    // A record with a fault was not looked at for a header either, nor counted among the titles.
    ++counts_.titles;
    leave_out(LineKind::Title, record);
  } else {
    ++counts_.headers;
  }
  rows_from_ = record.ordinal + 1;
}

void CsvSorting::add_closing(const ScannedRecord& record, const ClosingSign& sign) {
  const bool is_count = sign.kind == ClosingSign::Kind::Count;
  if (is_count) counts_.stated_rows = sign.count;
  LeftOutLine line{is_count ? LineKind::RowCount : LineKind::Total, "", record.line,
                   beginning_of(record.raw, kShownBytes)};
  if (where_ == ClosingLines::Anywhere) {
    ++counts_.closing;
    if (counts_.left_out.size() < kShownLeftOut) counts_.left_out.push_back(std::move(line));
    return;
  }
  ++counts_.rows;
  if (too_many_closing_) return;
  if (closing_.empty()) closing_from_ = record.ordinal;
  closing_.push_back(std::move(line));
  if (closing_.size() <= kMostClosing) return;
  closing_.clear();
  too_many_closing_ = true;
}

void CsvSorting::add(const ScannedRecord& record) {
  if (above_ < preamble_.titles + preamble_.headers) return add_above(record);
  const auto judged = judge(record);
  switch (judged.sort) {
    case Sort::Row:
      ++counts_.rows;
      if (closing_.empty() && !too_many_closing_) break;
      closing_.clear();
      too_many_closing_ = false;
      counts_.stated_rows.reset();
      break;
    case Sort::Blank:
      ++counts_.blank;
      ++blank_below_;
      break;
    case Sort::Repeated:
      ++counts_.repeated_headers;
      leave_out(LineKind::RepeatedHeader, record);
      break;
    case Sort::Closing:
      add_closing(record, judged.sign);
      break;
  }
}

void CsvSorting::finish() {
  if (where_ == ClosingLines::Anywhere) {
    closing_from_ = 0;
    return;
  }
  if (closing_.empty()) {
    closing_from_ = std::numeric_limits<std::int64_t>::max();
    counts_.stated_rows.reset();
    return;
  }
  const auto closing = static_cast<std::int64_t>(closing_.size());
  counts_.rows -= closing;
  counts_.closing = closing;
  counts_.left_out.insert(counts_.left_out.end(), closing_.begin(), closing_.end());
}

bool CsvSorting::is_row(const ScannedRecord& record) const {
  if (record.ordinal < rows_from_) return false;
  const auto sort = judge(record).sort;
  return sort == Sort::Row || (sort == Sort::Closing && record.ordinal < closing_from_);
}

}  // namespace fenqun::reader

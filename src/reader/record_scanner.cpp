// reader/record_scanner.cpp
#include "reader/record_scanner.hpp"

#include <algorithm>
#include <cstring>

namespace fenqun::reader {
namespace {

constexpr std::size_t kFirstPieceBytes = 1U << 16U;
constexpr std::size_t kPieceBytes = 1U << 20U;
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

// memchr with nothing to look through is allowed no null pointer.
const char* find_byte(const char* from, const char* to, char byte) {
  return from == to ? nullptr : static_cast<const char*>(std::memchr(from, byte, static_cast<std::size_t>(to - from)));
}

}  // namespace

RecordScanner::RecordScanner(ByteSource source, ScannerOptions options)
    : source_(std::move(source)),
      options_(options),
      buffer_(kFirstPieceBytes),
      piece_(kFirstPieceBytes),
      traits_(options.delimiter) {
  while (end_ < kUtf8Mark.size() && refill()) {
  }
  has_mark_ = std::string_view(buffer_.data(), end_).starts_with(kUtf8Mark);
  if (has_mark_) begin_ = kUtf8Mark.size();
}

bool RecordScanner::refill() {
  if (exhausted_) return false;
  traits_.see({buffer_.data() + unseen_, end_ - unseen_});
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    base_ += static_cast<std::int64_t>(begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  unseen_ = end_;
  if (buffer_.size() - end_ < piece_) buffer_.resize(end_ + 2 * piece_);
  const auto got = source_(buffer_.data() + end_, piece_);
  // Small texts get by with a small buffer.
  if (got == piece_) piece_ = std::min(kPieceBytes, 2 * piece_);
  const auto from = end_;
  end_ += got;
  exhausted_ = got == 0;
  inspect(from);
  return got > 0;
}

void RecordScanner::inspect(std::size_t from) {
  const char* begin = buffer_.data() + from;
  const char* end = buffer_.data() + end_;
  if (first_nul_ < 0) {
    if (const char* nul = find_byte(begin, end, '\0')) first_nul_ = base_ + (nul - buffer_.data());
  }
  utf8_.add({begin, static_cast<std::size_t>(end - begin)});
  if (exhausted_) utf8_.finish();
}

// Index is in the buffer, counted from begin_, so that it survives a refill.
bool RecordScanner::ensure(std::size_t index) {
  while (begin_ + index >= end_) {
    if (!refill()) return false;
  }
  return true;
}

void RecordScanner::pass_line_end(std::size_t at) {
  std::size_t length = 1;
  if (buffer_[begin_ + at] == '\n') {
    line_ends_ |= 1U;
  } else if (ensure(at + 1) && buffer_[begin_ + at + 1] == '\n') {
    line_ends_ |= 2U;
    length = 2;
  } else {
    line_ends_ |= 4U;
  }
  begin_ += at + length;
}

std::int64_t RecordScanner::skip_lines(std::int64_t count) {
  std::int64_t filled = 0;
  bool has_text = false;
  while (count > 0 && ensure(0)) {
    const auto length = end_of_plain(0);
    has_text = has_text || length > 0;
    const bool at_line_end = ensure(length) && (buffer_[begin_ + length] == '\n' || buffer_[begin_ + length] == '\r');
    if (at_line_end)
      pass_line_end(length);
    else
      begin_ += length;
    // A line too long for one look goes on.
    if (!at_line_end && ensure(0)) continue;
    filled += has_text ? 1 : 0;
    has_text = false;
    ++line_;
    --count;
  }
  return filled;
}

// Position of the next line end from `from` on, or of the text's end; the buffer holds all up to there.
std::size_t RecordScanner::end_of_plain(std::size_t from) {
  while (true) {
    const char* start = buffer_.data() + begin_;
    const char* stop = buffer_.data() + end_;
    const char* lf = find_byte(start + from, stop, '\n');
    const char* cr = find_byte(start + from, lf != nullptr ? lf : stop, '\r');
    if (cr != nullptr) return static_cast<std::size_t>(cr - start);
    if (lf != nullptr) return static_cast<std::size_t>(lf - start);
    from = end_ - begin_;
    if (from > kMaxRecordBytes || !refill()) return end_ - begin_;
  }
}

// The slow way, for records with quotes: value by value.
std::size_t RecordScanner::end_of_quoted(std::size_t from, ScannedRecord& record, std::int64_t& lines) {
  std::size_t at = from;
  bool at_start = true;
  const auto peek = [&](std::size_t index) { return ensure(index) ? buffer_[begin_ + index] : '\n'; };
  while (ensure(at)) {
    const char c = buffer_[begin_ + at];
    if (c == '\n' || c == '\r') return at;
    if (c == options_.delimiter) {
      at_start = true;
    } else if (c == '"' && at_start) {
      const std::int64_t opened = line_ + lines;
      for (++at;; ++at) {
        if (!ensure(at) || at > kMaxRecordBytes) {
          if (record.fault == RecordFault::None) record.fault_line = opened;
          record.fault = RecordFault::OpenQuote;
          return std::min(at, end_ - begin_);
        }
        const char q = buffer_[begin_ + at];
        if (q == '\n' || (q == '\r' && peek(at + 1) != '\n')) ++lines;
        if (q != '"') continue;
        if (peek(at + 1) != '"') break;
        ++at;
      }
      std::size_t after = at + 1;
      while (peek(after) == ' ') ++after;
      const char follows = peek(after);
      if (follows != options_.delimiter && follows != '\n' && follows != '\r' && record.fault == RecordFault::None) {
        record.fault = RecordFault::TextAfterQuote;
        record.fault_line = opened;
      }
      at_start = false;
      at = after;
      continue;
    } else if (c != ' ') {
      at_start = false;
    }
    ++at;
  }
  return end_ - begin_;
}

bool RecordScanner::next(ScannedRecord& record) {
  while (ensure(0)) {
    record = {};
    std::int64_t lines = 0;
    std::size_t length = end_of_plain(0);
    const char* start = buffer_.data() + begin_;
    if (options_.has_quotes && find_byte(start, start + length, '"') != nullptr)
      length = end_of_quoted(0, record, lines);
    record.line = line_;
    record.offset = base_ + static_cast<std::int64_t>(begin_);
    if (length > kMaxRecordBytes && record.fault == RecordFault::None) record.fault = RecordFault::TooLong;
    const bool has_end =
        ensure(length) && record.fault != RecordFault::OpenQuote && record.fault != RecordFault::TooLong;
    // A CR may be the first half of a line end: with the next byte here, passing it moves nothing in the buffer.
    static_cast<void>(ensure(length + 1));
    const std::size_t record_begin = begin_;
    record.lines_within = lines;
    if (lines > 0) traits_.see_line_end_within();
    if (has_end) {
      pass_line_end(length);
      ++lines;
    } else {
      begin_ += length;
    }
    line_ += lines;
    if (length == 0 && !options_.blank_line_is_record) continue;
    record.raw = {buffer_.data() + record_begin, length};
    record.ordinal = records_++;
    return true;
  }
  return false;
}

void RecordScanner::skip_record() {
  ScannedRecord record;
  if (next(record)) --records_;
  forget_traits();
}

void RecordScanner::forget_traits() {
  traits_ = TraitScanner(options_.delimiter);
  unseen_ = begin_;
}

std::size_t count_values(std::string_view raw, char delimiter) {
  if (raw.find('"') != std::string_view::npos) return split_record(raw, delimiter).size();
  return 1 + static_cast<std::size_t>(std::count(raw.begin(), raw.end(), delimiter));
}

std::vector<std::string> split_record(std::string_view raw, char delimiter) {
  std::vector<std::string> values(1);
  bool quoted = false;
  bool at_start = true;
  for (std::size_t at = 0; at < raw.size(); ++at) {
    const char c = raw[at];
    if (quoted) {
      if (c != '"')
        values.back() += c;
      else if (at + 1 < raw.size() && raw[at + 1] == '"')
        values.back() += raw[++at];
      else
        quoted = false;
    } else if (c == '"' && at_start) {
      quoted = true;
      at_start = false;
    } else if (c == delimiter) {
      values.emplace_back();
      at_start = true;
    } else {
      values.back() += c;
      at_start = at_start && c == ' ';
    }
  }
  return values;
}

}  // namespace fenqun::reader

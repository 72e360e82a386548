// reader/record_scanner.hpp - where the records of a CSV text begin and end (RFC 4180), one pass, bounded memory.
// The database parses the values; this counts independently of it and turns record numbers into lines. Level 1.
#pragma once

#include "reader/byte_source.hpp"
#include "reader/text_traits.hpp"
#include "reader/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::reader {

enum class RecordFault : std::uint8_t {
  None,
  TextAfterQuote,  // "a"b: a quote closed and something else than a delimiter followed
  OpenQuote,       // a quote opened and the text ended, or kMaxRecordBytes passed, before it closed
  TooLong,         // no line end within kMaxRecordBytes
};

struct ScannedRecord {
  std::int64_t ordinal = 0;  // 0-based, blank lines are no records
  std::int64_t line = 0;     // 1-based physical line on which it begins
  std::int64_t offset = 0;   // of its first byte
  std::string_view raw;      // without its line end; valid until the next call
  RecordFault fault = RecordFault::None;
  std::int64_t fault_line = 0;    // line on which the faulty quote opened
  std::int64_t lines_within = 0;  // line ends inside its quotes
};

struct ScannerOptions {
  char delimiter = ',';
  bool blank_line_is_record = false;  // for a text of one column, where a blank line is an empty value
  bool has_quotes = true;             // false: every line is a record, whatever is in it
};

/// Longest record read; also the database's limit. A quote that stays open longer is broken.
inline constexpr std::size_t kMaxRecordBytes = 2'097'152;

/// Walks over the records of a text that begins at byte 0 (a byte order mark is passed over). Line ends: LF, CRLF, CR.
/// A quote opens a value only as its first character, blanks aside; within it "" is a quote; a quote elsewhere is an
/// ordinary character. Looks also at the bytes themselves: the first NUL and the first byte that is not UTF-8. After
/// OpenQuote or TooLong the rest of the text is not understood: stop. Cost: about 1 GB/s where records have no quotes.
/// Not for several threads.
class RecordScanner {
 public:
  RecordScanner(ByteSource source, ScannerOptions options);

  /// The next record into `record`; false at the end of the text.
  bool next(ScannedRecord& record);
  /// Passes over `count` physical lines without looking at quotes; returns how many of them were not empty.
  std::int64_t skip_lines(std::int64_t count);
  /// Passes over the next record without counting it: a header.
  void skip_record();

  [[nodiscard]] std::int64_t records() const noexcept { return records_; }  // so far
  [[nodiscard]] std::int64_t bytes_read() const noexcept { return base_ + static_cast<std::int64_t>(end_); }
  [[nodiscard]] std::int64_t first_nul() const noexcept { return first_nul_; }                // offset, -1: none so far
  [[nodiscard]] std::int64_t first_not_utf8() const noexcept { return utf8_.first_fault(); }  // offset, -1: none so far
  [[nodiscard]] bool has_mark() const noexcept { return has_mark_; }  // begins with a UTF-8 byte order mark
  /// More than one kind of line end outside quotes so far.
  [[nodiscard]] bool mixed_line_ends() const noexcept { return (line_ends_ & (line_ends_ - 1U)) != 0; }
  /// What was read so far does not count for the traits: headers.
  void forget_traits();
  /// Of the records read, once next() has said that there are no more.
  [[nodiscard]] TextTraits traits() const noexcept { return traits_.traits(); }

 private:
  bool refill();
  void inspect(std::size_t from);
  bool ensure(std::size_t index);
  std::size_t end_of_plain(std::size_t from);
  std::size_t end_of_quoted(std::size_t from, ScannedRecord& record, std::int64_t& lines);
  void pass_line_end(std::size_t at);

  ByteSource source_;
  ScannerOptions options_;
  std::vector<char> buffer_;
  std::size_t piece_;      // how much is asked for at once
  std::size_t begin_ = 0;  // of the record being read, in the buffer
  std::size_t end_ = 0;    // of the filled part
  std::int64_t base_ = 0;  // offset of buffer_[0] in the text
  bool exhausted_ = false;
  bool has_mark_ = false;
  std::int64_t line_ = 1;
  std::int64_t records_ = 0;
  std::int64_t first_nul_ = -1;
  Utf8Check utf8_;
  unsigned line_ends_ = 0;  // bit 0: LF, 1: CRLF, 2: CR
  TraitScanner traits_;
  std::size_t unseen_ = 0;  // of the buffer, first byte that traits_ has not seen
};

/// How many values one record has.
std::size_t count_values(std::string_view raw, char delimiter);
/// The values of one record, quotes taken off; blanks around a value stay. For headers.
std::vector<std::string> split_record(std::string_view raw, char delimiter);

}  // namespace fenqun::reader

// tests/unit/ingest/record_scanner_test.cpp
#include "reader/record_scanner.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>

namespace fenqun::reader {
namespace {

struct Seen {
  std::string raw;
  std::int64_t line;
  std::int64_t offset;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> scan(std::string_view text, ScannerOptions options = {}) {
  RecordScanner scanner(bytes_of(text), options);
  std::vector<Seen> out;
  ScannedRecord record;
  while (scanner.next(record)) out.push_back({std::string(record.raw), record.line, record.offset});
  return out;
}

RecordFault fault_of(std::string_view text, std::int64_t& line) {
  RecordScanner scanner(bytes_of(text), {});
  ScannedRecord record;
  while (scanner.next(record)) {
    line = record.fault_line;
    if (record.fault != RecordFault::None) return record.fault;
  }
  return RecordFault::None;
}

TEST(RecordScanner, EndsRecordsAtEachKindOfLineEnd) {
  EXPECT_EQ(scan("a\nb\n"), (std::vector<Seen>{{"a", 1, 0}, {"b", 2, 2}}));
  EXPECT_EQ(scan("a\r\nb"), (std::vector<Seen>{{"a", 1, 0}, {"b", 2, 3}}));
  EXPECT_EQ(scan("a\rb\r"), (std::vector<Seen>{{"a", 1, 0}, {"b", 2, 2}}));
}

TEST(RecordScanner, PassesOverBlankLinesButCountsThem) {
  EXPECT_EQ(scan("a\n\n\r\nb\n"), (std::vector<Seen>{{"a", 1, 0}, {"b", 4, 5}}));
  ScannerOptions one_column;
  one_column.blank_line_is_record = true;
  EXPECT_EQ(scan("a\n\nb\n", one_column), (std::vector<Seen>{{"a", 1, 0}, {"", 2, 2}, {"b", 3, 3}}));
}

TEST(RecordScanner, KeepsLineEndsAndDelimitersInsideQuotes) {
  EXPECT_EQ(scan("1,\"x\ny,\"\"z\"\"\",2\n3,4,5\n"),
            (std::vector<Seen>{{"1,\"x\ny,\"\"z\"\"\",2", 1, 0}, {"3,4,5", 3, 16}}));
}

TEST(RecordScanner, AQuoteWithinAValueIsAnOrdinaryCharacter) {
  EXPECT_EQ(scan("1,x\"y,2\n3,4,5\n"), (std::vector<Seen>{{"1,x\"y,2", 1, 0}, {"3,4,5", 2, 8}}));
}

TEST(RecordScanner, PassesOverTheByteOrderMark) {
  RecordScanner scanner(bytes_of("\xEF\xBB\xBF"
                                 "a,b\n"),
                        {});
  ScannedRecord record;
  ASSERT_TRUE(scanner.next(record));
  EXPECT_EQ(record.raw, "a,b");
  EXPECT_EQ(record.offset, 3);
  EXPECT_TRUE(scanner.has_mark());
}

TEST(RecordScanner, NamesTheLineWhereAQuoteWasLeftOpen) {
  std::int64_t line = 0;
  EXPECT_EQ(fault_of("a,b\n1,2\n3,\"x\n4,5\n", line), RecordFault::OpenQuote);
  EXPECT_EQ(line, 3);
  EXPECT_EQ(fault_of("a,b\n1,\"x\"y\n3,4\n", line), RecordFault::TextAfterQuote);
  EXPECT_EQ(line, 2);
  EXPECT_EQ(fault_of("a,b\n1,\"x\" \n", line), RecordFault::None);
}

TEST(RecordScanner, StopsAtARecordBeyondTheLimit) {
  std::int64_t line = 0;
  EXPECT_EQ(fault_of("a\n" + std::string(kMaxRecordBytes + 10, 'x') + "\n", line), RecordFault::TooLong);
  EXPECT_EQ(fault_of("a\n\"" + std::string(kMaxRecordBytes + 10, 'x') + "\"\n", line), RecordFault::OpenQuote);
  EXPECT_EQ(line, 2);
}

TEST(RecordScanner, FindsTheFirstNulAndTheFirstByteThatIsNotUtf8) {
  const auto places = [](std::string_view text) {
    RecordScanner scanner(bytes_of(text), {});
    ScannedRecord record;
    while (scanner.next(record)) {
    }
    return std::pair(scanner.first_nul(), scanner.first_not_utf8());
  };
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(places("户号,名\n\xF0\x9F\x94\x8C,x\n"sv), std::pair(std::int64_t{-1}, std::int64_t{-1}));
  EXPECT_EQ(places("ab\0c\n"sv), std::pair(std::int64_t{2}, std::int64_t{-1}));
  EXPECT_EQ(places("户\xFF\n"sv).second, 3);
  EXPECT_EQ(places("a\xC0\x80\n"sv).second, 1) << "overlong";
  EXPECT_EQ(places("a\xED\xA0\x80\n"sv).second, 1) << "surrogate";
  EXPECT_EQ(places("a\xF4\x90\x80\x80\n"sv).second, 1) << "beyond Unicode";
  EXPECT_EQ(places("a\xE6\x88"sv).second, 1) << "cut";
}

// Pieces of every size must give what the whole gives: a record can be cut anywhere.
TEST(RecordScanner, GivesTheSameRecordsHoweverTheTextArrives) {
  Random random(7);
  constexpr std::string_view kLetters = "ab,\"\n\r ,,\n";
  for (int round = 0; round < 300; ++round) {
    std::string text;
    const auto length = random.below(60);
    for (std::uint64_t i = 0; i < length; ++i) text += kLetters[random.below(kLetters.size())];
    const auto whole = scan(text);
    const auto step = 1 + random.below(4);
    RecordScanner scanner(
        [&, at = std::size_t{0}](char* into, std::size_t) mutable {
          const auto part = std::string_view(text).substr(std::min(at, text.size()), step);
          std::copy(part.begin(), part.end(), into);
          at += part.size();
          return part.size();
        },
        {});
    std::vector<Seen> pieces;
    ScannedRecord record;
    while (scanner.next(record)) pieces.push_back({std::string(record.raw), record.line, record.offset});
    ASSERT_EQ(pieces, whole) << text;
  }
}

TEST(RecordScanner, LinesAndOffsetsOfRecordsLieInTheText) {
  Random random(11);
  constexpr std::string_view kLetters = "abc,,\"\n\n ";
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 80; ++i) text += kLetters[random.below(kLetters.size())];
    for (const auto& seen : scan(text)) {
      const auto offset = static_cast<std::size_t>(seen.offset);
      ASSERT_EQ(text.substr(offset, seen.raw.size()), seen.raw);
      ASSERT_EQ(seen.line, 1 + std::count(text.begin(), text.begin() + seen.offset, '\n'));
    }
  }
}

TEST(RecordScanner, SplitsAHeader) {
  EXPECT_EQ(split_record("a, b,\"c,d\",\"e\"\"f\",", ','), (std::vector<std::string>{"a", " b", "c,d", "e\"f", ""}));
  EXPECT_EQ(split_record("", ';'), std::vector<std::string>{""});
}

}  // namespace
}  // namespace fenqun::reader

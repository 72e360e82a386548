// tests/unit/reader/text_traits_test.cpp
#include "reader/text_traits.hpp"

#include "reader/record_scanner.hpp"

#include <gtest/gtest.h>

namespace fenqun::reader {
namespace {

TextTraits look(std::string_view text, char delimiter = ',', std::size_t piece = 1000) {
  TraitScanner scanner(delimiter);
  for (std::size_t at = 0; at < text.size(); at += piece) scanner.see(text.substr(at, piece));
  return scanner.traits();
}

TextTraits scan(std::string_view text, char delimiter = ',') {
  RecordScanner scanner(bytes_of(text), {delimiter, false});
  ScannedRecord record;
  while (scanner.next(record)) continue;
  return scanner.traits();
}

TEST(TextTraits, WhatNobodyLookedAtMayHoldAnything) {
  EXPECT_TRUE(TextTraits().control);
  EXPECT_TRUE(TextTraits().number_letters);
}

TEST(TextTraits, OfPlainNumbersAndNames) {
  const auto traits = look("bill_id,energy_kwh\r\nB001,12.5\nE2,-3,张三\n");
  EXPECT_FALSE(traits.control);
  EXPECT_FALSE(traits.number_letters);
}

TEST(TextTraits, SeesLettersThatMakeANumberAnother) {
  for (const auto* text : {"1e5", "x,1.5E3", "1.e4", "1_000", "0E1"}) EXPECT_TRUE(look(text).number_letters) << text;
  for (const auto* text : {"e5", ".5,e", "_1", "1 e", "E+05"}) EXPECT_FALSE(look(text).number_letters) << text;
}

TEST(TextTraits, SeesBlanksAndColons) {
  EXPECT_TRUE(TextTraits().blank && TextTraits().colon) << "what nobody looked at";
  EXPECT_TRUE(look("a b\n").blank);
  EXPECT_TRUE(look("10:30\n").colon);
  EXPECT_FALSE(look("a,b\t\n").blank);
  EXPECT_FALSE(look("a b\n").colon);
}

TEST(TextTraits, SeesWhatTwoPiecesShare) {
  EXPECT_TRUE(look("12e5", ',', 2).number_letters);
  EXPECT_FALSE(look("1,e5", ',', 2).number_letters);
}

TEST(TextTraits, SeesControlCharactersButNotLineEndsAndDelimiters) {
  using std::string_view_literals::operator""sv;
  for (const auto text : {"a\tb"sv, "a\0b"sv, "\x1f"sv, "a\x7f"sv, "\v"sv}) EXPECT_TRUE(look(text).control) << text;
  EXPECT_FALSE(look("a\tb\n", '\t').control);
  EXPECT_FALSE(look("a,b\r\n").control);
}

TEST(TextTraits, AScannerKnowsThemAtTheEnd) {
  EXPECT_FALSE(scan("a,b\n1,2\n").control);
  EXPECT_TRUE(scan("a,b\n\"1\n2\",2\n").control) << "a line end within a value";
  EXPECT_TRUE(scan("a,b\n1\t,2\n").control);
  EXPECT_TRUE(scan("a,b\n1e5,2\n").number_letters);
  EXPECT_FALSE(scan("a\tb\n1\t2\n", '\t').control);
}

TEST(TextTraits, OfRecordsAloneNotOfWhatWasSkipped) {
  RecordScanner scanner(bytes_of("2018_01\t\n\"r1_e\n5\",b\n1,2\n"), {});
  scanner.skip_lines(1);
  scanner.skip_record();
  ScannedRecord record;
  while (scanner.next(record)) continue;
  EXPECT_FALSE(scanner.traits().control);
  EXPECT_FALSE(scanner.traits().number_letters);
}

TEST(TextTraits, OfATextOfManyPieces) {
  std::string text(3'000'000, 'x');
  for (std::size_t at = 99; at < text.size(); at += 100) text[at] = '\n';
  EXPECT_FALSE(scan(text).number_letters);
  for (const std::size_t at : {5UL, 1'048'576UL, 2'097'151UL, text.size() - 5}) {
    auto one = text;
    one.replace(at, 2, "1e");
    EXPECT_TRUE(scan(one).number_letters) << at;
  }
}

}  // namespace
}  // namespace fenqun::reader

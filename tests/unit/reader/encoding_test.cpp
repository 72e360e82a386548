// tests/unit/ingest/encoding_test.cpp
#include "reader/encoding.hpp"

#include <gtest/gtest.h>

namespace fenqun::reader {
namespace {

// 户号,电量 in GB18030.
constexpr std::string_view kGb = "\xBB\xA7\xBA\xC5,\xB5\xE7\xC1\xBF\n";
constexpr std::string_view kUtf8 = "户号,电量\n";

Result<std::string> decode(std::string_view bytes, Encoding from) {
  std::string out;
  FENQUN_CHECK(convert_to_utf8(bytes_of(bytes), "x.csv", from,
                               [&](std::string_view piece) -> Result<void> {
                                 out.append(piece);
                                 return {};
                               },
                               {}));
  return out;
}

TEST(Encoding, DecodesGb18030) { EXPECT_EQ(decode(kGb, Encoding::Gb18030).value_or(""), kUtf8); }

TEST(Encoding, DecodesUtf16OfBothByteOrders) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(decode("\xFF\xFE\x37\x62\x2C\x00"sv, Encoding::Utf16).value_or(""), "户,");
  EXPECT_EQ(decode("\xFE\xFF\x62\x37\x00\x2C"sv, Encoding::Utf16).value_or(""), "户,");
}

TEST(Encoding, DecodesCharactersCutByThePieces) {
  std::string bytes = "x";
  std::string expected = "x";
  for (int i = 0; i < 300000; ++i) {
    bytes += kGb;
    expected += kUtf8;
  }
  EXPECT_EQ(decode(bytes, Encoding::Gb18030).value_or(""), expected);
}

TEST(Encoding, NamesTheByteThatBelongsToNoCharacter) {
  const auto failed = decode("abc\xFF\xFF\n", Encoding::Gb18030);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().line.key, "ingest.not_decodable");
  EXPECT_EQ(failed.error().arg("byte"), "3");
  const auto cut = decode("abc\xBB", Encoding::Gb18030);
  ASSERT_FALSE(cut.has_value());
  EXPECT_EQ(cut.error().arg("byte"), "3");
}

TEST(Encoding, ASinkThatFailsEndsTheConversion) {
  const auto failed =
      convert_to_utf8(bytes_of(kGb), "x.csv", Encoding::Gb18030,
                      [](std::string_view) -> Result<void> { return fail(ErrorCode::Io, "base.cannot_write"); }, {});
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::Io);
}

TEST(Encoding, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  const auto failed = convert_to_utf8(
      bytes_of(kGb), "x.csv", Encoding::Gb18030, [](std::string_view) -> Result<void> { return {}; }, stop.get_token());
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::Cancelled);
}

std::string utf16(std::u16string_view text, bool big_endian) {
  std::string out;
  for (const char16_t unit : text) {
    const auto high = static_cast<char>(unit >> 8U);
    const auto low = static_cast<char>(unit & 0xFFU);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  }
  return out;
}

constexpr std::u16string_view kTable = u"户号,户名,电量\n0001,张三一丁,12.5\n0002,李四,7\n";

TEST(Encoding, GuessesUtf16WithoutAMark) {
  EXPECT_EQ(guess_encoding(utf16(kTable, false)), Encoding::Utf16Le);
  EXPECT_EQ(guess_encoding(utf16(kTable, true)), Encoding::Utf16Be);
  EXPECT_EQ(decode(utf16(kTable, true), Encoding::Utf16Be).value_or(""),
            decode(utf16(kTable, false), Encoding::Utf16Le));
  EXPECT_EQ(guess_encoding(utf16(u"a,b\n1,2\n", false).substr(0, 15)), Encoding::Utf16Le) << "cut in a character";
}

TEST(Encoding, GuessesGb18030FromWholeAndCutTexts) {
  EXPECT_EQ(guess_encoding(kGb), Encoding::Gb18030);
  EXPECT_EQ(guess_encoding(kGb.substr(0, 7)), Encoding::Gb18030);
}

TEST(Encoding, DoesNotGuessWhatItIsNotSureOf) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(guess_encoding("PK\x03\x04\x00\x00"sv), std::nullopt);
  EXPECT_EQ(guess_encoding("a\xFF\xFF"
                           "bcdef"sv),
            std::nullopt);
  EXPECT_EQ(guess_encoding("client,ville\n1,Orl\xE9"
                           "ans\n2,Besan\xE7on\n"sv),
            std::nullopt)
      << "Latin-1";
  EXPECT_EQ(guess_encoding("customer_id,customer_name,category\n0007,Orl\xE9"
                           "ans,residential\n"sv),
            std::nullopt)
      << "Latin-1 whose pairs of letters would be ideographs";
  EXPECT_EQ(guess_encoding("note,\xB1\xB8\xD7\xA2\nresidential,abcdefghijklmnopqrstuvwxyz\n"sv), Encoding::Gb18030);
  EXPECT_EQ(guess_encoding("\xA4\xE1\xB8\xB9,\xB9\x71\xB6\x71,\xA5\xCE\xA4\xE1\xA6\x57\xBA\xD9\n"sv), std::nullopt)
      << "Big5";
  EXPECT_EQ(guess_encoding("\xE6\x88\xB7\xE5\x8F\xB7,\xE7\x94\xB5\xE9\x87\x8F\n\xE6\x88"sv), std::nullopt)
      << "UTF-8 with a character cut in two";
  EXPECT_EQ(guess_encoding(""), std::nullopt);
}

TEST(Encoding, ReadsTheMark) {
  EXPECT_EQ(marked_encoding("\xEF\xBB\xBF"), Encoding::Utf8);
  EXPECT_EQ(marked_encoding("\xFF\xFE"), Encoding::Utf16Le);
  EXPECT_EQ(marked_encoding("\xFE\xFF"), Encoding::Utf16Be);
  EXPECT_EQ(marked_encoding("\xEF\xBB"), std::nullopt);
}

TEST(Encoding, KnowsItsNames) {
  for (const auto encoding :
       {Encoding::Utf8, Encoding::Gb18030, Encoding::Utf16, Encoding::Utf16Le, Encoding::Utf16Be}) {
    EXPECT_EQ(parse_encoding(name_of(encoding)), encoding);
  }
  EXPECT_EQ(parse_encoding("gbk"), Encoding::Gb18030);
  EXPECT_EQ(parse_encoding("latin-1"), std::nullopt);
}

}  // namespace
}  // namespace fenqun::reader

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

TEST(Encoding, GuessesWhatMakesSense) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(guess_encoding(bytes_of(kGb)), Encoding::Gb18030);
  EXPECT_EQ(guess_encoding(bytes_of("\xFF\xFE\x37\x62"sv)), Encoding::Utf16);
  EXPECT_EQ(guess_encoding(bytes_of("PK\x03\x04\x00\x00"sv)), std::nullopt);
  EXPECT_EQ(guess_encoding(bytes_of("a\xFF\xFF"
                                    "bcdef"sv)),
            std::nullopt);
}

TEST(Encoding, KnowsItsNames) {
  for (const auto encoding : {Encoding::Utf8, Encoding::Gb18030, Encoding::Utf16}) {
    EXPECT_EQ(parse_encoding(name_of(encoding)), encoding);
  }
  EXPECT_EQ(parse_encoding("gbk"), Encoding::Gb18030);
  EXPECT_EQ(parse_encoding("latin-1"), std::nullopt);
}

}  // namespace
}  // namespace fenqun::reader

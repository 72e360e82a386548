// tests/unit/reader/mixed_lines_test.cpp
#include "reader/mixed_lines.hpp"

#include "unit/reader/table_fixture.hpp"

namespace fenqun::reader {
namespace {

// In GB18030: 户号,户名,电量 / 张三 / 李四
const std::string kHeaderGb = "\xBB\xA7\xBA\xC5,\xBB\xA7\xC3\xFB,\xB5\xE7\xC1\xBF\n";
const std::string kZhangGb = "0001,\xD5\xC5\xC8\xFD,10\n";
const std::string kLiGb = "0002,\xC0\xEE\xCB\xC4,20\n";

class MixedEncodings : public TableTest {
 protected:
  void expect_mixed(const std::string& text, const std::string& utf8_line, const std::string& other_line) {
    EXPECT_EQ(refusal(text), "reader.encodings_mixed");
    EXPECT_EQ(error_.arg("utf8_line"), utf8_line);
    EXPECT_EQ(error_.arg("other_line"), other_line);
  }
};

TEST_F(MixedEncodings, TwoExportsJoinedAreRefusedWithTheFirstLineOfEach) {
  expect_mixed(kHeaderGb + kZhangGb + kLiGb + "0003,王五,30\n0004,赵六,40\n", "4", "1");
  expect_mixed("户号,户名,电量\n0003,王五,30\n" + kZhangGb + kLiGb, "1", "3");
  std::string many = kHeaderGb;
  for (int i = 0; i < 100'000; ++i) many += kZhangGb;
  expect_mixed(many + "0003,某某市某某区供电所,30\n", "100002", "1");
}

TEST_F(MixedEncodings, AStatedEncodingIsNoReasonToGarbleNames) {
  SourceLayout layout;
  layout.encoding = Encoding::Gb18030;
  EXPECT_EQ(refusal(kHeaderGb + kZhangGb + "0003,王五,30\n0004,赵六,40\n", layout), "reader.encodings_mixed");
}

TEST_F(MixedEncodings, AFewCharactersThatReadEitherWayDoNotRefuseAFile) {
  // 濮 and what follows happen to be UTF-8 as well.
  std::string text = kHeaderGb;
  for (int i = 0; i < 5000; ++i) text += kZhangGb;
  const auto table = open(text + "0002,\xE5\xA7\xB0\xE4\xB8\xA7,20\n");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->report.encoding, Encoding::Gb18030);
  ASSERT_TRUE(open(kHeaderGb + kZhangGb + kLiGb).has_value());
}

TEST_F(MixedEncodings, PrivateUseCharactersAreTakenOnlyWhereTheEncodingIsStated) {
  const auto text = kHeaderGb + kZhangGb + kLiGb + "0003,\xAA\xA1\xCB\xC4,20\n";
  EXPECT_EQ(refusal(text), "reader.private_characters");
  EXPECT_EQ(error_.arg("line"), "4");
  SourceLayout layout;
  layout.encoding = Encoding::Gb18030;
  EXPECT_TRUE(open(text, layout).has_value());
}

TEST(MixedLines, LinesAndCharactersMayBeCutByThePieces) {
  const std::string text = "1\n" + kZhangGb + "王五王五王五\n";
  for (std::size_t piece = 1; piece < text.size(); ++piece) {
    MixedLines lines;
    for (std::size_t at = 0; at < text.size(); at += piece) lines.add(std::string_view(text).substr(at, piece));
    lines.finish();
    EXPECT_TRUE(lines.is_mixed());
    EXPECT_EQ(lines.first_utf8(), 3);
    EXPECT_EQ(lines.first_other(), 2);
  }
}

}  // namespace
}  // namespace fenqun::reader

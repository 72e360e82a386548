// tests/unit/ingest/odd_text_test.cpp - texts made of quotes, delimiters and line ends at random: loaded with counts
// that add up, or refused as bad data; never anything else.
#include "base/random.hpp"
#include "unit/ingest/fixture.hpp"

namespace fenqun::ingest {
namespace {

class OddText : public IngestTest {};

TEST_F(OddText, IsLoadedWithCountsThatAddUpOrRefused) {
  constexpr std::string_view kLetters = "aab1,,,,\"\"\n\n\n\r ";
  Random random(20260701);
  int loaded = 0;
  int unclear = 0;
  for (int round = 0; round < 150; ++round) {
    std::string text = "org_unit_id,unit_kind\n";
    const auto length = 10 + random.below(60);
    for (std::uint64_t i = 0; i < length; ++i) text += kLetters[random.below(kLetters.size())];
    const auto outcome = load(write("org_unit.csv", text), "", 1.0);
    if (outcome) {
      ++loaded;
      const auto& total = outcome->total;
      ASSERT_EQ(total.rows_in, outcome->records);
      ASSERT_EQ(total.rows_in, total.rows_loaded + total.rows_duplicate + total.rows_rejected);
      ASSERT_EQ(ask("SELECT count(*) FROM quarantine WHERE batch_id = '" + outcome->batch_id + "'"),
                std::to_string(total.rows_rejected))
          << text;
      ASSERT_EQ(ask("SELECT count(*) FROM quarantine WHERE line IS NULL OR raw IS NULL"), "0") << text;
    } else {
      ASSERT_EQ(outcome.error().code, ErrorCode::BadData)
          << outcome.error().line.key << outcome.error().arg("reason") << text;
      if (outcome.error().line.key == "ingest.unclear_structure" || outcome.error().line.key == "ingest.cannot_parse") {
        ++unclear;
      }
    }
  }
  EXPECT_GT(loaded, 50);
  // Where the database and our scanner see different records, the file is refused; that is rare.
  EXPECT_LT(unclear, 10);
}

TEST_F(OddText, WithTitlesHeadersAndTotalsAmongItIsAccountedFor) {
  const std::vector<std::string> kPieces = {"org_unit_id,unit_kind\n",
                                            "清单,\n",
                                            "合计,\n",
                                            "共 3 条\n",
                                            ",",
                                            ",\n",
                                            "\n",
                                            "\r\n",
                                            "\"\"",
                                            "\"x\"",
                                            " ",
                                            "a",
                                            "1",
                                            "　",
                                            "station,bureau\n"};
  Random random(20260702);
  int loaded = 0;
  int left_out = 0;
  int unclear = 0;
  for (int round = 0; round < 150; ++round) {
    std::string text = random.below(4) == 0 ? "清单,\n" : "";
    text += kPieces.front();
    const auto length = 5 + random.below(40);
    for (std::uint64_t i = 0; i < length; ++i) text += kPieces[random.below(kPieces.size())];
    const auto outcome = load(write("org_unit.csv", text), "", 1.0);
    if (!outcome) {
      ASSERT_EQ(outcome.error().code, ErrorCode::BadData)
          << outcome.error().line.key << outcome.error().arg("reason") << text;
      const auto& key = outcome.error().line.key;
      unclear += key == "ingest.unclear_structure" || key == "ingest.cannot_parse" ? 1 : 0;
      continue;
    }
    if (outcome->already_loaded) continue;
    ++loaded;
    const auto& total = outcome->total;
    const auto& report = *outcome->source;
    left_out += report.is_plain() ? 0 : 1;
    ASSERT_EQ(total.rows_in, report.rows) << text;
    ASSERT_EQ(total.rows_in, total.rows_loaded + total.rows_duplicate + total.rows_superseded + total.rows_rejected);
    ASSERT_EQ(ask("SELECT count(*) FROM quarantine WHERE batch_id = '" + outcome->batch_id + "' AND line IS NOT NULL"),
              std::to_string(total.rows_rejected))
        << text;
    // What was left out stands in the file on the line that is named.
    std::vector<std::string> lines(1);
    for (const char c : text) {
      if (c == '\n')
        lines.emplace_back();
      else if (c != '\r')
        lines.back() += c;
    }
    for (const auto& line : report.left_out) {
      ASSERT_LE(line.line, std::ssize(lines)) << text;
      ASSERT_TRUE(lines[static_cast<std::size_t>(line.line - 1)].starts_with(line.text)) << line.text << "\n" << text;
    }
  }
  EXPECT_GT(loaded, 50);
  EXPECT_GT(left_out, 30);
  EXPECT_LT(unclear, 15);
}

}  // namespace
}  // namespace fenqun::ingest

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

}  // namespace
}  // namespace fenqun::ingest

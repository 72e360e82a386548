// tests/unit/ingest/counts_property_test.cpp - files dirtied at random: what was planted is what is counted, and every
// rejected row is found again on its line.
#include "base/random.hpp"
#include "unit/ingest/fixture.hpp"

#include <set>

namespace fenqun::ingest {
namespace {

struct Planted {
  std::string text;
  std::int64_t rows = 0;
  std::int64_t duplicates = 0;
  std::set<std::int64_t> rejected_lines;
};

class DirtyFile {
 public:
  DirtyFile(std::uint64_t seed, std::string line_end) : random_(seed), line_end_(std::move(line_end)) {}

  Planted make(int rows) {
    add_line("payment_id,customer_id,paid_on,amount_cny,remark");
    --planted_.rows;
    for (int i = 0; i < rows; ++i) add_row(i);
    return std::move(planted_);
  }

 private:
  void add_line(const std::string& line) {
    planted_.text += line + line_end_;
    ++planted_.rows;
    ++line_;
    for (std::size_t at = line.find('\n'); at != std::string::npos; at = line.find('\n', at + 1)) ++line_;
  }
  void reject(const std::string& line) {
    planted_.rejected_lines.insert(line_);
    add_line(line);
  }
  std::string row(int i, const std::string& date, const std::string& amount) {
    const auto id = "P" + std::to_string(i);
    switch (random_.below(4)) {
      case 0:
        return "\"" + id + "\",\"C" + std::to_string(i % 50) + "\",\"" + date + "\"," + amount + ",";
      case 1:
        return id + ",C" + std::to_string(i % 50) + "," + date + "," + amount + ",\"两\n行, \"\"x\"\"\"";
      default:
        return id + ",C" + std::to_string(i % 50) + "," + date + "," + amount + ",B" + std::to_string(i);
    }
  }
  void add_row(int i) {
    const auto date = "2026-0" + std::to_string(1 + i % 4) + "-1" + std::to_string(i % 9);
    const auto good = row(i, date, std::to_string(i % 300) + ".5");
    switch (random_.below(40)) {
      case 0:
        return reject(row(i, date, "-1"));
      case 1:
        return reject(row(i, "someday", "1"));
      case 2:
        return reject("P" + std::to_string(i) + ",C1," + date);
      case 3:
        return reject(good + ",one,more");
      case 4:
        return reject("\"P\"" + std::to_string(i) + ",C1," + date + ",1,");
      case 5:
        return reject(",C1," + date + ",1,");
      case 6:
        add_line(good);
        ++planted_.duplicates;
        return add_line(good);
      case 7:
        reject(row(i, date, "1.25"));
        return reject(row(i, date, "2.25"));
      case 8:
        planted_.text += line_end_;
        ++line_;
        return add_line(good);
      default:
        return add_line(good);
    }
  }

  Random random_;
  std::string line_end_;
  Planted planted_;
  std::int64_t line_ = 1;
};

class CountsProperty : public IngestTest, public ::testing::WithParamInterface<int> {};

TEST_P(CountsProperty, AddUpAndEveryRejectionIsOnItsLine) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  const auto planted = DirtyFile(seed, GetParam() % 2 == 0 ? "\n" : "\r\n").make(GetParam() < 6 ? 400 : 30000);
  const auto outcome = load(write("payment.csv", planted.text), "", 1.0);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason")
                                   << outcome.error().arg("read");
  const auto& total = outcome->total;
  EXPECT_EQ(outcome->records, planted.rows);
  EXPECT_EQ(total.rows_in, planted.rows);
  EXPECT_EQ(total.rows_duplicate, planted.duplicates);
  EXPECT_EQ(total.rows_rejected, static_cast<std::int64_t>(planted.rejected_lines.size()));
  EXPECT_EQ(total.rows_in, total.rows_loaded + total.rows_duplicate + total.rows_superseded + total.rows_rejected);
  EXPECT_EQ(ask("SELECT count(*) FROM payment"), std::to_string(total.rows_loaded));
  EXPECT_EQ(ask("SELECT sum(rows) FROM lake_file"), std::to_string(total.rows_loaded));
  const auto lines = workspace_->connection().query("SELECT line FROM quarantine");
  ASSERT_TRUE(lines.has_value());
  std::set<std::int64_t> found;
  for (std::size_t r = 0; r < lines->rows.size(); ++r) found.insert(lines->integer(r, 0));
  EXPECT_EQ(found, planted.rejected_lines);
  EXPECT_EQ(ask("SELECT sum(rows_in) = sum(rows_loaded + rows_duplicate + rows_superseded + rows_rejected) FROM batch"),
            "true");
}

INSTANTIATE_TEST_SUITE_P(Seeds, CountsProperty, ::testing::Range(0, 8));

}  // namespace
}  // namespace fenqun::ingest

// tests/unit/delivery/preparation_test.cpp - what the preparation fills in, doubts and leaves out is what was planted,
// customer by customer.
#include "features/prepare.hpp"
#include "loaded.hpp"

namespace fenqun::delivery {
namespace {

// The figures of config/preparation/preparation.yaml.
constexpr int kLongestGap = 3;
constexpr int kFewestMonths = 6;

class Prepared : public Loaded {
 protected:
  static void SetUpTestSuite() {
    Loaded::SetUpTestSuite();
    const auto catalogue = features::FeatureCatalogue::create(shipped_assets());
    ASSERT_TRUE(catalogue.has_value());
    const auto done = features::prepare(*workspace_, *catalogue, Month(2026, 6));
    ASSERT_TRUE(done.has_value()) << done.error().line.key << done.error().arg("reason");
    const auto record = features::read_preparation(*workspace_, Month(2026, 6));
    ASSERT_TRUE(record.has_value() && record->has_value());
    record_ = **record;
  }

  static std::vector<std::vector<std::string>> truth(const char* name) {
    auto records = records_of(folder_->path() / "dirty/truth" / name);
    records.erase(records.begin());
    return records;
  }
  static const features::StepItem* item(features::Step step, const std::string& kind, const std::string& name) {
    const auto& items = record_.find(step)->items;
    const auto at = std::find_if(items.begin(), items.end(), [&](const auto& each) {
      return each.kind == kind && (each.name == name || each.state == name || each.subject == name);
    });
    return at == items.end() ? nullptr : &*at;
  }

  inline static features::PreparationRecord record_;
};

TEST_F(Prepared, ShortGapsAreFilledAndNoOthers) {
  std::map<std::string, int> filled;  // customer and month
  Keys customers;
  int long_gaps = 0, days = 0;
  for (const auto& gap : truth("gaps.csv")) {
    const int length = std::stoi(gap[3]);
    long_gaps += length > kLongestGap ? 1 : 0;
    if (length > kLongestGap || gap[4] == "true") continue;
    filled[gap[0] + " " + gap[1]] += length;
    customers.insert(gap[0]);
    days += length;
  }
  EXPECT_GT(days, 100);
  EXPECT_GT(long_gaps, 3);
  Keys expected;
  for (const auto& [where, count] : filled) expected.insert(fmt::format("{} {}", where, count));
  const auto lake = warehouse::sql_text((folder_->path() / "ws/lake/_daily_by_month/*/*.parquet").string());
  EXPECT_EQ(ask(fmt::format("SELECT concat_ws(' ', customer_id, strftime(month, '%Y-%m'), filled_days::INTEGER) "
                            "FROM read_parquet({}, hive_partitioning = false) WHERE filled_days > 0",
                            lake)),
            expected);
  const auto* rule = item(features::Step::Clean, "imputed", "daily_gap");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->rows_out, days);
  EXPECT_EQ(rule->rows_in, static_cast<std::int64_t>(customers.size()));
}

TEST_F(Prepared, DoubtfulDaysArePointedOutAndNoOthers) {
  Keys expected;
  for (const auto& spike : truth("spikes.csv")) {
    const double kwh = std::stod(spike[2]), others = std::stod(spike[4]), kva = std::stod(spike[5]);
    const auto month = spike[1].substr(0, 7);
    if (kwh >= 50 && kwh > 20 * others) expected.insert(fmt::format("{} spike {}", spike[0], month));
    if (kwh >= 9000 && kwh > 100 * others) expected.insert(fmt::format("{} rollover {}", spike[0], month));
    if (kwh > 24 * 1.2 * kva) expected.insert(fmt::format("{} beyond_capacity {}", spike[0], month));
  }
  EXPECT_GT(expected.size(), 10U);
  EXPECT_EQ(ask("SELECT customer_id || ' ' || unnest(string_split(outliers, ', ')) FROM readiness "
                "WHERE outliers IS NOT NULL"),
            expected);
}

TEST_F(Prepared, CustomersThatCannotBeComparedAreNamedWithTheirReason) {
  Keys expected;
  int closed = 0;
  for (const auto& customer : truth("customers.csv")) {
    if (!customer[4].empty()) {
      expected.insert(customer[0] + " closed");
      ++closed;
    } else if (std::stoi(customer[1]) < kFewestMonths) {
      expected.insert(customer[0] + " short_history");
    } else if (customer[2] == "true") {
      expected.insert(customer[0] + " constant_series");
    }
  }
  EXPECT_GT(static_cast<int>(expected.size()), closed);
  EXPECT_EQ(ask("SELECT customer_id || ' ' || reason FROM readiness WHERE NOT is_comparable"), expected);
  const auto* left_out = item(features::Step::Integrate, "left_out", "closed");
  ASSERT_NE(left_out, nullptr);
  EXPECT_EQ(left_out->rows_in, closed);
}

TEST_F(Prepared, TheRecordTellsEveryRejectionAndDuplicate) {
  std::map<std::string, std::int64_t> rejected, duplicate, superseded;
  for (const auto& file : truth("deliveries.csv")) {
    duplicate[file[3]] += std::stoll(file[7]);
    superseded[file[3]] += std::stoll(file[8]);
    rejected[file[3]] += std::stoll(file[9]);
  }
  std::map<std::string, std::int64_t> reasons;
  for (const auto& line : record_.find(features::Step::Clean)->items) {
    if (line.kind == "rejection") reasons[line.subject] += line.rows_in;
    if (line.kind != "outcome") continue;
    auto& expected = line.state == "rejected" ? rejected : line.state == "duplicate" ? duplicate : superseded;
    EXPECT_EQ(line.rows_in, expected[line.subject]) << line.subject << " " << line.state;
    if (line.state == "rejected") continue;
    expected.erase(line.subject);
  }
  for (const auto& [entity, rows] : duplicate) EXPECT_EQ(rows, 0) << entity << ": duplicates not told";
  for (const auto& [entity, rows] : superseded) EXPECT_EQ(rows, 0) << entity << ": corrections not told";
  for (const auto& [entity, rows] : rejected) EXPECT_EQ(reasons[entity], rows) << entity;
}

TEST_F(Prepared, RowsOfUnknownCustomersAreCounted) {
  std::map<std::string, std::int64_t> expected, found;
  for (const auto& each : items_) {
    if (each.fault == "orphan") ++expected[each.entity];
  }
  for (const auto& line : record_.find(features::Step::Integrate)->items) {
    if (line.kind == "unknown") found[line.subject] = line.rows_out;
  }
  for (const auto& [entity, rows] : expected) {
    if (contracts().find(entity)->kind != warehouse::EntityKind::Fact) continue;
    EXPECT_EQ(found[entity], rows) << entity;
    found.erase(entity);
  }
  for (const auto& [entity, rows] : found) EXPECT_EQ(rows, 0) << entity;
}

}  // namespace
}  // namespace fenqun::delivery

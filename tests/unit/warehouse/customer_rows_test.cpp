// tests/unit/warehouse/customer_rows_test.cpp - facts by customer say what the lake says, arranged or not.
#include "unit/warehouse/temp_folder.hpp"
#include "warehouse/workspace.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

namespace fenqun::warehouse {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kBills = {"bill", "contact", "reading_day_of_nobody"};

class CustomerRows : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Workspace::init(path(), "x").has_value());
    workspace_ = std::make_unique<Workspace>(*Workspace::open(path(), {}));
  }
  fs::path path() const { return folder_.path() / "ws"; }
  void reopen() {
    workspace_.reset();
    workspace_ = std::make_unique<Workspace>(*Workspace::open(path(), {}));
  }

  // Three bills of a month, of customers 02, 01 and of nobody.
  std::string add(Month month, const std::string& batch, const std::vector<std::string>& instead_of = {}) {
    const auto scratch = workspace_->scratch("test");
    LakeFile file{"bill", month, fmt::format("lake/bill/month={}/{}.parquet", month.text(), batch), batch, 3, 0};
    const auto target = scratch->folder() / "bill" / ("month=" + month.text()) / (batch + ".parquet");
    fs::create_directories(target.parent_path());
    const auto first = sql_text(month.text() + "-01");
    EXPECT_TRUE(workspace_->connection()
                    .execute(fmt::format("COPY (SELECT '{0}' || c AS bill_id, c AS customer_id, DATE {1} AS month, "
                                         "5::DECIMAL(18,3) AS energy_kwh FROM (VALUES ('02'), ('01'), (NULL)) v(c)) TO "
                                         "{2} (FORMAT parquet)",
                                         batch, first, sql_text(target.string())))
                    .has_value());
    file.bytes = static_cast<std::int64_t>(fs::file_size(target));
    EXPECT_TRUE(workspace_->commit(scratch->folder(), {file}, {}, instead_of).has_value());
    return file.path;
  }
  void take_back(const std::vector<std::string>& paths) {
    const auto scratch = workspace_->scratch("test");
    EXPECT_TRUE(workspace_->commit(scratch->folder(), {}, {}, paths).has_value());
  }
  std::string bills_of(const std::string& customer) {
    return *workspace_->connection().query_text("SELECT coalesce(string_agg(bill_id, ' ' ORDER BY bill_id), '') FROM " +
                                                sql_name(by_customer("bill")) +
                                                " WHERE customer_id = " + sql_text(customer));
  }

  test::TempFolder folder_;
  std::unique_ptr<Workspace> workspace_;
};

TEST_F(CustomerRows, AreThoseOfTheLakeBeforeAndAfterArranging) {
  add(Month(2025, 12), "a");
  add(Month(2026, 1), "b");
  add(Month(2026, 2), "c");
  EXPECT_EQ(bills_of("01"), "a01 b01 c01");
  ASSERT_TRUE(workspace_->keep_customer_rows().has_value());
  // A single small file is read where it is.
  EXPECT_EQ(workspace_->unarranged_customer_rows(kBills), 1U);
  EXPECT_EQ(*workspace_->arrange_customer_rows(kBills), 1U);
  EXPECT_EQ(workspace_->unarranged_customer_rows(kBills), 0U);
  EXPECT_EQ(*workspace_->arrange_customer_rows(kBills), 0U);
  EXPECT_EQ(
      *workspace_->connection().query_text("SELECT string_agg(customer_id, ' ') FROM customer_rows.\"bill 2026\""),
      "01 01 02 02");
  EXPECT_EQ(bills_of("01"), "a01 b01 c01");
  EXPECT_EQ(bills_of("02"), "a02 b02 c02");
}

TEST_F(CustomerRows, OfAYearThatChangedAreReadFromTheLakeUntilArrangedAnew) {
  ASSERT_TRUE(workspace_->keep_customer_rows().has_value());
  const auto first = add(Month(2026, 1), "b");
  add(Month(2026, 2), "c");
  ASSERT_EQ(*workspace_->arrange_customer_rows(kBills), 1U);
  add(Month(2026, 1), "d", {first});
  EXPECT_EQ(bills_of("01"), "c01 d01");
  EXPECT_EQ(workspace_->unarranged_customer_rows(kBills), 1U);
  reopen();
  ASSERT_TRUE(workspace_->keep_customer_rows().has_value());
  EXPECT_EQ(bills_of("01"), "c01 d01");
  EXPECT_EQ(*workspace_->arrange_customer_rows(kBills), 1U);
  EXPECT_EQ(bills_of("01"), "c01 d01");
}

TEST_F(CustomerRows, AreKeptOverAStart) {
  ASSERT_TRUE(workspace_->keep_customer_rows().has_value());
  add(Month(2026, 1), "b");
  add(Month(2026, 2), "c");
  ASSERT_EQ(*workspace_->arrange_customer_rows(kBills), 1U);
  reopen();
  ASSERT_TRUE(workspace_->keep_customer_rows().has_value());
  EXPECT_EQ(workspace_->unarranged_customer_rows(kBills), 0U);
  EXPECT_EQ(bills_of("02"), "b02 c02");
}

TEST_F(CustomerRows, ThatWereTakenBackAreGoneAlsoWhereNobodyKeepsThem) {
  ASSERT_TRUE(workspace_->keep_customer_rows().has_value());
  const auto first = add(Month(2026, 1), "b");
  const auto second = add(Month(2026, 2), "c");
  ASSERT_EQ(*workspace_->arrange_customer_rows(kBills), 1U);
  take_back({first, second});
  EXPECT_EQ(workspace_->unarranged_customer_rows(kBills), 1U);
  EXPECT_EQ(bills_of("01"), "");
  EXPECT_EQ(*workspace_->arrange_customer_rows(kBills), 0U);
  EXPECT_FALSE(workspace_->connection().execute("SELECT * FROM customer_rows.\"bill 2026\"").has_value());

  const auto third = add(Month(2026, 1), "d");
  reopen();
  ASSERT_TRUE(fs::exists(path() / "customers.duckdb"));
  take_back({"lake/wide/month=2026-01/w.parquet"});
  EXPECT_TRUE(fs::exists(path() / "customers.duckdb")) << "it holds nothing of what is derived";
  take_back({third});
  EXPECT_FALSE(fs::exists(path() / "customers.duckdb"));
}

TEST_F(CustomerRows, OfADamagedFileAreMadeAnew) {
  std::ofstream(path() / "customers.duckdb") << "not a database, but long enough to look at it for a while";
  add(Month(2026, 1), "b");
  add(Month(2026, 2), "c");
  ASSERT_TRUE(workspace_->keep_customer_rows().has_value());
  EXPECT_EQ(*workspace_->arrange_customer_rows(kBills), 1U);
  EXPECT_EQ(bills_of("02"), "b02 c02");
}

}  // namespace
}  // namespace fenqun::warehouse

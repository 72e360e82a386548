// tests/unit/ingest/batches_test.cpp - corrected deliveries, late months, and taking batches back.
#include "ingest/batches.hpp"

#include "base/random.hpp"
#include "unit/ingest/fixture.hpp"

#include <algorithm>

namespace fenqun::ingest {
namespace {

constexpr const char* kHeader = "bill_id,customer_id,month,energy_kwh,amount_cny\n";

class Batches : public IngestTest {
 protected:
  /// Loads `text` as a file of the entity; returns the batch, and the counts in `counts_`.
  std::string deliver(const std::string& entity, const std::string& text) {
    const auto outcome = load(write(std::to_string(++files_) + "/" + entity + ".csv", text));
    EXPECT_TRUE(outcome.has_value()) << outcome.error().line.key << " " << outcome.error().arg("reason");
    if (!outcome) return "";
    counts_ = outcome->total;
    EXPECT_EQ(counts_.rows_in,
              counts_.rows_loaded + counts_.rows_duplicate + counts_.rows_superseded + counts_.rows_rejected);
    return outcome->batch_id;
  }
  std::string bills(const std::string& rows) { return deliver("bill", kHeader + rows); }

  void expect_counts(std::int64_t loaded, std::int64_t duplicate, std::int64_t superseded) const {
    EXPECT_EQ(counts_.rows_loaded, loaded);
    EXPECT_EQ(counts_.rows_duplicate, duplicate);
    EXPECT_EQ(counts_.rows_superseded, superseded);
  }

  /// Everything a user can see of the data: each entity's rows, the batches, the quarantine.
  std::string content() {
    std::string all;
    for (const auto* sql : {"SELECT string_agg(b::VARCHAR, '|' ORDER BY b::VARCHAR) FROM bill b",
                            "SELECT string_agg(c::VARCHAR, '|' ORDER BY c::VARCHAR) FROM m_customer c",
                            "SELECT string_agg(d::VARCHAR, '|' ORDER BY d::VARCHAR) FROM reading_day d",
                            "SELECT string_agg(b::VARCHAR, '|' ORDER BY b::VARCHAR) FROM (SELECT * EXCLUDE (loaded_at, "
                            "sequence) FROM batch) b",
                            "SELECT string_agg(l::VARCHAR, '|' ORDER BY l::VARCHAR) FROM batch_link l",
                            "SELECT string_agg(q::VARCHAR, '|' ORDER BY q::VARCHAR) FROM quarantine q",
                            "SELECT string_agg(entity || month || batch_id || rows, '|' ORDER BY entity, month, "
                            "batch_id) FROM (SELECT entity, "
                            "month, batch_id, sum(rows) AS rows FROM lake_file GROUP BY ALL)"}) {
      all += ask(sql) + "\n";
    }
    return all;
  }
  Result<UndoOutcome> undo(const std::string& batch) { return undo_batch(*workspace_, batch); }

  EntityCounts counts_;
  int files_ = 0;
};

TEST_F(Batches, ACorrectedBillReplacesTheOldOneWhichIsKept) {
  const auto first = bills("B1,0001,2026-01,100,50\nB2,0002,2026-01,10,5\n");
  const auto second = bills("B1,0001,2026-01,110,55\nB2,0002,2026-01,10,5\nB3,0003,2026-01,1,1\n");
  expect_counts(1, 1, 1);
  EXPECT_EQ(ask("SELECT string_agg(bill_id || '=' || energy_kwh, ' ' ORDER BY bill_id) FROM bill"),
            "B1=110.000 B2=10.000 B3=1.000");
  EXPECT_EQ(ask("SELECT bill_id || energy_kwh || _batch FROM read_parquet('" + (root() / "ws" / "lake").string() +
                "/bill.superseded/*/*.parquet')"),
            "B1100.000" + first);
  EXPECT_EQ(ask("SELECT string_agg(kind || rows, ' ' ORDER BY kind) FROM batch_link WHERE batch_id = '" + second +
                "' AND on_batch = '" + first + "'"),
            "duplicate1 superseded1");
}

TEST_F(Batches, ACorrectionMayMoveARowToAnotherMonth) {
  bills("B1,0001,2026-01,100,50\nB2,0002,2026-01,10,5\nB3,0002,2026-02,20,5\n");
  bills("B1,0001,2026-03,100,50\n");
  expect_counts(0, 0, 1);
  EXPECT_EQ(ask("SELECT string_agg(bill_id || month, ' ' ORDER BY bill_id) FROM bill"),
            "B12026-03-01 B22026-01-01 B32026-02-01");
}

TEST_F(Batches, FieldsThatTheCorrectionDoesNotGiveKeepTheirValue) {
  deliver("customer",
          "customer_id,category,customer_name,contact_phone\n1,residential,张三,13800000001\n2,residential,李四,\n");
  deliver("customer", "customer_id,category,contact_phone\n1,residential,13900000009\n");
  expect_counts(0, 0, 1);
  EXPECT_EQ(ask("SELECT customer_name || contact_phone FROM customer WHERE customer_id = '1'"), "张三13900000009");
  bills("B1,0001,2026-01,100,50\n");
  deliver("bill", "bill_id,customer_id,month,energy_kwh,amount_cny,peak_kwh\nB1,0001,2026-01,100,50,30\n");
  expect_counts(0, 0, 1);
  bills("B1,0001,2026-01,99,50\n");
  expect_counts(0, 0, 1);
  EXPECT_EQ(ask("SELECT energy_kwh || ' ' || peak_kwh FROM bill"), "99.000 30.000");
}

TEST_F(Batches, AListOfFactsAddsCustomersAndDoesNotCorrectThem) {
  deliver("customer", "customer_id,category\n1,non_residential\n");
  const auto yaml = mapping(
      "load:\n  - {entity: customer, distinct: true, fields: {customer_id: id, category: {constant: residential}}}\n");
  const auto outcome = load(write("pay.csv", "id\n1\n2\n1\n"), yaml);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key;
  EXPECT_EQ(outcome->total.rows_duplicate, 1);
  EXPECT_EQ(ask("SELECT string_agg(customer_id || category, ' ' ORDER BY customer_id) FROM customer"),
            "1non_residential 2residential");
}

TEST_F(Batches, ALateMonthLandsInItsOwnMonth) {
  bills("B1,0001,2026-01,1,1\nB3,0001,2026-03,3,3\n");
  bills("B2,0001,2026-02,2,2\n");
  EXPECT_EQ(ask("SELECT string_agg(month || rows, ' ' ORDER BY month) FROM lake_file"), "2026-011 2026-021 2026-031");
}

TEST_F(Batches, UndoRestoresTheStateBefore) {
  deliver("customer", "customer_id,category,customer_name\n1,residential,张三\n2,residential,李四\n");
  bills("B1,0001,2026-01,100,50\nB2,0002,2026-01,10,5\nB3,0003,2026-02,7,7\n");
  const auto before = content();
  const auto customers =
      deliver("customer", "customer_id,category,customer_name\n2,residential,李五\n3,residential,王五\n");
  const auto corrected = bills("B1,0001,2026-02,110,55\nB3,0003,2026-02,8,8\nB4,0004,2026-04,1,1\n");
  EXPECT_NE(content(), before);
  const auto outcome = undo(corrected.substr(0, 8));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().line.key << outcome.error().arg("reason");
  ASSERT_EQ(outcome->entities.size(), 1U);
  EXPECT_EQ(outcome->entities[0].rows_removed, 3);
  EXPECT_EQ(outcome->entities[0].rows_restored, 2);
  ASSERT_TRUE(undo(customers).has_value());
  EXPECT_EQ(content(), before);
  open();
  EXPECT_EQ(content(), before);
  EXPECT_EQ(ask("SELECT count(*) FROM batch_undone"), "2");
}

TEST_F(Batches, AnUndoneFileCanBeLoadedAgain) {
  const auto file = write("bill.csv", std::string(kHeader) + "B1,0001,2026-01,1,1\n");
  const auto first = load(file);
  ASSERT_TRUE(first.has_value());
  const auto loaded = content();
  ASSERT_TRUE(undo(first->batch_id).has_value());
  EXPECT_EQ(ask("SELECT count(*) FROM bill"), "0");
  const auto again = load(file);
  ASSERT_TRUE(again.has_value());
  EXPECT_FALSE(again->already_loaded);
  EXPECT_EQ(content(), loaded);
}

TEST_F(Batches, ABatchThatALaterOneRestsOnIsNotUndone) {
  const auto first = bills("B1,0001,2026-01,1,1\nB2,0001,2026-02,2,2\n");
  const auto repeated = bills("B1,0001,2026-01,1,1\nB9,0001,2026-02,2,2\n");
  const auto corrected = bills("B2,0001,2026-02,3,3\n");
  const auto before = content();
  const auto refused = undo(first);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::Denied);
  EXPECT_EQ(refused.error().line.key, "ingest.batch_needed");
  const auto later = refused.error().arg("later");
  EXPECT_LT(later.find(corrected), later.find(repeated)) << "in the order in which they have to be undone";
  EXPECT_EQ(content(), before);
  ASSERT_TRUE(undo(corrected).has_value());
  ASSERT_TRUE(undo(repeated).has_value());
  ASSERT_TRUE(undo(first).has_value());
  EXPECT_EQ(ask("SELECT count(*) FROM bill"), "0");
  EXPECT_EQ(ask("SELECT count(*) FROM lake_file"), "0");
}

TEST_F(Batches, AnUnknownBatchIsSaidToBeUnknown) {
  bills("B1,0001,2026-01,1,1\n");
  EXPECT_EQ(undo("zzzz").error().line.key, "ingest.no_batch");
  EXPECT_EQ(undo("").error().line.key, "ingest.no_batch");
}

TEST_F(Batches, AreListedInTheOrderOfLoadingWithWhatTheyRestOn) {
  const auto first = bills("B1,0001,2026-01,1,1\n");
  const auto second = bills("B1,0001,2026-01,2,2\n");
  const auto batches = list_batches(*workspace_);
  ASSERT_TRUE(batches.has_value());
  ASSERT_EQ(batches->size(), 2U);
  EXPECT_EQ((*batches)[0].batch_id, first);
  EXPECT_TRUE((*batches)[0].rests_on.empty());
  EXPECT_EQ((*batches)[1].rests_on, std::vector<std::string>{first});
  EXPECT_EQ((*batches)[1].total.rows_superseded, 1);
  EXPECT_EQ((*batches)[1].entities.front().entity, "bill");
}

TEST_F(Batches, TheFingerprintTellsWhichCorrectionCameLast) {
  bills("B1,0001,2026-01,1,1\n");
  const auto corrected = bills("B1,0001,2026-01,2,2\n");
  const auto one = *workspace_->data_fingerprint();
  ASSERT_TRUE(undo(corrected).has_value());
  ASSERT_TRUE(undo(ask("SELECT batch_id FROM batch")).has_value());
  bills("B1,0001,2026-01,2,2\n");
  bills("B1,0001,2026-01,1,1\n");
  EXPECT_NE(*workspace_->data_fingerprint(), one);
}

// Deliveries of random rows over the same few keys, undone in reverse: each state comes back, in all its rows.
class RandomDeliveries : public Batches, public ::testing::WithParamInterface<std::uint64_t> {};

TEST_P(RandomDeliveries, UndoneInReverseGiveEachStateBack) {
  Random random(GetParam());
  std::vector<std::string> states;
  std::vector<std::string> batches;
  std::map<std::string, std::string> truth;
  for (int delivery = 0; delivery < 6; ++delivery) {
    states.push_back(content());
    std::map<std::string, std::string> rows;
    for (int n = 0; n < 8; ++n) {
      const auto id = "B" + std::to_string(random.below(12));
      rows[id] = id + ",C" + std::to_string(random.below(2)) + ",2026-0" + std::to_string(1 + random.below(3)) + "," +
                 std::to_string(random.below(2)) + ",1";
    }
    std::string text;
    for (const auto& [id, row] : rows) {
      text += row + "\n";
      truth[id] = row;
    }
    batches.push_back(bills(text + "X" + std::to_string(delivery) + ",C1,2026-01,1,1\n"));
    truth["X" + std::to_string(delivery)] = "X" + std::to_string(delivery) + ",C1,2026-01,1,1";
    std::string expected;
    for (const auto& [id, row] : truth) expected += row + " ";
    EXPECT_EQ(ask("SELECT string_agg(concat_ws(',', bill_id, customer_id, strftime(month, '%Y-%m'), energy_kwh::INT, "
                  "amount_cny::INT), ' ' ORDER BY bill_id) || ' ' FROM bill"),
              expected);
  }
  for (std::size_t n = batches.size(); n-- > 0;) {
    ASSERT_TRUE(undo(batches[n]).has_value());
    EXPECT_EQ(content(), states[n]);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomDeliveries, ::testing::Range<std::uint64_t>(1, 6));

}  // namespace
}  // namespace fenqun::ingest

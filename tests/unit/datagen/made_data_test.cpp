// tests/unit/datagen/made_data_test.cpp - what stands in the files: contracts kept, records that agree with each other.
#include "datagen/manifest.hpp"
#include "generating.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace fenqun::datagen {
namespace {

/// The data of one small utility, made once, with a session to ask it.
class MadeData : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>("made");
    auto options = options_for(folder_->path() / "out");
    options.customers = 8'000;  // fewer have no complaint in these months
    const auto made = run(options);
    ASSERT_TRUE(made.has_value()) << made.error().line.key;
    outcome_ = *made;
    database_.emplace(*warehouse::Database::open({}, {}));
    session_.emplace(*database_->connect());
    for (const auto& contract : contracts().all()) {
      const bool is_one = fs::exists(options.out / (contract.entity + ".parquet"));
      const auto path = (options.out / (contract.entity + (is_one ? ".parquet" : "/*.parquet"))).string();
      const auto made_view = session_->execute(
          fmt::format("CREATE VIEW {} AS SELECT * FROM read_parquet({})", contract.entity, warehouse::sql_text(path)));
      ASSERT_TRUE(made_view.has_value()) << contract.entity << " was not made";
    }
  }
  static void TearDownTestSuite() {
    session_.reset();
    database_.reset();
    folder_.reset();
  }
  /// The fields of an entity that the files have.
  static std::vector<warehouse::Field> made(const warehouse::Contract& contract) {
    const auto rows = session_->query(fmt::format("DESCRIBE {}", contract.entity));
    std::vector<warehouse::Field> fields;
    for (std::size_t i = 0; rows && i < rows->rows.size(); ++i) {
      if (const auto* field = contract.find(rows->text(i, 0))) fields.push_back(*field);
    }
    return fields;
  }
  static std::int64_t ask(const std::string& sql) {
    auto answer = session_->query_integer(sql);
    EXPECT_TRUE(answer.has_value()) << sql << " " << (answer ? "" : std::string(answer.error().arg("reason")));
    return answer.value_or(-1);
  }

  static std::unique_ptr<TempFolder> folder_;
  static DatagenOutcome outcome_;
  static std::optional<warehouse::Database> database_;
  static std::optional<warehouse::Connection> session_;
};
std::unique_ptr<TempFolder> MadeData::folder_;
DatagenOutcome MadeData::outcome_;
std::optional<warehouse::Database> MadeData::database_;
std::optional<warehouse::Connection> MadeData::session_;

TEST_F(MadeData, HasEveryEntityWithColumnsOfItsContractInTheirOrder) {
  std::set<std::string> entities;
  for (const auto& file : outcome_.files) entities.insert(file.entity);
  for (const auto& contract : contracts().all()) {
    ASSERT_TRUE(entities.contains(contract.entity)) << contract.entity;
    const auto rows = session_->query(fmt::format("DESCRIBE {}", contract.entity));
    ASSERT_TRUE(rows.has_value());
    auto field = contract.fields.begin();
    for (std::size_t i = 0; i < rows->rows.size(); ++i) {
      field =
          std::find_if(field, contract.fields.end(), [&](const auto& each) { return each.name == rows->text(i, 0); });
      ASSERT_NE(field, contract.fields.end()) << contract.entity << '.' << rows->text(i, 0);
      EXPECT_EQ(rows->text(i, 1), warehouse::sql_type(*field)) << field->name;
    }
  }
}

TEST_F(MadeData, FillsEveryColumnThatItWrites) {
  // Happens in none of the few records of so small a place.
  const std::set<std::string> rare = {"complaint.compensation_cny", "staff.left_on"};
  for (const auto& contract : contracts().all()) {
    for (const auto& field : made(contract)) {
      if (rare.contains(contract.entity + "." + field.name)) continue;
      EXPECT_GT(ask(fmt::format("SELECT count({}) FROM {}", field.name, contract.entity)), 0)
          << contract.entity << '.' << field.name;
    }
  }
}

TEST_F(MadeData, KeepsKeysRequiredFieldsRangesAndCodes) {
  for (const auto& contract : contracts().all()) {
    std::string key;
    for (const auto& name : contract.key) key += (key.empty() ? "" : ", ") + name;
    EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM (SELECT {} FROM {} GROUP BY ALL HAVING count(*) > 1)", key,
                              contract.entity)),
              0)
        << contract.entity;
    for (const auto& field : made(contract)) {
      const auto where = [&](const std::string& condition) {
        return ask(fmt::format("SELECT count(*) FROM {} WHERE {}", contract.entity, condition));
      };
      if (field.required) {
        EXPECT_EQ(where(field.name + " IS NULL"), 0) << contract.entity << '.' << field.name;
      }
      if (field.min) {
        EXPECT_EQ(where(fmt::format("{} < {}", field.name, *field.min)), 0) << field.name;
      }
      if (field.max) {
        EXPECT_EQ(where(fmt::format("{} > {}", field.name, *field.max)), 0) << field.name;
      }
      if (!field.values.empty()) {
        std::string codes;
        for (const auto& value : field.values) codes += (codes.empty() ? "'" : ", '") + value + "'";
        EXPECT_EQ(where(fmt::format("{} NOT IN ({})", field.name, codes)), 0) << field.name;
      }
    }
  }
}

TEST_F(MadeData, EveryReferenceExists) {
  for (const auto& contract : contracts().all()) {
    for (const auto& field : made(contract)) {
      const auto* target = contracts().find(field.references);
      if (target == nullptr) continue;
      EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM {0} a WHERE {1} IS NOT NULL AND NOT EXISTS "
                                "(SELECT 1 FROM {2} b WHERE b.{3} = a.{1})",
                                contract.entity, field.name, target->entity, target->key.front())),
                0)
          << contract.entity << '.' << field.name;
    }
  }
}

TEST_F(MadeData, PeakFlatAndValleyAddUpInReadingsAndBills) {
  for (const auto* entity : {"reading_day", "bill"}) {
    EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM {} WHERE peak_kwh + flat_kwh + valley_kwh <> energy_kwh", entity)),
              0);
  }
}

TEST_F(MadeData, ReadingsOfAMonthSumToItsBill) {
  EXPECT_EQ(
      ask("SELECT count(*) FROM (SELECT customer_id, date_trunc('month', day)::DATE AS month, sum(energy_kwh) AS kwh, "
          "sum(peak_kwh) AS peak FROM reading_day GROUP BY ALL) r FULL JOIN "
          "(SELECT * FROM bill WHERE month >= '2026-05-01') b USING (customer_id, month) "
          "WHERE r.kwh IS DISTINCT FROM b.energy_kwh OR r.peak IS DISTINCT FROM b.peak_kwh"),
      0);
  EXPECT_GT(ask("SELECT count(*) FROM reading_day"), 100'000);
}

TEST_F(MadeData, PaymentsPayTheirBillsInFullInOneOrTwoParts) {
  const std::string paid =
      "(SELECT bill_id, any_value(customer_id) AS who, sum(amount_cny) AS paid, count(*) AS parts, "
      "count(*) FILTER (payment_id LIKE 'P%') AS last_parts, min(amount_cny) AS least FROM payment WHERE status <> "
      "'debit_failed' GROUP BY bill_id)";
  // Of a bill paid in two parts across the end of the data only the first is there.
  EXPECT_EQ(ask("SELECT count(*) FROM " + paid +
                " p JOIN bill b USING (bill_id) WHERE who <> customer_id OR parts > 2 OR least <= 0 OR "
                "(last_parts = 1 AND paid <> amount_cny) OR (last_parts = 0 AND paid >= amount_cny)"),
            0);
  EXPECT_GT(ask("SELECT count(*) FROM " + paid + " WHERE parts = 2"), 100);
  EXPECT_EQ(ask("SELECT count(*) FROM payment q JOIN payment p USING (bill_id) "
                "WHERE q.payment_id LIKE 'Q%' AND p.payment_id LIKE 'P%' AND q.paid_on >= p.paid_on"),
            0);
  EXPECT_EQ(ask("SELECT count(*) FROM payment WHERE (status = 'debit_failed') <> (amount_cny = 0)"), 0);
  EXPECT_EQ(ask("SELECT count(*) FROM payment WHERE (status = 'debit_failed') <> (failure_reason IS NOT NULL)"), 0);
  // All but the unpaid bills and those not yet due at the end are there: nothing got lost between two months.
  const auto bills = ask("SELECT count(*) FROM bill WHERE month < '2026-03-01'");
  const auto paid_bills =
      ask("SELECT count(*) FROM bill WHERE month < '2026-03-01' AND bill_id IN (SELECT bill_id FROM payment WHERE "
          "amount_cny > 0)");
  EXPECT_NEAR(static_cast<double>(paid_bills) / static_cast<double>(bills), 1 - 0.05 * 3.8 / 12 - 0.15 * 0.08 / 12,
              0.004);
}

TEST_F(MadeData, EachRowStandsInTheFileOfItsMonth) {
  for (const auto& contract : contracts().all()) {
    if (contract.kind != warehouse::EntityKind::Fact) continue;
    for (const auto& file : outcome_.files) {
      if (file.entity != contract.entity || file.path.find('/') == std::string::npos) continue;
      const auto month = file.path.substr(contract.entity.size() + 1, 7);
      EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM read_parquet({}) WHERE strftime({}, '%Y-%m') <> '{}'",
                                warehouse::sql_text((outcome_.out / file.path).string()), contract.month_field, month)),
                0)
          << file.path;
    }
  }
}

TEST_F(MadeData, ManifestAndTruthSayWhatTheyAre) {
  const auto manifest = read_manifest(outcome_.out);
  ASSERT_TRUE(manifest.has_value());
  ASSERT_TRUE(manifest->has_value());
  EXPECT_EQ((*manifest)->identity.customers, 8'000);
  EXPECT_EQ((*manifest)->files.size(), outcome_.files.size());
  EXPECT_EQ(first_missing(**manifest, outcome_.out), "");
  EXPECT_NE(read_file(outcome_.out / kManifestName)->find("synthetic: true"), std::string::npos);
  std::int64_t rows = 0;
  for (const auto& file : outcome_.files) rows += file.rows;
  EXPECT_EQ(rows, outcome_.rows);
  const auto truth = warehouse::sql_text((outcome_.out / "truth/customer_class.parquet").string());
  EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM read_parquet({}) JOIN customer USING (customer_id)", truth)), 8'000);
  for (const auto& planted : outcome_.planted) {
    if (planted.dimension != "revenue" || planted.name == "none") continue;
    EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM read_parquet({}) WHERE revenue_class = {}", truth, planted.name)),
              planted.customers);
  }
}

TEST_F(MadeData, HoursAndQuartersSumToTheDayAndMonthsToTheBill) {
  EXPECT_GT(ask("SELECT count(*) FROM reading_hour"), 10'000);
  EXPECT_GT(ask("SELECT count(*) FROM reading_quarter_hour"), 1'000);
  // Bands: peak 8-11 and 18-23, valley 23-7.
  EXPECT_EQ(ask("SELECT count(*) FROM (SELECT customer_id, begins_at::DATE AS day, sum(energy_kwh) AS kwh, "
                "sum(CASE WHEN hour(begins_at) IN (8, 9, 10, 18, 19, 20, 21, 22) THEN energy_kwh END) AS peak, "
                "sum(CASE WHEN hour(begins_at) IN (23, 0, 1, 2, 3, 4, 5, 6) THEN energy_kwh END) AS valley, "
                "count(*) AS hours FROM reading_hour GROUP BY ALL) h JOIN reading_day d USING (customer_id, day) "
                "WHERE h.kwh <> d.energy_kwh OR h.peak <> d.peak_kwh OR h.valley <> d.valley_kwh OR hours <> 24"),
            0);
  EXPECT_EQ(ask("SELECT count(*) FROM (SELECT customer_id, date_trunc('hour', begins_at) AS begins_at, "
                "sum(energy_kwh) AS kwh, count(*) AS quarters FROM reading_quarter_hour GROUP BY ALL) q "
                "LEFT JOIN reading_hour h USING (customer_id, begins_at) "
                "WHERE q.kwh IS DISTINCT FROM h.energy_kwh OR quarters <> 4"),
            0);
  EXPECT_EQ(ask("SELECT count(*) FROM reading_month m JOIN bill b USING (customer_id, month) "
                "WHERE m.energy_kwh <> b.energy_kwh OR m.valley_kwh <> b.valley_kwh"),
            0);
}

TEST_F(MadeData, RegistersRunOnFromMonthToMonth) {
  EXPECT_GT(ask("SELECT count(reading_end) FROM reading_month"), 100);
  EXPECT_EQ(ask("SELECT count(*) FROM reading_month a JOIN reading_month b ON a.customer_id = b.customer_id "
                "AND b.month = a.month + INTERVAL 1 MONTH WHERE a.reading_end <> b.reading_begin OR "
                "b.reading_end - b.reading_begin <> b.energy_kwh"),
            0);
}

TEST_F(MadeData, AccountsOweWhatTheirDueBillsLack) {
  EXPECT_EQ(ask("SELECT count(*) FROM (SELECT customer_id, sum(arrears_cny) AS owed, min(arrears_since) AS since "
                "FROM account GROUP BY customer_id) a LEFT JOIN "
                "(SELECT customer_id, sum(amount_cny - paid_cny) AS open, min(due_on) AS since FROM bill "
                "WHERE status <> 'paid' GROUP BY customer_id) b USING (customer_id) "
                "WHERE a.owed > 0 AND (a.owed <> b.open OR a.since <> b.since)"),
            0);
  EXPECT_GT(ask("SELECT count(*) FROM account WHERE arrears_cny > 0"), 100);
  EXPECT_EQ(ask("SELECT count(*) FROM bill b JOIN (SELECT bill_id, sum(amount_cny) AS came, max(paid_on) AS last "
                "FROM payment GROUP BY bill_id) p USING (bill_id) WHERE b.paid_cny <> p.came OR "
                "(b.status = 'paid') <> (b.settled_on = p.last AND p.came = b.amount_cny)"),
            0);
}

TEST_F(MadeData, EachComplaintHasItsTicketAndTheOtherWayRound) {
  EXPECT_EQ(ask("SELECT count(*) FROM (SELECT * FROM ticket WHERE kind IN ('complaint', 'opinion', 'report')) t "
                "FULL JOIN complaint c USING (ticket_id) WHERE t.customer_id IS DISTINCT FROM c.customer_id OR "
                "t.opened_at IS DISTINCT FROM c.received_at OR t.kind IS DISTINCT FROM c.kind"),
            0);
  EXPECT_EQ(ask("SELECT count(*) FROM interaction i JOIN ticket t USING (ticket_id) "
                "WHERE i.customer_id <> t.customer_id OR i.happened_at <> t.opened_at OR i.channel <> t.channel"),
            0);
  EXPECT_EQ(ask("SELECT count(*) FROM ticket t WHERE opened_at >= '2025-07-01' AND NOT EXISTS "
                "(SELECT 1 FROM interaction i WHERE i.ticket_id = t.ticket_id)"),
            0);
}

TEST_F(MadeData, ContactsGridAndOutagesAgreeWithTheCustomers) {
  EXPECT_EQ(ask("SELECT count(*) FROM customer c LEFT JOIN contact k ON k.customer_id = c.customer_id "
                "AND k.role = 'holder' WHERE k.phone IS DISTINCT FROM c.contact_phone"),
            0);
  EXPECT_EQ(ask("SELECT count(*) FROM contact WHERE role = 'account_manager' AND staff_id IS NULL"), 0);
  // Customer -> transformer area -> transformer -> feeder -> substation.
  EXPECT_EQ(ask("SELECT count(*) FROM customer c LEFT JOIN line t ON t.org_unit_id = c.transformer_area_id "
                "LEFT JOIN line f ON f.line_id = t.parent_id LEFT JOIN line s ON s.line_id = f.parent_id "
                "WHERE f.line_id IS DISTINCT FROM c.feeder_id OR s.kind IS DISTINCT FROM 'substation'"),
            0);
  EXPECT_EQ(ask("SELECT count(*) FROM outage o JOIN (SELECT feeder_id, count(*) AS n FROM customer GROUP BY 1) c "
                "USING (feeder_id) WHERE o.transformer_area_id IS NULL AND o.affected_customer_count <> c.n"),
            0);
  EXPECT_EQ(ask("SELECT count(*) FROM outage WHERE kind = 'planned' AND "
                "(notified_at >= planned_start_at OR planned_start_at > started_at)"),
            0);
}

TEST_F(MadeData, SurveyHasExactlyTheSharesAndThePeopleItShould) {
  const auto asked = ask("SELECT count(*) FROM survey_response WHERE dimension = 'satisfaction'");
  EXPECT_EQ(asked, 2'000 * 8'000 / 47'783) << "one November in fourteen months";
  EXPECT_EQ(ask("SELECT count(*) FROM survey_response WHERE dimension = 'satisfaction' AND score >= 80"), 174);
  EXPECT_EQ(ask("SELECT count(*) FROM survey_response WHERE dimension = 'satisfaction' AND score < 60"), 23);
}

TEST_F(MadeData, FormsSayWhatIsPlanted) {
  EXPECT_GT(ask("SELECT count(*) FROM household_form"), 300);
  const auto truth = warehouse::sql_text((outcome_.out / "truth/customer_class.parquet").string());
  EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM household_form f JOIN read_parquet({}) t USING (customer_id) "
                            "WHERE f.grade <> t.abcd OR f.is_left_behind <> t.is_migrant",
                            truth)),
            0);
  EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM read_parquet({}) t LEFT JOIN household_form f USING (customer_id) "
                            "WHERE t.area_case = 'separate_debit_account' AND "
                            "f.debit_problem IS DISTINCT FROM 'separate_book' AND t.kind = 'home'",
                            truth)),
            0);
}

TEST_F(MadeData, NewAndClosedCustomersAppliedForIt) {
  EXPECT_EQ(ask("SELECT count(*) FROM customer c WHERE opened_on >= '2025-05-01' AND NOT EXISTS (SELECT 1 FROM "
                "application a WHERE a.customer_id = c.customer_id AND a.kind = 'new_connection' "
                "AND a.completed_on = c.opened_on AND a.applied_at < c.opened_on)"),
            0);
  EXPECT_GT(ask("SELECT count(*) FROM application WHERE kind = 'closing'"), 20);
}

TEST_F(MadeData, PricesAreThoseOfTheBill) {
  EXPECT_EQ(ask("SELECT count(*) FROM price_month p JOIN bill b USING (customer_id, month) WHERE "
                "abs(p.price_cny_per_kwh * b.energy_kwh - b.energy_charge_cny) > 0.02 + 0.000001 * b.energy_kwh"),
            0);
  EXPECT_GT(ask("SELECT count(*) FROM price_month"), 1'000);
}

}  // namespace
}  // namespace fenqun::datagen

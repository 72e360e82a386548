// delivery/consequences.cpp
#include "delivery/consequences.hpp"

#include <fmt/format.h>

#include <set>

namespace fenqun::delivery {
namespace {

using warehouse::ColumnType;
using warehouse::sql_text;

bool is_spike(const Planted& item) {
  return item.fault == traits_of(Fault::Spike).name || item.fault == traits_of(Fault::Rollover).name;
}

/// Tables lost (customer_id, day) and spiked (customer_id, day, kwh), as texts of the manifest.
Result<void> enter(warehouse::Connection& session, const Ledger& ledger) {
  std::set<std::string> repaired;
  for (const auto& item : ledger.planted()) {
    if (item.entity == "reading_day" && item.fault == "repaired_later") repaired.insert(item.key);
  }
  FENQUN_TRY(auto lost,
             session.appender("", "lost", {{"customer_id", ColumnType::Text, 0}, {"day", ColumnType::Text, 0}},
                              warehouse::Connection::Table::Create));
  FENQUN_TRY(auto spiked,
             session.appender(
                 "", "spiked",
                 {{"customer_id", ColumnType::Text, 0}, {"day", ColumnType::Text, 0}, {"kwh", ColumnType::Text, 0}},
                 warehouse::Connection::Table::Create));
  for (const auto& item : ledger.planted()) {
    if (item.entity != "reading_day") continue;
    const auto blank = item.key.find(" / ");
    if (blank == std::string::npos) continue;
    const auto customer = item.key.substr(0, blank), day = item.key.substr(blank + 3);
    if (is_spike(item)) {
      spiked.set_text(0, customer);
      spiked.set_text(1, day);
      spiked.set_text(2, item.value);
      FENQUN_CHECK(spiked.end_row());
    } else if ((item.fate == "rejected" || item.fate == "absent") && !repaired.contains(item.key)) {
      lost.set_text(0, customer);
      lost.set_text(1, day);
      FENQUN_CHECK(lost.end_row());
    }
  }
  FENQUN_CHECK(lost.close());
  return spiked.close();
}

Result<void> write(warehouse::Connection& session, const std::string& sql, const std::filesystem::path& path) {
  return session.execute(fmt::format("COPY ({}) TO {} (FORMAT csv, HEADER true)", sql, sql_text(path.string())));
}

// Days as they came: those lost left out, those spiked with what was written.
constexpr const char* kDelivered =
    "CREATE TABLE delivered AS SELECT r.customer_id, r.day, date_trunc('month', r.day)::DATE AS month, "
    "coalesce(s.kwh::DECIMAL(18, 3), r.energy_kwh) AS kwh FROM reading_day r "
    "LEFT JOIN spiked s ON s.customer_id = r.customer_id AND s.day = r.day::VARCHAR "
    "ANTI JOIN lost l ON l.customer_id = r.customer_id AND l.day = r.day::VARCHAR";

// A day lost twice (both rows of a conflict) is one day.
constexpr const char* kGaps =
    "WITH missing AS (SELECT DISTINCT l.customer_id, l.day::DATE AS day, date_trunc('month', l.day::DATE)::DATE AS "
    "month "
    "FROM lost l JOIN reading_day r ON r.customer_id = l.customer_id AND r.day = l.day::DATE "
    "WHERE NOT EXISTS (SELECT 1 FROM delivered d WHERE d.customer_id = l.customer_id AND d.day = l.day::DATE)), "
    "span AS (SELECT customer_id, month, min(day) AS first_read, max(day) AS last_read FROM delivered GROUP BY ALL), "
    "runs AS (SELECT *, day - row_number() OVER (PARTITION BY customer_id, month ORDER BY day)::INTEGER AS run FROM "
    "missing) "
    "SELECT r.customer_id, strftime(r.month, '%Y-%m') AS month, min(r.day) AS first_day, count(*) AS days, "
    "coalesce(max(r.day) < any_value(s.first_read) OR min(r.day) > any_value(s.last_read), true) AS at_edge "
    "FROM runs r LEFT JOIN span s USING (customer_id, month) GROUP BY r.customer_id, r.month, r.run ORDER BY 1, 3";

// The sum stays decimal: one of doubles depends on the order in which threads hand in their rows.
constexpr const char* kSpikes =
    "SELECT d.customer_id, d.day, d.kwh, count(o.day) AS other_days, "
    "sum(o.kwh)::DOUBLE / nullif(count(o.day), 0) AS other_days_mean_kwh, "
    "any_value(c.contract_capacity_kva) AS capacity_kva FROM delivered d "
    "JOIN spiked s ON s.customer_id = d.customer_id AND s.day = d.day::VARCHAR "
    "LEFT JOIN delivered o ON o.customer_id = d.customer_id AND o.month = d.month AND o.day <> d.day "
    "JOIN customer c ON c.customer_id = d.customer_id GROUP BY ALL ORDER BY 1, 2";

constexpr const char* kCustomers =
    "SELECT c.customer_id, coalesce(b.months, 0) AS months_with_energy, "
    "t.is_constant AND c.customer_id NOT IN (SELECT customer_id FROM spiked) AS is_constant, c.opened_on, c.closed_on "
    "FROM customer c JOIN read_parquet({}) t USING (customer_id) LEFT JOIN (SELECT customer_id, count(*) AS months "
    "FROM bill WHERE energy_kwh > 0 AND month > DATE '{}' - INTERVAL 36 MONTH GROUP BY 1) b USING (customer_id) "
    "ORDER BY 1";

}  // namespace

Result<void> write_consequences(Utility& utility, const Ledger& ledger, const std::filesystem::path& clean,
                                const std::filesystem::path& truth) {
  auto& session = utility.writer();
  FENQUN_CHECK(enter(session, ledger));
  FENQUN_CHECK(session.execute(kDelivered));
  FENQUN_CHECK(write(session, kGaps, truth / "gaps.csv"));
  FENQUN_CHECK(write(session, kSpikes, truth / "spikes.csv"));
  const auto classes = sql_text((clean / "truth" / "customer_class.parquet").string());
  return write(session, fmt::format(kCustomers, classes, utility.end().first_date()), truth / "customers.csv");
}

}  // namespace fenqun::delivery

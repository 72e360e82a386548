// segment/day_curves.cpp
#include "segment/day_curves.hpp"

#include "load/readings.hpp"

#include <cmath>
#include <limits>

namespace fenqun::segment {
namespace {

using warehouse::sql_text;

// customer_id, day, season, day type and the 24 hours of each day.
std::string days_sql(const std::string& customers, Month as_of, int months) {
  const std::string from = "TIMESTAMP " + sql_text(as_of.plus(1 - months).first_date() + " 00:00:00");
  const std::string to = "TIMESTAMP " + sql_text(as_of.plus(1).first_date() + " 00:00:00");
  const std::string window = " WHERE begins_at >= " + from + " AND begins_at < " + to +
                             " AND customer_id IN (SELECT customer_id FROM " + customers + ")";
  std::string out =
      "WITH hourly AS (SELECT customer_id, begins_at, energy_kwh FROM reading_hour" + window +
      "), quarters AS (SELECT customer_id, date_trunc('hour', begins_at) AS begins_at, sum(energy_kwh) AS energy_kwh "
      "FROM "
      "reading_quarter_hour" +
      window +
      " AND customer_id NOT IN (SELECT DISTINCT customer_id FROM hourly) GROUP BY ALL HAVING count(energy_kwh) = 4), "
      "measured AS (SELECT * FROM hourly UNION ALL SELECT * FROM quarters), by_day AS (SELECT customer_id, "
      "CAST(begins_at AS DATE) AS day";
  for (std::size_t h = 0; h < load::kHoursPerDay; ++h) {
    const auto hour = std::to_string(h);
    out += ", max(CASE WHEN hour(begins_at) = " + hour + " THEN energy_kwh END) AS h" + hour;
  }
  out +=
      " FROM measured GROUP BY ALL) SELECT d.customer_id, ((month(d.day) // 3 + 3) % 4)::BIGINT, "
      "CASE WHEN coalesce(c.is_holiday OR coalesce(c.is_special_holiday, FALSE), isodow(d.day) >= 6) THEN 1 ELSE 0 "
      "END::BIGINT";
  for (std::size_t h = 0; h < load::kHoursPerDay; ++h) out += ", h" + std::to_string(h) + "::FLOAT";
  return out + " FROM by_day d LEFT JOIN calendar_day c ON c.day = d.day ORDER BY d.customer_id, d.day";
}

}  // namespace

Result<DayCurves> read_days(warehouse::Workspace& workspace, const std::string& customers, Month as_of, int months) {
  DayCurves out;
  std::vector<float> hours;
  FENQUN_CHECK(workspace.connection().stream(
      days_sql(customers, as_of, months), [&](const warehouse::Chunk& chunk) -> Result<void> {
        const auto first = hours.size();
        hours.resize(first + chunk.rows() * load::kHoursPerDay);
        for (std::size_t r = 0; r < chunk.rows(); ++r) {
          const auto customer = chunk.text(0, r);
          if (out.customers.empty() || out.customers.back() != customer) out.customers.emplace_back(customer);
          out.owner_of.push_back(static_cast<std::uint32_t>(out.customers.size() - 1));
          out.season_of.push_back(static_cast<std::uint8_t>(chunk.integer(1, r)));
          out.day_type_of.push_back(static_cast<std::uint8_t>(chunk.integer(2, r)));
        }
        for (std::size_t h = 0; h < load::kHoursPerDay; ++h) {
          const float* const column = chunk.floats(h + 3);
          for (std::size_t r = 0; r < chunk.rows(); ++r) {
            hours[first + r * load::kHoursPerDay + h] =
                chunk.is_null(h + 3, r) ? std::numeric_limits<float>::quiet_NaN() : column[r];
          }
        }
        return {};
      }));
  out.hours = Matrix<float>(out.owner_of.size(), load::kHoursPerDay);
  for (std::size_t r = 0; r < out.hours.rows(); ++r) {
    for (std::size_t h = 0; h < load::kHoursPerDay; ++h) out.hours(r, h) = hours[r * load::kHoursPerDay + h];
  }
  return out;
}

}  // namespace fenqun::segment

-- The only scan of the daily readings. Everything is exact: sums of decimals, no sum of doubles.
-- A day that the calendar does not name is a rest day when it is a Saturday or Sunday, and no public holiday.
-- Gaps of at most ${setting:longest_gap_days} days between two days read are filled with the customer's mean of the same kind of day (rest day or
-- not) in that month; what was filled stands apart and is counted.
WITH read AS (
  SELECT r.customer_id,
         r.day,
         CASE WHEN coalesce(c.is_holiday OR coalesce(c.is_special_holiday, FALSE), is_weekend(r.day)) THEN 1 ELSE 0 END AS rest,
         CASE WHEN coalesce(c.is_special_holiday, FALSE) THEN 1 ELSE 0 END AS holiday,
         r.energy_kwh,
         r.peak_kwh,
         r.valley_kwh,
         r.critical_kwh,
         r.reverse_energy_kwh,
         r.max_demand_kw
  FROM reading_day r
  LEFT JOIN calendar_day c ON c.day = r.day
),
sums AS (
  SELECT customer_id,
         count(*) AS days,
         min(day) AS first_day,
         max(day) AS last_day,
         bit_or(day_bit(day)) AS days_read,
         sum(energy_kwh) AS energy_kwh,
         -- Wide factors: the square of a large customer's day does not fit eighteen digits.
         sum(CAST(energy_kwh AS DECIMAL(19,3)) * CAST(energy_kwh AS DECIMAL(19,3))) AS energy_square,
         min(energy_kwh) AS lowest_kwh,
         max(energy_kwh) AS highest_kwh,
         sum(peak_kwh) AS peak_kwh,
         sum(CASE WHEN peak_kwh IS NOT NULL THEN energy_kwh END) AS energy_where_peak_kwh,
         sum(valley_kwh) AS valley_kwh,
         sum(CASE WHEN valley_kwh IS NOT NULL THEN energy_kwh END) AS energy_where_valley_kwh,
         sum(critical_kwh) AS critical_kwh,
         sum(reverse_energy_kwh) AS reverse_kwh,
         max(max_demand_kw) AS max_demand_kw,
         sum(CASE WHEN energy_kwh = 0 THEN 1 ELSE 0 END) AS zero_days,
         sum(rest) AS rest_days,
         sum(CASE WHEN rest = 1 THEN energy_kwh ELSE 0 END) AS rest_kwh,
         sum(holiday) AS holiday_days,
         sum(CASE WHEN holiday = 1 THEN energy_kwh ELSE 0 END) AS holiday_kwh
  FROM read
  GROUP BY customer_id
),
month_day AS (
  SELECT d.day,
         CASE WHEN coalesce(c.is_holiday OR coalesce(c.is_special_holiday, FALSE), is_weekend(d.day)) THEN 1 ELSE 0 END AS rest
  FROM (SELECT add_days(${as_of}, tens.n * 10 + ones.n) AS day
        FROM (VALUES (0), (1), (2), (3)) tens(n)
        CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) ones(n)) d
  LEFT JOIN calendar_day c ON c.day = d.day
  WHERE d.day < ${next_month}
),
unread AS (
  SELECT s.customer_id,
         d.rest,
         day(d.day) - row_number() OVER (PARTITION BY s.customer_id ORDER BY d.day) AS gap
  FROM sums s
  JOIN month_day d ON d.day > s.first_day AND d.day < s.last_day
  WHERE s.days < days_between(s.first_day, s.last_day) + 1 AND NOT has_bit(s.days_read, day_bit(d.day))
),
short_gap AS (
  SELECT customer_id, count(*) AS days, sum(rest) AS rest_days
  FROM unread
  GROUP BY customer_id, gap
  HAVING count(*) <= ${setting:longest_gap_days}
),
to_fill AS (
  SELECT g.customer_id,
         CASE WHEN max(s.rest_days) > 0 THEN sum(g.rest_days) ELSE 0 END AS rest_days,
         CASE WHEN max(s.days) > max(s.rest_days) THEN sum(g.days) - sum(g.rest_days) ELSE 0 END AS working_days
  FROM short_gap g
  JOIN sums s ON s.customer_id = g.customer_id
  GROUP BY g.customer_id
)
SELECT s.customer_id,
       ${as_of} AS month,
       s.days,
       s.energy_kwh,
       s.energy_square,
       s.lowest_kwh,
       s.highest_kwh,
       s.peak_kwh,
       s.energy_where_peak_kwh,
       s.valley_kwh,
       s.energy_where_valley_kwh,
       s.critical_kwh,
       s.reverse_kwh,
       s.max_demand_kw,
       s.zero_days,
       s.rest_days,
       s.rest_kwh,
       s.holiday_days,
       s.holiday_kwh,
       coalesce(f.rest_days + f.working_days, 0) AS filled_days,
       CAST(coalesce(CASE WHEN f.rest_days > 0
                          THEN CAST(CAST(s.rest_kwh AS DOUBLE) * f.rest_days / s.rest_days AS DECIMAL(18,3)) END, 0)
            + coalesce(CASE WHEN f.working_days > 0
                            THEN CAST(CAST(s.energy_kwh - s.rest_kwh AS DOUBLE) * f.working_days
                                      / (s.days - s.rest_days) AS DECIMAL(18,3)) END, 0) AS DECIMAL(18,3)) AS filled_kwh
FROM sums s
LEFT JOIN to_fill f ON f.customer_id = s.customer_id

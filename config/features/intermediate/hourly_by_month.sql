-- The only scan of the hourly and quarter-hourly readings. A customer with hourly readings in the month is judged by these
-- alone. An interval is a quarter of an hour: an hour counts four.
WITH measured AS (
  SELECT customer_id, begins_at, energy_kwh, 4 AS intervals, energy_kwh AS mean_kw
  FROM reading_hour
  UNION ALL
  SELECT q.customer_id, q.begins_at, q.energy_kwh, 1 AS intervals, CAST(q.energy_kwh * 4 AS DECIMAL(18,4)) AS mean_kw
  FROM reading_quarter_hour q
  LEFT JOIN (SELECT DISTINCT customer_id FROM reading_hour) h ON h.customer_id = q.customer_id
  WHERE h.customer_id IS NULL
),
by_hour AS (
  SELECT m.customer_id,
         hour(m.begins_at) AS hour,
         sum(m.intervals) AS intervals,
         sum(CASE WHEN m.intervals = 4 THEN 1 ELSE 0 END) AS hour_readings,
         sum(CASE WHEN m.intervals = 1 THEN 1 ELSE 0 END) AS quarter_readings,
         sum(m.energy_kwh) AS energy_kwh,
         max(m.mean_kw) AS highest_kw,
         sum(CASE WHEN coalesce(c.is_holiday OR coalesce(c.is_special_holiday, FALSE), is_weekend(CAST(m.begins_at AS DATE)))
                  THEN m.intervals ELSE 0 END) AS rest_intervals,
         sum(CASE WHEN coalesce(c.is_holiday OR coalesce(c.is_special_holiday, FALSE), is_weekend(CAST(m.begins_at AS DATE)))
                  THEN m.energy_kwh ELSE 0 END) AS rest_kwh
  FROM measured m
  LEFT JOIN calendar_day c ON c.day = CAST(m.begins_at AS DATE)
  GROUP BY m.customer_id, hour(m.begins_at)
)
SELECT customer_id,
       ${as_of} AS month,
       sum(intervals) AS intervals,
       sum(hour_readings) AS hour_readings,
       sum(quarter_readings) AS quarter_readings,
       sum(energy_kwh) AS energy_kwh,
       max(highest_kw) AS highest_kw,
       sum(rest_intervals) AS rest_intervals,
       sum(rest_kwh) AS rest_kwh,
       coalesce(max(CASE WHEN hour = 0 THEN energy_kwh END), 0) AS h00_kwh,
       coalesce(max(CASE WHEN hour = 1 THEN energy_kwh END), 0) AS h01_kwh,
       coalesce(max(CASE WHEN hour = 2 THEN energy_kwh END), 0) AS h02_kwh,
       coalesce(max(CASE WHEN hour = 3 THEN energy_kwh END), 0) AS h03_kwh,
       coalesce(max(CASE WHEN hour = 4 THEN energy_kwh END), 0) AS h04_kwh,
       coalesce(max(CASE WHEN hour = 5 THEN energy_kwh END), 0) AS h05_kwh,
       coalesce(max(CASE WHEN hour = 6 THEN energy_kwh END), 0) AS h06_kwh,
       coalesce(max(CASE WHEN hour = 7 THEN energy_kwh END), 0) AS h07_kwh,
       coalesce(max(CASE WHEN hour = 8 THEN energy_kwh END), 0) AS h08_kwh,
       coalesce(max(CASE WHEN hour = 9 THEN energy_kwh END), 0) AS h09_kwh,
       coalesce(max(CASE WHEN hour = 10 THEN energy_kwh END), 0) AS h10_kwh,
       coalesce(max(CASE WHEN hour = 11 THEN energy_kwh END), 0) AS h11_kwh,
       coalesce(max(CASE WHEN hour = 12 THEN energy_kwh END), 0) AS h12_kwh,
       coalesce(max(CASE WHEN hour = 13 THEN energy_kwh END), 0) AS h13_kwh,
       coalesce(max(CASE WHEN hour = 14 THEN energy_kwh END), 0) AS h14_kwh,
       coalesce(max(CASE WHEN hour = 15 THEN energy_kwh END), 0) AS h15_kwh,
       coalesce(max(CASE WHEN hour = 16 THEN energy_kwh END), 0) AS h16_kwh,
       coalesce(max(CASE WHEN hour = 17 THEN energy_kwh END), 0) AS h17_kwh,
       coalesce(max(CASE WHEN hour = 18 THEN energy_kwh END), 0) AS h18_kwh,
       coalesce(max(CASE WHEN hour = 19 THEN energy_kwh END), 0) AS h19_kwh,
       coalesce(max(CASE WHEN hour = 20 THEN energy_kwh END), 0) AS h20_kwh,
       coalesce(max(CASE WHEN hour = 21 THEN energy_kwh END), 0) AS h21_kwh,
       coalesce(max(CASE WHEN hour = 22 THEN energy_kwh END), 0) AS h22_kwh,
       coalesce(max(CASE WHEN hour = 23 THEN energy_kwh END), 0) AS h23_kwh
FROM by_hour
GROUP BY customer_id

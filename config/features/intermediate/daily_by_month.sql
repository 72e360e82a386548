-- The only scan of the readings. Everything is exact: sums of decimals, no sum of doubles.
SELECT customer_id,
       month,
       count(*) AS days,
       sum(energy_kwh) AS energy_kwh,
       -- Wide factors: the square of a large customer's day does not fit eighteen digits.
       sum(CAST(energy_kwh AS DECIMAL(19,3)) * CAST(energy_kwh AS DECIMAL(19,3))) AS energy_square,
       min(energy_kwh) AS lowest_kwh,
       max(energy_kwh) AS highest_kwh,
       sum(peak_kwh) AS peak_kwh,
       sum(energy_where_peak_kwh) AS energy_where_peak_kwh,
       sum(valley_kwh) AS valley_kwh,
       sum(energy_where_valley_kwh) AS energy_where_valley_kwh,
       sum(rest) AS rest_days,
       sum(rest_kwh) AS rest_kwh,
       sum(holiday) AS holiday_days,
       sum(holiday_kwh) AS holiday_kwh
FROM (SELECT r.customer_id,
             k.month,
             k.rest,
             k.holiday,
             r.energy_kwh,
             r.peak_kwh,
             r.valley_kwh,
             CASE WHEN r.peak_kwh IS NOT NULL THEN r.energy_kwh END AS energy_where_peak_kwh,
             CASE WHEN r.valley_kwh IS NOT NULL THEN r.energy_kwh END AS energy_where_valley_kwh,
             CASE WHEN k.rest = 1 THEN r.energy_kwh ELSE 0 END AS rest_kwh,
             CASE WHEN k.holiday = 1 THEN r.energy_kwh ELSE 0 END AS holiday_kwh
      FROM reading_day r
      JOIN day_kind k ON k.day = r.day) days
GROUP BY customer_id, month

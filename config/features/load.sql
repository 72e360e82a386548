-- Ratios need enough days on both sides: 4 rest days, 3 public holidays, 10 working days.
WITH recent AS (
  SELECT customer_id,
         sum(days) AS days,
         CAST(sum(energy_kwh) AS DECIMAL(19,3)) AS energy_kwh,
         CAST(sum(energy_square) AS DECIMAL(34,6)) AS energy_square,
         sum(peak_kwh) AS peak_kwh,
         sum(energy_where_peak_kwh) AS energy_where_peak_kwh,
         sum(valley_kwh) AS valley_kwh,
         sum(energy_where_valley_kwh) AS energy_where_valley_kwh,
         sum(rest_days) AS rest_days,
         sum(rest_kwh) AS rest_kwh,
         sum(holiday_days) AS holiday_days,
         sum(holiday_kwh) AS holiday_kwh,
         sum(days) - sum(rest_days) AS working_days,
         sum(energy_kwh) - sum(rest_kwh) AS working_kwh
  FROM daily_by_month
  WHERE month >= ${months_back:12}
  GROUP BY customer_id
),
ever AS (
  SELECT customer_id,
         sum(days) AS days,
         sum(energy_kwh) AS energy_kwh,
         min(lowest_kwh) AS lowest_kwh,
         max(highest_kwh) AS highest_kwh
  FROM daily_by_month
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN ${loaded:reading_day} THEN coalesce(y.days, 0) END AS days_read_12m,
       CAST(y.energy_kwh AS DOUBLE) / y.days AS energy_day_mean_kwh,
       CASE WHEN y.days >= 2
            THEN sqrt(CAST(CAST(y.days AS DECIMAL(4,0)) * y.energy_square - y.energy_kwh * y.energy_kwh AS DOUBLE)
                      / (y.days * (y.days - 1))) END AS energy_day_stddev_kwh,
       CASE WHEN e.days >= 60 THEN e.lowest_kwh = e.highest_kwh END AS is_constant_series,
       CASE WHEN y.energy_where_peak_kwh > 0
            THEN CAST(y.peak_kwh AS DOUBLE) / CAST(y.energy_where_peak_kwh AS DOUBLE) END AS peak_share_12m,
       CASE WHEN y.energy_where_valley_kwh > 0
            THEN CAST(y.valley_kwh AS DOUBLE) / CAST(y.energy_where_valley_kwh AS DOUBLE) END AS valley_share_12m,
       CASE WHEN y.rest_days >= 4 AND y.working_days >= 10 AND y.working_kwh > 0
            THEN (CAST(y.rest_kwh AS DOUBLE) / y.rest_days)
                 / (CAST(y.working_kwh AS DOUBLE) / y.working_days) END AS rest_day_ratio_12m,
       CASE WHEN y.holiday_days >= 3 AND y.working_days >= 10 AND y.working_kwh > 0
            THEN (CAST(y.holiday_kwh AS DOUBLE) / y.holiday_days)
                 / (CAST(y.working_kwh AS DOUBLE) / y.working_days) END AS holiday_ratio_12m,
       e.energy_kwh AS energy_total_kwh
FROM open_customer o
LEFT JOIN recent y ON y.customer_id = o.customer_id
LEFT JOIN ever e ON e.customer_id = o.customer_id

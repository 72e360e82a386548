-- A part (peak, flat, valley) that alone is missing is what the others leave of the energy; parts_filled counts that.
-- Parts are taken as a whole from the first source that has them, critical peak beside them.
WITH bill_row AS (
  SELECT customer_id,
         CASE WHEN kind = 'refund' THEN -1 ELSE 1 END AS sign,
         energy_kwh,
         amount_cny,
         max_demand_kw,
         power_factor,
         reverse_energy_kwh,
         coalesce(critical_kwh, 0) AS critical_kwh,
         peak_kwh AS peak,
         flat_kwh AS flat,
         valley_kwh AS valley,
         CASE WHEN peak_kwh IS NULL THEN energy_kwh - coalesce(critical_kwh, 0) - flat_kwh - valley_kwh
              WHEN flat_kwh IS NULL THEN energy_kwh - coalesce(critical_kwh, 0) - peak_kwh - valley_kwh
              WHEN valley_kwh IS NULL THEN energy_kwh - coalesce(critical_kwh, 0) - peak_kwh - flat_kwh END AS rest
  FROM bill
  WHERE coalesce(status, 'issued') <> 'cancelled'
),
bill_part AS (
  SELECT customer_id,
         sign,
         energy_kwh,
         amount_cny,
         max_demand_kw,
         power_factor,
         reverse_energy_kwh,
         critical_kwh,
         CASE WHEN peak IS NULL AND rest >= 0 THEN rest ELSE peak END AS peak,
         CASE WHEN flat IS NULL AND rest >= 0 THEN rest ELSE flat END AS flat,
         CASE WHEN valley IS NULL AND rest >= 0 THEN rest ELSE valley END AS valley,
         CASE WHEN rest >= 0 THEN 1 ELSE 0 END AS filled
  FROM bill_row
),
-- Most customers have one bill a month: only several are added up.
several AS (
  SELECT customer_id
  FROM bill_part
  GROUP BY customer_id
  HAVING count(*) > 1
),
billed AS (
  SELECT b.customer_id,
         1 AS bills,
         CAST(b.sign * b.amount_cny AS DECIMAL(18,2)) AS amount_cny,
         CAST(b.sign * b.energy_kwh AS DECIMAL(18,3)) AS energy_kwh,
         CAST(CASE WHEN b.peak + b.flat + b.valley IS NOT NULL THEN b.sign * b.peak END AS DECIMAL(18,3)) AS peak_kwh,
         CAST(CASE WHEN b.peak + b.flat + b.valley IS NOT NULL THEN b.sign * b.flat END AS DECIMAL(18,3)) AS flat_kwh,
         CAST(CASE WHEN b.peak + b.flat + b.valley IS NOT NULL THEN b.sign * b.valley END AS DECIMAL(18,3)) AS valley_kwh,
         CAST(CASE WHEN b.peak + b.flat + b.valley IS NOT NULL THEN b.sign * b.critical_kwh END AS DECIMAL(18,3)) AS critical_kwh,
         b.filled AS parts_filled,
         CAST(b.reverse_energy_kwh AS DECIMAL(18,3)) AS reverse_kwh,
         b.max_demand_kw,
         CAST(b.power_factor AS DECIMAL(18,4)) AS power_factor
  FROM bill_part b
  LEFT JOIN several s ON s.customer_id = b.customer_id
  WHERE s.customer_id IS NULL
  UNION ALL
  SELECT b.customer_id,
         count(*) AS bills,
         CAST(sum(sign * amount_cny) AS DECIMAL(18,2)) AS amount_cny,
         CAST(sum(sign * energy_kwh) AS DECIMAL(18,3)) AS energy_kwh,
         CAST(sum(CASE WHEN peak + flat + valley IS NOT NULL THEN sign * peak END) AS DECIMAL(18,3)) AS peak_kwh,
         CAST(sum(CASE WHEN peak + flat + valley IS NOT NULL THEN sign * flat END) AS DECIMAL(18,3)) AS flat_kwh,
         CAST(sum(CASE WHEN peak + flat + valley IS NOT NULL THEN sign * valley END) AS DECIMAL(18,3)) AS valley_kwh,
         CAST(sum(CASE WHEN peak + flat + valley IS NOT NULL THEN sign * critical_kwh END) AS DECIMAL(18,3)) AS critical_kwh,
         max(filled) AS parts_filled,
         CAST(sum(reverse_energy_kwh) AS DECIMAL(18,3)) AS reverse_kwh,
         max(max_demand_kw) AS max_demand_kw,
         CAST(max(power_factor) AS DECIMAL(18,4)) AS power_factor
  FROM bill_part b
  JOIN several s ON s.customer_id = b.customer_id
  GROUP BY b.customer_id
),
read_row AS (
  SELECT customer_id,
         energy_kwh,
         peak_kwh AS peak,
         flat_kwh AS flat,
         valley_kwh AS valley,
         coalesce(critical_kwh, 0) AS critical_kwh,
         reverse_energy_kwh,
         max_demand_kw,
         power_factor,
         CASE WHEN peak_kwh IS NULL THEN energy_kwh - coalesce(critical_kwh, 0) - flat_kwh - valley_kwh
              WHEN flat_kwh IS NULL THEN energy_kwh - coalesce(critical_kwh, 0) - peak_kwh - valley_kwh
              WHEN valley_kwh IS NULL THEN energy_kwh - coalesce(critical_kwh, 0) - peak_kwh - flat_kwh END AS rest
  FROM reading_month
),
read AS (
  SELECT customer_id,
         energy_kwh,
         CASE WHEN peak IS NULL AND rest >= 0 THEN rest ELSE peak END AS peak_kwh,
         CASE WHEN flat IS NULL AND rest >= 0 THEN rest ELSE flat END AS flat_kwh,
         CASE WHEN valley IS NULL AND rest >= 0 THEN rest ELSE valley END AS valley_kwh,
         critical_kwh,
         CASE WHEN rest >= 0 THEN 1 ELSE 0 END AS parts_filled,
         reverse_energy_kwh AS reverse_kwh,
         max_demand_kw,
         power_factor
  FROM read_row
),
daily AS (
  SELECT customer_id,
         CASE WHEN 5 * (days + filled_days) >= 4 * day(last_day(month))
              THEN CAST(energy_kwh + filled_kwh AS DECIMAL(18,3)) END AS energy_kwh,
         -- Days read with peak and valley: flat is what is left of the energy of these days.
         CASE WHEN energy_where_peak_kwh = energy_where_valley_kwh THEN CAST(peak_kwh AS DECIMAL(18,3)) END AS peak_kwh,
         CASE WHEN energy_where_peak_kwh = energy_where_valley_kwh
              THEN CAST(valley_kwh AS DECIMAL(18,3)) END AS valley_kwh,
         CASE WHEN energy_where_peak_kwh = energy_where_valley_kwh
              THEN CAST(energy_where_peak_kwh - peak_kwh - valley_kwh - coalesce(critical_kwh, 0) AS DECIMAL(18,3)) END AS flat_kwh,
         CAST(coalesce(critical_kwh, 0) AS DECIMAL(18,3)) AS critical_kwh,
         CAST(reverse_kwh AS DECIMAL(18,3)) AS reverse_kwh,
         max_demand_kw
  FROM daily_by_month
),
hourly AS (
  SELECT customer_id,
         CASE WHEN 5 * intervals >= 4 * 96 * day(last_day(month)) THEN CAST(energy_kwh AS DECIMAL(18,3)) END AS energy_kwh,
         CAST(highest_kw AS DECIMAL(18,3)) AS max_demand_kw
  FROM hourly_by_month
),
joined AS (
  SELECT coalesce(b.customer_id, r.customer_id, d.customer_id, h.customer_id) AS customer_id,
         coalesce(b.bills, 0) AS bills,
         b.amount_cny AS bill_cny,
         b.energy_kwh AS billed_kwh,
         r.energy_kwh AS read_kwh,
         d.energy_kwh AS daily_kwh,
         h.energy_kwh AS hourly_kwh,
         CASE WHEN b.peak_kwh IS NOT NULL THEN 1
              WHEN r.peak_kwh + r.flat_kwh + r.valley_kwh IS NOT NULL THEN 2
              WHEN d.flat_kwh >= 0 THEN 3 END AS parts_from,
         b.peak_kwh AS b_peak, b.flat_kwh AS b_flat, b.valley_kwh AS b_valley, b.critical_kwh AS b_critical,
         r.peak_kwh AS r_peak, r.flat_kwh AS r_flat, r.valley_kwh AS r_valley, r.critical_kwh AS r_critical,
         d.peak_kwh AS d_peak, d.flat_kwh AS d_flat, d.valley_kwh AS d_valley, d.critical_kwh AS d_critical,
         coalesce(b.parts_filled, 0) AS b_filled,
         coalesce(r.parts_filled, 0) AS r_filled,
         coalesce(b.reverse_kwh, r.reverse_kwh, d.reverse_kwh) AS reverse_kwh,
         coalesce(b.max_demand_kw, r.max_demand_kw, d.max_demand_kw, h.max_demand_kw) AS max_demand_kw,
         coalesce(b.power_factor, r.power_factor) AS power_factor
  FROM billed b
  FULL OUTER JOIN read r ON r.customer_id = b.customer_id
  FULL OUTER JOIN daily d ON d.customer_id = coalesce(b.customer_id, r.customer_id)
  FULL OUTER JOIN hourly h ON h.customer_id = coalesce(b.customer_id, r.customer_id, d.customer_id)
)
SELECT customer_id,
       ${as_of} AS month,
       bills,
       bill_cny,
       coalesce(billed_kwh, read_kwh, daily_kwh, hourly_kwh) AS energy_kwh,
       CASE WHEN billed_kwh IS NOT NULL THEN 'bill'
            WHEN read_kwh IS NOT NULL THEN 'reading_month'
            WHEN daily_kwh IS NOT NULL THEN 'reading_day'
            WHEN hourly_kwh IS NOT NULL THEN 'reading_hour' END AS energy_from,
       CASE parts_from WHEN 1 THEN b_peak WHEN 2 THEN r_peak WHEN 3 THEN d_peak END AS peak_kwh,
       CASE parts_from WHEN 1 THEN b_flat WHEN 2 THEN r_flat WHEN 3 THEN d_flat END AS flat_kwh,
       CASE parts_from WHEN 1 THEN b_valley WHEN 2 THEN r_valley WHEN 3 THEN d_valley END AS valley_kwh,
       CASE parts_from WHEN 1 THEN b_critical WHEN 2 THEN r_critical WHEN 3 THEN d_critical END AS critical_kwh,
       CASE parts_from WHEN 1 THEN b_filled WHEN 2 THEN r_filled ELSE 0 END AS parts_filled,
       reverse_kwh,
       max_demand_kw,
       power_factor
FROM joined

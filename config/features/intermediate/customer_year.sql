-- Parts of a month are known as a whole or not at all.
SELECT customer_id,
       sum(CASE WHEN bills > 0 THEN bill_cny END) AS billed_cny,
       sum(CASE WHEN bills > 0 THEN 1 ELSE 0 END) AS months_billed,
       sum(energy_kwh) AS energy_kwh,
       count(peak_kwh + flat_kwh + valley_kwh) AS months_with_parts,
       sum(CASE WHEN flat_kwh + valley_kwh IS NOT NULL THEN peak_kwh END) AS peak_kwh,
       sum(CASE WHEN peak_kwh + valley_kwh IS NOT NULL THEN flat_kwh END) AS flat_kwh,
       sum(CASE WHEN peak_kwh + flat_kwh IS NOT NULL THEN valley_kwh END) AS valley_kwh,
       sum(CASE WHEN peak_kwh + flat_kwh + valley_kwh IS NOT NULL THEN critical_kwh END) AS critical_kwh,
       max(max_demand_kw) AS max_demand_kw,
       sum(CASE WHEN max_demand_kw IS NOT NULL THEN energy_kwh END) AS energy_where_demand_kwh,
       sum(CASE WHEN max_demand_kw IS NOT NULL AND energy_kwh IS NOT NULL THEN day(last_day(month)) * 24 END) AS demand_hours,
       sum(reverse_kwh) AS reverse_kwh,
       sum(power_factor) AS power_factors,
       count(power_factor) AS power_factor_months
FROM customer_month
WHERE month >= ${months_back:12}
GROUP BY customer_id

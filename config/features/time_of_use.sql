-- Parts of a month are known as a whole or not at all; critical peak counts as peak.
WITH parts AS (
  SELECT customer_id,
         count(*) AS months,
         sum(peak_kwh) + sum(critical_kwh) AS peak_kwh,
         sum(flat_kwh) AS flat_kwh,
         sum(valley_kwh) AS valley_kwh,
         sum(critical_kwh) AS critical_kwh,
         sum(peak_kwh) + sum(flat_kwh) + sum(valley_kwh) + sum(critical_kwh) AS all_kwh
  FROM customer_month
  WHERE month >= ${months_back:12} AND peak_kwh + flat_kwh + valley_kwh IS NOT NULL
  GROUP BY customer_id
),
demand AS (
  SELECT customer_id,
         max(max_demand_kw) AS max_demand_kw,
         sum(CASE WHEN max_demand_kw IS NOT NULL THEN energy_kwh END) AS energy_kwh,
         sum(CASE WHEN max_demand_kw IS NOT NULL AND energy_kwh IS NOT NULL THEN day(last_day(month)) * 24 END) AS hours,
         sum(reverse_kwh) AS reverse_kwh,
         sum(power_factor) AS power_factors,
         count(power_factor) AS power_factor_months
  FROM customer_month
  WHERE month >= ${months_back:12}
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN p.all_kwh > 0 THEN CAST(p.peak_kwh AS DOUBLE) / CAST(p.all_kwh AS DOUBLE) END AS tou_peak_share_12m,
       CASE WHEN p.all_kwh > 0 THEN CAST(p.flat_kwh AS DOUBLE) / CAST(p.all_kwh AS DOUBLE) END AS tou_flat_share_12m,
       CASE WHEN p.all_kwh > 0 THEN CAST(p.valley_kwh AS DOUBLE) / CAST(p.all_kwh AS DOUBLE) END AS tou_valley_share_12m,
       coalesce(p.months, 0) AS tou_months_12m,
       d.max_demand_kw AS max_demand_12m_kw,
       CASE WHEN d.max_demand_kw > 0 AND d.hours > 0
            THEN CAST(d.energy_kwh AS DOUBLE) / d.hours / CAST(d.max_demand_kw AS DOUBLE) END AS load_factor_12m,
       CASE WHEN o.contract_capacity_kva > 0
            THEN CAST(d.max_demand_kw AS DOUBLE) / CAST(o.contract_capacity_kva AS DOUBLE) END AS demand_of_capacity_12m,
       CASE WHEN d.power_factor_months > 0
            THEN CAST(d.power_factors AS DOUBLE) / d.power_factor_months END AS power_factor_12m,
       d.reverse_kwh AS fed_back_12m_kwh
FROM open_customer o
LEFT JOIN parts p ON p.customer_id = o.customer_id
LEFT JOIN demand d ON d.customer_id = o.customer_id

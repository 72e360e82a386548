-- Critical peak counts as peak.
WITH sums AS (
  SELECT *,
         peak_kwh + critical_kwh AS all_peak_kwh,
         peak_kwh + flat_kwh + valley_kwh + critical_kwh AS all_kwh
  FROM customer_year
)
SELECT o.customer_id,
       CASE WHEN y.all_kwh > 0 THEN CAST(y.all_peak_kwh AS DOUBLE) / CAST(y.all_kwh AS DOUBLE) END AS tou_peak_share_12m,
       CASE WHEN y.all_kwh > 0 THEN CAST(y.flat_kwh AS DOUBLE) / CAST(y.all_kwh AS DOUBLE) END AS tou_flat_share_12m,
       CASE WHEN y.all_kwh > 0 THEN CAST(y.valley_kwh AS DOUBLE) / CAST(y.all_kwh AS DOUBLE) END AS tou_valley_share_12m,
       coalesce(y.months_with_parts, 0) AS tou_months_12m,
       y.max_demand_kw AS max_demand_12m_kw,
       CASE WHEN y.max_demand_kw > 0 AND y.demand_hours > 0
            THEN CAST(y.energy_where_demand_kwh AS DOUBLE) / y.demand_hours / CAST(y.max_demand_kw AS DOUBLE) END AS load_factor_12m,
       CASE WHEN o.contract_capacity_kva > 0
            THEN CAST(y.max_demand_kw AS DOUBLE) / CAST(o.contract_capacity_kva AS DOUBLE) END AS demand_of_capacity_12m,
       CASE WHEN y.power_factor_months > 0
            THEN CAST(y.power_factors AS DOUBLE) / y.power_factor_months END AS power_factor_12m,
       y.reverse_kwh AS fed_back_12m_kwh
FROM open_customer o
LEFT JOIN sums y ON y.customer_id = o.customer_id

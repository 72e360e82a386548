-- Inspections and their findings; a hazard is open while it was not put right by the month's end.
WITH found AS (
  SELECT customer_id,
         count(*) AS inspections,
         max(inspected_on) AS last_on,
         sum(CASE WHEN finding = 'hazard' THEN 1 ELSE 0 END) AS hazards,
         sum(CASE WHEN finding = 'hazard' AND hazard_level IN ('serious', 'major') THEN 1 ELSE 0 END) AS serious,
         sum(CASE WHEN finding = 'hazard' AND (rectified_on IS NULL OR rectified_on > ${month_end}) THEN 1 ELSE 0 END) AS open_hazards,
         sum(CASE WHEN finding = 'hazard' AND rectify_by <= ${month_end}
                       AND (rectified_on IS NULL OR rectified_on > rectify_by) THEN 1 ELSE 0 END) AS missed,
         sum(CASE WHEN finding = 'violation' THEN 1 ELSE 0 END) AS violations,
         sum(CASE WHEN finding = 'theft' THEN 1 ELSE 0 END) AS thefts,
         sum(CASE WHEN finding IN ('violation', 'theft') THEN coalesce(recovered_cny, 0) ELSE 0 END) AS recovered_cny
  FROM inspection
  WHERE inspected_on >= ${months_back:36} AND inspected_on <= ${month_end}
  GROUP BY customer_id
),
usage AS (
  SELECT customer_id,
         sum(e0) AS now_kwh,
         count(e0) AS now_months,
         sum(e1) AS ago_kwh,
         count(e1) AS ago_months
  FROM energy_year
  WHERE place > 33
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN ${loaded:inspection} THEN coalesce(f.inspections, 0) END AS inspections_36m,
       (year(${as_of}) - year(f.last_on)) * 12 + month(${as_of}) - month(f.last_on) AS months_since_inspection,
       CASE WHEN ${loaded:inspection} THEN coalesce(f.hazards, 0) END AS hazards_36m,
       CASE WHEN ${loaded:inspection} THEN coalesce(f.serious, 0) END AS serious_hazards_36m,
       CASE WHEN ${loaded:inspection} THEN coalesce(f.open_hazards, 0) END AS open_hazards,
       CASE WHEN ${loaded:inspection} THEN coalesce(f.missed, 0) END AS missed_rectifications_36m,
       CASE WHEN ${loaded:inspection} THEN coalesce(f.violations, 0) END AS only_violations_36m,
       CASE WHEN ${loaded:inspection} THEN coalesce(f.thefts, 0) END AS thefts_36m,
       CASE WHEN ${loaded:inspection} THEN coalesce(f.recovered_cny, 0) END AS recovered_36m_cny,
       CASE WHEN u.now_months = 3 AND u.ago_months = 3 AND u.ago_kwh > 0 THEN u.now_kwh * 2 < u.ago_kwh END AS has_sharp_drop_3m,
       CASE WHEN o.contract_capacity_kva > 0 THEN d.max_demand_kw > o.contract_capacity_kva END AS is_over_capacity_12m
FROM open_customer o
LEFT JOIN found f ON f.customer_id = o.customer_id
LEFT JOIN usage u ON u.customer_id = o.customer_id
LEFT JOIN customer_year d ON d.customer_id = o.customer_id

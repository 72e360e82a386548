-- Whom an outage concerns is settled in place_outage. Momentary outages are counted apart and in nothing else.
WITH of_place AS (
  SELECT transformer_area_id,
         feeder_id,
         customer_id,
         sum(CASE WHEN kind <> 'momentary' AND started_at >= ${months_back:12} THEN 1 ELSE 0 END) AS outages,
         sum(CASE WHEN kind <> 'momentary' THEN 1 ELSE 0 END) AS outages_36m,
         sum(CASE WHEN kind IN ('planned', 'temporary') AND started_at >= ${months_back:12} THEN 1 ELSE 0 END) AS planned,
         sum(CASE WHEN kind = 'fault' AND started_at >= ${months_back:12} THEN 1 ELSE 0 END) AS faults,
         sum(CASE WHEN kind = 'momentary' AND started_at >= ${months_back:12} THEN 1 ELSE 0 END) AS momentary,
         max(CASE WHEN kind <> 'momentary' AND started_at >= ${months_back:12} THEN seconds END) AS longest,
         sum(CASE WHEN kind = 'fault' AND started_at >= ${months_back:12} THEN seconds ELSE 0 END) AS fault_seconds
  FROM place_outage
  GROUP BY transformer_area_id, feeder_id, customer_id
),
lived AS (
  SELECT o.customer_id,
         coalesce(p.outages, 0) + coalesce(c.outages, 0) AS outages,
         coalesce(p.outages_36m, 0) + coalesce(c.outages_36m, 0) AS outages_36m,
         coalesce(p.planned, 0) + coalesce(c.planned, 0) AS planned,
         coalesce(p.faults, 0) + coalesce(c.faults, 0) AS faults,
         coalesce(p.momentary, 0) + coalesce(c.momentary, 0) AS momentary,
         greatest(coalesce(p.longest, 0), coalesce(c.longest, 0)) AS longest,
         coalesce(p.fault_seconds, 0) + coalesce(c.fault_seconds, 0) AS fault_seconds
  FROM open_customer o
  LEFT JOIN of_place p ON p.customer_id IS NULL
                      AND coalesce(p.transformer_area_id, '') = coalesce(o.transformer_area_id, '')
                      AND coalesce(p.feeder_id, '') = coalesce(o.feeder_id, '')
  LEFT JOIN of_place c ON c.customer_id = o.customer_id
  WHERE ${loaded:outage} AND (o.transformer_area_id IS NOT NULL OR o.feeder_id IS NOT NULL)
)
SELECT o.customer_id,
       CASE WHEN l.outages >= 3 THEN '3+' ELSE CAST(l.outages AS VARCHAR) END AS outage_count_12m,
       l.planned AS planned_outages_12m,
       l.faults AS fault_outages_12m,
       l.momentary AS momentary_outages_12m,
       l.momentary > 0 AS has_momentary_outage_12m,
       CAST(l.longest AS DOUBLE) / 3600 AS longest_outage_12m_hours,
       l.longest > 4 * 3600 AS has_outage_over_4h_12m,
       CAST(l.fault_seconds AS DOUBLE) / 3600 AS fault_hours_12m,
       l.outages_36m AS outages_36m
FROM open_customer o
LEFT JOIN lived l ON l.customer_id = o.customer_id

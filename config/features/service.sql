-- An outage that names a transformer area concerns that area alone, else the whole feeder. Momentary ones are left out.
WITH tickets AS (
  SELECT customer_id, count(*) AS tickets, sum(CASE WHEN kind = 'complaint' THEN 1 ELSE 0 END) AS complaints
  FROM ticket
  WHERE opened_at >= ${months_back:12} AND opened_at < ${next_month}
  GROUP BY customer_id
),
interruption AS (
  SELECT transformer_area_id,
         CASE WHEN transformer_area_id IS NULL THEN feeder_id END AS feeder_id,
         seconds_between(started_at, least(coalesce(ended_at, CAST(${next_month} AS TIMESTAMP)),
                                           CAST(${next_month} AS TIMESTAMP))) AS seconds
  FROM outage
  WHERE started_at >= ${months_back:12} AND started_at < ${next_month} AND kind <> 'momentary'
),
by_area AS (
  SELECT transformer_area_id, count(*) AS outages, sum(seconds) AS seconds
  FROM interruption
  WHERE transformer_area_id IS NOT NULL
  GROUP BY transformer_area_id
),
by_feeder AS (
  SELECT feeder_id, count(*) AS outages, sum(seconds) AS seconds
  FROM interruption
  WHERE feeder_id IS NOT NULL
  GROUP BY feeder_id
),
inspected AS (
  SELECT customer_id,
         sum(CASE WHEN inspected_on >= ${months_back:12} THEN 1 ELSE 0 END) AS inspections,
         sum(CASE WHEN finding IN ('violation', 'theft') THEN 1 ELSE 0 END) AS violations
  FROM inspection
  WHERE inspected_on >= ${months_back:36} AND inspected_on <= ${month_end}
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN ${loaded:ticket} THEN coalesce(t.tickets, 0) END AS tickets_12m,
       CASE WHEN ${loaded:ticket} THEN coalesce(t.complaints, 0) END AS complaints_12m,
       CASE WHEN ${loaded:outage} AND (o.transformer_area_id IS NOT NULL OR o.feeder_id IS NOT NULL)
            THEN coalesce(a.outages, 0) + coalesce(f.outages, 0) END AS outages_12m,
       CASE WHEN ${loaded:outage} AND (o.transformer_area_id IS NOT NULL OR o.feeder_id IS NOT NULL)
            THEN CAST(coalesce(a.seconds, 0) + coalesce(f.seconds, 0) AS DOUBLE) / 3600 END AS outage_hours_12m,
       CASE WHEN ${loaded:inspection} THEN coalesce(i.inspections, 0) END AS inspections_12m,
       CASE WHEN ${loaded:inspection} THEN coalesce(i.violations, 0) END AS violations_36m
FROM open_customer o
LEFT JOIN tickets t ON t.customer_id = o.customer_id
LEFT JOIN by_area a ON a.transformer_area_id = o.transformer_area_id
LEFT JOIN by_feeder f ON f.feeder_id = o.feeder_id
LEFT JOIN inspected i ON i.customer_id = o.customer_id

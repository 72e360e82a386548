-- Whom an outage concerns is settled in place_outage. Momentary ones are left out.
WITH tickets AS (
  SELECT customer_id, count(*) AS tickets, sum(CASE WHEN kind = 'complaint' THEN 1 ELSE 0 END) AS complaints
  FROM ticket
  WHERE opened_at >= ${months_back:12} AND opened_at < ${next_month}
  GROUP BY customer_id
),
of_place AS (
  SELECT transformer_area_id, feeder_id, count(*) AS outages, sum(seconds) AS seconds
  FROM place_outage
  WHERE started_at >= ${months_back:12} AND kind <> 'momentary' AND customer_id IS NULL
  GROUP BY transformer_area_id, feeder_id
),
of_customer AS (
  SELECT customer_id, count(*) AS outages, sum(seconds) AS seconds
  FROM place_outage
  WHERE started_at >= ${months_back:12} AND kind <> 'momentary' AND customer_id IS NOT NULL
  GROUP BY customer_id
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
LEFT JOIN of_place a ON coalesce(a.transformer_area_id, '') = coalesce(o.transformer_area_id, '')
                    AND coalesce(a.feeder_id, '') = coalesce(o.feeder_id, '')
LEFT JOIN of_customer f ON f.customer_id = o.customer_id
LEFT JOIN inspected i ON i.customer_id = o.customer_id

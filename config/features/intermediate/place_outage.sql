-- Whom an outage concerns: the single customer it names, else the transformer area it names, else what hangs on the
-- branch, switch or transformer it names, else the whole feeder. A place's way through the grid is followed four steps up
-- from its transformer area. An outage that has not ended, or ends later, counts to the month's end.
WITH place AS (
  SELECT DISTINCT transformer_area_id, feeder_id
  FROM open_customer
  WHERE transformer_area_id IS NOT NULL OR feeder_id IS NOT NULL
),
located AS (
  SELECT p.transformer_area_id,
         p.feeder_id,
         u.line_id AS line_0,
         l0.parent_id AS line_1,
         l1.parent_id AS line_2,
         l2.parent_id AS line_3
  FROM place p
  LEFT JOIN org_unit u ON u.org_unit_id = p.transformer_area_id
  LEFT JOIN line l0 ON l0.line_id = u.line_id
  LEFT JOIN line l1 ON l1.line_id = l0.parent_id
  LEFT JOIN line l2 ON l2.line_id = l1.parent_id
),
on_line AS (
  SELECT transformer_area_id, feeder_id, line_0 AS line_id FROM located WHERE line_0 IS NOT NULL
  UNION
  SELECT transformer_area_id, feeder_id, line_1 AS line_id FROM located WHERE line_1 IS NOT NULL
  UNION
  SELECT transformer_area_id, feeder_id, line_2 AS line_id FROM located WHERE line_2 IS NOT NULL
  UNION
  SELECT transformer_area_id, feeder_id, line_3 AS line_id FROM located WHERE line_3 IS NOT NULL
),
event AS (
  SELECT outage_id,
         kind,
         started_at,
         customer_id,
         transformer_area_id,
         branch_id,
         feeder_id,
         seconds_between(started_at, least(coalesce(ended_at, CAST(${next_month} AS TIMESTAMP)),
                                           CAST(${next_month} AS TIMESTAMP))) AS seconds
  FROM outage
  WHERE started_at >= ${months_back:36} AND started_at < ${next_month}
),
reached AS (
  SELECT e.outage_id, p.transformer_area_id, p.feeder_id
  FROM event e
  JOIN located p ON p.transformer_area_id = e.transformer_area_id
  WHERE e.customer_id IS NULL AND e.transformer_area_id IS NOT NULL
  UNION ALL
  SELECT e.outage_id, p.transformer_area_id, p.feeder_id
  FROM event e
  JOIN on_line p ON p.line_id = e.branch_id
  WHERE e.customer_id IS NULL AND e.transformer_area_id IS NULL AND e.branch_id IS NOT NULL
  UNION ALL
  SELECT e.outage_id, p.transformer_area_id, p.feeder_id
  FROM event e
  JOIN located p ON p.feeder_id = e.feeder_id
  WHERE e.customer_id IS NULL AND e.transformer_area_id IS NULL AND e.branch_id IS NULL AND e.feeder_id IS NOT NULL
)
SELECT r.transformer_area_id,
       r.feeder_id,
       CAST(NULL AS VARCHAR) AS customer_id,
       e.outage_id,
       e.kind,
       e.started_at,
       e.seconds
FROM reached r
JOIN event e ON e.outage_id = r.outage_id
UNION ALL
SELECT CAST(NULL AS VARCHAR) AS transformer_area_id,
       CAST(NULL AS VARCHAR) AS feeder_id,
       e.customer_id,
       e.outage_id,
       e.kind,
       e.started_at,
       e.seconds
FROM event e
WHERE e.customer_id IS NOT NULL

-- Requests that were cancelled or rejected count as requests, not as changes.
WITH asked AS (
  SELECT customer_id,
         count(*) AS applications,
         max(applied_at) AS last_at,
         sum(CASE WHEN kind = 'capacity_increase' AND alive = 1 THEN 1 ELSE 0 END) AS increases,
         sum(CASE WHEN kind IN ('capacity_decrease', 'suspension') AND alive = 1 THEN 1 ELSE 0 END) AS decreases,
         sum(CASE WHEN kind IN ('distributed_energy', 'ev_charging') AND alive = 1 THEN 1 ELSE 0 END) AS new_energy,
         sum(CASE WHEN alive = 1 AND (completed_on IS NULL OR completed_on > ${month_end})
                       AND coalesce(status, 'received') <> 'completed' THEN 1 ELSE 0 END) AS pending
  FROM (SELECT customer_id,
               kind,
               applied_at,
               completed_on,
               status,
               CASE WHEN coalesce(status, 'received') IN ('cancelled', 'rejected') THEN 0 ELSE 1 END AS alive
        FROM application
        WHERE applied_at >= ${months_back:36} AND applied_at < ${next_month} AND customer_id IS NOT NULL) requests
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN ${loaded:application} THEN coalesce(a.applications, 0) END AS applications_36m,
       CASE WHEN ${loaded:application} THEN coalesce(a.increases, 0) END AS capacity_increases_36m,
       CASE WHEN ${loaded:application} THEN coalesce(a.decreases, 0) END AS capacity_decreases_36m,
       CASE WHEN ${loaded:application} THEN coalesce(a.new_energy, 0) END AS new_energy_requests_36m,
       CASE WHEN ${loaded:application} THEN coalesce(a.pending, 0) > 0 END AS has_pending_application,
       (year(${as_of}) - year(a.last_at)) * 12 + month(${as_of}) - month(a.last_at) AS months_since_application
FROM open_customer o
LEFT JOIN asked a ON a.customer_id = o.customer_id

-- A bill is paid in full on the day on which its payments first reach its amount. Payments count up to the month's
-- end. Bills without a due date or amount cannot be late. A customer with payments that name no bill is not judged.
WITH received AS (
  SELECT bill_id,
         sum(amount_cny) AS paid_cny,
         max(paid_on) AS last_paid_on,
         count(*) AS payments
  FROM payment
  WHERE paid_on <= ${month_end} AND bill_id IS NOT NULL
  GROUP BY bill_id
),
due AS (
  SELECT b.customer_id,
         b.bill_id,
         b.due_on,
         b.amount_cny,
         coalesce(r.paid_cny, 0) AS paid_cny,
         coalesce(r.payments, 0) AS payments,
         r.last_paid_on,
         CASE WHEN b.due_on >= ${months_back:12} THEN 1 ELSE 0 END AS recent
  FROM bill b
  LEFT JOIN received r ON r.bill_id = b.bill_id
  WHERE b.due_on <= ${month_end} AND b.month <= ${as_of} AND b.amount_cny > 0
),
in_parts AS (
  SELECT d.bill_id,
         d.amount_cny,
         p.paid_on,
         sum(p.amount_cny) OVER (PARTITION BY p.bill_id ORDER BY p.paid_on, p.payment_id
                                 ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far_cny
  FROM due d
  JOIN payment p ON p.bill_id = d.bill_id
  WHERE d.recent = 1 AND d.payments > 1 AND d.paid_cny >= d.amount_cny AND p.paid_on <= ${month_end}
),
completed AS (
  SELECT bill_id, min(paid_on) AS full_on
  FROM in_parts
  WHERE so_far_cny >= amount_cny
  GROUP BY bill_id
),
judged AS (
  SELECT d.customer_id,
         d.recent,
         d.amount_cny,
         CASE WHEN d.paid_cny >= d.amount_cny THEN 0 ELSE d.amount_cny - d.paid_cny END AS unpaid_cny,
         CASE WHEN d.paid_cny >= d.amount_cny THEN coalesce(c.full_on, d.last_paid_on) END AS full_on,
         d.due_on
  FROM due d
  LEFT JOIN completed c ON c.bill_id = d.bill_id
),
unassigned AS (
  SELECT DISTINCT customer_id
  FROM payment
  WHERE paid_on <= ${month_end} AND bill_id IS NULL
),
lateness AS (
  SELECT j.customer_id,
         sum(recent) AS bills,
         sum(CASE WHEN recent = 1 AND (full_on IS NULL OR full_on > due_on) THEN 1 ELSE 0 END) AS late_bills,
         sum(CASE WHEN recent = 1 THEN greatest(0, days_between(due_on, coalesce(full_on, ${month_end}))) ELSE 0 END) AS late_days,
         sum(CASE WHEN recent = 1 THEN unpaid_cny ELSE 0 END) AS overdue_cny,
         sum(CASE WHEN recent = 1 THEN amount_cny ELSE 0 END) AS due_cny,
         sum(unpaid_cny) AS arrears_cny
  FROM judged j
  LEFT JOIN unassigned u ON u.customer_id = j.customer_id
  WHERE u.customer_id IS NULL AND ${loaded:payment}
  GROUP BY j.customer_id
),
dunned AS (
  SELECT customer_id, count(*) AS events
  FROM dunning_event
  WHERE sent_at >= ${months_back:12} AND sent_at < ${next_month}
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN l.bills > 0 THEN CAST(l.late_bills AS DOUBLE) / l.bills END AS late_share_12m,
       CASE WHEN l.bills > 0 THEN CAST(l.late_days AS DOUBLE) / l.bills END AS mean_days_late_12m,
       CASE WHEN l.bills > 0 THEN CAST(l.overdue_cny AS DOUBLE) / CAST(l.due_cny AS DOUBLE) END AS overdue_share_12m,
       l.arrears_cny AS arrears_cny,
       CASE WHEN ${loaded:dunning_event} THEN coalesce(d.events, 0) END AS dunning_12m
FROM open_customer o
LEFT JOIN lateness l ON l.customer_id = o.customer_id
LEFT JOIN dunned d ON d.customer_id = o.customer_id

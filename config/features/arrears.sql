-- A customer with payments that name no bill is not judged.
WITH unassigned AS (
  SELECT DISTINCT customer_id
  FROM received
  WHERE bill_id IS NULL
),
lateness AS (
  SELECT customer_id,
         sum(recent) AS bills,
         sum(CASE WHEN recent = 1 AND (full_on IS NULL OR full_on > due_on) THEN 1 ELSE 0 END) AS late_bills,
         sum(CASE WHEN recent = 1 THEN greatest(0, days_between(due_on, coalesce(full_on, ${month_end}))) ELSE 0 END) AS late_days,
         sum(CASE WHEN recent = 1 THEN unpaid_cny ELSE 0 END) AS overdue_cny,
         sum(CASE WHEN recent = 1 THEN amount_cny ELSE 0 END) AS due_cny,
         sum(unpaid_cny) AS arrears_cny
  FROM judged_bill
  WHERE is_due = 1
  GROUP BY customer_id
),
due AS (
  SELECT DISTINCT customer_id
  FROM valid_bill
  WHERE due_on <= ${month_end} AND amount_cny > 0
),
judged AS (
  SELECT d.customer_id
  FROM due d
  LEFT JOIN unassigned u ON u.customer_id = d.customer_id
  WHERE u.customer_id IS NULL AND ${loaded:payment}
),
dunned AS (
  SELECT customer_id, count(*) AS events
  FROM dunning_event
  WHERE sent_at >= ${months_back:12} AND sent_at < ${next_month}
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN l.bills > 0 AND j.customer_id IS NOT NULL THEN CAST(l.late_bills AS DOUBLE) / l.bills END AS late_share_12m,
       CASE WHEN l.bills > 0 AND j.customer_id IS NOT NULL THEN CAST(l.late_days AS DOUBLE) / l.bills END AS mean_days_late_12m,
       CASE WHEN l.bills > 0 AND j.customer_id IS NOT NULL
            THEN CAST(l.overdue_cny AS DOUBLE) / CAST(l.due_cny AS DOUBLE) END AS overdue_share_12m,
       CASE WHEN j.customer_id IS NOT NULL THEN coalesce(l.arrears_cny, 0) END AS arrears_cny,
       CASE WHEN ${loaded:dunning_event} THEN coalesce(d.events, 0) END AS dunning_12m
FROM open_customer o
LEFT JOIN judged j ON j.customer_id = o.customer_id
LEFT JOIN lateness l ON l.customer_id = o.customer_id
LEFT JOIN dunned d ON d.customer_id = o.customer_id

-- A customer with payments that name no bill is not judged.
SELECT o.customer_id,
       CASE WHEN l.bills > 0 AND l.is_judged = 1 THEN CAST(l.late_bills AS DOUBLE) / l.bills END AS late_share_12m,
       CASE WHEN l.bills > 0 AND l.is_judged = 1 THEN CAST(l.late_days AS DOUBLE) / l.bills END AS mean_days_late_12m,
       CASE WHEN l.bills > 0 AND l.is_judged = 1
            THEN CAST(l.overdue_cny AS DOUBLE) / CAST(l.due_cny AS DOUBLE) END AS overdue_share_12m,
       CASE WHEN l.is_judged = 1 AND l.has_due = 1 THEN coalesce(l.arrears_cny, 0) END AS arrears_cny,
       CASE WHEN ${loaded:dunning_event} THEN coalesce(d.events, 0) END AS dunning_12m
FROM open_customer o
LEFT JOIN settlement l ON l.customer_id = o.customer_id
LEFT JOIN dunned d ON d.customer_id = o.customer_id

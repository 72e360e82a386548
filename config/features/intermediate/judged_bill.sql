-- A bill is paid in full on the day on which its payments first reach its amount. Payments count up to the month's end.
-- Bills without a due date are never due, refunds and bills over nothing are none.
WITH paid AS (
  SELECT bill_id,
         sum(amount_cny) AS paid_cny,
         max(paid_on) AS last_paid_on,
         count(*) AS payments
  FROM received
  WHERE bill_id IS NOT NULL
  GROUP BY bill_id
),
owed AS (
  SELECT b.customer_id,
         b.bill_id,
         b.month,
         b.issued_on,
         b.due_on,
         b.amount_cny,
         coalesce(p.paid_cny, 0) AS paid_cny,
         coalesce(p.payments, 0) AS payments,
         p.last_paid_on,
         CASE WHEN b.due_on <= ${month_end} THEN 1 ELSE 0 END AS is_due,
         CASE WHEN b.due_on >= ${months_back:12} AND b.due_on <= ${month_end} THEN 1 ELSE 0 END AS recent
  FROM valid_bill b
  LEFT JOIN paid p ON p.bill_id = b.bill_id
  WHERE b.amount_cny > 0
),
in_parts AS (
  SELECT o.bill_id,
         o.amount_cny,
         p.paid_on,
         sum(p.amount_cny) OVER (PARTITION BY p.bill_id ORDER BY p.paid_on, p.payment_id
                                 ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far_cny
  FROM owed o
  JOIN received p ON p.bill_id = o.bill_id
  WHERE o.recent = 1 AND o.payments > 1 AND o.paid_cny >= o.amount_cny
),
completed AS (
  SELECT bill_id, min(paid_on) AS full_on
  FROM in_parts
  WHERE so_far_cny >= amount_cny
  GROUP BY bill_id
)
SELECT o.customer_id,
       o.bill_id,
       o.month,
       o.issued_on,
       o.due_on,
       o.amount_cny,
       o.is_due,
       o.recent,
       o.payments,
       CASE WHEN o.paid_cny >= o.amount_cny THEN 0 ELSE o.amount_cny - o.paid_cny END AS unpaid_cny,
       CASE WHEN o.paid_cny >= o.amount_cny THEN coalesce(c.full_on, o.last_paid_on) END AS full_on
FROM owed o
LEFT JOIN completed c ON c.bill_id = o.bill_id
WHERE o.recent = 1 OR o.paid_cny < o.amount_cny

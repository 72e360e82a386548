-- A bill is paid in full on the day on which its payments first reach its amount. Payments count up to the month's end.
-- Bills without a due date are never due, refunds and bills over nothing are none.
-- Most bills are paid at once: each is paired with its payments, and only those with several are added up. Of a bill that
-- is not recent, a payment that covers it is all there is to know.
WITH paired AS (
  SELECT b.customer_id,
         b.bill_id,
         b.month,
         b.issued_on,
         b.due_on,
         b.amount_cny,
         CASE WHEN b.due_on <= ${month_end} THEN 1 ELSE 0 END AS is_due,
         CASE WHEN b.due_on >= ${months_back:12} AND b.due_on <= ${month_end} THEN 1 ELSE 0 END AS recent,
         p.paid_on,
         p.amount_cny AS part_cny
  FROM valid_bill b
  LEFT JOIN received p ON p.bill_id = b.bill_id
  WHERE b.amount_cny > 0
    AND (b.due_on >= ${months_back:12} AND b.due_on <= ${month_end} OR coalesce(p.amount_cny, 0) < b.amount_cny)
),
in_parts AS (
  SELECT bill_id, max(amount_cny) AS amount_cny
  FROM paired
  GROUP BY bill_id
  HAVING count(*) > 1 OR (max(recent) = 0 AND count(paid_on) > 0)
),
parts AS (
  SELECT i.bill_id,
         i.amount_cny,
         p.paid_on,
         sum(p.amount_cny) OVER (PARTITION BY i.bill_id ORDER BY p.paid_on) AS so_far_cny
  FROM in_parts i
  JOIN received p ON p.bill_id = i.bill_id
),
summed AS (
  SELECT bill_id,
         count(*) AS payments,
         max(so_far_cny) AS paid_cny,
         min(CASE WHEN so_far_cny >= amount_cny THEN paid_on END) AS full_on
  FROM parts
  GROUP BY bill_id
),
judged AS (
  SELECT p.*,
         CASE WHEN p.paid_on IS NULL THEN 0 ELSE 1 END AS payments,
         coalesce(p.part_cny, 0) AS paid_cny,
         CASE WHEN p.part_cny >= p.amount_cny THEN p.paid_on END AS full_on
  FROM paired p
  LEFT JOIN in_parts i ON i.bill_id = p.bill_id
  WHERE i.bill_id IS NULL
)
SELECT customer_id, bill_id, month, issued_on, due_on, amount_cny, is_due, recent, payments,
       CASE WHEN paid_cny >= amount_cny THEN 0 ELSE amount_cny - paid_cny END AS unpaid_cny,
       full_on
FROM judged
UNION ALL
SELECT DISTINCT p.customer_id, p.bill_id, p.month, p.issued_on, p.due_on, p.amount_cny, p.is_due, p.recent, s.payments,
       CASE WHEN s.paid_cny >= p.amount_cny THEN 0 ELSE p.amount_cny - s.paid_cny END AS unpaid_cny,
       s.full_on
FROM paired p
JOIN summed s ON s.bill_id = p.bill_id
WHERE p.recent = 1 OR s.paid_cny < p.amount_cny

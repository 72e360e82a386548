-- One row per customer with bills. It is judged when each of its payments names a bill.
WITH unassigned AS (
  SELECT DISTINCT customer_id
  FROM received
  WHERE bill_id IS NULL
),
billed AS (
  SELECT customer_id, max(CASE WHEN due_on <= ${month_end} THEN 1 ELSE 0 END) AS has_due
  FROM valid_bill
  WHERE amount_cny > 0
  GROUP BY customer_id
),
sums AS (
  SELECT customer_id,
         sum(recent) AS bills,
         sum(CASE WHEN recent = 1 AND due_on >= ${months_back:6} THEN 1 ELSE 0 END) AS new_bills,
         sum(CASE WHEN recent = 1 AND (full_on IS NULL OR full_on > due_on) THEN 1 ELSE 0 END) AS late_bills,
         sum(CASE WHEN recent = 1 AND due_on >= ${months_back:6} AND (full_on IS NULL OR full_on > due_on)
                  THEN 1 ELSE 0 END) AS new_late_bills,
         sum(CASE WHEN recent = 1 THEN greatest(0, days_between(due_on, coalesce(full_on, ${month_end}))) ELSE 0 END) AS late_days,
         max(CASE WHEN recent = 1 THEN greatest(0, days_between(due_on, coalesce(full_on, ${month_end}))) END) AS most_days_late,
         sum(CASE WHEN recent = 1 AND full_on IS NOT NULL AND issued_on IS NOT NULL
                  THEN greatest(0, days_between(issued_on, full_on)) END) AS days_to_pay,
         sum(CASE WHEN recent = 1 AND full_on IS NOT NULL AND issued_on IS NOT NULL THEN 1 ELSE 0 END) AS bills_timed,
         sum(CASE WHEN recent = 1 AND payments > 1 THEN 1 ELSE 0 END) AS bills_in_parts,
         sum(CASE WHEN recent = 1 THEN amount_cny ELSE 0 END) AS due_cny,
         sum(CASE WHEN recent = 1 THEN unpaid_cny ELSE 0 END) AS overdue_cny,
         sum(CASE WHEN is_due = 1 THEN unpaid_cny ELSE 0 END) AS arrears_cny,
         sum(unpaid_cny) AS receivable_cny,
         sum(CASE WHEN is_due = 1 AND unpaid_cny > 0 THEN 1 ELSE 0 END) AS unpaid_bills,
         sum(CASE WHEN is_due = 1 AND days_between(due_on, ${month_end}) > 60 THEN unpaid_cny ELSE 0 END) AS over_60_days_cny,
         max(CASE WHEN is_due = 1 AND unpaid_cny > 0 THEN days_between(due_on, ${month_end}) END) AS oldest_days
  FROM judged_bill
  GROUP BY customer_id
)
SELECT b.customer_id,
       b.has_due,
       CASE WHEN u.customer_id IS NULL AND ${loaded:payment} THEN 1 ELSE 0 END AS is_judged,
       s.bills,
       s.new_bills,
       s.late_bills,
       s.new_late_bills,
       s.late_days,
       s.most_days_late,
       s.days_to_pay,
       s.bills_timed,
       s.bills_in_parts,
       s.due_cny,
       s.overdue_cny,
       s.arrears_cny,
       s.receivable_cny,
       s.unpaid_bills,
       s.over_60_days_cny,
       s.oldest_days
FROM billed b
LEFT JOIN unassigned u ON u.customer_id = b.customer_id
LEFT JOIN sums s ON s.customer_id = b.customer_id

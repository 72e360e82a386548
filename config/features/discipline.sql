-- Of the bills that judged_bill knows and, for what must be told of bills, only of customers whose payments all name one.
WITH unassigned AS (
  SELECT DISTINCT customer_id
  FROM received
  WHERE bill_id IS NULL
),
bills AS (
  SELECT customer_id,
         sum(recent) AS bills,
         sum(CASE WHEN recent = 1 AND due_on >= ${months_back:6} THEN 1 ELSE 0 END) AS new_bills,
         sum(CASE WHEN recent = 1 AND (full_on IS NULL OR full_on > due_on) THEN 1 ELSE 0 END) AS late_bills,
         sum(CASE WHEN recent = 1 AND due_on >= ${months_back:6} AND (full_on IS NULL OR full_on > due_on)
                  THEN 1 ELSE 0 END) AS new_late_bills,
         max(CASE WHEN recent = 1 THEN greatest(0, days_between(due_on, coalesce(full_on, ${month_end}))) END) AS most_days_late,
         count(CASE WHEN recent = 1 AND (full_on IS NULL OR full_on > due_on) THEN month_start(due_on) END) AS late_due,
         sum(CASE WHEN recent = 1 AND full_on IS NOT NULL AND issued_on IS NOT NULL
                  THEN greatest(0, days_between(issued_on, full_on)) END) AS days_to_pay,
         sum(CASE WHEN recent = 1 AND full_on IS NOT NULL AND issued_on IS NOT NULL THEN 1 ELSE 0 END) AS bills_timed,
         sum(CASE WHEN recent = 1 AND payments > 1 THEN 1 ELSE 0 END) AS bills_in_parts,
         sum(unpaid_cny) AS receivable_cny,
         sum(CASE WHEN is_due = 1 AND unpaid_cny > 0 THEN 1 ELSE 0 END) AS unpaid_bills,
         sum(CASE WHEN is_due = 1 AND days_between(due_on, ${month_end}) > 60 THEN unpaid_cny ELSE 0 END) AS over_60_days_cny,
         max(CASE WHEN is_due = 1 AND unpaid_cny > 0 THEN days_between(due_on, ${month_end}) END) AS oldest_days
  FROM judged_bill
  GROUP BY customer_id
),
known AS (
  SELECT d.customer_id
  FROM (SELECT DISTINCT customer_id FROM valid_bill WHERE amount_cny > 0) d
  LEFT JOIN unassigned u ON u.customer_id = d.customer_id
  WHERE u.customer_id IS NULL AND ${loaded:payment}
),
balances AS (
  SELECT customer_id,
         count(*) AS payments,
         count(balance_after_cny) AS balances,
         min(balance_after_cny) AS lowest_cny
  FROM received
  WHERE paid_on >= ${months_back:12}
  GROUP BY customer_id
),
debits AS (
  SELECT customer_id,
         count(*) AS attempts,
         sum(CASE WHEN status = 'debit_failed' THEN 1 ELSE 0 END) AS failures
  FROM payment
  WHERE paid_on >= ${months_back:12} AND paid_on <= ${month_end} AND (channel = 'bank_debit' OR status = 'debit_failed')
  GROUP BY customer_id
),
reasons AS (
  SELECT customer_id,
         failure_reason,
         row_number() OVER (PARTITION BY customer_id ORDER BY count(*) DESC, failure_reason) AS place
  FROM payment
  WHERE paid_on >= ${months_back:12} AND paid_on <= ${month_end} AND status = 'debit_failed' AND failure_reason IS NOT NULL
  GROUP BY customer_id, failure_reason
)
SELECT o.customer_id,
       CASE WHEN b.bills > 0 AND k.customer_id IS NOT NULL
            THEN CAST(b.bills - b.late_bills AS DOUBLE) / b.bills END AS on_time_share_12m,
       CASE WHEN k.customer_id IS NOT NULL THEN b.most_days_late END AS most_days_late_12m,
       CASE WHEN b.bills > 0 AND k.customer_id IS NOT NULL THEN b.late_due END AS late_bills_12m,
       CASE WHEN b.new_bills >= 3 AND b.bills - b.new_bills >= 3 AND k.customer_id IS NOT NULL
            THEN CAST(b.new_late_bills AS DOUBLE) / b.new_bills
                 - CAST(b.late_bills - b.new_late_bills AS DOUBLE) / (b.bills - b.new_bills) END AS late_trend_12m,
       CASE WHEN b.bills_timed > 0 AND k.customer_id IS NOT NULL
            THEN CAST(b.days_to_pay AS DOUBLE) / b.bills_timed END AS days_to_pay_12m,
       CASE WHEN b.bills > 0 AND k.customer_id IS NOT NULL
            THEN CAST(b.bills_in_parts AS DOUBLE) / b.bills END AS part_payment_share_12m,
       CASE WHEN k.customer_id IS NOT NULL THEN coalesce(b.receivable_cny, 0) END AS receivable_cny,
       CASE WHEN k.customer_id IS NOT NULL THEN coalesce(b.unpaid_bills, 0) END AS unpaid_bills,
       CASE WHEN k.customer_id IS NOT NULL THEN coalesce(b.over_60_days_cny, 0) END AS arrears_over_60_days_cny,
       CASE WHEN k.customer_id IS NOT NULL THEN coalesce(b.over_60_days_cny, 0) > 0 END AS has_arrears_over_60_days,
       CASE WHEN k.customer_id IS NOT NULL THEN coalesce(b.oldest_days, 0) END AS oldest_arrears_days,
       p.lowest_cny AS lowest_balance_12m_cny,
       CASE WHEN b.bills >= 6 AND k.customer_id IS NOT NULL AND p.balances = p.payments
            THEN b.late_bills = 0 AND p.lowest_cny >= 0 END AS is_always_in_credit_12m,
       CASE WHEN ${loaded:payment} THEN coalesce(d.failures, 0) END AS debit_failures_12m,
       CAST(d.failures AS DOUBLE) / d.attempts AS debit_failure_share_12m,
       r.failure_reason AS main_debit_failure_12m
FROM open_customer o
LEFT JOIN known k ON k.customer_id = o.customer_id
LEFT JOIN bills b ON b.customer_id = o.customer_id
LEFT JOIN balances p ON p.customer_id = o.customer_id
LEFT JOIN debits d ON d.customer_id = o.customer_id
LEFT JOIN reasons r ON r.customer_id = o.customer_id AND r.place = 1

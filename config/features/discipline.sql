-- What must be told of bills is told only of customers whose payments all name one.
WITH balances AS (
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
       CASE WHEN b.bills > 0 AND b.is_judged = 1
            THEN CAST(b.bills - b.late_bills AS DOUBLE) / b.bills END AS on_time_share_12m,
       CASE WHEN b.is_judged = 1 THEN b.most_days_late END AS most_days_late_12m,
       CASE WHEN b.bills > 0 AND b.is_judged = 1 THEN b.late_bills END AS late_bills_12m,
       CASE WHEN b.new_bills >= 3 AND b.bills - b.new_bills >= 3 AND b.is_judged = 1
            THEN CAST(b.new_late_bills AS DOUBLE) / b.new_bills
                 - CAST(b.late_bills - b.new_late_bills AS DOUBLE) / (b.bills - b.new_bills) END AS late_trend_12m,
       CASE WHEN b.bills_timed > 0 AND b.is_judged = 1
            THEN CAST(b.days_to_pay AS DOUBLE) / b.bills_timed END AS days_to_pay_12m,
       CASE WHEN b.bills > 0 AND b.is_judged = 1
            THEN CAST(b.bills_in_parts AS DOUBLE) / b.bills END AS part_payment_share_12m,
       CASE WHEN b.is_judged = 1 THEN coalesce(b.receivable_cny, 0) END AS receivable_cny,
       CASE WHEN b.is_judged = 1 THEN coalesce(b.unpaid_bills, 0) END AS unpaid_bills,
       CASE WHEN b.is_judged = 1 THEN coalesce(b.over_60_days_cny, 0) END AS arrears_over_60_days_cny,
       CASE WHEN b.is_judged = 1 THEN coalesce(b.over_60_days_cny, 0) > 0 END AS has_arrears_over_60_days,
       CASE WHEN b.is_judged = 1 THEN coalesce(b.oldest_days, 0) END AS oldest_arrears_days,
       p.lowest_cny AS lowest_balance_12m_cny,
       CASE WHEN b.bills >= 6 AND b.is_judged = 1 AND p.balances = p.payments
            THEN b.late_bills = 0 AND p.lowest_cny >= 0 END AS is_always_in_credit_12m,
       CASE WHEN ${loaded:payment} THEN coalesce(d.failures, 0) END AS debit_failures_12m,
       CAST(d.failures AS DOUBLE) / d.attempts AS debit_failure_share_12m,
       r.failure_reason AS main_debit_failure_12m
FROM open_customer o
LEFT JOIN settlement b ON b.customer_id = o.customer_id
LEFT JOIN balances p ON p.customer_id = o.customer_id
LEFT JOIN debits d ON d.customer_id = o.customer_id
LEFT JOIN reasons r ON r.customer_id = o.customer_id AND r.place = 1

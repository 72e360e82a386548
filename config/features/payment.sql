-- Main channel: the most payments, then the larger amount, then the name.
WITH paid AS (
  SELECT customer_id, count(*) AS payments, sum(amount_cny) AS amount_cny
  FROM received
  WHERE paid_on >= ${months_back:24}
  GROUP BY customer_id
),
ranked AS (
  SELECT customer_id,
         channel,
         payments,
         row_number() OVER (PARTITION BY customer_id ORDER BY payments DESC, amount_cny DESC, channel) AS place
  FROM paid_by_channel
),
ways AS (
  SELECT customer_id,
         max(CASE WHEN place = 1 THEN channel END) AS main_channel,
         sum(payments) AS payments,
         sum(CASE WHEN channel IN ('alipay', 'wechat', 'web_hall', 'app', 'bank_debit') THEN payments ELSE 0 END) AS new_ways
  FROM ranked
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN ${loaded:payment} THEN coalesce(p.payments, 0) END AS payment_count_24m,
       CASE WHEN ${loaded:payment} THEN coalesce(p.amount_cny, 0) END AS payment_total_24m_cny,
       CAST(p.amount_cny AS DOUBLE) / p.payments AS payment_mean_24m_cny,
       w.main_channel AS main_channel_12m,
       CAST(w.new_ways AS DOUBLE) / w.payments AS digital_share_12m
FROM open_customer o
LEFT JOIN paid p ON p.customer_id = o.customer_id
LEFT JOIN ways w ON w.customer_id = o.customer_id

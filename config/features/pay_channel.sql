-- Shares of the payments that name a channel.
WITH paid AS (
  SELECT customer_id,
         sum(payments) AS payments,
         count(*) AS channels,
         sum(CASE WHEN channel = 'counter' THEN payments ELSE 0 END) AS counter,
         sum(CASE WHEN channel = 'bank_debit' THEN payments ELSE 0 END) AS debit,
         sum(CASE WHEN channel IN ('alipay', 'wechat', 'web_hall', 'app') THEN payments ELSE 0 END) AS online,
         sum(CASE WHEN channel IN ('agent', 'self_service') THEN payments ELSE 0 END) AS agent,
         sum(CASE WHEN channel IN ('cheque', 'bank_transfer') THEN payments ELSE 0 END) AS bank,
         sum(CASE WHEN channel = 'prepaid_card' THEN payments ELSE 0 END) AS card
  FROM paid_by_channel
  GROUP BY customer_id
)
SELECT o.customer_id,
       CAST(p.online AS DOUBLE) / p.payments AS pay_online_share_12m,
       CAST(p.debit AS DOUBLE) / p.payments AS pay_debit_share_12m,
       CAST(p.counter AS DOUBLE) / p.payments AS pay_counter_share_12m,
       CAST(p.agent AS DOUBLE) / p.payments AS pay_agent_share_12m,
       CAST(p.bank AS DOUBLE) / p.payments AS pay_transfer_share_12m,
       CAST(p.card AS DOUBLE) / p.payments AS pay_card_share_12m,
       CASE WHEN ${loaded:payment} THEN coalesce(p.channels, 0) END AS pay_channels_12m
FROM open_customer o
LEFT JOIN paid p ON p.customer_id = o.customer_id

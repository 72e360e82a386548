SELECT customer_id, channel, count(*) AS payments, sum(amount_cny) AS amount_cny
FROM received
WHERE paid_on >= ${months_back:12} AND channel IS NOT NULL
GROUP BY customer_id, channel

-- An activity without a price of its own takes that of <activity>_other.
WITH income AS (
  SELECT customer_id, sum(amount_cny) AS amount_cny
  FROM other_income
  WHERE booked_on >= ${months_back:12} AND booked_on <= ${month_end}
  GROUP BY customer_id
),
activity AS (
  SELECT customer_id, 'ticket' AS kind, concat('ticket_', kind) AS activity
  FROM ticket
  WHERE opened_at >= ${months_back:12} AND opened_at < ${next_month}
  UNION ALL
  SELECT customer_id, 'dunning' AS kind, concat('dunning_', coalesce(channel, 'other')) AS activity
  FROM dunning_event
  WHERE sent_at >= ${months_back:12} AND sent_at < ${next_month}
  UNION ALL
  SELECT customer_id, 'inspection' AS kind, concat('inspection_', coalesce(kind, 'other')) AS activity
  FROM inspection
  WHERE inspected_on >= ${months_back:12} AND inspected_on <= ${month_end}
),
service AS (
  SELECT a.customer_id,
         sum(coalesce(own.unit_cost_cny, other.unit_cost_cny)) AS cost_cny,
         count(*) - count(coalesce(own.unit_cost_cny, other.unit_cost_cny)) AS without_price
  FROM activity a
  LEFT JOIN service_cost own ON own.activity = a.activity
  LEFT JOIN service_cost other ON other.activity = concat(a.kind, '_other')
  GROUP BY a.customer_id
),
metering AS (
  SELECT o.customer_id,
         least(12, coalesce((year(${as_of}) - year(o.opened_on)) * 12 + month(${as_of}) - month(o.opened_on) + 1, 12))
           * m.unit_cost_cny AS cost_cny
  FROM open_customer o
  CROSS JOIN (SELECT unit_cost_cny FROM service_cost WHERE activity = 'metering_month') m
)
SELECT o.customer_id,
       y.billed_cny AS bill_revenue_12m_cny,
       CASE WHEN ${loaded:other_income} THEN coalesce(i.amount_cny, 0) END AS noncore_revenue_12m_cny,
       CASE WHEN (${loaded:ticket} OR ${loaded:dunning_event} OR ${loaded:inspection}) AND coalesce(s.without_price, 0) = 0
            THEN coalesce(s.cost_cny, 0) + m.cost_cny END AS cost_to_serve_12m_cny,
       CAST(y.billed_cny AS DOUBLE) / y.months_billed AS average_bill_12m_cny,
       CASE WHEN ${loaded:bill} THEN coalesce(y.months_billed, 0) END AS months_billed_12m,
       y.energy_kwh AS energy_12m_kwh
FROM open_customer o
LEFT JOIN customer_year y ON y.customer_id = o.customer_id
LEFT JOIN income i ON i.customer_id = o.customer_id
LEFT JOIN service s ON s.customer_id = o.customer_id
LEFT JOIN metering m ON m.customer_id = o.customer_id

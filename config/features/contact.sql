-- A visit to a channel that led to a ticket is one contact: the ticket is counted, not the visit. What we did on our own
-- (outbound) is no contact of the customer's.
WITH visits AS (
  SELECT customer_id,
         channel,
         month_start(happened_at) AS month,
         CASE WHEN ticket_id IS NULL THEN 1 ELSE 0 END AS alone,
         CASE WHEN result IN ('failed', 'abandoned') THEN 1 ELSE 0 END AS failed,
         CASE WHEN result IS NOT NULL THEN 1 ELSE 0 END AS has_result,
         waiting_s
  FROM interaction
  WHERE happened_at >= ${months_back:12} AND happened_at < ${next_month} AND coalesce(direction, 'inbound') = 'inbound'
),
sums AS (
  SELECT customer_id,
         count(*) AS visits,
         sum(alone) AS alone,
         count(DISTINCT channel) AS channels,
         sum(CASE WHEN channel IN ('web_hall', 'app', 'wechat', 'alipay', 'email', 'sms') THEN 1 ELSE 0 END) AS online,
         sum(CASE WHEN channel IN ('phone_95598', 'ivr') THEN 1 ELSE 0 END) AS phone,
         sum(CASE WHEN channel IN ('counter', 'self_service', 'visit', 'outsourced') THEN 1 ELSE 0 END) AS on_site,
         sum(failed) AS failed,
         sum(has_result) AS results,
         sum(waiting_s) AS waiting_s,
         count(waiting_s) AS waits
  FROM visits
  GROUP BY customer_id
),
main AS (
  SELECT customer_id,
         channel,
         row_number() OVER (PARTITION BY customer_id ORDER BY count(*) DESC, channel) AS place
  FROM visits
  GROUP BY customer_id, channel
),
outbound AS (
  SELECT customer_id, count(*) AS contacts
  FROM interaction
  WHERE happened_at >= ${months_back:12} AND happened_at < ${next_month} AND direction = 'outbound'
  GROUP BY customer_id
),
tickets AS (
  SELECT customer_id, count(*) AS tickets
  FROM ticket
  WHERE opened_at >= ${months_back:12} AND opened_at < ${next_month}
  GROUP BY customer_id
),
active AS (
  SELECT customer_id,
         count(DISTINCT CASE WHEN month >= ${months_back:12} THEN month END) AS months,
         max(month) AS last_month
  FROM (SELECT customer_id, month_start(happened_at) AS month
        FROM interaction
        WHERE happened_at >= ${months_back:24} AND happened_at < ${next_month} AND coalesce(direction, 'inbound') = 'inbound'
        UNION ALL
        SELECT customer_id, month_start(opened_at) AS month
        FROM ticket
        WHERE opened_at >= ${months_back:24} AND opened_at < ${next_month}) contacts
  GROUP BY customer_id
),
open AS (
  SELECT *,
         least(12, coalesce((year(${as_of}) - year(opened_on)) * 12 + month(${as_of}) - month(opened_on) + 1, 12)) AS months
  FROM open_customer
)
SELECT o.customer_id,
       CASE WHEN ${loaded:interaction} THEN coalesce(s.visits, 0) END AS interactions_12m,
       CASE WHEN ${loaded:interaction} THEN coalesce(s.channels, 0) END AS interaction_channels_12m,
       CAST(s.online AS DOUBLE) / s.visits AS online_contact_share_12m,
       CAST(s.phone AS DOUBLE) / s.visits AS phone_contact_share_12m,
       CAST(s.on_site AS DOUBLE) / s.visits AS site_contact_share_12m,
       m.channel AS main_contact_channel_12m,
       CASE WHEN s.results > 0 THEN CAST(s.failed AS DOUBLE) / s.results END AS failed_contact_share_12m,
       CASE WHEN s.waits > 0 THEN CAST(s.waiting_s AS DOUBLE) / s.waits / 60 END AS mean_wait_12m_minutes,
       CASE WHEN ${loaded:interaction} THEN coalesce(u.contacts, 0) END AS outbound_contacts_12m,
       CASE WHEN ${loaded:interaction} OR ${loaded:ticket}
            THEN CAST(coalesce(s.alone, 0) + coalesce(t.tickets, 0) AS DOUBLE) * 12 / o.months END AS contacts_per_year,
       CASE WHEN ${loaded:interaction} OR ${loaded:ticket} THEN coalesce(a.months, 0) END AS active_months_12m,
       CASE WHEN ${loaded:interaction} OR ${loaded:ticket}
            THEN coalesce((year(${as_of}) - year(a.last_month)) * 12 + month(${as_of}) - month(a.last_month), 24) END AS silent_months
FROM open o
LEFT JOIN sums s ON s.customer_id = o.customer_id
LEFT JOIN main m ON m.customer_id = o.customer_id AND m.place = 1
LEFT JOIN outbound u ON u.customer_id = o.customer_id
LEFT JOIN tickets t ON t.customer_id = o.customer_id
LEFT JOIN active a ON a.customer_id = o.customer_id

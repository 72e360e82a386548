-- What customers ask for and complain of. A complaint case that stands for a ticket is not counted beside it. A ticket is
-- a repeat when it is marked so, else when the same kind and topic came up within 30 days before.
WITH recent AS (
  SELECT customer_id,
         ticket_id,
         kind,
         topic,
         channel,
         opened_at,
         closed_at,
         promised_at,
         is_overdue,
         is_repeat,
         satisfaction_score,
         lag(opened_at) OVER (PARTITION BY customer_id, kind, topic ORDER BY opened_at, ticket_id) AS before_at
  FROM ticket
  WHERE opened_at >= ${months_back:13} AND opened_at < ${next_month}
),
tickets AS (
  SELECT customer_id,
         count(*) AS tickets,
         sum(CASE WHEN kind = 'enquiry' THEN 1 ELSE 0 END) AS enquiries,
         sum(CASE WHEN kind = 'repair' THEN 1 ELSE 0 END) AS repairs,
         sum(CASE WHEN kind = 'complaint' THEN 1 ELSE 0 END) AS complaints,
         sum(CASE WHEN kind = 'opinion' THEN 1 ELSE 0 END) AS opinions,
         sum(CASE WHEN kind = 'report' THEN 1 ELSE 0 END) AS reports,
         sum(CASE WHEN kind = 'business' THEN 1 ELSE 0 END) AS requests,
         sum(CASE WHEN topic = 'billing' THEN 1 ELSE 0 END) AS billing,
         sum(CASE WHEN topic = 'outage' THEN 1 ELSE 0 END) AS outage,
         count(channel) AS with_channel,
         sum(CASE WHEN channel IN ('phone_95598', 'ivr') THEN 1 ELSE 0 END) AS phone,
         sum(CASE WHEN channel IN ('web_hall', 'app', 'wechat') THEN 1 ELSE 0 END) AS online,
         sum(CASE WHEN channel = 'counter' THEN 1 ELSE 0 END) AS counter,
         sum(CASE WHEN coalesce(is_repeat, before_at IS NOT NULL AND seconds_between(before_at, opened_at) <= 30 * 86400)
                  THEN 1 ELSE 0 END) AS repeats,
         sum(CASE WHEN closed_at < ${next_month} THEN greatest(0, seconds_between(opened_at, closed_at)) END) AS open_seconds,
         count(CASE WHEN closed_at < ${next_month} THEN 1 END) AS closed,
         count(CASE WHEN closed_at IS NOT NULL OR promised_at IS NOT NULL OR is_overdue IS NOT NULL THEN 1 END) AS timed,
         sum(CASE WHEN coalesce(is_overdue, coalesce(closed_at, CAST(${next_month} AS TIMESTAMP)) > promised_at, FALSE)
                  THEN 1 ELSE 0 END) AS overdue,
         sum(satisfaction_score) AS score,
         count(satisfaction_score) AS scores
  FROM recent
  WHERE opened_at >= ${months_back:12}
  GROUP BY customer_id
),
cases AS (
  SELECT customer_id,
         sum(CASE WHEN ticket_id IS NULL AND coalesce(kind, 'complaint') IN ('complaint', 'opinion', 'report') THEN 1 ELSE 0 END) AS alone,
         sum(CASE WHEN is_justified THEN 1 ELSE 0 END) AS justified,
         sum(CASE WHEN severity IN ('important', 'major', 'special') THEN 1 ELSE 0 END) AS severe
  FROM complaint
  WHERE received_at >= ${months_back:12} AND received_at < ${next_month} AND customer_id IS NOT NULL
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN ${loaded:ticket} THEN coalesce(t.enquiries, 0) END AS enquiries_12m,
       CASE WHEN ${loaded:ticket} THEN coalesce(t.repairs, 0) END AS repairs_12m,
       CASE WHEN ${loaded:ticket} THEN coalesce(t.opinions, 0) END AS opinions_12m,
       CASE WHEN ${loaded:ticket} THEN coalesce(t.reports, 0) END AS reports_12m,
       CASE WHEN ${loaded:ticket} THEN coalesce(t.requests, 0) END AS requests_12m,
       CASE WHEN ${loaded:ticket} OR ${loaded:complaint}
            THEN coalesce(t.complaints, 0) + coalesce(t.opinions, 0) + coalesce(t.reports, 0) + coalesce(c.alone, 0) END AS discontent_12m,
       CASE WHEN ${loaded:complaint} THEN coalesce(c.justified, 0) END AS justified_complaints_12m,
       CASE WHEN ${loaded:complaint} THEN coalesce(c.severe, 0) END AS severe_complaints_12m,
       CASE WHEN ${loaded:ticket} THEN coalesce(t.billing, 0) END AS billing_tickets_12m,
       CASE WHEN ${loaded:ticket} THEN coalesce(t.outage, 0) END AS outage_tickets_12m,
       CASE WHEN t.with_channel > 0 THEN CAST(t.phone AS DOUBLE) / t.with_channel END AS ticket_phone_share_12m,
       CASE WHEN t.with_channel > 0 THEN CAST(t.online AS DOUBLE) / t.with_channel END AS ticket_online_share_12m,
       CASE WHEN t.with_channel > 0 THEN CAST(t.counter AS DOUBLE) / t.with_channel END AS ticket_counter_share_12m,
       CASE WHEN ${loaded:ticket} THEN coalesce(t.repeats, 0) END AS repeat_tickets_12m,
       CASE WHEN t.closed > 0 THEN CAST(t.open_seconds AS DOUBLE) / t.closed / 86400 END AS days_to_close_12m,
       CASE WHEN t.timed > 0 THEN t.overdue END AS overdue_tickets_12m,
       CASE WHEN t.scores > 0 THEN CAST(t.score AS DOUBLE) / t.scores END AS ticket_satisfaction_12m
FROM open_customer o
LEFT JOIN tickets t ON t.customer_id = o.customer_id
LEFT JOIN cases c ON c.customer_id = o.customer_id

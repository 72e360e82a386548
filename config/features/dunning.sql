-- A month counts once however often it was dunned. Rhythm of 12 months: monthly in 10 of them or more, occasional in 2 to
-- 4 (once in three to six months), frequent between, single once.
WITH dunned AS (
  SELECT customer_id,
         month_start(sent_at) AS month,
         sum(CASE WHEN kind = 'reminder' THEN 1 ELSE 0 END) AS reminders,
         sum(CASE WHEN channel = 'visit' THEN 1 ELSE 0 END) AS visits,
         sum(CASE WHEN kind = 'cut_off_notice' THEN 1 ELSE 0 END) AS notices,
         sum(CASE WHEN kind = 'cut_off' THEN 1 ELSE 0 END) AS cut_offs,
         sum(CASE WHEN outcome IN ('refused', 'disputed') THEN 1 ELSE 0 END) AS refusals,
         sum(CASE WHEN outcome IN ('no_answer', 'wrong_contact', 'failed') THEN 1 ELSE 0 END) AS unreached,
         sum(CASE WHEN outcome IS NOT NULL THEN 1 ELSE 0 END) AS outcomes,
         sum(CASE WHEN kind IS NULL OR kind IN ('reminder', 'dunning') THEN 1 ELSE 0 END) AS calls
  FROM dunning_event
  WHERE sent_at >= ${months_back:24} AND sent_at < ${next_month}
  GROUP BY customer_id, month_start(sent_at)
),
sums AS (
  SELECT customer_id,
         sum(CASE WHEN month >= ${months_back:12} AND calls > 0 THEN 1 ELSE 0 END) AS months,
         sum(CASE WHEN month >= ${months_back:6} AND calls > 0 THEN 1 ELSE 0 END) AS new_months,
         sum(CASE WHEN month >= ${months_back:12} THEN reminders ELSE 0 END) AS reminders,
         sum(CASE WHEN month >= ${months_back:12} THEN visits ELSE 0 END) AS visits,
         sum(CASE WHEN month >= ${months_back:12} THEN refusals ELSE 0 END) AS refusals,
         sum(CASE WHEN month >= ${months_back:12} THEN unreached ELSE 0 END) AS unreached,
         sum(CASE WHEN month >= ${months_back:12} THEN outcomes ELSE 0 END) AS outcomes,
         sum(notices) AS notices,
         sum(cut_offs) AS cut_offs
  FROM dunned
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN ${loaded:dunning_event} THEN coalesce(s.months, 0) END AS dunning_months_12m,
       CASE WHEN ${loaded:dunning_event} THEN coalesce(s.new_months, 0) END AS dunning_months_6m,
       CASE WHEN NOT ${loaded:dunning_event} THEN NULL
            WHEN s.months >= 10 THEN 'monthly'
            WHEN s.months >= 5 THEN 'frequent'
            WHEN s.months >= 2 THEN 'occasional'
            WHEN s.months = 1 THEN 'single'
            ELSE 'none' END AS dunning_rhythm_12m,
       CASE WHEN ${loaded:dunning_event} THEN coalesce(s.reminders, 0) END AS reminders_12m,
       CASE WHEN ${loaded:dunning_event} THEN coalesce(s.visits, 0) END AS dunning_visits_12m,
       CASE WHEN ${loaded:dunning_event} THEN coalesce(s.refusals, 0) END AS dunning_refusals_12m,
       CASE WHEN s.outcomes > 0 THEN CAST(s.unreached AS DOUBLE) / s.outcomes END AS dunning_unreached_share_12m,
       CASE WHEN ${loaded:dunning_event} THEN coalesce(s.notices, 0) END AS cut_off_notices_24m,
       CASE WHEN ${loaded:dunning_event} THEN coalesce(s.cut_offs, 0) END AS cut_offs_24m
FROM open_customer o
LEFT JOIN sums s ON s.customer_id = o.customer_id

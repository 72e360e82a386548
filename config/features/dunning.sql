-- A month counts once however often it was dunned. Rhythm of 12 months: monthly in 10 of them or more, occasional in 2 to
-- 4 (once in three to six months), frequent between, single once.
WITH counted AS (
  SELECT *,
         bit_count(months_called) AS months,
         bit_count(months_called & 63) AS new_months
  FROM dunned
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
LEFT JOIN counted s ON s.customer_id = o.customer_id

-- months_called: a bit for each month, the latest one lowest.
WITH events AS (
  SELECT customer_id,
         (year(${as_of}) - year(sent_at)) * 12 + month(${as_of}) - month(sent_at) AS months_ago,
         kind,
         channel,
         outcome
  FROM dunning_event
  WHERE sent_at >= ${months_back:24} AND sent_at < ${next_month}
)
SELECT customer_id,
       sum(CASE WHEN months_ago < 12 THEN 1 ELSE 0 END) AS events,
       bit_or(CASE WHEN months_ago < 12 AND (kind IS NULL OR kind IN ('reminder', 'dunning'))
                   THEN nth_bit(months_ago) ELSE 0 END) AS months_called,
       sum(CASE WHEN months_ago < 12 AND kind = 'reminder' THEN 1 ELSE 0 END) AS reminders,
       sum(CASE WHEN months_ago < 12 AND channel = 'visit' THEN 1 ELSE 0 END) AS visits,
       sum(CASE WHEN months_ago < 12 AND outcome IN ('refused', 'disputed') THEN 1 ELSE 0 END) AS refusals,
       sum(CASE WHEN months_ago < 12 AND outcome IN ('no_answer', 'wrong_contact', 'failed') THEN 1 ELSE 0 END) AS unreached,
       sum(CASE WHEN months_ago < 12 AND outcome IS NOT NULL THEN 1 ELSE 0 END) AS outcomes,
       sum(CASE WHEN kind = 'cut_off_notice' THEN 1 ELSE 0 END) AS notices,
       sum(CASE WHEN kind = 'cut_off' THEN 1 ELSE 0 END) AS cut_offs
FROM events
GROUP BY customer_id

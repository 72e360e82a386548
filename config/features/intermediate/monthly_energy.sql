-- 36 months: two years of comparison with the same month a year before. A month with several bills is their sum.
WITH billed AS (
  SELECT customer_id, month, CAST(sum(energy_kwh) AS DECIMAL(18,3)) AS energy_kwh
  FROM bill
  WHERE month >= ${months_back:36} AND month <= ${as_of}
  GROUP BY customer_id, month
),
metered AS (
  SELECT customer_id, month, CAST(energy_kwh + filled_kwh AS DECIMAL(18,3)) AS energy_kwh
  FROM daily_by_month
  WHERE month >= ${months_back:36} AND 5 * (days + filled_days) >= 4 * day(last_day(month))
)
SELECT coalesce(b.customer_id, m.customer_id) AS customer_id,
       coalesce(b.month, m.month) AS month,
       coalesce(b.energy_kwh, m.energy_kwh) AS energy_kwh
FROM billed b
FULL OUTER JOIN metered m ON m.customer_id = b.customer_id AND m.month = b.month

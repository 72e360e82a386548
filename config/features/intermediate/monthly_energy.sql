-- 36 months: two years of comparison with the same month a year before.
SELECT customer_id, month, energy_kwh
FROM customer_month
WHERE month >= ${months_back:36} AND energy_kwh IS NOT NULL

-- Months of one calendar month beside each other: of the last twelve (e0), of those before (e1, e2); place counts the months
-- up to e0, of which the month itself is the 36th.
SELECT customer_id,
       month(month) AS calendar_month,
       36 - (month(${as_of}) - month(month) + 12) % 12 AS place,
       max(CASE WHEN month >= ${months_back:12} THEN energy_kwh END) AS e0,
       max(CASE WHEN month >= ${months_back:24} AND month < ${months_back:12} THEN energy_kwh END) AS e1,
       max(CASE WHEN month < ${months_back:24} THEN energy_kwh END) AS e2
FROM monthly_energy
GROUP BY customer_id, month(month)

-- Behaviour within the daily readings of 12 months beyond the family "load".
WITH recent AS (
  SELECT customer_id,
         sum(days) AS days,
         CAST(sum(energy_kwh) AS DECIMAL(19,3)) AS energy_kwh,
         CAST(sum(energy_square) AS DECIMAL(34,6)) AS energy_square,
         max(highest_kwh) AS highest_kwh,
         sum(zero_days) AS zero_days,
         sum(filled_days) AS filled_days
  FROM daily_by_month
  WHERE month >= ${months_back:12}
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN r.days >= 60 AND r.highest_kwh > 0
            THEN CAST(r.energy_kwh AS DOUBLE) / r.days / CAST(r.highest_kwh AS DOUBLE) END AS day_load_factor_12m,
       CASE WHEN r.days >= 60 AND r.energy_kwh > 0
            THEN sqrt(CAST(CAST(r.days AS DECIMAL(4,0)) * r.energy_square - r.energy_kwh * r.energy_kwh AS DOUBLE)
                      / (r.days * (r.days - 1)))
                 / (CAST(r.energy_kwh AS DOUBLE) / r.days) END AS day_variation_12m,
       r.highest_kwh AS highest_day_12m_kwh,
       CASE WHEN r.days >= 60 THEN CAST(r.zero_days AS DOUBLE) / r.days END AS zero_day_share_12m,
       CASE WHEN ${loaded:reading_day} THEN coalesce(r.filled_days, 0) END AS days_filled_12m
FROM open_customer o
LEFT JOIN recent r ON r.customer_id = o.customer_id

-- Of the months up to this one whose energy is known. A slope is that of the straight line of least squares, per month,
-- over the mean; sums of products are exact.
WITH sums AS (
  SELECT customer_id,
         count(e0) AS months,
         sum(e0) AS energy_kwh,
         sum(CAST(e0 AS DECIMAL(19,3)) * CAST(e0 AS DECIMAL(19,3))) AS energy_square,
         sum(place * e0) AS place_energy,
         sum(CASE WHEN e0 IS NOT NULL THEN place END) AS places,
         sum(CASE WHEN e0 IS NOT NULL THEN place * place END) AS place_square,
         max(e0) AS highest_kwh,
         min(e0) AS lowest_kwh,
         -- Watt hours and, of equals, the earlier month first, in one number.
         max(CAST(e0 * 1000 AS BIGINT) * 64 + 63 - place) AS highest_place,
         sum(CASE WHEN e0 = 0 THEN 1 ELSE 0 END) AS zero_months,
         sum(CASE WHEN calendar_month IN (3, 4, 5) THEN e0 END) AS spring_kwh,
         sum(CASE WHEN calendar_month IN (6, 7, 8) THEN e0 END) AS summer_kwh,
         sum(CASE WHEN calendar_month IN (9, 10, 11) THEN e0 END) AS autumn_kwh,
         sum(CASE WHEN calendar_month IN (12, 1, 2) THEN e0 END) AS winter_kwh,
         count(e0) + count(e1) + count(e2) AS all_months,
         sum(coalesce(e0, 0) + coalesce(e1, 0) + coalesce(e2, 0)) AS all_kwh,
         sum(coalesce(place * e0, 0) + coalesce((place - 12) * e1, 0) + coalesce((place - 24) * e2, 0)) AS all_place_energy,
         sum(CASE WHEN e0 IS NULL THEN 0 ELSE place END + CASE WHEN e1 IS NULL THEN 0 ELSE place - 12 END
             + CASE WHEN e2 IS NULL THEN 0 ELSE place - 24 END) AS all_places,
         sum(CASE WHEN e0 IS NULL THEN 0 ELSE place * place END + CASE WHEN e1 IS NULL THEN 0 ELSE (place - 12) * (place - 12) END
             + CASE WHEN e2 IS NULL THEN 0 ELSE (place - 24) * (place - 24) END) AS all_place_square,
         max(CASE WHEN place = 36 THEN e0 END) AS last_kwh,
         max(CASE WHEN place = 35 THEN e0 END) AS before_kwh,
         max(CASE WHEN place = 36 THEN e1 END) AS year_ago_kwh
  FROM energy_year
  GROUP BY customer_id
)
SELECT o.customer_id,
       y.last_kwh AS energy_last_month_kwh,
       CASE WHEN y.before_kwh > 0 THEN CAST(y.last_kwh AS DOUBLE) / CAST(y.before_kwh AS DOUBLE) - 1 END AS change_month_before,
       CASE WHEN y.year_ago_kwh > 0 THEN CAST(y.last_kwh AS DOUBLE) / CAST(y.year_ago_kwh AS DOUBLE) - 1 END AS change_year_before,
       CASE WHEN y.months >= 6 AND y.energy_kwh > 0
            THEN CAST(y.months * y.place_energy - y.places * y.energy_kwh AS DOUBLE)
                 / CAST(y.months * y.place_square - y.places * y.places AS DOUBLE)
                 / (CAST(y.energy_kwh AS DOUBLE) / y.months) END AS trend_12m,
       CASE WHEN y.all_months >= 18 AND y.all_kwh > 0
            THEN CAST(y.all_months * y.all_place_energy - y.all_places * y.all_kwh AS DOUBLE)
                 / CAST(y.all_months * y.all_place_square - y.all_places * y.all_places AS DOUBLE)
                 / (CAST(y.all_kwh AS DOUBLE) / y.all_months) END AS trend_36m,
       CASE WHEN y.months >= 6 AND y.energy_kwh > 0
            THEN sqrt(CAST(CAST(y.months AS DECIMAL(4,0)) * CAST(y.energy_square AS DECIMAL(34,6))
                           - CAST(y.energy_kwh AS DECIMAL(19,3)) * CAST(y.energy_kwh AS DECIMAL(19,3)) AS DOUBLE)
                      / (y.months * (y.months - 1)))
                 / (CAST(y.energy_kwh AS DOUBLE) / y.months) END AS month_variation_12m,
       CASE WHEN y.months >= 10 AND y.energy_kwh > 0 THEN (month(${as_of}) + 62 - y.highest_place % 64) % 12 + 1 END AS peak_month_12m,
       CASE WHEN y.months >= 10 AND y.energy_kwh > 0
            THEN CAST(y.highest_kwh AS DOUBLE) * y.months / CAST(y.energy_kwh AS DOUBLE) END AS peak_month_ratio_12m,
       CASE WHEN y.months >= 10 AND y.energy_kwh > 0
            THEN CAST(y.lowest_kwh AS DOUBLE) * y.months / CAST(y.energy_kwh AS DOUBLE) END AS low_month_ratio_12m,
       CASE WHEN y.months = 12 AND y.energy_kwh > 0
            THEN CAST(y.spring_kwh AS DOUBLE) / CAST(y.energy_kwh AS DOUBLE) END AS spring_share_12m,
       CASE WHEN y.months = 12 AND y.energy_kwh > 0
            THEN CAST(y.summer_kwh AS DOUBLE) / CAST(y.energy_kwh AS DOUBLE) END AS summer_share_12m,
       CASE WHEN y.months = 12 AND y.energy_kwh > 0
            THEN CAST(y.autumn_kwh AS DOUBLE) / CAST(y.energy_kwh AS DOUBLE) END AS autumn_share_12m,
       CASE WHEN y.months = 12 AND y.energy_kwh > 0
            THEN CAST(y.winter_kwh AS DOUBLE) / CAST(y.energy_kwh AS DOUBLE) END AS winter_share_12m,
       CASE WHEN y.months > 0 THEN y.zero_months END AS zero_months_12m,
       coalesce(y.all_months, 0) AS months_with_energy_36m
FROM open_customer o
LEFT JOIN sums y ON y.customer_id = o.customer_id

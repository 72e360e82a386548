-- Every rate compares like with like, a month against the same month, and only where both are known.
WITH ratios AS (
  SELECT *,
         CASE WHEN place > 33 THEN e0 END AS e0_last3,
         CASE WHEN e0 > 0 AND e1 > 0 THEN CAST(ln(CAST(e0 AS DOUBLE) / CAST(e1 AS DOUBLE)) AS DECIMAL(18,9)) END AS ln01,
         CASE WHEN e1 > 0 AND e2 > 0 THEN CAST(ln(CAST(e1 AS DOUBLE) / CAST(e2 AS DOUBLE)) AS DECIMAL(18,9)) END AS ln12
  FROM energy_year
),
sums AS (
  SELECT customer_id,
         count(e0_last3 + e1) AS pairs_3m,
         sum(CASE WHEN e1 IS NOT NULL THEN e0_last3 END) AS now_3m,
         sum(CASE WHEN e0_last3 IS NOT NULL THEN e1 END) AS ago_3m,
         count(e0 + e1) AS pairs_12m,
         sum(CASE WHEN e1 IS NOT NULL THEN e0 END) AS now_12m,
         sum(CASE WHEN e0 IS NOT NULL THEN e1 END) AS ago_12m,
         count(e0 + e2) AS pairs_36m,
         sum(CASE WHEN e2 IS NOT NULL THEN e0 END) AS now_36m,
         sum(CASE WHEN e0 IS NOT NULL THEN e2 END) AS ago_36m,
         count(e0 + e1) + count(e1 + e2) AS pairs_24m,
         count(ln01) + count(ln12) AS ratios_24m,
         coalesce(sum(ln01), 0) + coalesce(sum(ln12), 0) AS ln_sum,
         coalesce(sum(ln01 * ln01), 0) + coalesce(sum(ln12 * ln12), 0) AS ln_square_sum
  FROM ratios
  GROUP BY customer_id
),
industry AS (
  SELECT c.industry, sum(s.now_12m) AS now_12m, sum(s.ago_12m) AS ago_12m
  FROM sums s
  JOIN customer c ON c.customer_id = s.customer_id
  WHERE c.industry IS NOT NULL
  GROUP BY c.industry
),
spread AS (
  SELECT customer_id,
         pairs_24m - ratios_24m AS zero_months,
         CASE WHEN ratios_24m >= 6
              THEN sqrt(CAST(CAST(ratios_24m AS DECIMAL(4,0)) * CAST(ln_square_sum AS DECIMAL(30,18))
                             - CAST(ln_sum AS DECIMAL(18,9)) * CAST(ln_sum AS DECIMAL(18,9)) AS DOUBLE)
                        / (ratios_24m * (ratios_24m - 1))) END AS deviation
  FROM sums
)
SELECT o.customer_id,
       CASE WHEN i.ago_12m > 0 THEN CAST(i.now_12m AS DOUBLE) / CAST(i.ago_12m AS DOUBLE) - 1 END AS industry_growth_12m,
       CASE WHEN s.pairs_3m = 3 AND s.ago_3m > 0
            THEN CAST(s.now_3m AS DOUBLE) / CAST(s.ago_3m AS DOUBLE) - 1 END AS growth_3m,
       CASE WHEN s.pairs_12m >= 6 AND s.ago_12m > 0
            THEN CAST(s.now_12m AS DOUBLE) / CAST(s.ago_12m AS DOUBLE) - 1 END AS growth_12m,
       CASE WHEN s.pairs_36m >= 10 AND s.ago_36m > 0
            THEN sqrt(CAST(s.now_36m AS DOUBLE) / CAST(s.ago_36m AS DOUBLE)) - 1 END AS growth_36m,
       v.deviation AS energy_volatility_24m,
       v.zero_months AS volatility_zero_months_24m
FROM open_customer o
LEFT JOIN industry i ON i.industry = o.industry
LEFT JOIN sums s ON s.customer_id = o.customer_id
LEFT JOIN spread v ON v.customer_id = o.customer_id

-- Base score by industry and category ('*': any category), raised by importance grade, key attention, voltage and
-- capacity; at most 10.
WITH base AS (
  SELECT o.customer_id,
         coalesce(own.national_security, every.national_security) AS national_security,
         coalesce(own.personal_safety, every.personal_safety) AS personal_safety,
         coalesce(own.environment, every.environment) AS environment,
         coalesce(own.economic_loss, every.economic_loss) AS economic_loss,
         coalesce(own.public_life, every.public_life) AS public_life
  FROM open_customer o
  LEFT JOIN industry_impact own ON own.industry = o.industry AND own.category = o.category
  LEFT JOIN industry_impact every ON every.industry = o.industry AND every.category = '*'
),
property AS (
  SELECT customer_id, 'importance_grade' AS property, importance_grade AS code, CAST(0 AS DECIMAL(18,2)) AS amount
  FROM open_customer
  UNION ALL
  SELECT customer_id, 'is_key_attention' AS property, CASE WHEN is_key_attention THEN 'true' ELSE 'false' END AS code,
         CAST(0 AS DECIMAL(18,2)) AS amount
  FROM open_customer
  UNION ALL
  SELECT customer_id, 'voltage_kv' AS property, 'amount' AS code, voltage_kv AS amount
  FROM open_customer
  UNION ALL
  SELECT customer_id, 'contract_capacity_kva' AS property, 'amount' AS code, contract_capacity_kva AS amount
  FROM open_customer
),
raised AS (
  SELECT p.customer_id,
         sum(r.national_security) AS national_security,
         sum(r.personal_safety) AS personal_safety,
         sum(r.environment) AS environment,
         sum(r.economic_loss) AS economic_loss,
         sum(r.public_life) AS public_life
  FROM property p
  JOIN impact_raise r ON r.property = p.property AND r.code = p.code
    AND p.amount >= coalesce(r.from_amount, 0) AND (r.below_amount IS NULL OR p.amount < r.below_amount)
  GROUP BY p.customer_id
),
total AS (
  SELECT b.customer_id,
         b.national_security + coalesce(r.national_security, 0) AS national_security,
         b.personal_safety + coalesce(r.personal_safety, 0) AS personal_safety,
         b.environment + coalesce(r.environment, 0) AS environment,
         b.economic_loss + coalesce(r.economic_loss, 0) AS economic_loss,
         b.public_life + coalesce(r.public_life, 0) AS public_life
  FROM base b
  LEFT JOIN raised r ON r.customer_id = b.customer_id
)
SELECT customer_id,
       CASE WHEN national_security > 10 THEN 10 ELSE national_security END AS impact_national_security,
       CASE WHEN personal_safety > 10 THEN 10 ELSE personal_safety END AS impact_personal_safety,
       CASE WHEN environment > 10 THEN 10 ELSE environment END AS impact_environment,
       CASE WHEN economic_loss > 10 THEN 10 ELSE economic_loss END AS impact_economic_loss,
       CASE WHEN public_life > 10 THEN 10 ELSE public_life END AS impact_public_life
FROM total

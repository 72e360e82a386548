-- Scores of 0..100; one without a highest score is of 100 already.
WITH answers AS (
  SELECT customer_id,
         dimension,
         CAST(CAST(score AS DOUBLE) * 100 / CAST(coalesce(score_max, 100) AS DOUBLE) AS DECIMAL(18,6)) AS score
  FROM survey_response
  WHERE asked_on >= ${months_back:24} AND asked_on <= ${month_end}
),
sums AS (
  SELECT customer_id,
         count(*) AS answers,
         sum(CASE WHEN dimension = 'satisfaction' THEN score END) AS satisfaction,
         count(CASE WHEN dimension = 'satisfaction' THEN 1 END) AS satisfaction_answers,
         sum(CASE WHEN dimension IN ('loyalty', 'recommendation') THEN score END) AS loyalty,
         count(CASE WHEN dimension IN ('loyalty', 'recommendation') THEN 1 END) AS loyalty_answers,
         sum(CASE WHEN dimension = 'trust' THEN score END) AS trust,
         count(CASE WHEN dimension = 'trust' THEN 1 END) AS trust_answers,
         sum(CASE WHEN dimension = 'convenience' THEN score END) AS convenience,
         count(CASE WHEN dimension = 'convenience' THEN 1 END) AS convenience_answers,
         sum(CASE WHEN dimension = 'respect' THEN score END) AS respect,
         count(CASE WHEN dimension = 'respect' THEN 1 END) AS respect_answers,
         sum(CASE WHEN dimension = 'autonomy' THEN score END) AS autonomy,
         count(CASE WHEN dimension = 'autonomy' THEN 1 END) AS autonomy_answers,
         sum(CASE WHEN dimension = 'cognition' THEN score END) AS cognition,
         count(CASE WHEN dimension = 'cognition' THEN 1 END) AS cognition_answers
  FROM answers
  GROUP BY customer_id
)
SELECT o.customer_id,
       CASE WHEN ${loaded:survey_response} THEN coalesce(s.answers, 0) END AS survey_answers_24m,
       CASE WHEN s.satisfaction_answers > 0 THEN CAST(s.satisfaction AS DOUBLE) / s.satisfaction_answers END AS survey_satisfaction_24m,
       CASE WHEN s.loyalty_answers > 0 THEN CAST(s.loyalty AS DOUBLE) / s.loyalty_answers END AS survey_loyalty_24m,
       CASE WHEN s.trust_answers > 0 THEN CAST(s.trust AS DOUBLE) / s.trust_answers END AS survey_trust_24m,
       CASE WHEN s.convenience_answers > 0 THEN CAST(s.convenience AS DOUBLE) / s.convenience_answers END AS survey_convenience_24m,
       CASE WHEN s.respect_answers > 0 THEN CAST(s.respect AS DOUBLE) / s.respect_answers END AS survey_respect_24m,
       CASE WHEN s.autonomy_answers > 0 THEN CAST(s.autonomy AS DOUBLE) / s.autonomy_answers END AS survey_autonomy_24m,
       CASE WHEN s.cognition_answers > 0 THEN CAST(s.cognition AS DOUBLE) / s.cognition_answers END AS survey_cognition_24m
FROM open_customer o
LEFT JOIN sums s ON s.customer_id = o.customer_id

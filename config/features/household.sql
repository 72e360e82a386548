-- What the latest visitor's form of the last 36 months says of a household. Of two forms of one day the higher number counts.
WITH forms AS (
  SELECT *,
         row_number() OVER (PARTITION BY customer_id ORDER BY visited_on DESC, form_id DESC) AS place
  FROM household_form
  WHERE visited_on >= ${months_back:36} AND visited_on <= ${month_end}
)
SELECT o.customer_id,
       f.grade AS form_grade,
       f.attitude AS form_attitude,
       f.has_influence AS form_influence,
       f.joins_campaigns AS form_joins_campaigns,
       f.has_petition_risk AS form_petition_risk,
       f.debit_problem AS form_debit_problem,
       f.appliance_power_kw AS appliance_power_kw
FROM open_customer o
LEFT JOIN forms f ON f.customer_id = o.customer_id AND f.place = 1

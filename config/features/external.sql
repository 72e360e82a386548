-- Of each attribute the newest value up to the month.
WITH newest AS (
  SELECT customer_id,
         max_by(value_number, month) FILTER (WHERE attribute = 'energy_12m_kwh') AS energy_12m_kwh,
         max_by(value_number, month) FILTER (WHERE attribute = 'energy_last_month_kwh') AS energy_last_month_kwh,
         max_by(value_number, month) FILTER (WHERE attribute = 'net_margin_cny') AS net_margin_cny,
         max_by(value_number, month) FILTER (WHERE attribute = 'gross_margin_cny') AS gross_margin_cny,
         max_by(value_number, month) FILTER (WHERE attribute = 'forecast_energy_12m_kwh') AS forecast_energy_12m_kwh,
         max_by(value_number, month) FILTER (WHERE attribute = 'years_customer') AS years_customer,
         max_by(value_number, month) FILTER (WHERE attribute = 'churned') AS churned
  FROM attribute
  WHERE month <= ${as_of}
  GROUP BY customer_id
)
SELECT o.customer_id,
       n.energy_12m_kwh AS ext_energy_12m_kwh,
       n.energy_last_month_kwh AS ext_energy_last_month_kwh,
       n.net_margin_cny AS ext_net_margin_cny,
       n.gross_margin_cny AS ext_gross_margin_cny,
       n.forecast_energy_12m_kwh AS ext_forecast_energy_12m_kwh,
       n.years_customer AS ext_years_customer,
       n.churned AS ext_churned
FROM open_customer o
LEFT JOIN newest n ON n.customer_id = o.customer_id

SELECT *
FROM customer
WHERE (opened_on IS NULL OR opened_on <= ${month_end})
  AND (closed_on IS NULL OR closed_on > ${month_end})

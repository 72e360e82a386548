SELECT *
FROM payment
WHERE paid_on <= ${month_end} AND coalesce(status, 'received') IN ('received', 'partial')

SELECT bill_id,
       customer_id,
       month,
       issued_on,
       due_on,
       coalesce(kind, 'regular') AS kind,
       CASE WHEN kind = 'refund' THEN -energy_kwh ELSE energy_kwh END AS energy_kwh,
       CASE WHEN kind = 'refund' THEN -amount_cny ELSE amount_cny END AS amount_cny
FROM bill
WHERE month <= ${as_of} AND coalesce(status, 'issued') <> 'cancelled'

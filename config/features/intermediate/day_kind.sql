-- A day that the calendar does not name is a rest day when it is a Saturday or Sunday, and no public holiday.
SELECT d.day,
       month_start(d.day) AS month,
       CASE WHEN coalesce(c.is_holiday OR coalesce(c.is_special_holiday, FALSE), is_weekend(d.day)) THEN 1 ELSE 0 END AS rest,
       CASE WHEN coalesce(c.is_special_holiday, FALSE) THEN 1 ELSE 0 END AS holiday
FROM (SELECT DISTINCT day FROM reading_day WHERE day <= ${month_end}) d
LEFT JOIN calendar_day c ON c.day = d.day

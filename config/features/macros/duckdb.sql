-- What differs between DuckDB and Spark SQL, under one name. Everything else in the feature SQL is common to both.
CREATE OR REPLACE TEMP MACRO month_start(d) AS CAST(date_trunc('month', d) AS DATE);
CREATE OR REPLACE TEMP MACRO is_weekend(d) AS isodow(d) >= 6;
CREATE OR REPLACE TEMP MACRO add_days(d, days) AS d + CAST(days AS INTEGER);
CREATE OR REPLACE TEMP MACRO days_between(from_day, to_day) AS date_diff('day', from_day, to_day);
CREATE OR REPLACE TEMP MACRO seconds_between(from_time, to_time) AS date_diff('second', from_time, to_time);
CREATE OR REPLACE TEMP MACRO nth_bit(n) AS CAST(1 AS BIGINT) << n;
-- The days of a month as bits of one number: day 1 is the lowest.
CREATE OR REPLACE TEMP MACRO day_bit(d) AS CAST(1 AS BIGINT) << (day(d) - 1);
CREATE OR REPLACE TEMP MACRO has_bit(bits, one) AS (bits & one) <> 0;

-- What differs between DuckDB and Spark SQL, under one name. Everything else in the feature SQL is common to both.
CREATE OR REPLACE TEMP MACRO month_start(d) AS CAST(date_trunc('month', d) AS DATE);
CREATE OR REPLACE TEMP MACRO is_weekend(d) AS isodow(d) >= 6;
CREATE OR REPLACE TEMP MACRO days_between(from_day, to_day) AS date_diff('day', from_day, to_day);
CREATE OR REPLACE TEMP MACRO seconds_between(from_time, to_time) AS date_diff('second', from_time, to_time);

-- Of hourly readings, else quarter-hourly ones; shares need the readings of 30 days. Of equal hours the first is the peak.
WITH recent AS (
  SELECT customer_id,
         sum(intervals) AS intervals,
         sum(energy_kwh) AS energy_kwh,
         max(highest_kw) AS highest_kw,
         sum(rest_intervals) AS rest_intervals,
         sum(rest_kwh) AS rest_kwh,
         sum(h00_kwh) AS h00_kwh,
         sum(h01_kwh) AS h01_kwh,
         sum(h02_kwh) AS h02_kwh,
         sum(h03_kwh) AS h03_kwh,
         sum(h04_kwh) AS h04_kwh,
         sum(h05_kwh) AS h05_kwh,
         sum(h06_kwh) AS h06_kwh,
         sum(h07_kwh) AS h07_kwh,
         sum(h08_kwh) AS h08_kwh,
         sum(h09_kwh) AS h09_kwh,
         sum(h10_kwh) AS h10_kwh,
         sum(h11_kwh) AS h11_kwh,
         sum(h12_kwh) AS h12_kwh,
         sum(h13_kwh) AS h13_kwh,
         sum(h14_kwh) AS h14_kwh,
         sum(h15_kwh) AS h15_kwh,
         sum(h16_kwh) AS h16_kwh,
         sum(h17_kwh) AS h17_kwh,
         sum(h18_kwh) AS h18_kwh,
         sum(h19_kwh) AS h19_kwh,
         sum(h20_kwh) AS h20_kwh,
         sum(h21_kwh) AS h21_kwh,
         sum(h22_kwh) AS h22_kwh,
         sum(h23_kwh) AS h23_kwh
  FROM hourly_by_month
  WHERE month >= ${months_back:12}
  GROUP BY customer_id
),
shaped AS (
  SELECT *,
         greatest(h00_kwh, h01_kwh, h02_kwh, h03_kwh, h04_kwh, h05_kwh, h06_kwh, h07_kwh, h08_kwh,
                  h09_kwh, h10_kwh, h11_kwh, h12_kwh, h13_kwh, h14_kwh, h15_kwh, h16_kwh, h17_kwh, h18_kwh,
                  h19_kwh, h20_kwh, h21_kwh, h22_kwh, h23_kwh) AS highest_kwh,
         least(h00_kwh, h01_kwh, h02_kwh, h03_kwh, h04_kwh, h05_kwh, h06_kwh, h07_kwh, h08_kwh, h09_kwh,
               h10_kwh, h11_kwh, h12_kwh, h13_kwh, h14_kwh, h15_kwh, h16_kwh, h17_kwh, h18_kwh, h19_kwh,
               h20_kwh, h21_kwh, h22_kwh, h23_kwh) AS lowest_kwh
  FROM recent
),
judged AS (
  SELECT *
  FROM shaped
  WHERE intervals >= 30 * 96 AND energy_kwh > 0
),
-- Eight hours in a row, over midnight as well, by the hour they begin with.
windows AS (
  SELECT customer_id,
         energy_kwh,
         h00_kwh + h01_kwh + h02_kwh + h03_kwh + h04_kwh + h05_kwh + h06_kwh + h07_kwh AS w00_kwh,
         h01_kwh + h02_kwh + h03_kwh + h04_kwh + h05_kwh + h06_kwh + h07_kwh + h08_kwh AS w01_kwh,
         h02_kwh + h03_kwh + h04_kwh + h05_kwh + h06_kwh + h07_kwh + h08_kwh + h09_kwh AS w02_kwh,
         h03_kwh + h04_kwh + h05_kwh + h06_kwh + h07_kwh + h08_kwh + h09_kwh + h10_kwh AS w03_kwh,
         h04_kwh + h05_kwh + h06_kwh + h07_kwh + h08_kwh + h09_kwh + h10_kwh + h11_kwh AS w04_kwh,
         h05_kwh + h06_kwh + h07_kwh + h08_kwh + h09_kwh + h10_kwh + h11_kwh + h12_kwh AS w05_kwh,
         h06_kwh + h07_kwh + h08_kwh + h09_kwh + h10_kwh + h11_kwh + h12_kwh + h13_kwh AS w06_kwh,
         h07_kwh + h08_kwh + h09_kwh + h10_kwh + h11_kwh + h12_kwh + h13_kwh + h14_kwh AS w07_kwh,
         h08_kwh + h09_kwh + h10_kwh + h11_kwh + h12_kwh + h13_kwh + h14_kwh + h15_kwh AS w08_kwh,
         h09_kwh + h10_kwh + h11_kwh + h12_kwh + h13_kwh + h14_kwh + h15_kwh + h16_kwh AS w09_kwh,
         h10_kwh + h11_kwh + h12_kwh + h13_kwh + h14_kwh + h15_kwh + h16_kwh + h17_kwh AS w10_kwh,
         h11_kwh + h12_kwh + h13_kwh + h14_kwh + h15_kwh + h16_kwh + h17_kwh + h18_kwh AS w11_kwh,
         h12_kwh + h13_kwh + h14_kwh + h15_kwh + h16_kwh + h17_kwh + h18_kwh + h19_kwh AS w12_kwh,
         h13_kwh + h14_kwh + h15_kwh + h16_kwh + h17_kwh + h18_kwh + h19_kwh + h20_kwh AS w13_kwh,
         h14_kwh + h15_kwh + h16_kwh + h17_kwh + h18_kwh + h19_kwh + h20_kwh + h21_kwh AS w14_kwh,
         h15_kwh + h16_kwh + h17_kwh + h18_kwh + h19_kwh + h20_kwh + h21_kwh + h22_kwh AS w15_kwh,
         h16_kwh + h17_kwh + h18_kwh + h19_kwh + h20_kwh + h21_kwh + h22_kwh + h23_kwh AS w16_kwh,
         h17_kwh + h18_kwh + h19_kwh + h20_kwh + h21_kwh + h22_kwh + h23_kwh + h00_kwh AS w17_kwh,
         h18_kwh + h19_kwh + h20_kwh + h21_kwh + h22_kwh + h23_kwh + h00_kwh + h01_kwh AS w18_kwh,
         h19_kwh + h20_kwh + h21_kwh + h22_kwh + h23_kwh + h00_kwh + h01_kwh + h02_kwh AS w19_kwh,
         h20_kwh + h21_kwh + h22_kwh + h23_kwh + h00_kwh + h01_kwh + h02_kwh + h03_kwh AS w20_kwh,
         h21_kwh + h22_kwh + h23_kwh + h00_kwh + h01_kwh + h02_kwh + h03_kwh + h04_kwh AS w21_kwh,
         h22_kwh + h23_kwh + h00_kwh + h01_kwh + h02_kwh + h03_kwh + h04_kwh + h05_kwh AS w22_kwh,
         h23_kwh + h00_kwh + h01_kwh + h02_kwh + h03_kwh + h04_kwh + h05_kwh + h06_kwh AS w23_kwh
  FROM judged
),
preferred AS (
  SELECT *,
         greatest(w00_kwh, w01_kwh, w02_kwh, w03_kwh, w04_kwh, w05_kwh, w06_kwh, w07_kwh, w08_kwh, w09_kwh, w10_kwh,
                  w11_kwh, w12_kwh, w13_kwh, w14_kwh, w15_kwh, w16_kwh, w17_kwh, w18_kwh, w19_kwh, w20_kwh, w21_kwh,
                  w22_kwh, w23_kwh) AS most_kwh
  FROM windows
)
SELECT o.customer_id,
       CASE WHEN ${loaded:reading_hour} OR ${loaded:reading_quarter_hour}
            THEN coalesce(CAST(r.intervals AS DOUBLE) / 4, 0) END AS hours_read_12m,
       CAST(j.h00_kwh + j.h01_kwh + j.h02_kwh + j.h03_kwh + j.h04_kwh + j.h05_kwh AS DOUBLE)
         / CAST(j.energy_kwh AS DOUBLE) AS night_share_12m,
       CAST(j.h06_kwh + j.h07_kwh + j.h08_kwh + j.h09_kwh + j.h10_kwh + j.h11_kwh AS DOUBLE)
         / CAST(j.energy_kwh AS DOUBLE) AS morning_share_12m,
       CAST(j.h12_kwh + j.h13_kwh + j.h14_kwh + j.h15_kwh + j.h16_kwh + j.h17_kwh AS DOUBLE)
         / CAST(j.energy_kwh AS DOUBLE) AS afternoon_share_12m,
       CAST(j.h18_kwh + j.h19_kwh + j.h20_kwh + j.h21_kwh + j.h22_kwh + j.h23_kwh AS DOUBLE)
         / CAST(j.energy_kwh AS DOUBLE) AS evening_share_12m,
       CASE
            WHEN j.h00_kwh = j.highest_kwh THEN 0
            WHEN j.h01_kwh = j.highest_kwh THEN 1
            WHEN j.h02_kwh = j.highest_kwh THEN 2
            WHEN j.h03_kwh = j.highest_kwh THEN 3
            WHEN j.h04_kwh = j.highest_kwh THEN 4
            WHEN j.h05_kwh = j.highest_kwh THEN 5
            WHEN j.h06_kwh = j.highest_kwh THEN 6
            WHEN j.h07_kwh = j.highest_kwh THEN 7
            WHEN j.h08_kwh = j.highest_kwh THEN 8
            WHEN j.h09_kwh = j.highest_kwh THEN 9
            WHEN j.h10_kwh = j.highest_kwh THEN 10
            WHEN j.h11_kwh = j.highest_kwh THEN 11
            WHEN j.h12_kwh = j.highest_kwh THEN 12
            WHEN j.h13_kwh = j.highest_kwh THEN 13
            WHEN j.h14_kwh = j.highest_kwh THEN 14
            WHEN j.h15_kwh = j.highest_kwh THEN 15
            WHEN j.h16_kwh = j.highest_kwh THEN 16
            WHEN j.h17_kwh = j.highest_kwh THEN 17
            WHEN j.h18_kwh = j.highest_kwh THEN 18
            WHEN j.h19_kwh = j.highest_kwh THEN 19
            WHEN j.h20_kwh = j.highest_kwh THEN 20
            WHEN j.h21_kwh = j.highest_kwh THEN 21
            WHEN j.h22_kwh = j.highest_kwh THEN 22
            WHEN j.h23_kwh = j.highest_kwh THEN 23
       END AS peak_hour_12m,
       CAST(j.highest_kwh AS DOUBLE) * 24 / CAST(j.energy_kwh AS DOUBLE) AS peak_hour_ratio_12m,
       CAST(j.lowest_kwh AS DOUBLE) * 24 / CAST(j.energy_kwh AS DOUBLE) AS base_load_ratio_12m,
       CASE WHEN j.highest_kw > 0
            THEN CAST(j.energy_kwh AS DOUBLE) * 4 / j.intervals / CAST(j.highest_kw AS DOUBLE) END AS hour_load_factor_12m,
       CASE WHEN j.rest_intervals >= 4 * 96 AND j.intervals - j.rest_intervals >= 10 * 96 AND j.energy_kwh > j.rest_kwh
            THEN (CAST(j.rest_kwh AS DOUBLE) / j.rest_intervals)
                 / (CAST(j.energy_kwh - j.rest_kwh AS DOUBLE) / (j.intervals - j.rest_intervals)) END AS rest_hour_ratio_12m,
       CASE
            WHEN p.w00_kwh = p.most_kwh THEN 0
            WHEN p.w01_kwh = p.most_kwh THEN 1
            WHEN p.w02_kwh = p.most_kwh THEN 2
            WHEN p.w03_kwh = p.most_kwh THEN 3
            WHEN p.w04_kwh = p.most_kwh THEN 4
            WHEN p.w05_kwh = p.most_kwh THEN 5
            WHEN p.w06_kwh = p.most_kwh THEN 6
            WHEN p.w07_kwh = p.most_kwh THEN 7
            WHEN p.w08_kwh = p.most_kwh THEN 8
            WHEN p.w09_kwh = p.most_kwh THEN 9
            WHEN p.w10_kwh = p.most_kwh THEN 10
            WHEN p.w11_kwh = p.most_kwh THEN 11
            WHEN p.w12_kwh = p.most_kwh THEN 12
            WHEN p.w13_kwh = p.most_kwh THEN 13
            WHEN p.w14_kwh = p.most_kwh THEN 14
            WHEN p.w15_kwh = p.most_kwh THEN 15
            WHEN p.w16_kwh = p.most_kwh THEN 16
            WHEN p.w17_kwh = p.most_kwh THEN 17
            WHEN p.w18_kwh = p.most_kwh THEN 18
            WHEN p.w19_kwh = p.most_kwh THEN 19
            WHEN p.w20_kwh = p.most_kwh THEN 20
            WHEN p.w21_kwh = p.most_kwh THEN 21
            WHEN p.w22_kwh = p.most_kwh THEN 22
            WHEN p.w23_kwh = p.most_kwh THEN 23
       END AS preferred_from_hour_12m,
       CAST(p.most_kwh AS DOUBLE) / CAST(p.energy_kwh AS DOUBLE) AS preferred_share_12m
FROM open_customer o
LEFT JOIN recent r ON r.customer_id = o.customer_id
LEFT JOIN judged j ON j.customer_id = o.customer_id
LEFT JOIN preferred p ON p.customer_id = o.customer_id

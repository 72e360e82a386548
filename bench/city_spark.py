#!/usr/bin/env python3
"""The job of bench/city_bench.py with Spark in local mode: files to groups and portraits.

  city_spark.py FILES OUT [--month 2026-06] [--memory 16g]    FILES: what `fenqun datagen` wrote

The same columns as bench/city_pandas.py, as Spark SQL, grouped by Spark's own k-means. One process of its own (and its
virtual machine), which ends with it. Prints one JSON line: seconds of each part, rows read.
"""
import argparse
import json
import os
import pathlib

from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import ClusteringEvaluator
from pyspark.ml.feature import RobustScaler, VectorAssembler
from pyspark.sql import SparkSession, functions as F

import city_features as shared

KINDS = ("bill", "payment", "reading_day", "reading_hour", "other_income", "ticket", "dunning_event", "inspection")


class Job:
    def __init__(self, options):
        self.options = options
        self.clock = shared.Clock()
        self.spark = (SparkSession.builder.master(f"local[{os.cpu_count()}]").appName("city")
                      .config("spark.driver.memory", options.memory).config("spark.ui.enabled", "false")
                      .config("spark.sql.shuffle.partitions", 4 * os.cpu_count())
                      .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
                      .config("spark.network.timeout", "1200s").config("spark.executor.heartbeatInterval", "60s")
                      .config("spark.local.dir", str(options.out / "spill")).getOrCreate())
        self.spark.sparkContext.setLogLevel("ERROR")
        self.rows = 0
        for entity in KINDS:
            table = self.spark.read.option("mergeSchema", "true").parquet(str(options.files / entity))
            table.createOrReplaceTempView(entity)
            self.rows += table.count()
        customer = self.spark.read.parquet(str(options.files / "customer.parquet"))
        customer.createOrReplaceTempView("customer")
        self.rows += customer.count()

    def features(self):
        month, end = shared.months_back(self.options.month, 0), shared.month_end(self.options.month)
        back = {count: shared.months_back(self.options.month, count) for count in (11, 12, 13)}
        grade = " ".join(f"WHEN '{name}' THEN {value}" for name, value in shared.GRADE.items())
        raised = f"(CASE importance_grade {grade} ELSE 0 END + CASE WHEN contract_capacity_kva >= 1000 THEN 2 ELSE 0 END)"
        impact = ", ".join(f"least(10.0, {raised} * {weight} / 4 + CASE WHEN category <> 'residential' THEN {weight} ELSE 0 END / 2) AS {name}"
                           for name, weight in shared.IMPACT.items())
        cost = " UNION ALL ".join(f"SELECT customer_id, {shared.PRICES[entity]} AS price FROM {entity}"
                                  f" WHERE {day} >= DATE '{back[11]}'"
                                  for entity, day in (("ticket", "opened_at"), ("dunning_event", "sent_at"), ("inspection", "inspected_on")))
        def pair(first, last, years, name):
            now = f"ago >= {first} AND ago < {last}"
            then = f"m.ago + {12 * years} = t.ago"
            return (f"{name} AS (SELECT m.customer_id, sum(m.energy) AS now, sum(t.energy) AS ago FROM months m JOIN months t ON "
                    f"t.customer_id = m.customer_id AND {then} WHERE m.{now.replace('AND ago', 'AND m.ago')} GROUP BY m.customer_id)")
        return self.spark.sql(f"""
WITH open AS (SELECT *, {impact} FROM customer WHERE opened_on <= DATE '{end}' AND (closed_on IS NULL OR closed_on > DATE '{end}')),
signed AS (SELECT customer_id, bill_id, month, due_on, CASE WHEN kind = 'refund' THEN -energy_kwh ELSE energy_kwh END AS energy,
  CASE WHEN kind = 'refund' THEN -amount_cny ELSE amount_cny END AS amount FROM bill WHERE coalesce(status, '') <> 'cancelled'),
months AS (SELECT customer_id, CAST(months_between(DATE '{month}', month) AS INT) AS ago, sum(energy) AS energy, sum(amount) AS amount
  FROM signed GROUP BY ALL),
revenue AS (SELECT customer_id, sum(amount) AS bill_revenue_12m FROM months WHERE ago < 12 GROUP BY customer_id),
paid AS (SELECT bill_id, sum(amount_cny) AS paid, max(paid_on) AS last_on FROM payment WHERE status IN ('received', 'partial')
  AND paid_on >= DATE '{back[13]}' GROUP BY bill_id),
owed AS (SELECT s.customer_id, s.amount, s.due_on, coalesce(p.paid, 0) AS paid, p.last_on FROM signed s LEFT JOIN paid p
  ON p.bill_id = s.bill_id WHERE s.due_on > DATE '{back[12]}' AND s.due_on <= DATE '{end}' AND s.amount > 0),
late AS (SELECT *, greatest(0, datediff(CASE WHEN paid >= amount THEN last_on ELSE DATE '{end}' END, due_on)) AS days FROM owed),
arrears AS (SELECT customer_id, avg(CASE WHEN days > 0 THEN 1.0 ELSE 0.0 END) AS late_share_12m, avg(days) AS mean_days_late_12m,
  sum(CASE WHEN paid >= amount THEN 0 ELSE amount - paid END) / sum(amount) AS overdue_share_12m FROM late GROUP BY customer_id),
{pair(0, 3, 1, "quarter")}, {pair(0, 12, 1, "year")}, {pair(0, 12, 2, "years")},
ratio AS (SELECT m.customer_id, stddev(ln(m.energy / t.energy)) AS volatility_24m FROM months m JOIN months t ON
  t.customer_id = m.customer_id AND m.ago + 12 = t.ago WHERE m.ago < 24 AND m.energy > 0 AND t.energy > 0 GROUP BY m.customer_id),
industry AS (SELECT o.industry, sum(y.now) / sum(y.ago) - 1 AS industry_growth_12m FROM year y JOIN open o ON o.customer_id = y.customer_id
  GROUP BY o.industry),
income AS (SELECT customer_id, sum(amount_cny) AS noncore_revenue_12m FROM other_income WHERE booked_on >= DATE '{back[11]}' GROUP BY customer_id),
cost AS (SELECT customer_id, sum(price) AS cost FROM ({cost}) GROUP BY customer_id),
daily AS (SELECT customer_id, avg(energy_kwh) AS mean_day_kwh, sum(CASE WHEN weekday(day) >= 5 THEN energy_kwh ELSE 0 END) / sum(energy_kwh) AS rest_share,
  sum(valley_kwh) / sum(energy_kwh) AS valley_share, max(energy_kwh) AS highest FROM reading_day GROUP BY customer_id)
SELECT o.customer_id, o.category, o.industry, {", ".join("CAST(o." + name + " AS DOUBLE) AS " + name for name in shared.IMPACT)},
  CAST(coalesce(r.bill_revenue_12m, 0) AS DOUBLE) AS bill_revenue_12m, CAST(coalesce(i.noncore_revenue_12m, 0) AS DOUBLE) AS noncore_revenue_12m,
  CAST(coalesce(c.cost, 0) + 12 * {shared.PRICES["metering_month"]} AS DOUBLE) AS cost_to_serve_12m,
  CAST(q.now / nullif(q.ago, 0) - 1 AS DOUBLE) AS growth_3m, CAST(y.now / nullif(y.ago, 0) - 1 AS DOUBLE) AS growth_12m,
  CAST(sqrt(z.now / nullif(z.ago, 0)) - 1 AS DOUBLE) AS growth_36m, CAST(n.industry_growth_12m AS DOUBLE) AS industry_growth_12m,
  v.volatility_24m, CAST(a.late_share_12m AS DOUBLE) AS late_share_12m, a.mean_days_late_12m, CAST(a.overdue_share_12m AS DOUBLE) AS overdue_share_12m,
  CAST(d.mean_day_kwh AS DOUBLE) AS mean_day_kwh, CAST(d.rest_share AS DOUBLE) AS rest_share, CAST(d.valley_share AS DOUBLE) AS valley_share
FROM open o LEFT JOIN revenue r ON r.customer_id = o.customer_id LEFT JOIN arrears a ON a.customer_id = o.customer_id
LEFT JOIN quarter q ON q.customer_id = o.customer_id LEFT JOIN year y ON y.customer_id = o.customer_id
LEFT JOIN years z ON z.customer_id = o.customer_id LEFT JOIN ratio v ON v.customer_id = o.customer_id
LEFT JOIN industry n ON n.industry = o.industry LEFT JOIN income i ON i.customer_id = o.customer_id
LEFT JOIN cost c ON c.customer_id = o.customer_id LEFT JOIN daily d ON d.customer_id = o.customer_id""")

    def group(self, out):
        """One start per k, not the eight of the others: Spark's k-means has no restarts."""
        trials = []
        for scheme, (names, publish) in shared.SCHEMES.items():
            rows = out.select("customer_id", *(F.log1p(F.greatest(F.col(name), F.lit(0.0))).alias(name) if name in shared.LOGGED else name
                                               for name in names)).dropna()
            vectors = VectorAssembler(inputCols=names, outputCol="raw").transform(rows)
            scaled = RobustScaler(inputCol="raw", outputCol="features", withCentering=True).fit(vectors).transform(vectors)
            scaled = scaled.select("customer_id", "features").cache()
            for k in shared.K_RANGE:
                model = KMeans(k=k, seed=shared.SEED).fit(scaled)
                labelled = model.transform(scaled)
                several = sum(size > 0 for size in model.summary.clusterSizes) > 1
                silhouette = float(ClusteringEvaluator().evaluate(labelled)) if several else float("nan")
                trials.append((scheme, k, float(model.summary.trainingCost), silhouette))
                if k == publish:
                    labelled.select("customer_id", F.col("prediction").alias(f"group_{scheme}")).write.mode("overwrite").parquet(
                        str(self.options.out / f"groups_{scheme}.parquet"))
            scaled.unpersist()
        self.spark.createDataFrame(trials, ["scheme", "k", "inertia", "silhouette"]).coalesce(1).write.mode("overwrite").csv(
            str(self.options.out / "trials"), header=True)

    def portraits(self, out):
        numbers = [name for names, _ in shared.SCHEMES.values() for name in names] + ["mean_day_kwh", "rest_share", "valley_share"]
        hours = self.spark.sql("SELECT customer_id, hour(begins_at) AS hour, sum(energy_kwh) AS kwh FROM reading_hour GROUP BY ALL").cache()
        for scheme in shared.SCHEMES:
            column = f"group_{scheme}"
            groups = self.spark.read.parquet(str(self.options.out / f"groups_{scheme}.parquet"))
            joined = out.join(groups, "customer_id")
            tables = {"index": joined.groupBy(column).agg(F.count("*"), *(F.avg(name).alias(name) for name in numbers)),
                      "category": joined.groupBy(column, "category").count(), "industry": joined.groupBy(column, "industry").count(),
                      "hours": hours.join(groups, "customer_id").groupBy(column, "hour").agg(F.sum("kwh"))}
            for name, table in tables.items():
                table.coalesce(1).write.mode("overwrite").csv(str(self.options.out / f"{name}_{scheme}"), header=True)

    def run(self):
        def features():
            out = self.features().cache()
            out.count()
            return out
        out = self.clock.timed("features", features)
        self.clock.timed("groups", self.group, out)
        self.clock.timed("portraits", self.portraits, out)
        customers = out.count()
        self.spark.stop()
        return {"customers": customers, "rows": self.rows, "seconds": self.clock.seconds}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--month", default="2026-06")
    parser.add_argument("--memory", default="12g")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    print(json.dumps(Job(options).run()))


if __name__ == "__main__":
    main()

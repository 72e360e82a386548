#!/usr/bin/env python3
"""The job of bench/city_bench.py with pandas and scikit-learn: files to groups and portraits.

  city_pandas.py FILES OUT [--month 2026-06] [--customers N]    FILES: what `fenqun datagen` wrote; N: the first N alone

Written as one who knows pandas would: month by month where a table is large, columns that are not needed left unread.
Prints one JSON line: seconds of each part, rows read.
"""
import argparse
import json
import pathlib

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

import city_features as shared


class Job:
    def __init__(self, options):
        self.options = options
        self.rows = 0
        self.clock = shared.Clock()
        self.month = pd.Timestamp(shared.months_back(options.month, 0))
        self.end = pd.Timestamp(shared.month_end(options.month))

    def back(self, count):
        return pd.Timestamp(shared.months_back(self.options.month, count))

    def read(self, path, columns):
        """Customers as integers: the ids are digits, and an index of integers is what pandas joins fastest."""
        table = pd.read_parquet(path, columns=columns)
        for name in columns:
            if name.endswith(("_cny", "_kwh")):
                table[name] = table[name].astype("float64")
            elif name.endswith("_on") or name in ("month", "day"):
                table[name] = pd.to_datetime(table[name])
        table["customer_id"] = table["customer_id"].astype("int64")
        if self.options.customers:
            table = table[table["customer_id"].isin(self.wanted)]
        self.rows += len(table)
        return table

    def parts(self, entity):
        folder = self.options.files / entity
        return sorted(folder.glob("*.parquet")) if folder.is_dir() else [self.options.files / f"{entity}.parquet"]

    def customers(self):
        columns = ["customer_id", "category", "industry", "importance_grade", "contract_capacity_kva", "opened_on", "closed_on"]
        self.wanted = None
        limit, self.options.customers = self.options.customers, 0
        table = self.read(self.options.files / "customer.parquet", columns).sort_values("customer_id")
        if limit:
            table = table.head(limit)
            self.rows = limit
            self.options.customers, self.wanted = limit, pd.Index(table["customer_id"])
        self.wanted = pd.Index(table["customer_id"])
        open_now = (table["opened_on"] <= self.end) & ~(table["closed_on"] <= self.end)
        return table[open_now].set_index("customer_id")

    def bills(self, out):
        energy, owed = [], []
        for path in self.parts("bill"):
            table = self.read(path, ["customer_id", "bill_id", "month", "due_on", "energy_kwh", "amount_cny", "kind", "status"])
            table = table[table["status"] != "cancelled"]
            sign = np.where(table["kind"] == "refund", -1.0, 1.0)
            table["energy_kwh"] *= sign
            table["amount_cny"] *= sign
            energy.append(table.groupby(["customer_id", "month"], sort=False)[["energy_kwh", "amount_cny"]].sum())
            owed.append(table.loc[(table["due_on"] > self.back(12)) & (table["due_on"] <= self.end) & (table["amount_cny"] > 0),
                                  ["customer_id", "bill_id", "due_on", "amount_cny"]])
        energy = pd.concat(energy).reset_index()
        recent = energy[energy["month"] >= self.back(11)]
        out["bill_revenue_12m"] = recent.groupby("customer_id")["amount_cny"].sum()
        return energy, pd.concat(owed)

    def arrears(self, owed, out):
        paid = []
        for path in self.parts("payment"):
            if path.name[:7] < self.back(13).strftime("%Y-%m"):
                continue
            table = self.read(path, ["customer_id", "bill_id", "paid_on", "amount_cny", "status"])
            paid.append(table.loc[table["status"].isin(["received", "partial"]), ["bill_id", "paid_on", "amount_cny"]])
        paid = pd.concat(paid).groupby("bill_id").agg(paid_cny=("amount_cny", "sum"), last_on=("paid_on", "max"))
        owed = owed.merge(paid, left_on="bill_id", right_index=True, how="left")
        owed["paid_cny"] = owed["paid_cny"].fillna(0)
        full = owed["paid_cny"] >= owed["amount_cny"] - 0.005
        until = owed["last_on"].where(full, self.end)
        late = (until - owed["due_on"]).dt.days.clip(lower=0)
        owed = owed.assign(late=late > 0, days=late, unpaid=np.where(full, 0, owed["amount_cny"] - owed["paid_cny"]))
        sums = owed.groupby("customer_id").agg(bills=("late", "size"), late=("late", "sum"), days=("days", "sum"),
                                               unpaid=("unpaid", "sum"), due=("amount_cny", "sum"))
        out["late_share_12m"] = sums["late"] / sums["bills"]
        out["mean_days_late_12m"] = sums["days"] / sums["bills"]
        out["overdue_share_12m"] = sums["unpaid"] / sums["due"]

    def growth(self, energy, out):
        months = (self.month.year - energy["month"].dt.year) * 12 + self.month.month - energy["month"].dt.month
        grid = energy.assign(ago=months)[months < 36].pivot(index="customer_id", columns="ago", values="energy_kwh")
        grid = grid.reindex(columns=range(36)).reindex(out.index)
        def over(first, last, years):
            now, then = grid[range(first, last)], grid[range(first + 12 * years, last + 12 * years)]
            known = now.notna().to_numpy() & then.notna().to_numpy()
            sums = np.where(known, then, 0).sum(axis=1)
            return now.where(known).sum(axis=1), pd.Series(np.where(sums > 0, sums, np.nan), index=grid.index)
        now, then = over(0, 3, 1)
        out["growth_3m"] = now / then - 1
        now, then = over(0, 12, 1)
        out["growth_12m"] = now / then - 1
        industry = pd.DataFrame({"industry": out["industry"], "now": now, "then": then}).groupby("industry")[["now", "then"]].sum()
        out["industry_growth_12m"] = out["industry"].map(industry["now"] / industry["then"] - 1)
        now, then = over(0, 12, 2)
        out["growth_36m"] = np.sqrt(now / then) - 1
        values = grid.to_numpy()
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.log(values[:, :24] / values[:, 12:36])
        out["volatility_24m"] = pd.DataFrame(np.where(np.isfinite(ratio), ratio, np.nan), index=grid.index).std(axis=1)

    def readings(self, out):
        """Energy, working days and rest days of the daily readings; peak, hours of those with hourly ones."""
        daily, hours = [], []
        for path in self.parts("reading_day"):
            table = self.read(path, ["customer_id", "day", "energy_kwh", "peak_kwh", "valley_kwh"])
            table["rest"] = np.where(table["day"].dt.weekday >= 5, table["energy_kwh"], 0.0)
            daily.append(table.groupby("customer_id", sort=False).agg(
                days=("day", "size"), energy=("energy_kwh", "sum"), peak=("peak_kwh", "sum"), valley=("valley_kwh", "sum"),
                rest=("rest", "sum"), highest=("energy_kwh", "max")))
        daily = pd.concat(daily).groupby("customer_id").agg({"days": "sum", "energy": "sum", "peak": "sum", "valley": "sum",
                                                             "rest": "sum", "highest": "max"})
        out["mean_day_kwh"] = daily["energy"] / daily["days"]
        out["rest_share"] = daily["rest"] / daily["energy"]
        out["valley_share"] = daily["valley"] / daily["energy"]
        for path in self.parts("reading_hour"):
            table = self.read(path, ["customer_id", "begins_at", "energy_kwh"])
            hours.append(table.groupby(["customer_id", table["begins_at"].dt.hour])["energy_kwh"].sum())
        curve = pd.concat(hours).groupby(level=[0, 1]).sum().unstack()
        return curve.div(curve.sum(axis=1), axis=0)

    def value(self, out):
        income = pd.concat([self.read(path, ["customer_id", "booked_on", "amount_cny"]) for path in self.parts("other_income")
                            if path.name[:7] >= self.back(12).strftime("%Y-%m") or path.name == "other_income.parquet"])
        income = income[(income["booked_on"] >= self.back(11)) & (income["booked_on"] <= self.end)]
        out["noncore_revenue_12m"] = income.groupby("customer_id")["amount_cny"].sum()
        cost = pd.Series(12 * shared.PRICES["metering_month"], index=out.index)
        for entity in ("ticket", "dunning_event", "inspection"):
            files = [path for path in self.parts(entity) if path.name[:7] >= self.back(11).strftime("%Y-%m")]
            events = pd.concat([self.read(path, ["customer_id"]) for path in files])["customer_id"].value_counts()
            cost = cost.add(events * shared.PRICES[entity], fill_value=0)
        out["cost_to_serve_12m"] = cost
        for name in ("bill_revenue_12m", "noncore_revenue_12m"):
            out[name] = out[name].fillna(0)
        raised = out["importance_grade"].map(shared.GRADE).fillna(0) + (out["contract_capacity_kva"].astype("float64") >= 1000) * 2
        for name, weight in shared.IMPACT.items():
            out[name] = (raised * weight / 4 + (out["category"] != "residential") * weight / 2).clip(upper=10)

    def group(self, out):
        trials = []
        for scheme, (names, publish) in shared.SCHEMES.items():
            rows = out[names].dropna()
            values = rows.to_numpy(dtype="float64", copy=True)
            for column, name in enumerate(names):
                if name in shared.LOGGED:
                    values[:, column] = np.sign(values[:, column]) * np.log1p(np.abs(values[:, column]))
                low, high = np.quantile(values[:, column], [0.25, 0.75])
                values[:, column] = (values[:, column] - np.median(values[:, column])) / (high - low or values[:, column].std() or 1)
            values = values.astype("float32")
            for k in shared.K_RANGE:
                fit = KMeans(n_clusters=k, n_init=shared.RESTARTS, random_state=shared.SEED).fit(values)
                trials.append({"scheme": scheme, "k": k, "inertia": float(fit.inertia_),
                               "silhouette": float(silhouette_score(values, fit.labels_, random_state=shared.SEED,
                                                                    sample_size=min(len(values), shared.SILHOUETTE_ROWS))),
                               "calinski_harabasz": float(calinski_harabasz_score(values, fit.labels_)),
                               "davies_bouldin": float(davies_bouldin_score(values, fit.labels_))})
                if k == publish:
                    order = np.argsort(np.argsort(-fit.cluster_centers_.sum(axis=1)))
                    out.loc[rows.index, f"group_{scheme}"] = order[fit.labels_] + 1
        return pd.DataFrame(trials)

    def portraits(self, out, curve):
        numbers = out.select_dtypes("number").columns.difference([f"group_{scheme}" for scheme in shared.SCHEMES])
        for scheme in shared.SCHEMES:
            groups = out.groupby(f"group_{scheme}")
            means = groups[list(numbers)].mean()
            (means / out[numbers].mean()).to_csv(self.options.out / f"index_{scheme}.csv")
            means.assign(customers=groups.size(), revenue=groups["bill_revenue_12m"].sum()).to_csv(self.options.out / f"groups_{scheme}.csv")
            for name in ("category", "industry"):
                shares = pd.crosstab(out[f"group_{scheme}"], out[name], normalize="index")
                (shares / out[name].value_counts(normalize=True)).to_csv(self.options.out / f"{name}_{scheme}.csv")
            curve.join(out[f"group_{scheme}"], how="inner").groupby(f"group_{scheme}").mean().to_csv(self.options.out / f"hours_{scheme}.csv")
        out[[f"group_{scheme}" for scheme in shared.SCHEMES]].to_parquet(self.options.out / "groups.parquet")

    def run(self):
        self.options.out.mkdir(parents=True, exist_ok=True)
        out = self.clock.timed("customers", self.customers)
        energy, owed = self.clock.timed("bills", self.bills, out)
        self.clock.timed("arrears", self.arrears, owed, out)
        del owed
        self.clock.timed("growth", self.growth, energy, out)
        del energy
        curve = self.clock.timed("readings", self.readings, out)
        self.clock.timed("value", self.value, out)
        trials = self.clock.timed("groups", self.group, out)
        trials.to_csv(self.options.out / "trials.csv", index=False)
        self.clock.timed("portraits", self.portraits, out, curve)
        return {"customers": len(out), "rows": self.rows, "seconds": self.clock.seconds}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--month", default="2026-06")
    parser.add_argument("--customers", type=int, default=0)
    print(json.dumps(Job(parser.parse_args()).run()))


if __name__ == "__main__":
    main()

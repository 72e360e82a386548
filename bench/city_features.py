"""What bench/city_pandas.py and bench/city_spark.py share: the sixteen features, their scaling, what is published.

Simpler than the product where that does not change the amount of work: prices of service and scores of influence are of
fixed tables, missing values of growth are left out, and nothing is imputed, judged or explained.
"""
import datetime
import time

SCHEMES = {
    "revenue": (["bill_revenue_12m", "noncore_revenue_12m", "cost_to_serve_12m"], 3),
    "influence": (["national_security", "personal_safety", "environment", "economic_loss", "public_life"], 3),
    "growth": (["industry_growth_12m", "growth_3m", "growth_12m", "growth_36m", "volatility_24m"], 4),
    "arrears": (["late_share_12m", "mean_days_late_12m", "overdue_share_12m"], 3),
}
LOGGED = {"bill_revenue_12m", "noncore_revenue_12m", "cost_to_serve_12m", "mean_days_late_12m"}
K_RANGE = range(2, 9)
RESTARTS = 8
SEED = 20190528
SILHOUETTE_ROWS = 10_000
# Yuan per event, and per month of metering.
PRICES = {"ticket": 20.0, "dunning_event": 3.0, "inspection": 60.0, "metering_month": 1.5}
IMPACT = {"national_security": 1, "personal_safety": 3, "environment": 1, "economic_loss": 4, "public_life": 2}
GRADE = {"special": 6, "first": 4, "second": 3, "temporary": 2}


def months_back(month, count):
    """First day of the month `count` months before the first of `month` (2026-06)."""
    year, number = (int(part) for part in month.split("-"))
    at = year * 12 + number - 1 - count
    return datetime.date(at // 12, at % 12 + 1, 1)


def month_end(month):
    return months_back(month, -1) - datetime.timedelta(days=1)


class Clock:
    """How long each part of a peer's job took."""

    def __init__(self):
        self.seconds = {}

    def timed(self, name, work, *words):
        start = time.monotonic()
        result = work(*words)
        self.seconds[name] = round(time.monotonic() - start, 2)
        return result

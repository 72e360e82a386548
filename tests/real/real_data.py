#!/usr/bin/env python3
"""Runs fenqun on the real data sets that lie beside the project and checks the known facts about them.

  real_data.py --program build/release/fenqun [--data FOLDER] [--keep FOLDER] [--show]

Where the data is absent it says so and exits with 77 (skipped). With --show the tables that a user sees are printed
as well. The facts: `facts checked` of the data's own README.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77


class Real:
    def __init__(self, program, data, folder, show):
        self.program, self.data, self.folder, self.show = program, data, folder, show
        self.failures = 0
        self.facts = 0

    def fenqun(self, *words, human=False):
        command = [self.program, *map(str, words)] + ([] if human else ["--json"])
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
        if human and self.show:
            print(done.stdout, end="")
        return None if human else json.loads(done.stdout)

    def fact(self, what, found, expected):
        self.facts += 1
        good = found == expected
        self.failures += not good
        print(f"  {'✓' if good else '✗'} {what}: {found}" + ("" if good else f"  (expected {expected})"))

    def workspace(self, name, title):
        folder = self.folder / name
        print(f"\n=== {title}")
        self.fenqun("init", folder, "--name", title)
        return folder

    def table(self, workspace):
        self.fenqun("runs", "-w", workspace, human=True)

    def tianchi(self):
        source = self.data / "tianchi_yangzhong"
        workspace = self.workspace("yangzhong", "扬中 1,454 家企业")
        loaded = self.fenqun("ingest", "-w", workspace, source / "daily_kwh_wide.csv", "--map", "tianchi_yangzhong")[0]
        self.fact("customers", loaded["entities"]["customer"]["rows_loaded"], 1454)
        self.fact("readings of 639 days", loaded["entities"]["reading_day"]["rows_loaded"], 1454 * 639)
        self.fenqun("ingest", "-w", workspace, source / "calendar.csv", "--map", "tianchi_calendar")
        # The last month of the file repeats a forecast task's answers; the facts are those of the 609 days before it.
        month = "2016-08"
        self.fenqun("prepare", "-w", workspace, "--month", month)
        schemes = ["volume_tiers", "growth_short_history", "rest_day_behaviour"]
        words = [word for scheme in schemes for word in ("--scheme", scheme)]
        runs = self.fenqun("segment", "-w", workspace, "--month", month, *words)["runs"]
        for run in runs:
            reasons = {line["code"]: line["customers"] for line in run["not_classifiable"]}
            self.fact(f"constant series without a group in {run['scheme']}", reasons.get("constant_series"), 85)
            grouped = sum(group["customers"] for group in run["groups"])
            self.fact(f"{run['scheme']}: everybody is in a group or has a reason", grouped + sum(reasons.values()), 1454)
        self.table(workspace)
        report = self.fenqun("report", "-w", workspace, "--month", month, *words)
        page = pathlib.Path(report["html"]).read_text(encoding="utf-8")
        self.fact("report: the top 10 % hold 84.1 % of the energy", "84.1%" in page or "84.1 %" in page, True)
        print(f"  {report['html']}")

    def powerco_clients(self):
        workspace = self.workspace("powerco", "PowerCo 14,606 clients")
        loaded = self.fenqun("ingest", "-w", workspace, self.data / "powerco/client_data.csv", "--map", "powerco_client")[0]
        self.fact("clients", loaded["entities"]["customer"]["rows_loaded"], 14606)
        words = ["--scheme", "margin_contribution"]
        self.fenqun("prepare", "-w", workspace, "--month", "2016-01")
        self.fenqun("segment", "-w", workspace, *words)
        shown = self.fenqun("portrait", "-w", workspace, *words)[0]
        churned, clients = 0.0, 0
        for group in shown["portrait"]["groups"]:
            line = next(n for n in group["numbers"] if n["feature"] == "ext_churned")
            print(f"    {group['code']}: {group['customers']} clients, churn {100 * line['mean']:.2f} %")
            churned += line["mean"] * line["present"]
            clients += line["present"]
        self.fact("churn of all, %", round(100 * churned / clients, 3), 9.715)
        self.table(workspace)
        report = self.fenqun("report", "-w", workspace, *words)
        print(f"  {report['html']}")

    def powerco_prices(self):
        workspace = self.workspace("prices", "PowerCo prices, file cut in its last line")
        source = self.data / "powerco/price_data_truncated.csv"
        last = sum(1 for _ in source.open("rb"))
        loaded = self.fenqun("ingest", "-w", workspace, source, "--map", "powerco_price")[0]["total"]
        self.fact("rejected", loaded["rows_rejected"], 1)
        self.fact("loaded: everything before the cut line", loaded["rows_loaded"], last - 2)
        listed = self.fenqun("quarantine", "-w", workspace)
        self.fact("the cut line stands in quarantine with its number", [line["line"] for line in listed], [last])

    def payments(self):
        files = ["RjbPowerRecord.csv", "cph.csv", "customer_pay_habbit.csv", "cph.xlsx"]
        expected = {"payment_value_total": {"high_value": 41, "mass": 29, "potential": 4, "low_value": 26},
                    "payment_value_mean": {"high_value": 29, "mass": 41, "potential": 10, "low_value": 20}}
        words = [word for scheme in expected for word in ("--scheme", scheme)]
        together = self.workspace("payments", "居民缴费:四个文件")
        for name in files:
            workspace = self.workspace("payments-" + name, "居民缴费:" + name)
            source = self.data / "residential_payments" / name
            loaded = self.fenqun("ingest", "-w", workspace, source, "--map", "residential_payments")[0]["entities"]
            self.fact("payments", loaded["payment"]["rows_loaded"], 664)
            self.fact("customers", loaded["customer"]["rows_loaded"], 100)
            self.fenqun("prepare", "-w", workspace, "--month", "2019-12")
            runs = self.fenqun("segment", "-w", workspace, *words)["runs"]
            for run in runs:
                groups = {group["code"]: group["customers"] for group in run["groups"]}
                self.fact(run["scheme"], groups, expected[run["scheme"]])
            again = self.fenqun("ingest", "-w", together, source, "--map", "residential_payments")[0]["entities"]
            self.fact("loaded into the common workspace", again["payment"]["rows_loaded"], 664 if name == files[0] else 0)
            self.table(workspace)

    # What is true of each file, as far as a mapping says so, and what its rows come to. Files of a power-supply office
    # come without any of it: the proposal is made from the file alone.
    SUGGESTED = {
        "tianchi_yangzhong/daily_kwh_wide.csv": (
            {("customer", "category"): "non_residential"}, {"reading_day": 1454 * 639, "customer": 1454}, 0),
        "tianchi_yangzhong/calendar.csv": ({}, {"calendar_day": 670}, 0),
        "tianchi_yangzhong/weather_gb18030.csv": ({("weather_day", "region"): "扬中"}, {"weather_day": 609}, 0),
        "powerco/client_data.csv": (
            {("customer", "category"): "non_residential", ("attribute", "month"): '"2016-01"'},
            {"customer": 14606, "attribute": 14606 * 17}, 0),
        "powerco/price_data_truncated.csv": ({}, {"price_month": 11026}, 1),
        **{f"residential_payments/{name}": (
            {("customer", "category"): "residential"}, {"payment": 664, "customer": 100}, 0)
           for name in ("RjbPowerRecord.csv", "cph.csv", "customer_pay_habbit.csv", "cph.xlsx")},
    }

    @staticmethod
    def corrected(mapping, truth):
        """The mapping with the constants that are not true put right, and how many lines that took."""
        lines, entity, changed = [], None, 0
        for line in mapping.split("\n"):
            if line.startswith("  - entity: "):
                entity = line.removeprefix("  - entity: ")
            field = line.strip().split(":")[0]
            wanted = truth.get((entity, field))
            if wanted is not None and f"{{constant: {wanted}}}" not in line:
                line = f"      {field}: {{constant: {wanted}}}"
                changed += 1
            lines.append(line)
        return "\n".join(lines), changed

    def suggested(self):
        print("\n=== 建议的映射 / proposed mappings: suggest, correct, ingest")
        for name, (truth, rows, rejected) in self.SUGGESTED.items():
            workspace = self.folder / ("suggested-" + name.replace("/", "-"))
            self.fenqun("init", workspace, "--name", name)
            proposal = self.fenqun("map", "suggest", self.data / name)
            mapping, changed = self.corrected(proposal["mapping"], truth)
            path = self.folder / (workspace.name + ".yaml")
            path.write_text(mapping, encoding="utf-8")
            loaded = self.fenqun("ingest", "-w", workspace, self.data / name, "--map", path)[0]
            print(f"  {name}: {changed} line(s) corrected by hand")
            self.fact("at most one line corrected", changed <= 1, True)
            self.fact("rows loaded", {e: c["rows_loaded"] for e, c in loaded["entities"].items()}, rows)
            self.fact("rows rejected", loaded["total"]["rows_rejected"], rejected)
            if name.startswith("residential_payments"):
                self.fenqun("prepare", "-w", workspace, "--month", "2019-12")
                run = self.fenqun("segment", "-w", workspace, "--scheme", "payment_value_total")["runs"][0]
                self.fact("groups by count and amount", {g["code"]: g["customers"] for g in run["groups"]},
                          {"high_value": 41, "mass": 29, "potential": 4, "low_value": 26})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--data", default="../shared/data", type=pathlib.Path)
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the workspaces; made anew")
    parser.add_argument("--show", action="store_true", help="print the tables a user sees")
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        print(f"real data: {arguments.data} is not there, skipped / 没有 {arguments.data},跳过")
        return SKIPPED
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or pathlib.Path(temporary)
        if arguments.keep and folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        real = Real(arguments.program, arguments.data, folder, arguments.show)
        real.tianchi()
        real.powerco_clients()
        real.powerco_prices()
        real.payments()
        real.suggested()
    print(f"\nreal data: {real.facts - real.failures} of {real.facts} facts hold")
    return 1 if real.failures else 0


if __name__ == "__main__":
    sys.exit(main())

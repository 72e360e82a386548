#!/usr/bin/env python3
"""Speed and memory of grouping: every shipped scheme from the wide table to the published ledger, and the refresh of a
scheme of rules with its ledger, for one and for five million customers.

  segment_bench.py --build build/bench [--customers 1000000] [--copies 5] [--turns 3] [--data FOLDER] [--out FILE.json]

The customers are a synthetic city with bills, payments, tickets, outages and readings; two of its months are prepared by
`fenqun prepare`. All schemes: run, accepted and published for the first month, then for the second one. Refresh: the
first month is published, the second is run, accepted and published; each turn begins with the same workspace. The larger
table holds each customer of the city `copies` times under other ids, in a workspace without facts. Every figure is of
whole processes of the program, from start to exit; medians of the turns. --data keeps the city for the next time.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile

import measured

MONTHS = ("2026-05", "2026-06")
MOST_S = {1_000_000: 2.0, 5_000_000: 10.0}  # a refresh with its ledger, at most
STAGE = re.compile(r"^. Groups: (.*?)\s+([0-9.]+) s$", re.MULTILINE)


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.fenqun = options.build / "fenqun"
        self.faults = []

    def call(self, *words):
        return measured.run(self.fenqun, "--lang", "en", *words)

    def ask(self, *words):
        return json.loads(self.call(*words, "--json")["out"])

    def city(self):
        """A workspace with the city's two months prepared, and what that took."""
        data = self.options.data or self.folder
        workspace = data / f"city{self.options.customers}"
        if (workspace / "fenqun.yaml").exists():
            return workspace, {}
        source, partial = data / "files", data / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        took = {"datagen": self.call("datagen", "--profile", "city", "--customers", self.options.customers, "--out", source)}
        self.call("init", partial)
        took["ingest"] = self.call("ingest", "-w", partial, source)
        shutil.rmtree(source)
        for month in MONTHS:
            took[f"prepare {month}"] = self.call("prepare", "-w", partial, "--month", month)
        partial.rename(workspace)
        return workspace, {name: measured.figures(one) for name, one in took.items()}

    def copy(self, workspace, name):
        """The same workspace again; files of the lake are never changed, so that a link is a copy."""
        out = self.folder / name
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(workspace / "lake", out / "lake", copy_function=os.link if self.links(workspace) else shutil.copy2)
        for file in workspace.iterdir():
            if file.is_file():
                shutil.copy2(file, out / file.name)
        return out

    def links(self, workspace):
        return workspace.stat().st_dev == self.folder.stat().st_dev

    def publish(self, workspace, month, *which):
        """Runs of a month made, accepted and published: what each step took, and the publications."""
        # As JSON: without the portraits that the terminal shows.
        steps = {"run": self.call("segment", "-w", workspace, "--month", month, *which, "--json")}
        drafts = [run["run_id"] for run in self.ask("runs", "list", "-w", workspace, "--month", month) if run["state"] == "draft"]
        steps["review"] = self.call("runs", "review", "-w", workspace, *drafts, "--accept", "--by", "bench", "--reason", "measured")
        steps["publish"] = self.call("runs", "publish", "-w", workspace, *drafts, "--by", "bench", "--json")
        told = json.loads(steps["publish"]["out"])
        publications = told if isinstance(told, list) else [told]
        per_scheme = {title: float(seconds) for title, seconds in STAGE.findall(steps["run"]["error"])}
        steps = {name: measured.figures(step) for name, step in steps.items()}
        return {"steps": steps, "total": measured.total(list(steps.values())), "schemes": len(drafts), "per_scheme_s": per_scheme,
                "customers": publications[0]["customers"],
                **{name: sum(one[name] for one in publications) for name in ("rows_written", "rows_superseded", "compared", "moved")}}

    def all_schemes(self, city):
        """Every shipped scheme, two months."""
        workspace = self.copy(city, "all")
        out = []
        for month in MONTHS:
            out.append({"month": month, **self.publish(workspace, month, "--all")})
        told = self.call("runs", "verify", "-w", workspace)
        out[-1]["verify"] = measured.figures(told)
        self.database_bytes = (workspace / "warehouse.duckdb").stat().st_size
        shutil.rmtree(workspace)
        return out

    def refresh(self, city, label):
        """One scheme of rules, published for the first month and refreshed for the second."""
        out = []
        for scheme in self.options.rules.split(","):
            base = self.copy(city, "base")
            first = self.publish(base, MONTHS[0], "--scheme", scheme)
            turns = []
            for _ in range(self.options.turns):
                workspace = self.copy(base, "turn")
                turns.append(self.publish(workspace, MONTHS[1], "--scheme", scheme))
                shutil.rmtree(workspace)
            shutil.rmtree(base)
            line = {"scheme": scheme, "table": label, "customers": turns[0]["customers"], "turns": len(turns),
                    "first": first["total"], "total": measured.median([turn["total"] for turn in turns]),
                    "steps": {name: measured.median([turn["steps"][name] for turn in turns]) for name in turns[0]["steps"]},
                    **{name: turns[0][name] for name in ("rows_written", "rows_superseded", "compared", "moved")}}
            out.append(line)
        return out

    def multiplied(self, city):
        workspace = self.folder / "multiplied"
        shutil.rmtree(workspace, ignore_errors=True)
        self.call("init", workspace)
        measured.run(self.options.build / "wide_tool", city, workspace, self.options.copies)
        return workspace


def promises(result):
    """The refreshes held against what they may take; only at the sizes for which something is promised."""
    for line in result["refresh"]:
        for customers, most in MOST_S.items():
            if 0.9 * customers <= line["customers"] <= 1.1 * customers:
                yield {"scheme": line["scheme"], "customers": line["customers"], "wall_s": line["total"]["wall_s"],
                       "most_s": most, "kept": line["total"]["wall_s"] < most}


def show(result):
    if result["made_of"]:
        measured.show("making the city (not part of the figures below)", ("step", "s", "MiB"),
                      [(name, one["wall_s"], one["peak_mib"]) for name, one in result["made_of"].items()])
    if result["all"]:
        measured.show("all schemes, wide table to published ledger",
                      ("month", "schemes", "customers", "run s", "review s", "publish s", "total s", "peak MiB", "rows", "superseded", "moved"),
                      [(one["month"], one["schemes"], one["customers"], *(one["steps"][step]["wall_s"] for step in ("run", "review", "publish")),
                        one["total"]["wall_s"], one["total"]["peak_mib"], one["rows_written"], one["rows_superseded"], one["moved"]) for one in result["all"]])
        slowest = sorted(result["all"][0]["per_scheme_s"].items(), key=lambda pair: -pair[1])
        measured.show("the schemes that take longest", ("scheme", "s"), slowest[:10])
        print(f"  verification of the ledger {result['all'][-1]['verify']['wall_s']:.1f} s, database {result['database_bytes'] / 2**30:.2f} GiB")
    measured.show("refresh of a scheme of rules with its ledger",
                  ("scheme", "customers", "run s", "review s", "publish s", "total s", "peak MiB", "moved", "first month s"),
                  [(one["scheme"], one["customers"], *(one["steps"][step]["wall_s"] for step in ("run", "review", "publish")),
                    one["total"]["wall_s"], one["total"]["peak_mib"], one["moved"], one["first"]["wall_s"]) for one in result["refresh"]])
    if result["promises"]:
        measured.show("promises", ("scheme", "customers", "s", "less than", "kept"),
                      [(one["scheme"], one["customers"], one["wall_s"], one["most_s"], one["kept"]) for one in result["promises"]])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--copies", type=int, default=5, help="of each customer in the larger table; 0: none (default: 5)")
    parser.add_argument("--rules", default="level1,abcd", help="schemes that are refreshed (default: %(default)s)")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="all,refresh", help="parts (default: %(default)s)")
    parser.add_argument("--data", type=pathlib.Path, help="folder in which the city is kept; absent: made and removed")
    parser.add_argument("--folder", type=pathlib.Path, help="for everything else; absent: the system's (about 15 GB)")
    parser.add_argument("--out", type=pathlib.Path, help="the result as JSON")
    options = parser.parse_args()
    for folder in (options.data, options.folder):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
    wanted = options.only.split(",")
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        bench = Bench(options, pathlib.Path(temporary))
        city, made_of = bench.city()
        result = {"machine": measured.machine(), "threads": options.threads, "customers": options.customers, "made_of": made_of,
                  "all": bench.all_schemes(city) if "all" in wanted else [], "refresh": []}
        result["database_bytes"] = getattr(bench, "database_bytes", 0)
        if "refresh" in wanted:
            result["refresh"] += bench.refresh(city, "city")
            if options.copies:
                result["refresh"] += bench.refresh(bench.multiplied(city), f"each customer {options.copies} times")
    result["promises"] = list(promises(result))
    show(result)
    if options.out:
        options.out.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    try:
        main()
    except measured.Failed as failed:
        sys.exit(str(failed))

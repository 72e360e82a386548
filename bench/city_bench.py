#!/usr/bin/env python3
"""A city's whole job, from the lake to published groups and portraits: ours, pandas with scikit-learn, Spark.

  city_bench.py --build build/bench [--customers 1000000] [--peers FOLDER] [--pandas-customers N] [--data FOLDER] [--out FILE.json]

36 months of bills and payments, four months of daily readings (120 million at a million customers), hourly ones of a
sample. Ours: every feature of the catalogue is computed from the lake (`prepare --rebuild`), level 1 and the four
dimensions of Dongguan are run, accepted and published, their portraits written; --schemes all runs every shipped scheme.
The peers compute the sixteen features of the four dimensions and a few of the readings alone, from the same Parquet
files, without checks, reasons or ledger (bench/city_features.py). Every figure is of whole processes, in turn; peers that
are absent, fail or pass the limit are named. Where sizes differ the ratio is per customer: all
have the same rows of each kind.
"""
import argparse
import json
import os
import pathlib
import shutil
import sys
import tempfile

import measured

HERE = pathlib.Path(__file__).parent
MONTH = "2026-06"
FIVE = ("level1", "dongguan_revenue", "dongguan_influence", "dongguan_growth", "dongguan_arrears")
MOST_S, MOST_GIB = 120.0, 8.0


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.fenqun = options.build / "fenqun"

    def call(self, *words):
        return measured.run(self.fenqun, "--lang", "en", *words)

    def city(self):
        """The city's files and its lake."""
        data = self.options.data or self.folder
        files, lake = data / f"files{self.options.customers}", data / f"city{self.options.customers}"
        took = {}
        if not files.exists():
            took["datagen"] = self.call("datagen", "--profile", "city", "--customers", self.options.customers, "--out", files)
        if not (lake / "fenqun.yaml").exists():
            partial = data / "partial"
            shutil.rmtree(partial, ignore_errors=True)
            self.call("init", partial)
            took["ingest"] = self.call("ingest", "-w", partial, files)
            partial.rename(lake)
        return files, lake, {name: measured.figures(one) for name, one in took.items()}

    def ours(self, lake):
        workspace = self.folder / "ours"
        link = os.link if lake.stat().st_dev == self.folder.stat().st_dev else shutil.copy2
        shutil.copytree(lake / "lake", workspace / "lake", copy_function=link)
        for file in lake.iterdir():
            if file.is_file():
                shutil.copy2(file, workspace / file.name)
        at = ("-w", workspace, "--month", MONTH)
        which = ("--all",) if self.options.schemes == "all" else tuple(word for scheme in FIVE for word in ("--scheme", scheme))
        steps = {"features": self.call("prepare", *at, "--rebuild"), "groups": self.call("segment", *at, *which, "--json")}
        drafts = [run["run_id"] for run in json.loads(self.call("runs", "list", *at, "--json")["out"]) if run["state"] == "draft"]
        steps["review"] = self.call("runs", "review", "-w", workspace, *drafts, "--accept", "--by", "bench", "--reason", "measured")
        steps["publish"] = self.call("runs", "publish", "-w", workspace, *drafts, "--by", "bench")
        steps["portraits"] = self.call("portrait", *at, *which[:0 if which == ("--all",) else None], "--out", self.folder / "portraits")
        steps = {name: measured.figures(step) for name, step in steps.items()}
        shutil.rmtree(workspace)
        return {"name": "fenqun", "schemes": len(drafts), "rows": self.rows, "steps": steps, **measured.total(list(steps.values()))}

    def peer(self, name, files, *words):
        python = self.options.peers and self.options.peers / "bin" / "python"
        if not python or not python.exists():
            return {"name": name, "absent": "not installed"}
        out = self.folder / name
        try:
            done = measured.run(python, HERE / f"city_{name}.py", files, out, *words, limit_s=self.options.peer_limit)
        except measured.Failed as failed:
            print(failed, file=sys.stderr)
            return {"name": name, "absent": "failed"}
        shutil.rmtree(out, ignore_errors=True)
        if done is None:
            return {"name": name, "absent": f"stopped after {self.options.peer_limit:.0f} s"}
        told = json.loads(done["out"].strip().splitlines()[-1])
        took = measured.figures(done)
        if name == "spark":
            del took["peak_mib"], took["cpu_s"]  # those of its virtual machine, another process, are not known
        return {"name": name, "schemes": 4, "steps": {part: {"wall_s": seconds} for part, seconds in told["seconds"].items()},
                "rows": told["rows"], **took}

    def run(self):
        files, lake, made_of = self.city()
        with open(files / "synthetic.yaml", encoding="utf-8") as manifest:
            self.rows = sum(int(line.split("rows:")[1].strip(" }\n").split(",")[0]) for line in manifest if "rows:" in line and "path" in line)
        lines = [self.ours(lake)] if "ours" in self.options.only else []
        for name in ("pandas", "spark"):
            if name not in self.options.only:
                continue
            limit = getattr(self.options, f"{name}_customers")
            given = files
            if limit and limit != self.options.customers:
                given = (self.options.data or self.folder) / f"files{limit}"
                if not given.exists():
                    self.call("datagen", "--profile", "city", "--customers", limit, "--out", given)
            lines.append(self.peer(name, given))
            lines[-1]["customers"] = limit or self.options.customers
        for line in lines:
            line.setdefault("customers", self.options.customers)
        return made_of, lines


def with_ratios(lines):
    """How often longer a peer takes; where sizes differ, for each customer (all have the same rows of each kind)."""
    ours = next((line for line in lines if line["name"] == "fenqun"), None)
    for line in lines:
        if ours and "wall_s" in line and line is not ours:
            line["times_ours"] = round(line["wall_s"] / line["customers"] / (ours["wall_s"] / ours["customers"]), 2)
    return lines


def show(result):
    if result["made_of"]:
        measured.show("making the city (not part of the figures below)", ("step", "s", "MiB"),
                      [(name, one["wall_s"], one["peak_mib"]) for name, one in result["made_of"].items()])
    measured.show("lake to groups and portraits", ("program", "customers", "rows", "schemes", "s", "peak GiB", "x ours a customer", "not measured"),
                  [(line["name"], line["customers"], line.get("rows"), line.get("schemes"), line.get("wall_s"),
                    line["peak_mib"] / 1024 if "peak_mib" in line else None, line.get("times_ours"), line.get("absent"))
                   for line in result["lines"]])
    for line in result["lines"]:
        if "steps" in line:
            measured.show(line["name"], ("part", "s", "peak MiB"),
                          [(name, step["wall_s"], step.get("peak_mib")) for name, step in line["steps"].items()])
        if line["name"] == "fenqun" and line["customers"] >= 1_000_000:
            print(f"  less than {MOST_S:.0f} s: {measured.cell(line['wall_s'] < MOST_S)}; "
                  f"less than {MOST_GIB:.0f} GiB: {measured.cell(line['peak_mib'] < MOST_GIB * 1024)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--schemes", choices=("five", "all"), default="five")
    parser.add_argument("--only", type=lambda text: text.split(","), default=["ours", "pandas", "spark"], help="programs, separated by commas")
    parser.add_argument("--pandas-customers", type=int, default=0, help="size of the city for pandas; 0: the same")
    parser.add_argument("--spark-customers", type=int, default=0, help="size of the city for Spark; 0: the same")
    parser.add_argument("--peers", type=pathlib.Path, help="what bench/install_peers made of bench/city_peers.txt")
    parser.add_argument("--peer-limit", type=float, default=1800.0, help="seconds after which a peer is stopped")
    parser.add_argument("--data", type=pathlib.Path, help="folder in which files and lake are kept; absent: made and removed")
    parser.add_argument("--folder", type=pathlib.Path, help="for everything else; absent: the system's (about 15 GB)")
    parser.add_argument("--out", type=pathlib.Path, help="the result as JSON")
    options = parser.parse_args()
    for folder in (options.data, options.folder):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        made_of, lines = Bench(options, pathlib.Path(temporary)).run()
    result = {"machine": measured.machine(), "made_of": made_of, "lines": with_ratios(lines)}
    show(result)
    if options.out:
        options.out.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    try:
        main()
    except measured.Failed as failed:
        sys.exit(str(failed))

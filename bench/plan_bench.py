#!/usr/bin/env python3
"""How long a month's plan of a whole bureau takes: conditions of all cells, arbitration, orders; and the same plan again.

  plan_bench.py --build build/bench [--workspace DIR | --customers 1000000] [--turns 3] [--out FILE]

Without a workspace one is made of a synthetic city with all shipped schemes in force, below the build folder; it is kept. Every
turn plans in a copy of its own.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import measured


def make(program, build, customers):
    workspace = build / f"plan_{customers}"
    if workspace.exists():
        return workspace
    data, partial = build / f"plan_data_{customers}", build / "plan_partial"
    shutil.rmtree(partial, ignore_errors=True)

    def call(*words):
        return subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True).stdout

    call("datagen", "--profile", "city", "--customers", customers, "--months", 14, "--reading-months", 1, "--out", data)
    call("init", partial, "--name", "bench")
    call("ingest", "-w", partial, data)
    call("prepare", "-w", partial)
    runs = [run["run_id"] for run in json.loads(call("segment", "-w", partial, "--all", "--json"))["runs"]]
    call("runs", "review", "-w", partial, *runs, "--accept", "--by", "bench", "--reason", "measured")
    call("runs", "publish", "-w", partial, *runs, "--by", "bench")
    partial.rename(workspace)
    return workspace


def copy(source, target):
    link = os.link if source.stat().st_dev == target.parent.stat().st_dev else shutil.copy2
    shutil.copytree(source / "lake", target / "lake", copy_function=link)
    for file in source.iterdir():
        if file.is_file() and file.name != "customers.duckdb":
            shutil.copy2(file, target / file.name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--workspace", type=pathlib.Path)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    program = options.build.resolve() / "fenqun"
    source = options.workspace or make(program, options.build.resolve(), options.customers)
    first, again = [], []
    for _ in range(options.turns):
        with tempfile.TemporaryDirectory(dir=source.resolve().parent) as folder:
            workspace = pathlib.Path(folder) / "ws"
            workspace.mkdir()
            copy(source.resolve(), workspace)
            for kept in (first, again):
                done = measured.run(program, "strategy", "plan", "-w", workspace, "--by", "bench", "--json")
                kept.append({**done, "plan": json.loads(done["out"])})
    plan = first[-1]["plan"]
    assert all(one["plan"]["created"] == 0 for one in again), "the same plan made orders again"
    report = {"customers": plan["customers"], "wanted": plan["wanted"], "suppressed": plan["suppressed"], "orders": plan["orders"],
              "plan": measured.median(first), "again": measured.median(again), "turns": options.turns}
    print(f"{plan['customers']:,} customers, {plan['wanted']:,} actions wanted, {plan['suppressed']:,} held back, {plan['orders']:,} orders")
    for name in ("plan", "again"):
        print(f"  {name:6} {report[name]['wall_s']:8.1f} s {report[name]['peak_mib'] / 1024:6.2f} GiB")
    print(f"  less than 60 s: {'yes' if report['plan']['wall_s'] < 60 else 'NO'}")
    if options.out:
        options.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

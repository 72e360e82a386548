#!/usr/bin/env python3
"""Speed and memory of loading: a CSV of bills against the database's own read of it, readings from Parquet to features.

  ingest_bench.py --build build/bench [--rows 10000000] [--readings 120000000] [--repeat 3] [--out FILE.json]

Each figure is of a whole process, in turn with the one it is compared with; medians. Prints a table, writes JSON.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def measured(*words):
    """Wall and processor seconds and peak MiB of one process."""
    start = time.monotonic()
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}\n{error}")
    return {"wall_s": wall, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mib": usage.ru_maxrss / 1024}


def median(runs):
    return {name: round(statistics.median(run[name] for run in runs), 2) for name in runs[0]}


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.fenqun = options.build / "fenqun"
        self.tool = options.build / "duckdb_tool"

    def fresh(self):
        workspace = self.folder / "ws"
        shutil.rmtree(workspace, ignore_errors=True)
        measured(self.fenqun, "init", workspace)
        return workspace

    def read(self, file, threads, database):
        path = self.folder / "own.duckdb"
        path.unlink(missing_ok=True)
        return measured(self.tool, "read", file, threads, path if database == "file" else ":memory:")

    def csv(self):
        file = self.folder / "bill.csv"
        measured(self.tool, "bills", file, self.options.rows)
        out = []
        for threads in (1, 2):
            runs = {"ingest": [], "read_file": [], "read_memory": []}
            for _ in range(self.options.repeat):
                workspace = self.fresh()
                runs["ingest"].append(measured(self.fenqun, "ingest", "-w", workspace, "--threads", threads, file))
                runs["read_file"].append(self.read(file, threads, "file"))
                runs["read_memory"].append(self.read(file, threads, "memory"))
            line = {"threads": threads, "rows": self.options.rows, "bytes": file.stat().st_size,
                    **{name: median(each) for name, each in runs.items()}}
            for name in ("file", "memory"):
                line[f"ratio_to_{name}"] = round(statistics.median(
                    own["wall_s"] / read["wall_s"] for own, read in zip(runs["ingest"], runs[f"read_{name}"])), 3)
            out.append(line)
        file.unlink()
        return out

    def readings(self):
        data = self.folder / "readings"
        measured(self.tool, "readings", data, self.options.readings)
        out = []
        for threads in (2, 1):
            workspace = self.fresh()
            load = measured(self.fenqun, "ingest", "-w", workspace, "--threads", threads, data)
            prepare = measured(self.fenqun, "prepare", "-w", workspace, "--threads", threads)
            out.append({"threads": threads, "rows": self.options.readings, "ingest": median([load]), "prepare": median([prepare])})
        return out


def table(result):
    print(f"{'csv of bills':24}{'threads':>8}{'ingest s':>10}{'MiB':>7}{'into a file s':>15}{'ratio':>7}{'into memory s':>15}{'ratio':>7}")
    for line in result["csv"]:
        print(f"{line['rows']:<24,}{line['threads']:>8}{line['ingest']['wall_s']:>10}{line['ingest']['peak_mib']:>7.0f}"
              f"{line['read_file']['wall_s']:>15}{line['ratio_to_file']:>7}{line['read_memory']['wall_s']:>15}{line['ratio_to_memory']:>7}")
    print(f"{'readings, Parquet':24}{'threads':>8}{'ingest s':>10}{'MiB':>7}{'prepare s':>15}{'MiB':>7}")
    for line in result["readings"]:
        print(f"{line['rows']:<24,}{line['threads']:>8}{line['ingest']['wall_s']:>10}{line['ingest']['peak_mib']:>7.0f}"
              f"{line['prepare']['wall_s']:>15}{line['prepare']['peak_mib']:>7.0f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--readings", type=int, default=120_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench(options, pathlib.Path(temporary))
        result = {"csv": bench.csv(), "readings": bench.readings() if options.readings else []}
    table(result)
    if options.out:
        options.out.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The clustering engine against the programs one would use instead: same data, same starts, same rounds, in turn.

  cluster_bench.py --build build/bench [--peers FOLDER] [--only CASE,...] [--scale 0.01] [--turns 5] [--out FILE.json]

CASE: lloyd, choose, stream, balanced, exact, meter, similar, shapes, kin. Every figure is of a process of its own; ours
and the peers' alternate, medians are shown. --peers is what bench/install_peers made; without it only our side runs.
--scale shrinks the row counts; at full size the figures are held against what the engine promises. Checks that both
sides did the same work; exits with 1 if they did not. A machine busy with other things slows peers on several threads
most: the result says how busy it was.
"""
import argparse
import itertools
import json
import os
import pathlib
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).parent
LLOYD_PEERS = ("sklearn", "sklearn-elkan", "faiss", "sklearnex")
ROUNDS = 20


class Failed(Exception):
    """A child process ended with an error."""


def run(words, threads=1, limit=None):
    """The JSON of one child process and its peak MiB; None when it was stopped at the limit, in seconds."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads),
                   "MKL_NUM_THREADS": str(threads)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        process = subprocess.Popen([str(word) for word in words], stdout=out, stderr=error, env=environment)
        timer = threading.Timer(limit or 1e6, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if limit and process.returncode == -signal.SIGKILL:
            return None
        if process.returncode != 0:
            error.seek(0)
            raise Failed(f"{' '.join(map(str, words))}\n{error.read().decode()}")
        out.seek(0)
        return {**json.loads(out.read().decode().strip().splitlines()[-1]), "peak_mib": usage.ru_maxrss / 1024}


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.tool = options.build / "cluster_tool"
        self.python = options.peers and options.peers / "bin" / "python"
        if self.python and not self.python.exists():
            print(f"no peers in {options.peers}: only our side is measured", file=sys.stderr)
            self.python = None
        self.faults = []

    def scaled(self, rows, least=400):
        return max(least, int(rows * self.options.scale))

    def ours(self, *words):
        return run((self.tool, *words))

    def peer(self, *words, threads=1, limit=None):
        if self.python is None:
            return {"absent": words[1] if len(words) > 1 else ""}
        try:
            return run((self.python, HERE / "cluster_peers.py", *words), threads, limit)
        except Failed as failed:
            print(failed, file=sys.stderr)
            return {"absent": f"{words[1]} failed"}

    def data(self, rows, cols, groups, seed=1, apart=1.0):
        file = self.folder / f"{rows}x{cols}x{groups}x{apart}.f32"
        if not file.exists():
            self.ours("data", file, rows, cols, groups, seed, apart)
        return file

    def check(self, holds, what):
        if not holds:
            self.faults.append(what)

    def lloyd(self):
        """milliseconds per round of Lloyd's algorithm, 16 columns; x: the peer's time / ours; of bandwidth: the time to
  read the table once / that of a round, above 1 where rows are passed over; apart: distance of the clouds"""
        cols, rows = 16, self.scaled(2_000_000)
        out = []
        # Clouds that overlap, and clouds that lie apart: where many rows stay, they need not be looked at.
        for apart in (1.0, 2.5):
            file = self.data(rows, cols, 12, apart=apart)
            for k, threads in itertools.product((4, 8), (1, 2)):
                runs = {name: [] for name in ("read", "ours", *LLOYD_PEERS)}
                for _ in range(self.options.turns):
                    runs["read"].append(self.ours("bandwidth", file, cols, threads, 5))
                    runs["ours"].append(self.ours("lloyd", file, cols, k, ROUNDS, threads, 1))
                    # Not all of them stop where nothing moves any more.
                    took = runs["ours"][-1]["rounds"]
                    for peer in LLOYD_PEERS:
                        runs[peer].append(self.peer("lloyd", peer, file, cols, k, took, threads, 1, threads=threads))
                out.append({"apart": apart, **self.lloyd_line(rows, cols, k, threads, runs)})
        return out

    def lloyd_line(self, rows, cols, k, threads, runs):
        bytes_read = rows * cols * 4
        read = statistics.median(second for run in runs["read"] for second in run["seconds"])
        line = {"rows": rows, "columns": cols, "k": k, "threads": threads, "rounds": runs["ours"][0]["rounds"],
                "read_gb_per_s": bytes_read / read / 1e9}
        ours = runs["ours"][0]["inertia"]
        for name in ("ours", *LLOYD_PEERS):
            if "absent" in runs[name][0]:
                continue
            for each in runs[name]:
                self.check(each["rounds"] == runs["ours"][0]["rounds"],
                           f"lloyd k={k}: {name} took {each['rounds']} rounds, we {runs['ours'][0]['rounds']}: not the same work")
                self.check(abs(each["inertia"] / ours - 1) < 1e-4, f"lloyd k={k}: {name} has inertia {each['inertia']}, ours {ours}")
            # The difference of a long and a short call: too small to tell where the table is small.
            each_round = [max(0.0, many - one) / max(1, run["rounds"] - (0 if name == "ours" else 1)) for run in runs[name]
                          for many, one in zip(run["seconds"], run["seconds_single"])]
            line[name] = {"round_s": statistics.median(each_round),
                          "call_s": statistics.median(s for run in runs[name] for s in run["seconds"]),
                          "inertia": runs[name][0]["inertia"]}
        round_s = line["ours"]["round_s"]
        line["share_of_bandwidth"] = read / round_s if round_s > 0 else None
        for peer in LLOYD_PEERS:
            if peer in line:
                line[f"times_{peer}"] = line[peer]["round_s"] / round_s if round_s > 0 and line[peer]["round_s"] > 0 else None
                line[f"times_{peer}_call"] = line[peer]["call_s"] / line["ours"]["call_s"]
        return line

    def choose(self):
        """k = 2..8, three indices over all rows."""
        cols, rows = 16, self.scaled(1_000_000)
        file = self.data(rows, cols, 5)
        out = []
        for threads in (2, 1):
            ours = self.ours("choose", file, cols, threads, min(3, self.options.turns))
            line = {"rows": rows, "threads": threads, "seconds": statistics.median(ours["seconds"]),
                    "chosen_k": ours["chosen_k"]}
            if threads == 2:
                peer = self.peer("choose", "sklearn", file, cols, threads, threads=threads, limit=self.options.peer_limit)
                line["sklearn"] = "stopped" if peer is None else peer.get("seconds", [None])[0]
            out.append(line)
        return out

    def stream(self):
        """Grouped from Parquet without being held in memory."""
        cols, rows, k = 16, self.scaled(10_000_000), 8
        parquet = self.folder / "stream.parquet"
        self.ours("parquet", self.data(rows, cols, 12, seed=2), parquet, cols)
        out = []
        for mode in ("exact", "mini-batch"):
            for threads in (2, 1):
                run = self.ours("stream", parquet, cols, k, threads, mode)
                self.check(run["labelled"] == run["rows"] == rows, f"stream {mode}: {run['labelled']} of {rows} rows labelled")
                out.append({"mode": mode, "rows": rows, "k": k, "threads": threads, "seconds": run["seconds"][0],
                            "labelling_seconds": run["labelling_seconds"], "passes": run["passes"],
                            "peak_mib": run["peak_mib"], "inertia": run["inertia"]})
        self.check(out[2]["inertia"] < out[0]["inertia"] * 1.05, "stream: mini-batch is far from exact")
        self.check(out[0]["inertia"] == out[1]["inertia"], "stream: inertia differs with the threads")
        return out

    def balanced(self):
        """Sizes within a tenth of equal, from the same start."""
        out = []
        for rows, cols, k in ((23_000, 50, 10), (132_000, 50, 25)):
            rows = self.scaled(rows)
            least, most = int(rows / k * 0.9), int(rows / k * 1.1) + 1
            file = self.data(rows, cols, k + 3, seed=3)
            runs = [self.ours("balanced", file, cols, k, least, most, 2) for _ in range(min(3, self.options.turns))]
            line = {"rows": rows, "columns": cols, "k": k, "least": least, "most": most, "threads": 2,
                    "seconds": statistics.median(run["seconds"][0] for run in runs), "inertia": runs[0]["inertia"],
                    "free_inertia": runs[0]["free_inertia"], "smallest": runs[0]["smallest"], "largest": runs[0]["largest"]}
            self.check(least <= line["smallest"] and line["largest"] <= most, f"balanced k={k}: sizes out of bounds")
            peer = self.peer("balanced", "k-means-constrained", file, cols, k, least, most, 2, threads=2,
                             limit=self.options.peer_limit)
            line["price"] = line["inertia"] / line["free_inertia"] - 1
            line["k-means-constrained"] = {"stopped_after_s": self.options.peer_limit} if peer is None else peer
            out.append(line)
        return out

    def exact(self):
        """Balanced fits against the best of all partitions, on problems small enough to try them all."""
        out = []
        for restarts in (8, 64):
            found = self.ours("exact", max(5, int(300 * min(1, self.options.scale))), restarts)
            out.append({"restarts": restarts, **found})
        self.check(out[1]["within_percent"] == out[1]["problems"], f"exact: {out[1]['worst_excess']:.2%} above the best")
        return out

    def meter(self):
        """A year of hourly readings: histograms, three lines over temperature, weather-free daily profiles."""
        customers = self.scaled(27_300, least=100)
        out = []
        for threads in (2, 1):
            run = self.ours("meter", customers, threads)
            self.check(run["counted"] == customers * 8760 and run["fitted"] == customers and run["unfitted_hours"] == 0,
                       "meter: readings or customers were left out")
            tasks = {name: run[name] for name in ("histogram_s", "three_line_s", "par_s")}
            out.append({"customers": customers, "hours": 8760, "threads": threads, **tasks, "seconds": sum(tasks.values()),
                        "peak_mib": run["peak_mib"]})
        return out

    def similar(self):
        """Each customer's ten most similar of all, by cosine over a year of hours."""
        customers, count = self.scaled(6_400, least=100), 10
        file = self.folder / "readings.f32"
        self.ours("readings", file, customers)
        out = []
        for threads in (2, 1):
            ours = self.ours("similar", file, 8760, count, threads)
            line = {"customers": customers, "hours": 8760, "threads": threads, "seconds": ours["seconds"][0],
                    "searched_again": ours["searched_again"]}
            for peer in ("faiss", "sklearn"):
                found = self.peer("similar", peer, file, 8760, count, threads, threads=threads, limit=self.options.peer_limit)
                if found is None or "absent" in found:
                    continue
                line[peer] = found["seconds"][0]
                # A peer in single precision may take the wrong one of two that are nearly alike, never a better one.
                self.check(found["cosine_sum"] <= ours["cosine_sum"] + 1e-6, f"similar: {peer} found more similar customers")
                self.check(found["cosine_sum"] >= ours["cosine_sum"] * (1 - 1e-4), f"similar: {peer} found others")
            out.append(line)
        return out

    def shapes(self):
        """Shapes of days against a dictionary of 1,000, and the making of such a dictionary."""
        rows, count = self.scaled(2_500_000, least=5000), 1000
        file = self.folder / "profiles.f32"
        self.ours("profiles", file, rows)
        out = []
        for threads in (2, 1):
            ours = self.ours("encode", file, 24, count, threads)
            line = {"profiles": rows, "shapes": count, "threads": threads, "seconds": ours["seconds"][0]}
            for peer in ("faiss", "sklearn"):
                found = self.peer("encode", peer, file, 24, count, threads, threads=threads, limit=self.options.peer_limit)
                if found is None or "absent" in found:
                    continue
                line[peer] = found["seconds"][0]
                self.check(abs(found["squared"] / ours["squared"] - 1) < 1e-4, f"shapes: {peer} found others")
            study = self.ours("study", file, 24, count, threads)
            line.update(study_s=study["seconds"][0], found=study["found"], kept=study["kept"],
                        violation_share=study["violation_share"])
            out.append(line)
        return out

    def kin(self):
        """Mixture of normal clouds (20 rounds of EM), medoids (FasterPAM), bisecting k-means; 16 columns, k = 8."""
        cols, k, out = 16, 8, []
        for case, rows, peer, figure, words in (
                ("mixture", 200_000, "sklearn", "log_likelihood", (20,)), ("medoids", 5_000, "kmedoids", "deviation", ()),
                ("bisecting", 1_000_000, "sklearn", "inertia", ())):
            rows = self.scaled(rows)
            file = self.data(rows, cols, 12)
            for threads in (2, 1):
                ours = self.ours(case, file, cols, k, *words, threads)
                line = {"algorithm": case, "rows": rows, "threads": threads, "seconds": ours["seconds"][0], "figure": figure,
                        "ours": ours[figure]}
                found = self.peer(case, peer, file, cols, k, *words, threads, threads=threads, limit=self.options.peer_limit)
                if found is not None and "absent" not in found:
                    line.update(peer=peer, peer_s=found["seconds"][0], theirs=found[figure])
                    # Same starts; bisecting draws its own.
                    self.check(abs(found[figure] / ours[figure] - 1) < (0.1 if case == "bisecting" else 1e-3),
                               f"{case}: {figure} is {ours[figure]}, that of {peer} {found[figure]}")
                out.append(line)
        return out


# Per case: title and path of each column. "round_s" below a peer's name is shown in milliseconds.
COLUMNS = {
    "lloyd": [("apart", "apart"), ("k", "k"), ("threads", "threads"), ("rounds", "rounds"), ("read GB/s", "read_gb_per_s"), ("ours ms", "ours.round_s"),
              ("of bandwidth", "share_of_bandwidth"),
              *((f"{peer} {unit}", path) for peer in LLOYD_PEERS
                for unit, path in (("ms", f"{peer}.round_s"), ("x", f"times_{peer}")))],
    "choose": [("rows", "rows"), ("threads", "threads"), ("ours s", "seconds"), ("k", "chosen_k"), ("sklearn s", "sklearn")],
    "stream": [("rows", "rows"), ("mode", "mode"), ("threads", "threads"), ("s", "seconds"), ("passes", "passes"),
               ("labelling s", "labelling_seconds"), ("peak MiB", "peak_mib"), ("inertia", "inertia")],
    "balanced": [("rows", "rows"), ("k", "k"), ("sizes", "least"), ("to", "most"), ("ours s", "seconds"), ("ours inertia", "inertia"),
                 ("price", "price"), ("k-means-constrained s", "k-means-constrained.seconds"),
                 ("inertia", "k-means-constrained.inertia"), ("stopped s", "k-means-constrained.stopped_after_s")],
    "exact": [("problems", "problems"), ("restarts", "restarts"), ("worst excess", "worst_excess"), ("within 1 %", "within_percent")],
    "meter": [("customers", "customers"), ("threads", "threads"), ("histogram s", "histogram_s"), ("3-line s", "three_line_s"),
              ("PAR s", "par_s"), ("all s", "seconds"), ("peak MiB", "peak_mib")],
    "similar": [("customers", "customers"), ("threads", "threads"), ("ours s", "seconds"), ("faiss s", "faiss"), ("sklearn s", "sklearn")],
    "shapes": [("profiles", "profiles"), ("threads", "threads"), ("encoding s", "seconds"), ("faiss s", "faiss"),
               ("sklearn s", "sklearn"), ("dictionary s", "study_s"), ("found", "found"), ("kept", "kept"),
               ("beyond theta", "violation_share")],
    "promises": [("case", "case"), ("of", "of"), ("figure", "figure"), ("value", "value"), ("promised", "promised"), ("kept", "kept")],
    "kin": [("algorithm", "algorithm"), ("rows", "rows"), ("threads", "threads"), ("ours s", "seconds"), ("peer s", "peer_s"),
            ("peer", "peer"), ("figure", "figure"), ("ours", "ours"), ("theirs", "theirs")],
}


# What the engine promises: case, which lines, path, at least or at most.
PROMISES = [
    ("lloyd", {"threads": 2}, "times_sklearn", ">=", 5), ("lloyd", {"threads": 2}, "share_of_bandwidth", ">=", 0.5),
    ("choose", {"threads": 2}, "seconds", "<", 60), ("stream", {}, "peak_mib", "<", 4096),
    ("balanced", {"k": 10}, "seconds", "<", 1), ("balanced", {"k": 25}, "seconds", "<", 60),
    ("exact", {"restarts": 64}, "worst_excess", "<=", 0.01), ("meter", {"threads": 2}, "seconds", "<", 60),
    ("similar", {"threads": 2}, "seconds", "<", 60)]


def promises(result):
    """Each promise with the figures it is held against."""
    compare = {">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b, "<": lambda a, b: a < b}
    for case, wanted, path, sign, bound in PROMISES:
        for line in result.get(case, []):
            if line.get(path) is not None and all(line[name] == value for name, value in wanted.items()):
                which = ", ".join(f"{name} {line[name]}" for name in ("rows", "apart", "k", "mode", "restarts", "threads") if name in line)
                yield {"case": case, "of": which, "figure": path, "value": line[path], "promised": f"{sign} {bound}",
                       "kept": compare[sign](line[path], bound)}


def cell(line, path):
    value = line
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, list):
        value = value[0]
    if path.endswith("round_s") and value is not None:
        value *= 1000
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}" if path in ("ours", "theirs") else f"{value:.3g}"
    return "-" if value is None else str(value)


def show(case, result):
    lines = result if isinstance(result, list) else [result]
    grid = [[title for title, _ in COLUMNS[case]]] + [[cell(line, path) for _, path in COLUMNS[case]] for line in lines]
    widths = [max(len(row[i]) for row in grid) for i in range(len(grid[0]))]
    print(f"\n{case}: {getattr(Bench, case, promises).__doc__}")
    for row in grid:
        print("  " + "  ".join(text.rjust(width) for text, width in zip(row, widths)), flush=True)


def main():
    cases = ("lloyd", "choose", "stream", "balanced", "exact", "meter", "similar", "shapes", "kin")
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--peers", type=pathlib.Path)
    parser.add_argument("--only", default=",".join(cases), help="these cases, separated by commas (default: all: %(default)s)")
    parser.add_argument("--scale", type=float, default=1, help="of the number of rows; below 0.2 times say little, and "
                        "nothing is held against what is promised (default: 1)")
    parser.add_argument("--turns", type=int, default=5, help="runs of each side, in turn; medians are shown (default: 5)")
    parser.add_argument("--peer-limit", type=float, default=600.0, help="seconds after which a slow peer is stopped")
    parser.add_argument("--out", type=pathlib.Path, help="the result as JSON")
    options = parser.parse_args()
    wanted = options.only.split(",")
    if unknown := set(wanted) - set(cases):
        parser.error(f"no case {', '.join(sorted(unknown))}; there are {', '.join(cases)}")
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench(options, pathlib.Path(temporary))
        versions = bench.peer("versions")
        result = {"machine": {"processors": os.cpu_count(), "system": platform.platform(), "load_before": os.getloadavg()[0]}, "scale": options.scale,
                  "peers": {name: value for name, value in versions.items() if name not in ("peak_mib", "absent")}}
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        print("peers:", ", ".join(f"{name} {value or 'absent'}" for name, value in result["peers"].items()) or "absent")
        for case in cases:
            if case in wanted:
                result[case] = getattr(bench, case)()
                show(case, result[case])
        if options.scale == 1:
            result["promises"] = list(promises(result))
            show("promises", result["promises"])
    if options.out:
        options.out.write_text(json.dumps(result, indent=2) + "\n")
    for fault in bench.faults:
        print(f"FAULT {fault}", file=sys.stderr)
    return 1 if bench.faults else 0


if __name__ == "__main__":
    sys.exit(main())

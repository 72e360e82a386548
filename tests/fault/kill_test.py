#!/usr/bin/env python3
"""Kills the program at random moments of loading, undoing, repairing and preparing; after each kill the workspace must be whole.

  kill_test.py --program build/dev/fenqun [--kills 50] [--seed 1]

After every SIGKILL: the next start finds a workspace that the doctor calls whole, every batch that was there before is
there still, with the same counts. At the end what is left is done without a kill, and the groups are the same, byte for
byte, as those of a workspace that was never disturbed.
"""
import argparse
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

CUSTOMERS = 500


class Bench:
    def __init__(self, program, folder, chance):
        self.program = program
        self.folder = folder
        self.chance = chance
        self.kills = 0
        self.finished = 0

    def run(self, *words):
        done = subprocess.run([self.program, *map(str, words)], capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, f"{' '.join(map(str, words))}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def ask(self, *words):
        return json.loads(self.run(*words, "--json"))

    def ask_damaged(self, *words):
        done = subprocess.run([self.program, *map(str, words), "--json"], capture_output=True, text=True, timeout=600)
        assert done.returncode in (0, 3), f"{done.returncode}\n{done.stdout}{done.stderr}"
        return json.JSONDecoder().raw_decode(done.stdout)[0]  # the error that may follow is another document

    def kill(self, most_s, *words):
        """Starts a command and kills it after a random part of the time it takes; True when it was done before."""
        process = subprocess.Popen([self.program, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   start_new_session=True)
        try:
            process.wait(timeout=self.chance.uniform(0, most_s))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        error = process.communicate()[1].decode()
        if process.returncode == 0:
            self.finished += 1
            return True
        assert process.returncode == -signal.SIGKILL, f"{words}: {process.returncode} {error}"
        self.kills += 1
        return False

    def batches(self, workspace):
        return {batch["batch_id"]: batch["total"] for batch in self.ask("ingest", "list", "-w", workspace)}

    def check(self, workspace, before):
        found = self.ask("doctor", "-w", workspace)
        assert found["sound"], found
        now = self.batches(workspace)
        for batch, counts in before.items():
            assert now.get(batch) == counts, f"batch {batch} was {counts} and is {now.get(batch)}"
        leftovers = workspace / "tmp"
        assert not leftovers.exists(), sorted(leftovers.rglob("*"))
        return now


def timed(function):
    start = time.monotonic()
    function()
    return time.monotonic() - start


def corrections(data, out):
    """The bills once more, every seventh with another amount; a file of its own."""
    lines = (data / "bill.csv").read_text().splitlines()
    amount = lines[0].split(",").index("amount_cny")
    with open(out, "w") as file:
        file.write(lines[0] + "\n")
        for number, line in enumerate(lines[1:]):
            cells = line.split(",")
            if number % 7 == 0:
                cells[amount] = str(round(float(cells[amount]) + 1, 2))
            file.write(",".join(cells) + "\n")


def repairs(bench, workspace, kills):
    """Repairs of a batch that another rests on, killed: each batch is there, or waits and is loaded by the next repair."""
    known = bench.batches(workspace)

    def lose_a_month():
        months = sorted((workspace / "lake" / "bill").iterdir())
        for path in months[bench.chance.randrange(len(months))].glob("*.parquet"):
            path.unlink()

    lose_a_month()
    time_s = timed(lambda: bench.run("doctor", "--repair", "-w", workspace))
    bench.check(workspace, known)
    last = bench.kills + kills
    waited = 0
    while bench.kills < last:
        if bench.ask_damaged("doctor", "-w", workspace)["sound"]:
            lose_a_month()
        if bench.kill(time_s, "doctor", "--repair", "-w", workspace):
            bench.check(workspace, known)
            continue
        found = bench.ask_damaged("doctor", "-w", workspace)
        waiting = {line["values"]["batch"] for line in found["findings"] if line["finding"] == "waiting"}
        waited += len(waiting) > 0
        assert waiting <= set(known), waiting
        assert found["batches"] + len(waiting) == len(known), found
        if bench.chance.random() < 0.5:
            bench.run("doctor", "--repair", "-w", workspace)
            bench.check(workspace, known)
    bench.run("doctor", "--repair", "-w", workspace)
    bench.check(workspace, known)
    return waited


def work(bench, kills):
    data = bench.folder / "data"
    bench.run("datagen", "--profile", "village", "--customers", CUSTOMERS, "--months", 14, "--reading-months", 2, "--format", "csv", "--out", data)
    flat = bench.folder / "flat"
    flat.mkdir()
    bills = sorted((data / "bill").glob("*.csv")) if (data / "bill").is_dir() else [data / "bill.csv"]
    with open(flat / "bill.csv", "w") as out:
        for number, part in enumerate(bills):
            lines = part.read_text().splitlines(keepends=True)
            out.writelines(lines if number == 0 else lines[1:])
    corrected = bench.folder / "corrected" / "bill.csv"
    corrected.parent.mkdir()
    corrections(flat, corrected)

    def steps(workspace):
        return [["ingest", data, "-w", workspace], ["ingest", corrected, "-w", workspace], ["prepare", "-w", workspace]]

    calm = bench.folder / "calm"
    bench.run("init", calm, "--name", "ws")
    times = [timed(lambda step=step: bench.run(*step)) for step in steps(calm)]
    expected = bench.run("segment", "-w", calm, "--json")

    shaken = bench.folder / "shaken"
    bench.run("init", shaken, "--name", "ws")
    known = {}
    # A quarter of the kills for each of: loading, correcting and undoing, repairing, preparing.
    parts = [(kills + 3 - part) // 4 for part in range(4)]
    load, correct, prepare = steps(shaken)
    while bench.kills < parts[0]:
        if bench.kill(times[0], *load):
            # Done before it could be killed: everything is taken back, and it goes on.
            for batch in reversed(list(bench.batches(shaken))):
                bench.run("ingest", "undo", batch, "-w", shaken)
            known = {}
        else:
            known = bench.check(shaken, known)
    bench.run(*load)
    known = bench.check(shaken, known)
    base = dict(known)
    while bench.kills < parts[0] + parts[1]:
        later = [batch for batch in known if batch not in base]
        if later:
            bench.kill(times[1], "ingest", "undo", later[0], "-w", shaken)
        else:
            bench.kill(times[1], *correct)
        known = bench.check(shaken, base)
    bench.run(*correct)
    known = bench.check(shaken, base)
    waited = repairs(bench, shaken, parts[2])
    while bench.kills < sum(parts):
        if bench.kill(times[2], *prepare):
            for wide in (shaken / "lake").glob("[w_]*/*/*.parquet"):
                wide.unlink()
        known = bench.check(shaken, known)
    bench.run(*prepare)
    bench.check(shaken, known)
    assert len(known) == len(bench.batches(calm))
    got = bench.run("segment", "-w", shaken, "--json")
    assert json.loads(got)["runs"] == json.loads(expected)["runs"], "the groups differ from those of a calm workspace"
    return waited


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--kills", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench(str(pathlib.Path(options.program).resolve()), pathlib.Path(temporary), random.Random(options.seed))
        waited = work(bench, options.kills)
        print(f"killed {bench.kills} times ({bench.finished} runs were done first, {waited} repairs left batches waiting): whole after each, groups as undisturbed")
    return 0


if __name__ == "__main__":
    sys.exit(main())

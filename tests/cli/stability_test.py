#!/usr/bin/env python3
"""Groups stay what they are: rows in another order, another seed, one month more, and past months looked back on.

  stability_test.py --program build/dev/fenqun [--customers 500] [--months 4]

Prints which share of the customers changed group; that share is the data's, and nothing here demands a figure of it.
"""
import argparse
import csv
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

PROGRAM = ""
CUSTOMERS = 500
MONTHS = 4
# One decision table, one k-means with names, one whose groups have no names of their own.
LOOKED_BACK = ("abcd", "dongguan_revenue", "personas")


def fenqun(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=600)


def back(month, by):
    year, number = map(int, month.split("-"))
    total = year * 12 + number - 1 - by
    return f"{total // 12}-{total % 12 + 1:02}"


def one_file_each(data, out, order=None):
    """Each entity's months in one file; with `order` (a Random) its rows in another order."""
    out.mkdir()
    for entity in sorted({path.relative_to(data).parts[0].removesuffix(".csv") for path in data.rglob("*.csv")} - {"truth"}):
        header, rows = None, []
        for path in sorted([*(data / entity).glob("*.csv"), *data.glob(entity + ".csv")]):
            with path.open(encoding="utf-8", newline="") as file:
                lines = list(csv.reader(file))
            header = lines[0]
            rows += lines[1:]
        if order:
            order.shuffle(rows)
        with (out / (entity + ".csv")).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])


def groups_of(snapshot):
    return [{k: v for k, v in row.items() if k != "valid_from"} for row in snapshot]


class Stability(unittest.TestCase):
    """One small synthetic utility; each test goes on where the one before ended."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.temporary.name)
        cls.folder = folder
        made = fenqun("datagen", "--profile", "city", "--customers", CUSTOMERS, "--months", max(28, MONTHS + 4),
                      "--reading-months", MONTHS + 1, "--format", "csv", "--out", folder / "data")
        assert made.returncode == 0, made.stderr
        cls.month = max(path.stem for path in (folder / "data" / "bill").glob("*.csv"))
        one_file_each(folder / "data", folder / "ordered")
        one_file_each(folder / "data", folder / "shuffled", random.Random(20261122))

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def good(self, workspace, *words):
        done = fenqun(*words, "-w", self.folder / workspace, "--json")
        self.assertEqual(done.returncode, 0, " ".join(map(str, words)) + done.stderr)
        return json.loads(done.stdout)

    def load(self, workspace, source):
        made = fenqun("init", self.folder / workspace, "--name", "测试供电所")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.good(workspace, "ingest", self.folder / source)

    def publish(self, workspace, runs):
        """What each publication said, by scheme."""
        for run in runs:
            self.good(workspace, "runs", "review", run["run_id"], "--accept", "--by", "王主任", "--reason", "核对过")
        said = self.good(workspace, "runs", "publish", *(run["run_id"] for run in runs), "--by", "王主任")
        return {one["scheme"]: one for one in (said if isinstance(said, list) else [said])}

    def snapshot(self, workspace, month, *words):
        """The list of all customers, scheme by scheme, less what runs are called."""
        out = self.folder / "snapshot.csv"
        out.unlink(missing_ok=True)
        self.good(workspace, "segment", "as-of", month, "--out", out, *words)
        with out.open(encoding="utf-8-sig", newline="") as file:
            return [{k: v for k, v in row.items() if k != "run_id"} for row in csv.DictReader(file)]

    def titles(self, publication):
        return {name["group"]: name["title"] for name in publication["names"] if "group" in name and name["customers"]}

    def test_1_rows_in_another_order_give_the_same_groups(self):
        snapshots = []
        for workspace, source in (("ws", "ordered"), ("other", "shuffled")):
            self.load(workspace, source)
            self.good(workspace, "prepare", "--month", self.month)
            runs = self.good(workspace, "segment", "--all", "--month", self.month)["runs"]
            self.__class__.first = self.publish(workspace, runs)
            snapshots.append(self.snapshot(workspace, self.month))
        self.assertGreater(len(snapshots[0]), 20 * CUSTOMERS)
        self.assertEqual(*snapshots)

    def moved(self, before, after, what):
        for scheme, publication in sorted(after.items()):
            if publication["moved"]:
                share = publication["moved"] / publication["compared"]
                print(f"{what}: {scheme}: {share:.2%} of {publication['compared']} customers changed group")
            old, new = self.titles(before[scheme]), self.titles(publication)
            self.assertTrue(set(old) & set(new) or not old or not new, scheme)
            for code in set(old) & set(new):
                self.assertEqual(old[code], new[code], f"{what}: {scheme} {code}")

    def test_2_another_seed_leaves_codes_and_names(self):
        runs = self.good("ws", "segment", "--all", "--month", self.month, "--seed", "977")["runs"]
        second = self.publish("ws", runs)
        self.moved(self.first, second, "another seed")
        self.assertGreater(sum(len(self.titles(one)) for one in second.values()), 100)
        for run in runs:
            if run["method"] in ("rules", "bands", "score"):
                self.assertEqual(second[run["scheme"]]["moved"], 0, run["scheme"])

    def test_3_one_month_more_leaves_codes_and_names(self):
        before = back(self.month, 1)
        self.good("other", "prepare", "--month", before)
        first = self.publish("other", self.good("other", "segment", "--all", "--month", before)["runs"])
        runs = self.good("other", "segment", "--all", "--month", self.month, "--seed", "978")["runs"]
        self.moved(first, self.publish("other", runs), "one month more")

    def test_4_each_month_is_seen_as_it_was_published(self):
        self.load("long", "ordered")
        schemes = [word for scheme in LOOKED_BACK for word in ("--scheme", scheme)]
        seen, last = {}, {}
        for by in reversed(range(MONTHS)):
            month = back(self.month, by)
            self.good("long", "prepare", "--month", month)
            published = self.publish("long", self.good("long", "segment", *schemes, "--month", month)["runs"])
            last[month] = max(one["publication"] for one in published.values())
            seen[month] = self.snapshot("long", month)
            self.assertEqual({row["scheme"] for row in seen[month]}, set(LOOKED_BACK), month)
            self.assertTrue(all(row["group_code"] or row["reason_code"] for row in seen[month]))
        for month, snapshot in seen.items():
            self.assertEqual(self.snapshot("long", month), snapshot, month)
        # A month corrected later is another one today, and the one of then as the ledger stood then.
        corrected = back(self.month, MONTHS // 2)
        groups = len({row["group_code"] for row in seen[corrected] if row["scheme"] == "personas"} - {""})
        k = 5 if groups == 4 else 4
        run = self.good("long", "segment", "--scheme", "personas", "--month", corrected, "--k", k)["runs"]
        self.assertGreater(self.publish("long", run)["personas"]["moved"], 0)
        self.assertNotEqual(self.snapshot("long", corrected), seen[corrected])
        for month, snapshot in seen.items():
            self.assertEqual(self.snapshot("long", month, "--publication", last[month]), snapshot, month)
            if month != corrected:  # since when is another matter: an interval that went through it is two now
                self.assertEqual(groups_of(self.snapshot("long", month)), groups_of(snapshot), month)
        self.good("long", "runs", "verify")


def main():
    global PROGRAM, CUSTOMERS, MONTHS
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--months", type=int, default=MONTHS)
    options, rest = parser.parse_known_args()
    PROGRAM, CUSTOMERS, MONTHS = str(pathlib.Path(options.program).resolve()), options.customers, options.months
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()

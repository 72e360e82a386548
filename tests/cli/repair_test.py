#!/usr/bin/env python3
"""Workspaces with lost and flipped files from outside: what can be loaded again is, in order, and the rest is said.

  repair_test.py --program build/dev/fenqun
"""
import argparse
import csv
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = ""
BILL = "bill_id,customer_id,month,energy_kwh,amount_cny\n"


def fenqun(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300)


def first_of(text):
    """What was found; the error that follows it is another document."""
    return json.JSONDecoder().raw_decode(text)[0]


class Repair(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.workspace = self.folder / "ws"
        assert fenqun("init", self.workspace).returncode == 0

    def tearDown(self):
        self.temporary.cleanup()

    def run_in(self, *words):
        return fenqun(*words, "-w", self.workspace)

    def good(self, *words):
        done = self.run_in(*words, "--json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def bills(self, name, rows):
        path = self.folder / name / "bill.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(BILL + rows)
        return path

    def corrected(self):
        """Two batches, the second of which rests on the first; what they came to."""
        first = self.bills("a", "B1,0001,2026-01,5,3\nB2,0001,2026-02,6,3\nB3,0001,2026-03,6,3\n")
        second = self.bills("b", "B1,0001,2026-01,7,3\nB4,0001,2026-01,1,1\n")
        self.good("ingest", first)
        self.good("ingest", second)
        return first, second

    def counts(self):
        return [(batch["batch_id"], batch["source"], batch["total"]) for batch in self.good("ingest", "list")]

    def lake(self, entity="bill"):
        return sorted((self.workspace / "lake" / entity).rglob("*.parquet"))

    def test_a_flipped_byte_anywhere_is_named_and_mended(self):
        source = self.folder / "reading_day.csv"
        chance = random.Random(3)
        with open(source, "w", newline="") as out:
            lines = csv.writer(out)
            lines.writerow(["customer_id", "day", "energy_kwh"])
            lines.writerows([f"{customer:05}", f"2026-01-{day:02}", chance.randrange(10**6) / 1000]
                            for customer in range(2000) for day in range(1, 31))
        self.good("ingest", source)
        whole = self.lake("reading_day")[0]
        size = whole.stat().st_size
        for place in [5, 5000, size // 2, size - 12, size - 100, *(chance.randrange(size) for _ in range(3))]:
            with self.subTest(place=place):
                lost = self.lake("reading_day")[0]
                content = bytearray(lost.read_bytes())
                content[place] ^= 0xFF
                lost.write_bytes(content)
                found = self.run_in("doctor", "--json")
                self.assertEqual(found.returncode, 3, found.stderr)
                damages = [line for line in first_of(found.stdout)["findings"] if line["severity"] == "damage"]
                self.assertEqual([line["finding"] for line in damages], ["hash"])
                self.assertIn(lost.name, damages[0]["values"]["path"])
                mended = self.good("doctor", "--repair")
                self.assertEqual((mended["sound"], len(mended["reloaded"]), mended["rows"]), (True, 1, 60000))

    def test_a_lost_file_of_replaced_rows_stops_nobody_and_comes_back(self):
        self.corrected()
        before = self.counts()
        shutil.rmtree(self.workspace / "lake" / "bill.superseded")
        self.assertEqual(self.counts(), before)
        self.assertEqual(self.run_in("doctor").returncode, 3)
        mended = self.good("doctor", "--repair")
        self.assertEqual((mended["sound"], len(mended["reloaded"])), (True, 2))
        self.assertEqual(self.counts(), before)
        self.good("ingest", "undo", before[1][0])

    def test_a_lost_file_of_replaced_rows_without_its_source_is_said_and_stops_nobody(self):
        first, _ = self.corrected()
        before = self.counts()
        first.unlink()
        shutil.rmtree(self.workspace / "lake" / "bill.superseded")
        failed = self.run_in("doctor", "--repair")
        self.assertEqual(failed.returncode, 3)
        self.assertIn(str(first), failed.stdout)
        self.assertEqual(self.counts(), before)
        refused = self.run_in("ingest", "undo", before[1][0])
        self.assertEqual(refused.returncode, 3, refused.stderr)
        self.assertIn("bill.superseded", refused.stderr)
        self.good("ingest", self.bills("c", "B9,0009,2026-03,1,1\n"))

    def test_a_batch_with_a_later_one_on_it_is_loaded_again_with_that(self):
        self.corrected()
        before = self.counts()
        (self.workspace / "lake" / "bill" / "month=2026-02").rename(self.folder / "lost")
        mended = self.good("doctor", "--repair")
        self.assertEqual((mended["sound"], mended["reloaded"]), (True, [batch[0] for batch in before]))
        self.assertEqual(self.counts(), before)

    def test_a_lost_lake_is_loaded_again_in_order(self):
        self.corrected()
        self.good("ingest", self.bills("c", "B4,0001,2026-01,2,2\nB5,0001,2026-04,2,2\n"))
        before = self.counts()
        shutil.rmtree(self.workspace / "lake")
        mended = self.good("doctor", "--repair")
        self.assertEqual((mended["sound"], len(mended["reloaded"])), (True, 3))
        self.assertEqual(self.counts(), before)
        self.assertTrue(self.good("doctor")["sound"])

    def test_a_lost_compacted_file_is_loaded_again_from_all_its_batches(self):
        self.corrected()
        self.good("ingest", self.bills("c", "B8,0008,2026-01,2,2\n"))
        self.good("lake", "compact")
        before = sorted(self.counts(), key=str)
        next((self.workspace / "lake" / "bill" / "month=2026-01").glob("compacted*")).unlink()
        mended = self.good("doctor", "--repair")
        self.assertEqual((mended["sound"], len(mended["reloaded"])), (True, 2), "the first has no row in that file")
        self.assertEqual(sorted(self.counts(), key=str), before)

    def test_a_damaged_batch_whose_source_is_lost_can_be_given_up(self):
        first, second = self.corrected()
        (before, *_), (later, *_) = self.counts()
        first.unlink()
        (self.workspace / "lake" / "bill" / "month=2026-02").rename(self.folder / "lost")
        failed = self.run_in("doctor", "--repair")
        self.assertEqual(failed.returncode, 3)
        self.assertIn("ingest undo", failed.stdout)
        self.good("ingest", "undo", later)
        self.good("ingest", "undo", before)
        self.assertTrue(self.good("doctor")["sound"])
        self.assertEqual(self.good("ingest", second)[0]["total"]["rows_loaded"], 2)

    def test_a_batch_that_a_drop_folder_took_is_found_where_it_was_moved(self):
        drop = self.folder / "drop"
        (drop / "bill").mkdir(parents=True)
        (drop / "bill" / "x.csv").write_text(BILL + "B1,0001,2026-01,5,3\n")
        self.good("ingest", drop, "--watch", "--once")
        before = self.counts()
        path = pathlib.Path(self.good("ingest", "list")[0]["path"])
        self.assertTrue(path.is_file() and path.parent == drop / "loaded", path)
        self.lake()[0].unlink()
        mended = self.good("doctor", "--repair")
        self.assertEqual((mended["sound"], len(mended["reloaded"])), (True, 1))
        self.assertEqual(self.counts(), before)
        # The same content once more moves too, but the first file is still the batch's.
        (drop / "bill" / "again.csv").write_text(BILL + "B1,0001,2026-01,5,3\n")
        self.good("ingest", drop, "--watch", "--once")
        self.assertEqual(self.good("ingest", "list")[0]["path"], str(path))

    def test_undoing_a_correction_brings_nothing_back_into_a_month_that_expired(self):
        self.good("ingest", self.bills("a", "B1,0001,2026-01,5,3\nB2,0001,2026-01,6,3\nB3,0001,2026-03,6,3\n"))
        second = self.good("ingest", self.bills("b", "B1,0001,2026-01,7,3\nB3,0001,2026-03,7,3\n"))[0]["batch_id"]
        with open(self.workspace / "fenqun.yaml", "a") as settings:
            settings.write("retention: {bill: 1}\n")
        self.good("lake", "expire")
        undone = self.good("ingest", "undo", second)["entities"]["bill"]
        self.assertEqual(undone, {"rows_removed": 1, "rows_restored": 1, "rows_expired": 1})
        self.assertEqual([path.parent.name for path in self.lake()], ["month=2026-03"])
        self.assertTrue(self.good("doctor")["sound"])

    def test_a_repair_does_not_bring_expired_months_back(self):
        self.corrected()
        with open(self.workspace / "fenqun.yaml", "a") as settings:
            settings.write("retention: {bill: 1}\n")
        self.good("lake", "expire")
        self.lake()[0].unlink()
        self.assertTrue(self.good("doctor", "--repair")["sound"])
        self.assertEqual([path.parent.name for path in self.lake()], ["month=2026-03"])


def main():
    global PROGRAM
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    options, rest = parser.parse_known_args()
    PROGRAM = str(pathlib.Path(options.program).resolve())
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Dirty deliveries from outside: every file of `datagen --dirty` is loaded in the order in which it comes, and every
count, every row in quarantine and every finding is held against what was planted, item by item.

  dirty_test.py --program build/dev/fenqun
"""
import argparse
import collections
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = ""
COUNTS = ("rows_in", "rows_loaded", "rows_duplicate", "rows_superseded", "rows_rejected")


def fenqun(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300,
                          env={**os.environ, "FENQUN_LANG": "en"})


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Dirty(unittest.TestCase):
    """One small utility, sent dirty, loaded once."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        root = pathlib.Path(cls.temporary.name)
        cls.data, cls.workspace = root / "data", root / "ws"
        made = fenqun("datagen", "--profile", "village", "--dirty", "--out", cls.data, "--json")
        assert made.returncode == 0, made.stderr
        cls.made = json.loads(made.stdout)
        cls.deliveries = table(cls.data / "truth" / "deliveries.csv")
        cls.planted = table(cls.data / "truth" / "planted.csv")
        assert fenqun("init", cls.workspace).returncode == 0
        cls.results = {}
        for delivery in cls.deliveries:
            words = ["ingest", "-w", cls.workspace, cls.data / delivery["file"], "--max-rejected-share", 1, "--json"]
            if delivery["mapping"]:
                words += ["--map", cls.data / "mappings" / delivery["mapping"]]
            cls.results[delivery["file"]] = fenqun(*words)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def good(self, *words):
        done = fenqun(*words, "-w", self.workspace, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def batch(self, file):
        return json.loads(self.results[file].stdout)[0]

    def test_every_kind_of_fault_was_planted(self):
        kinds = collections.Counter(item["fault"] for item in self.planted)
        for kind in ("impossible_date", "two_digit_year", "negative", "too_large", "bad_number", "unknown_unit",
                     "unknown_code", "missing_required", "scientific_id", "extra_column", "missing_columns",
                     "cut_last_line", "broken_json", "duplicate_in_file", "conflict_in_file", "orphan", "gap", "long_gap",
                     "late_month", "file_again", "sent_again", "corrected_later", "repaired_later", "cut_file",
                     "missing_column"):
            self.assertGreater(kinds[kind], 0, kind)
        self.assertEqual(self.made["planted_faults"], len(self.planted))

    def test_every_file_comes_to_the_counts_that_were_planted(self):
        for delivery in self.deliveries:
            with self.subTest(file=delivery["file"]):
                result = self.results[delivery["file"]]
                if delivery["outcome"] == "refused":
                    self.assertEqual(result.returncode, 3, result.stderr)
                    continue
                self.assertEqual(result.returncode, 0, result.stderr)
                batch = self.batch(delivery["file"])
                self.assertEqual(batch["already_loaded"], delivery["outcome"] == "already_loaded")
                if batch["already_loaded"]:
                    continue
                total = {name: batch["total"][name] for name in COUNTS}
                expected = {name: int(delivery[name.removeprefix("rows_") if name != "rows_in" else name]) for name in COUNTS}
                self.assertEqual(total, expected)
                self.assertEqual(total["rows_in"], sum(total[name] for name in COUNTS[1:]))

    def test_quarantine_holds_exactly_the_rows_that_were_to_be_rejected(self):
        expected = collections.Counter()
        for item in self.planted:
            if item["fate"] == "rejected":
                expected[(item["file"], item["sheet"], int(item["line"]), item["entity"], item["reason"], item["column"],
                          item["value"])] += 1
        found = collections.Counter()
        for row in self.good("quarantine"):
            file, _, sheet = pathlib.PurePath(row["source"]).name.partition("#")
            found[(file, sheet, row["line"], row["entity"], row["reason"], row["column"] or "", row["value"] or "")] += 1
        self.assertEqual(sorted((expected - found).elements()), [], "planted, but not found")
        self.assertEqual(sorted((found - expected).elements()), [], "found, but not planted")

    def test_what_was_planted_adds_up_to_the_counts_of_each_file(self):
        fates = collections.Counter((item["file"], item["fate"]) for item in self.planted)
        for delivery in self.deliveries:
            if delivery["outcome"] != "loaded":
                continue
            for fate in ("rejected", "duplicate"):
                self.assertEqual(fates[(delivery["file"], fate)], int(delivery[fate]), (delivery["file"], fate))

    def test_the_doctor_finds_nothing_but_the_planted_orphans(self):
        expected = collections.Counter()
        for item in self.planted:
            if item["fault"] == "orphan":
                expected[(item["entity"], "customer_id")] += 1
        report = self.good("doctor")
        self.assertTrue(report["sound"])
        found = {}
        for finding in report["findings"]:
            self.assertEqual((finding["finding"], finding["severity"]), ("orphans", "notice"), finding)
            values = finding["values"]
            found[(values["entity"], values["field"])] = int(values["rows"])
        self.assertEqual(found, dict(expected))

    def test_each_batch_is_listed_with_its_counts_once(self):
        listed = self.good("ingest", "list")
        batches = listed["batches"] if isinstance(listed, dict) else listed
        loaded = [delivery for delivery in self.deliveries if delivery["outcome"] == "loaded"]
        self.assertEqual(len(batches), len(loaded))

    def test_the_same_files_again_change_nothing(self):
        for delivery in self.deliveries[-3:]:
            words = ["ingest", "-w", self.workspace, self.data / delivery["file"], "--max-rejected-share", 1, "--json"]
            if delivery["mapping"]:
                words += ["--map", self.data / "mappings" / delivery["mapping"]]
            done = fenqun(*words)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(json.loads(done.stdout)[0]["already_loaded"])

    def test_the_month_is_prepared_for_every_customer_that_came_in(self):
        prepared = self.good("prepare", "--month", "2026-06")
        customers = {item["key"] for item in self.planted if item["entity"] == "customer" and item["fate"] == "rejected"}
        repaired = {item["key"] for item in self.planted if item["entity"] == "customer" and item["fault"] == "repaired_later"}
        self.assertEqual(customers, repaired, "every rejected customer was sent again")
        self.assertEqual(prepared["customers"] + prepared["closed_or_not_yet_open"], self.made["customers"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    arguments, rest = parser.parse_known_args()
    PROGRAM = str(pathlib.Path(arguments.program).resolve())
    unittest.main(argv=[sys.argv[0], *rest], verbosity=1)

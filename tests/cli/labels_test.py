#!/usr/bin/env python3
"""Every shipped scheme on a small utility: sums add up, planted groups come back, labels by customer, place and month.

  labels_test.py --program build/dev/fenqun
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
SCHEMES = sorted(path.stem for path in (pathlib.Path(__file__).parents[2] / "config" / "schemes").glob("*.yaml"))
# What the truth of a small utility must at least be found with; below what a station gives. Not level2_channel: it looks at
# a year of contacts, and the village has a few months of them.
LEAST_AGREEMENT = {"abcd": 0.8, "level2_arrears_risk": 0.9, "level2_high_value": 0.6}


def fenqun(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=600)


class Labels(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.temporary.name)
        cls.folder, cls.data, cls.workspace = folder, folder / "data", folder / "ws"
        for words in [("datagen", "--profile", "village", "--out", cls.data), ("init", cls.workspace),
                      ("ingest", "-w", cls.workspace, cls.data), ("prepare", "-w", cls.workspace, "--month", "2026-04"),
                      ("prepare", "-w", cls.workspace, "--month", "2026-06")]:
            done = fenqun(*words)
            assert done.returncode == 0, (words, done.stderr)
        named = [word for scheme in SCHEMES for word in ("--scheme", scheme)]
        done = fenqun("segment", "-w", cls.workspace, "--month", "2026-06", "--truth", cls.data / "truth", "--json", *named)
        assert done.returncode == 0, done.stderr
        cls.runs = {run["scheme"]: run for run in json.loads(done.stdout)["runs"]}

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def good(self, *words):
        done = fenqun(*words, "-w", self.workspace, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_every_scheme_gives_each_customer_one_group_or_a_reason(self):
        self.assertEqual(sorted(self.runs), SCHEMES)
        for name, run in self.runs.items():
            grouped = sum(group["customers"] for group in run["groups"])
            without = sum(line["customers"] for line in run["not_classifiable"])
            self.assertEqual(grouped, run["classified"], name)
            self.assertEqual(grouped + without, run["population"], name)
            for line in run["not_classifiable"]:
                self.assertTrue(line["reason"]["zh"] and line["reason"]["en"], (name, line))
            for text in [run["scheme_title"], run["scheme_source"], *(group["title"] for group in run["groups"])]:
                self.assertTrue(text["zh"] and text["en"], (name, text))

    def test_planted_groups_come_back(self):
        for name, least in LEAST_AGREEMENT.items():
            with self.subTest(scheme=name):
                self.assertGreaterEqual(self.runs[name]["truth"]["adjusted_rand_index"], least)

    def test_scores_say_that_a_rule_made_them_and_their_points_add_up(self):
        scored = [name for name, run in self.runs.items() if run["method"] == "score"]
        self.assertEqual(len(scored), 5)
        for name in scored:
            self.assertEqual(self.runs[name]["score_source"], "rule")
            file = self.folder / f"{name}.csv"
            self.good("segment", "scores", name, "--out", file)
            with open(file, encoding="utf-8-sig", newline="") as opened:
                rows = list(csv.DictReader(opened))
            self.assertEqual(len(rows), self.runs[name]["population"])
            groups = collections.Counter(row["群"] for row in rows)
            for group in self.runs[name]["groups"]:
                self.assertEqual(groups[group["title"]["zh"]], group["customers"], (name, group["code"]))
            customer = rows[len(rows) // 2]["户号"]
            found = self.good("segment", "scores", name, "--customer", customer)
            points = [part["points"] or 0 for part in found["points"]]
            self.assertAlmostEqual(sum(points), found["score"], places=9)
            self.assertEqual(points, sorted(points, reverse=True))
            self.assertEqual(found["score_source"], "rule")
            shown = fenqun("segment", "scores", name, "-w", self.workspace).stdout
            self.assertNotIn("{", shown)

    def test_places_hold_all_customers(self):
        run = self.runs["level2_outage_sensitive"]
        for kind in ("line", "area", "station", "community"):
            places = self.good("segment", "places", "level2_outage_sensitive", "--by", kind)["places"]
            self.assertEqual(sum(place["customers"] for place in places), run["population"])
            for group in run["groups"]:
                self.assertEqual(sum(place["groups"][group["code"]] for place in places), group["customers"])
        for name, order in (("level2_outage_sensitive", "the highest mean score first"), ("abcd", "the largest share of 'Grade D'")):
            shown = fenqun("segment", "places", name, "-w", self.workspace, "--lang", "en").stdout
            self.assertIn(order, shown)
        self.assertEqual(fenqun("segment", "places", "abcd", "--by", "planet", "-w", self.workspace).returncode, 2)

    def test_transitions_hold_all_customers_of_both_months(self):
        self.good("segment", "--scheme", "abcd", "--month", "2026-04")
        before = self.good("runs", "--scheme", "abcd", "--month", "2026-04")[0]
        file = self.folder / "transitions.csv"
        found = self.good("segment", "transitions", "abcd", "--from", "2026-04", "--to", "2026-06", "--out", file)
        step = found["steps"][0]
        self.assertEqual(found["ladder"], ["D", "C", "B", "A"])
        self.assertEqual(found["unknown_months"], ["2026-05"])
        self.assertEqual(step["in_both"], step["stayed"] + step["moved"])
        self.assertEqual(step["moved"], step["up"] + step["down"])
        to = collections.Counter()
        for cell in step["cells"]:
            if cell["to"] and "group" in cell["to"]:
                to[cell["to"]["group"]] += cell["customers"]
        self.assertEqual(to, {group["code"]: group["customers"] for group in self.runs["abcd"]["groups"]})
        self.assertTrue(before)
        with open(file, encoding="utf-8-sig", newline="") as opened:
            self.assertEqual(len(list(csv.DictReader(opened))), len(step["cells"]))

    def test_the_shapes_of_days_count_every_day(self):
        run = self.runs["load_shape"]
        shapes = run["shapes"]
        self.assertGreater(run["classified"], 0)
        self.assertEqual(sum(shape["days"] for shape in shapes["dictionary"]), shapes["shaped_days"])

    def test_personas_are_four_to_seven_with_names_of_their_own(self):
        groups = self.runs["personas"]["groups"]
        self.assertIn(len(groups), range(4, 8))
        self.assertEqual(len({group["title"]["zh"] for group in groups}), len(groups))


def main():
    global PROGRAM
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    options, rest = parser.parse_known_args()
    PROGRAM = os.path.abspath(options.program)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()

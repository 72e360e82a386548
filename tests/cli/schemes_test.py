#!/usr/bin/env python3
"""The registry of schemes from outside: list, show, clone, history, check, preview, run together.

  schemes_test.py --program build/dev/fenqun
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = ""
CUSTOMERS = 500


def fenqun(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300)


class Registry(unittest.TestCase):
    """One small synthetic utility; each test goes on where the one before ended."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.workspace = cls.folder / "ws"
        made = fenqun("datagen", "--profile", "city", "--customers", CUSTOMERS, "--reading-months", 3, "--out", cls.folder / "data")
        assert made.returncode == 0, made.stderr
        assert fenqun("init", cls.workspace, "--name", "测试供电所").returncode == 0
        run = fenqun("run", "-w", cls.workspace, "--from", cls.folder / "data", "--scheme", "level1", "--json")
        assert run.returncode == 0, run.stderr
        cls.run_result = json.loads(run.stdout)["segment"]["runs"][0]
        cls.month = cls.run_result["as_of"]

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def good(self, *words):
        done = fenqun(*words, "-w", self.workspace, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def shown(self, *words, language="en"):
        done = fenqun(*words, "-w", self.workspace, "--lang", language)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("{", done.stdout)
        return done.stdout

    def refused(self, code, *words):
        done = fenqun(*words, "-w", self.workspace, "--lang", "en")
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr

    def scheme_file(self, name):
        return self.workspace / "config" / "schemes" / f"{name}.yaml"

    def write_scheme(self, name, text):
        file = self.scheme_file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def test_01_the_list_tells_where_schemes_come_from_and_who_ran(self):
        entries = {entry["scheme"]: entry for entry in self.good("schemes", "list")}
        self.assertTrue(entries["level1"]["built_in"])
        self.assertEqual(entries["level1"]["runs"], 1)
        self.assertEqual(entries["dongguan_revenue"]["runs"], 0)
        self.assertEqual(entries["dongguan_revenue"]["method"], "tiers")
        self.assertIn("一级分群", self.shown("schemes", language="zh"))

    def test_02_a_run_is_shown_with_the_very_text_it_used(self):
        text = self.good("schemes", "show", "level1")["text"]
        used = self.good("schemes", "show", "level1", "--definition", self.run_result["run_id"])
        self.assertEqual(used["text"], text)
        self.assertEqual(used["definition"], self.run_result["definition"])
        self.assertIsNotNone(used["first_used"])
        history = self.good("schemes", "history", "level1")
        self.assertEqual([(line["definition"], line["runs"]) for line in history], [(used["definition"], 1)])
        self.refused(2, "schemes", "show", "dongguan_revenue", "--definition", self.run_result["run_id"])
        self.refused(2, "schemes", "show", "level1", "--definition", "nothing")
        self.refused(2, "schemes", "show", "../level1")

    def test_03_a_clone_is_a_file_to_edit_and_nothing_is_overwritten(self):
        done = self.good("schemes", "clone", "level1", "level1_city")
        file = self.scheme_file("level1_city")
        self.assertEqual(pathlib.Path(done["file"]), file)
        text = file.read_text(encoding="utf-8")
        self.assertIn("scheme: level1_city\nderived_from: {scheme: level1, version: 1, definition: ", text)
        self.assertIn("# Level 1: five groups by rule", text)
        for name in ("level1_city", "level1"):
            self.assertIn("changed", self.refused(1, "schemes", "clone", "level1", name))
        self.assertEqual(file.read_text(encoding="utf-8"), text)
        self.refused(2, "schemes", "clone", "level1", "../x")
        self.refused(2, "schemes", "clone", "no_such", "mine")
        self.assertFalse({entry["scheme"]: entry for entry in self.good("schemes", "list")}["level1_city"]["built_in"])

    def test_04_a_clone_of_a_clone_names_its_own_parent(self):
        self.good("schemes", "clone", "level1_city", "level1_town")
        text = self.scheme_file("level1_town").read_text(encoding="utf-8")
        self.assertEqual(text.count("derived_from"), 1)
        self.assertIn("derived_from: {scheme: level1_city,", text)
        run = self.good("segment", "--scheme", "level1_town")["runs"][0]
        self.assertEqual([group["customers"] for group in run["groups"]],
                         [group["customers"] for group in self.run_result["groups"]])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    options, rest = parser.parse_known_args()
    PROGRAM = options.program
    unittest.main(argv=[sys.argv[0], *rest])

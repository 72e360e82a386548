#!/usr/bin/env python3
"""Command lines that are wrong, help, and readers that go away: what needs no data.

  use_test.py --program build/dev/fenqun
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM = ""


def fenqun(*words, language="en"):
    environment = {**os.environ, "FENQUN_LANG": language}
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300, env=environment)


def commands():
    """Every command and those below it, by the program's own help."""
    found = [[]]
    for words in found:
        lines = fenqun(*words, "--help").stdout.split("Subcommands:\n")
        for line in lines[1].split("\n\n")[0].split("\n") if len(lines) > 1 else []:
            name = re.match(r"  ([a-z][a-z-]*) ", line)
            if name:
                found.append([*words, name.group(1)])
    return found


class WrongUse(unittest.TestCase):
    WRONG = {
        "There is no option --kk here. Near names: --k": ["segment", "--kk", "3"],
        "There is no command 'segmnt' here. Near names: segment": ["segmnt"],
        "Name a command: ": [],
        "'level1' was not expected here": ["runs", "show", "x", "level1"],
        "RUN is missing": ["runs", "show"],
        "--out is missing": ["datagen"],
        "A value of --k is missing": ["segment", "--k"],
        "--k cannot be '9': expected 2 to 7": ["segment", "--k", "9"],
        "--most cannot be '0': expected a number above 0": ["segment", "places", "level1", "--most", "0"],
        "--max-rejected-share cannot be '7': expected 0 to 1": ["ingest", "--max-rejected-share", "7"],
        "--seed cannot be 'x'": ["segment", "--seed", "x"],
        "--customers cannot be 'many'": ["datagen", "--out", "x", "--customers", "many"],
        "--interval goes only together with --watch": ["ingest", "--interval", "3"],
        "--report and --step do not go together": ["prepare", "--report", "--step", "select"],
        "--k has no effect on 'fenqun segment history'": ["segment", "--k", "3", "history", "0001"],
        "--watch has no effect on 'fenqun ingest list'": ["ingest", "list", "--watch"],
    }

    def test_each_kind_is_told_in_both_languages(self):
        for expected, words in self.WRONG.items():
            with self.subTest(words=words):
                done = fenqun(*words)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(expected, done.stderr)
                chinese = fenqun(*words, language="zh")
                self.assertEqual(chinese.returncode, 2)
                self.assertTrue(chinese.stderr.startswith("错误"), chinese.stderr)
                self.assertNotRegex(chinese.stderr, r"[a-z]+ [a-z]+ (is|not|required|was)\b|\{")

    def test_the_help_to_look_at_is_that_of_the_command(self):
        self.assertIn("fenqun runs show --help", fenqun("runs", "show").stderr)
        self.assertIn("fenqun segment --help", fenqun("segment", "--kk").stderr)

    def test_as_json_it_is_one_document(self):
        done = fenqun("segment", "--kk", "--json")
        self.assertEqual(json.loads(done.stdout)["error"]["code"], "invalid_argument")

    def test_a_zero_is_not_the_same_as_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            for option in ("--customers", "--months", "--reading-months"):
                for value in ("0", "-5") if option != "--reading-months" else ("-1",):
                    done = fenqun("datagen", "--out", pathlib.Path(folder) / "data", option, value)
                    self.assertEqual(done.returncode, 2, (option, value, done.stderr))
                    self.assertIn("out of range", done.stderr)
            self.assertEqual(list(pathlib.Path(folder).iterdir()), [])

    def test_seeds_have_64_bits(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(fenqun("init", folder).returncode, 0)
            for seed in ("3000000000", "9223372036854775807"):
                self.assertIn("prepare", fenqun("segment", "-w", folder, "--seed", seed).stderr)
            done = fenqun("segment", "-w", folder, "--seed", "9223372036854775808")
            self.assertIn("expected 0 to 9223372036854775807", done.stderr)

    def test_dates_of_no_calendar_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(fenqun("init", folder).returncode, 0)
            for words in (["segment", "as-of", "2026-02-31"], ["runs", "--month", "2026-13"]):
                done = fenqun(*words, "-w", folder)
                self.assertEqual(done.returncode, 2)
                self.assertIn("in no calendar", done.stderr)

    def test_files_and_schemes_that_are_not_there_are_told_as_such(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(fenqun("init", folder).returncode, 0)
            for option in ("--check", "--preview"):
                done = fenqun("segment", option, "nosuch.yaml", "-w", folder)
                self.assertEqual(done.returncode, 2)
                self.assertIn("There is no file nosuch.yaml", done.stderr)
            self.assertIn("fenqun runs list", fenqun("runs", "show", "nosuch", "-w", folder).stderr)
            long = fenqun("runs", "show", "x" * 5000, "-w", folder)
            self.assertLess(len(long.stderr), 400)


class Help(unittest.TestCase):
    def test_every_help_is_whole_in_both_languages(self):
        found = commands()
        self.assertIn(["segment", "scores"], found)
        for words in found:
            for language in ("en", "zh"):
                shown = fenqun(*words, "--help", language=language).stdout
                with self.subTest(words=words, language=language):
                    self.assertNotIn("{", shown)
                    self.assertNotIn("cli.", shown)
                    self.assertIn("--json", shown)
                    self.assertIn("--lang", shown)

    def test_commands_below_others_list_the_options_of_their_parents(self):
        shown = fenqun("segment", "history", "--help").stdout
        for option in ("--workspace", "--month", "--scheme"):
            self.assertIn(option, shown)
        self.assertNotIn("--truth", shown)
        self.assertIn("--workspace", fenqun("ingest", "undo", "--help").stdout)
        self.assertEqual(fenqun("map", "suggest", "--help").stdout.count("--workspace"), 1)

    def test_all_profiles_are_named(self):
        shown = fenqun("datagen", "--help").stdout
        for profile in (pathlib.Path(__file__).parents[2] / "config" / "datagen" / "profiles").glob("*.yaml"):
            self.assertIn(profile.stem, shown)


class Reader(unittest.TestCase):
    def test_one_that_goes_away_is_no_error(self):
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run([PROGRAM, "map", "dictionary"], stdout=write, stderr=subprocess.PIPE, text=True, timeout=300)
        os.close(write)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs a device that is always full")
    def test_a_full_disk_is_one(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, "map", "dictionary"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=300)
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    arguments, rest = parser.parse_known_args()
    PROGRAM = str(pathlib.Path(arguments.program).resolve())
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)

#!/usr/bin/env python3
"""The life of runs and the ledger from outside: review, publish, roll back, retire, look back, verify.

  ledger_test.py --program build/dev/fenqun
"""
import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = ""
CUSTOMERS = 500
SCHEME = "dongguan_revenue"


def fenqun(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300)


class Life(unittest.TestCase):
    """One small synthetic utility, two months prepared and grouped; each test goes on where the one before ended."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.temporary.name)
        cls.folder = folder
        cls.workspace = folder / "ws"
        made = fenqun("datagen", "--profile", "city", "--customers", CUSTOMERS, "--reading-months", 3, "--out", folder / "data")
        assert made.returncode == 0, made.stderr
        assert fenqun("init", cls.workspace, "--name", "测试供电所").returncode == 0
        run = fenqun("run", "-w", cls.workspace, "--from", folder / "data", "--scheme", SCHEME, "--json")
        assert run.returncode == 0, run.stderr
        second = json.loads(run.stdout)["segment"]["runs"][0]
        cls.february = second["as_of"]
        year, month = map(int, cls.february.split("-"))
        cls.january = f"{year}-{month - 1:02}" if month > 1 else f"{year - 1}-12"
        assert fenqun("prepare", "-w", cls.workspace, "--month", cls.january).returncode == 0
        first = fenqun("segment", "-w", cls.workspace, "--scheme", SCHEME, "--month", cls.january, "--json")
        assert first.returncode == 0, first.stderr
        cls.runs = [json.loads(first.stdout)["runs"][0], second]
        cls.first, cls.second = (run["run_id"] for run in cls.runs)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def good(self, *words):
        done = fenqun(*words, "-w", self.workspace, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refused(self, code, *words):
        done = fenqun(*words, "-w", self.workspace, "--lang", "en")
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def groups(self, run):
        return {group["code"]: group["customers"] for group in run["groups"] if group["customers"]}

    def as_of(self, month, *words):
        scheme = self.good("segment", "as-of", month, "--scheme", SCHEME, *words)["schemes"][0]
        return {line["group"]: line["customers"] for line in scheme["groups"] if "group" in line}

    def test_1_a_draft_is_not_published(self):
        self.assertEqual({run["state"] for run in self.good("runs", "list")}, {"draft"})
        self.assertIn("was not reviewed", self.refused(4, "runs", "publish", self.first, "--by", "Li"))
        self.assertIn("no publication", self.refused(2, "runs", "rollback", SCHEME, "--by", "Li", "--reason", "x"))
        self.assertIn("--accept", self.refused(2, "runs", "review", self.first, "--by", "Li", "--reason", "x"))
        self.refused(2, "runs", "review", self.first, "--accept", "--by", "Li")  # no reason
        self.refused(2, "runs", "show", "nosuchrun")
        self.refused(2, "segment", "as-of", self.january)

    def test_2_refused_then_accepted_and_published(self):
        self.good("runs", "review", self.first, "--refuse", "--by", "王主任", "--reason", "两群区别不大")
        self.assertIn("refused", self.refused(4, "runs", "publish", self.first, "--by", "Li"))
        for run in (self.first, self.second):
            self.good("runs", "review", run, "--accept", "--by", "王主任", "--reason", "业务上有意义")
        done = self.good("runs", "publish", self.first, "--by", "李班长")
        self.assertEqual((done["publication"], done["already"], done["rows_written"]), (1, False, self.runs[0]["population"]))
        self.assertTrue(self.good("runs", "publish", self.first, "--by", "李班长")["already"])
        show = self.good("runs", "show", self.first)
        self.assertEqual(show["state"], "published")
        self.assertEqual([line["decision"] for line in show["decisions"]], ["refused", "accepted"])
        self.assertEqual(show["in_force"], [{"from": self.january, "to": None}])

    def test_3_the_next_month_writes_only_what_changed(self):
        diff = self.good("runs", "diff", self.first, self.second)
        done = self.good("runs", "publish", self.second, "--by", "李班长")
        self.assertEqual(done["moved"], diff["moved"])
        self.assertEqual(done["compared"], diff["compared"])
        self.assertLess(done["rows_superseded"], CUSTOMERS / 2)
        self.assertEqual(sum(line["customers"] for line in diff["migrations"] if line["from"]), self.runs[0]["population"])
        self.assertLessEqual(diff["adjusted_rand_index"], 1)
        self.assertEqual(self.as_of(self.january), self.groups(self.runs[0]))
        self.assertEqual(self.as_of(self.february + "-15"), self.groups(self.runs[1]))

    def test_4_a_list_of_a_past_month_and_a_customers_history(self):
        file = self.folder / "then.csv"
        self.good("segment", "as-of", self.january, "--out", file)
        with open(file, encoding="utf-8-sig", newline="") as rows:
            rows = list(csv.DictReader(rows))
        self.assertEqual(len(rows), self.runs[0]["population"])
        self.assertEqual(len({row["customer_id"] for row in rows}), len(rows))
        self.assertTrue(all(bool(row["group_code"]) != bool(row["reason_code"]) for row in rows))
        customer = rows[0]["customer_id"]
        history = self.good("segment", "history", customer)["intervals"]
        self.assertEqual(history[0]["valid_from"], self.january)
        self.assertEqual(history[0]["run_id"], self.first)
        self.assertEqual(len(history[0]["definition"]), 16)
        self.assertIsNone(history[-1]["valid_to"])
        self.refused(2, "segment", "history", "no-such-customer")

    def test_5_a_rollback_brings_the_month_before_back_and_forgets_nothing(self):
        self.assertIn("reason", self.refused(2, "runs", "rollback", SCHEME, "--by", "Li", "--reason", " "))
        back = self.good("runs", "rollback", SCHEME, "--by", "王主任", "--reason", "二月电费数据有误")
        self.assertEqual((back["kind"], back["run_id"], back["restores"]), ("rollback", self.first, 1))
        self.assertEqual(self.as_of(self.february), self.groups(self.runs[0]))
        self.assertEqual(self.as_of(self.february, "--publication", 2), self.groups(self.runs[1]))
        states = {run["run_id"]: run["state"] for run in self.good("runs", "list", "--scheme", SCHEME)}
        self.assertEqual(states, {self.first: "published", self.second: "replaced"})

    def test_6_people_read_it_in_their_language(self):
        for language, words in (("zh", ("已发布", "业务上有意义", "王主任", "停用")), ("en", ("published", "业务上有意义"))):
            shown = fenqun("runs", "show", self.first, "-w", self.workspace, "--lang", language)
            self.assertEqual(shown.returncode, 0, shown.stderr)
            for word in words[:3]:
                self.assertIn(word, shown.stdout)
        compared = fenqun("runs", "diff", self.first, self.second, "-w", self.workspace, "--lang", "en").stdout
        self.assertIn("Typical before", compared)
        for words in (("runs", "list"), ("runs", "diff", self.first, self.second), ("runs", "verify"), ("segment", "as-of", self.january)):
            shown = fenqun(*words, "-w", self.workspace)
            self.assertEqual(shown.returncode, 0, shown.stderr)
            self.assertNotIn("cli.", shown.stdout)
            self.assertNotIn("{", shown.stdout)

    def test_7_a_retired_run_is_not_published(self):
        month = self.february[:5] + "12"
        self.assertIn("earlier", self.refused(2, "runs", "retire", self.first, "--by", "Li", "--reason", "x", "--month", "2000-01"))
        done = self.good("runs", "retire", self.first, "--by", "王主任", "--reason", "方案停用", "--month", month)
        self.assertEqual(done["publication"]["kind"], "retire")
        self.assertEqual(self.as_of(month), {})
        shown = fenqun("segment", "as-of", month, "-w", self.workspace, "--lang", "en").stdout
        self.assertIn(f"no run is in force in {month}; the last one was retired by publication 4", shown)
        self.assertIn("was retired", self.refused(4, "runs", "publish", self.first, "--by", "Li"))

    def test_8_the_chain_is_verified(self):
        found = self.good("runs", "verify")
        self.assertTrue(found["sound"])
        self.assertEqual(found["publications"], 4)
        self.assertTrue(self.good("runs", "verify", "--expect", found["last_hash"])["sound"])
        wrong = fenqun("runs", "verify", "--expect", "0" * 64, "-w", self.workspace, "--json")
        self.assertEqual(wrong.returncode, 3)
        self.assertFalse(json.loads(wrong.stdout.split('\n}\n')[0] + "}")["sound"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    options, rest = parser.parse_known_args()
    PROGRAM = options.program
    unittest.main(argv=[sys.argv[0], *rest])

#!/usr/bin/env python3
"""The registry of schemes from outside: list, show, clone, history, check, preview, run together.

  schemes_test.py --program build/dev/fenqun
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

    def test_05_all_schemes_run_together_and_sums_add_up(self):
        done = self.good("segment", "--all")
        names = [run["scheme"] for run in done["runs"]]
        self.assertEqual(len(set(names) | {one["scheme"] for one in done["skipped"]}), len(self.good("schemes", "list")))
        for run in done["runs"]:
            self.assertEqual(sum(group["customers"] for group in run["groups"]), run["classified"], run["scheme"])
            self.assertEqual(run["classified"] + sum(line["customers"] for line in run["not_classifiable"]),
                             run["population"], run["scheme"])
            self.assertTrue(all(line["reason"]["zh"] and line["reason"]["en"] for line in run["not_classifiable"]))
        summary = self.shown("segment", "--all", language="zh")
        self.assertIn("level1_town", summary)
        self.assertIn("未分群的客户及原因", summary)

    def test_06_schemes_that_look_at_others_come_after_them(self):
        self.write_scheme("a_big_homes", """\
scheme: a_big_homes
version: 1
title: {zh: 居民高电费, en: Homes with high bills}
method: rules
within: {scheme: level1_city, group: residential}
parameters: {high_cny: 3000}
overrides:
  - {where: "location_kind = 'urban'", set: {high_cny: 5000}}
groups:
  - {code: high, title: {zh: 高, en: High}, when: "bill_revenue_12m_cny >= high_cny"}
  - {code: rest, title: {zh: 其余, en: Rest}, when: "true"}
""")
        done = self.good("segment", "--scheme", "a_big_homes")
        run = done["runs"][-1]
        self.assertEqual(run["scheme"], "a_big_homes")
        self.assertEqual(run["parent"]["group"], "residential")
        homes = [group for group in self.run_result["groups"] if group["code"] == "residential"][0]
        self.assertEqual(run["population"], homes["customers"])
        self.assertEqual([use["scheme"] for use in run["uses"]], ["level1_city"])

    def test_07_a_circle_between_schemes_is_refused_with_its_path(self):
        text = self.scheme_file("a_big_homes").read_text(encoding="utf-8")
        circle = self.write_scheme("circle", text.replace("a_big_homes", "circle").replace("level1_city", "circle"))
        refusal = self.refused(3, "segment", "--scheme", "circle")
        self.assertIn(f"circle ({circle}:5) → circle", refusal)
        circle.unlink()
        for name, other in (("one", "two"), ("two", "one")):
            (self.folder / f"{name}.yaml").write_text(
                text.replace("a_big_homes", name).replace("level1_city", other), encoding="utf-8")
        done = fenqun("segment", "--check", self.folder / "one.yaml", self.folder / "two.yaml", "-w", self.workspace, "--json")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual([error["finding"] for scheme in json.loads(done.stdout.split("\n]\n")[0] + "\n]")
                          for error in scheme["errors"]], ["segment.scheme_circle"] * 2)
        empty = self.folder / "empty.yaml"
        empty.write_text("# nothing yet\n", encoding="utf-8")
        self.assertIn("segment.scheme_empty", fenqun("segment", "--check", empty, "-w", self.workspace, "--json").stdout)

    def test_16_options_without_effect_are_refused(self):
        self.assertIn("--k would have no effect", self.refused(2, "segment", "--scheme", "level1", "--k", "3"))
        self.assertIn("nosuch", self.refused(2, "segment", "--scheme", "level1", "--truth", "nosuch"))
        self.assertIn("There is no scheme 'nosuch'", self.refused(2, "portrait", "--scheme", "nosuch"))
        self.assertIn("There is no scheme 'nosuch'", self.refused(2, "segment", "places", "nosuch"))

    def test_08_strata_have_groups_of_their_own(self):
        self.write_scheme("revenue_by_kind", """\
scheme: revenue_by_kind
version: 1
title: {zh: 分类别收入, en: Revenue by kind}
method: tiers
strata: {by: category}
features:
  - {name: bill_revenue_12m_cny, log: true, scale: robust}
k: {max: 3, publish: 2, restarts: 2}
groups:
  - {code: high, title: {zh: 高, en: High}}
  - {code: low, title: {zh: 低, en: Low}}
""")
        run = self.good("segment", "--scheme", "revenue_by_kind")["runs"][0]
        self.assertEqual([stratum["code"] for stratum in run["strata"]], ["non_residential", "residential"])
        self.assertEqual([group["code"] for group in run["groups"]],
                         ["non_residential.high", "non_residential.low", "residential.high", "residential.low"])
        self.assertIn("·", self.shown("segment", "--scheme", "revenue_by_kind"))
        self.shown("report", "--scheme", "revenue_by_kind")

    def test_09_a_preview_tells_who_would_move_and_keeps_nothing(self):
        before = self.good("runs", "list")
        text = self.good("schemes", "show", "level1")["text"]
        file = self.folder / "level1_changed.yaml"
        file.write_text(text.replace("contract_capacity_kva >= 315", "contract_capacity_kva >= 50"), encoding="utf-8")
        preview = self.good("segment", "--preview", file, "--month", self.month)
        self.assertEqual(preview["compared_with"], "latest")
        self.assertEqual(preview["compared"], self.run_result["classified"])
        off = sum(line["customers"] for line in preview["migrations"] if line["from"] != line["to"])
        self.assertEqual(preview["moved"], off)
        self.assertGreater(off, 0)
        self.assertTrue(all(line["to"] == {"group": "large"} for line in preview["migrations"] if line["from"] != line["to"]))
        self.assertEqual(self.good("runs", "list"), before)
        self.assertEqual(len(self.good("schemes", "history", "level1")), 1)
        shown = self.shown("segment", "--preview", file)
        self.assertIn(f"{off:,} of {preview['compared']:,} customers", shown)
        clone = self.good("segment", "--preview", "level1_city")
        self.assertEqual((clone["moved"], clone["entered"], clone["left"]), (0, 0, 0))
        self.assertIn("未保存", self.shown("segment", "--preview", "level1_city", language="zh"))

    def test_10_a_bad_file_is_refused_with_everything_that_is_wrong(self):
        file = self.folder / "bad.yaml"
        file.write_text("""\
scheme: bad
version: 1
title: {zh: 坏, en: Bad}
method: tiers
features:
  - {name: bill_revenue_12m}
  - {name: late_share_12m, weight: 0}
k: {min: 2, max: 9, publish: 8}
groups:
  - {code: a, title: {zh: 甲, en: A}}
  - {title: {zh: 乙, en: B}}
""", encoding="utf-8")
        before = sorted(path for path in (self.workspace / "config").rglob("*"))
        done = fenqun("segment", "--check", file, "-w", self.workspace, "--json", "--lang", "en")
        self.assertEqual(done.returncode, 3)
        found, _ = json.JSONDecoder().raw_decode(done.stdout)
        errors = [(error["finding"], error["line"]) for error in found[0]["errors"]]
        self.assertEqual(errors, [("segment.unknown_feature", 6), ("base.setting_wrong", 7), ("base.setting_wrong", 8),
                                  ("segment.publish_needs_override", 8), ("base.setting_missing", 11)])
        self.assertTrue(all(error["file"] == str(file) for error in found[0]["errors"]))
        self.assertIn("bill_revenue_12m_cny", found[0]["errors"][0]["message"])
        self.assertEqual(sorted(path for path in (self.workspace / "config").rglob("*")), before)

    def test_13_what_was_just_run_is_not_due_and_what_was_edited_is(self):
        self.good("segment", "--all")
        found = {scheme["scheme"]: scheme for scheme in self.good("segment", "due")["schemes"]}
        self.assertFalse(found["level1"]["due"])
        self.assertEqual((found["level1"]["moved"], found["level1"]["compared"]), (0, self.run_result["classified"]))
        self.assertEqual(found["dongguan_revenue"]["drift"][0]["psi"], 0)
        file = self.scheme_file("level1_town")
        file.write_text(file.read_text(encoding="utf-8").replace(">= 315", ">= 50") + "refresh: {moved_share: 0.0001}\n", encoding="utf-8")
        town = self.good("segment", "due", "--scheme", "level1_town")["schemes"][0]
        self.assertEqual(town["reasons"], ["scheme_changed", "moved"])
        ran = self.good("segment", "due", "--scheme", "level1_town", "--scheme", "level1", "--run")["ran"]
        self.assertEqual([run["scheme"] for run in ran["runs"]], ["level1_town"])
        self.assertIn("否", self.shown("segment", "due", "--scheme", "level1_town", language="zh"))

    def test_14_each_customer_has_one_primary_group(self):
        files = self.folder / "primary.csv", self.folder / "conflicts.csv"
        found = self.good("segment", "primary", "--month", self.month, "--out", files[0], "--conflicts", files[1])
        self.assertEqual(sum(group["customers"] for group in found["groups"]) + found["without"], found["customers"])
        rows, conflicts = (list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())) for file in files)
        self.assertEqual(len({row["customer_id"] for row in rows}), found["customers"])
        self.assertEqual(len({row["customer_id"] for row in conflicts}), found["in_conflict"])
        self.assertEqual(len(conflicts), sum(conflict["customers"] for conflict in found["conflicts"]))
        self.assertTrue(all(source["department"] for source in found["sources"]))
        self.assertIn("主群", self.shown("segment", "primary", language="zh"))
        rules = self.workspace / "config" / "primary_group.yaml"
        rules.write_text("priority:\n  - {scheme: level1, group: importance}\n", encoding="utf-8")
        self.assertIn(f"{rules}:2", self.refused(3, "segment", "primary"))
        rules.unlink()

    def test_15_several_runs_are_published_together_or_not_at_all(self):
        runs = {run["scheme"]: run["run_id"] for run in self.good("segment", "--scheme", "level1", "--scheme", "dongguan_revenue")["runs"]}
        self.good("runs", "review", runs["level1"], "--accept", "--by", "王主任", "--reason", "合理")
        refusal = self.refused(4, "runs", "publish", runs["level1"], runs["dongguan_revenue"], "--by", "李班长")
        self.assertIn(runs["dongguan_revenue"], refusal)
        self.assertEqual({run["state"] for run in self.good("runs", "list") if run["run_id"] in runs.values()}, {"draft", "accepted"})
        self.refused(2, "runs", "publish", "--by", "李班长")
        self.good("runs", "review", runs["dongguan_revenue"], "--accept", "--by", "王主任", "--reason", "合理")
        done = self.good("runs", "publish", "--all-accepted", "--month", self.month, "--by", "李班长")
        self.assertEqual({line["run_id"] for line in done}, set(runs.values()))
        self.assertEqual([line["publication"] for line in done], [1, 2])
        self.assertTrue(self.good("runs", "verify")["sound"])
        self.refused(2, "runs", "publish", "--all-accepted", "--by", "李班长")
        sources = {source["scheme"]: source for source in self.good("segment", "primary")["sources"]}
        self.assertTrue(sources["level1"]["published"])
        self.assertFalse(sources["dongguan_growth"]["published"])

    def test_12_rules_that_nobody_can_reach_are_errors_and_empty_groups_doubts(self):
        file = self.write_scheme("behind", """\
scheme: behind
version: 1
title: {zh: 在后, en: Behind}
method: rules
groups:
  - {code: a, title: {zh: 甲, en: A}, when: "contract_capacity_kva >= 100"}
  - {code: b, title: {zh: 乙, en: B}, when: "contract_capacity_kva >= 315"}
  - {code: c, title: {zh: 丙, en: C}, when: "true"}
  - {code: d, title: {zh: 丁, en: D}, when: "category = 'residential'"}
""")
        refusal = fenqun("segment", "--check", "behind", "-w", self.workspace, "--json")
        self.assertEqual(refusal.returncode, 3)
        found, _ = json.JSONDecoder().raw_decode(refusal.stdout)
        self.assertEqual([(error["finding"], error["line"]) for error in found[0]["errors"]],
                         [("segment.rule_unreachable", 7), ("segment.rule_unreachable", 9)])
        self.assertIn("a:6", found[0]["errors"][0]["message"])
        file.write_text(file.read_text(encoding="utf-8").replace(">= 315", "< 0").replace("true", "contract_capacity_kva < 100"), encoding="utf-8")
        checked = self.good("segment", "--check", "behind")[0]
        self.assertEqual([(doubt["finding"], doubt["line"]) for doubt in checked["doubts"]][0], ("segment.nobody_reaches", 7))
        file.unlink()

    def test_11_the_shipped_schemes_are_without_fault(self):
        for scheme in self.good("segment", "--check"):
            self.assertEqual(scheme["errors"], [], scheme["scheme"])
        shown = self.shown("segment", "--check", "level1", "dongguan_revenue", language="zh")
        self.assertIn("0 处错误", shown)
        self.assertEqual(self.good("segment", "--check", "level1")[0]["measured_on"], self.month)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    options, rest = parser.parse_known_args()
    PROGRAM = options.program
    unittest.main(argv=[sys.argv[0], *rest])

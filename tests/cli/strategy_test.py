#!/usr/bin/env python3
"""What groups are served with, from outside: the library, a month's plan, work orders from open to closed.

  strategy_test.py --program build/dev/fenqun
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = ""
CUSTOMERS = 800


def fenqun(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=600)


class Service(unittest.TestCase):
    """One small synthetic utility with all schemes in force; each test goes on where the one before ended."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.temporary.name)
        cls.workspace = folder / "ws"
        for words in (("datagen", "--profile", "city", "--customers", CUSTOMERS, "--out", folder / "data"),
                      ("init", cls.workspace, "--name", "测试供电所"),
                      ("ingest", "-w", cls.workspace, folder / "data"),
                      ("prepare", "-w", cls.workspace)):
            done = fenqun(*words)
            assert done.returncode == 0, done.stderr
        ran = fenqun("segment", "-w", cls.workspace, "--all", "--json")
        assert ran.returncode == 0, ran.stderr
        runs = json.loads(ran.stdout)["runs"]
        ids = [run["run_id"] for run in runs]
        cls.features_of = runs[0]["as_of"]
        year, month = map(int, cls.features_of.split("-"))
        cls.month = f"{year}-{month + 1:02}" if month < 12 else f"{year + 1}-01"
        for words in (("review", *ids, "--accept", "--by", "王主任", "--reason", "合理"), ("publish", *ids, "--by", "李班长")):
            done = fenqun("runs", *words, "-w", cls.workspace)
            assert done.returncode == 0, done.stderr

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
        return done.stderr

    def orders(self, *words):
        return self.good("orders", "list", "--limit", 0, *words)

    def test_1_library_is_in_order(self):
        checked = self.good("strategy", "check")
        self.assertEqual((checked["errors"], checked["doubts"]), ([], []))
        books = {book["book"]: book for book in self.good("strategy", "list")["books"]}
        self.assertGreaterEqual(books["revenue"]["cells"], 15)
        cells = self.good("strategy", "show", "growth")["cells"]
        self.assertEqual({cell["cell"] for cell in cells if cell["authored"]},
                         {"growth_ordinary_basic", "growth_stable_basic", "growth_declining_basic"})
        self.assertIn("revenue", self.refused(2, "strategy", "show", "revenu"))

    def test_2_preview_makes_nothing(self):
        seen = self.good("strategy", "preview")
        self.assertIsNone(seen["plan"])
        self.assertGreater(seen["orders"], 0)
        self.assertEqual(self.orders()["found"], 0)

    def test_3_plan_adds_up_and_is_made_once(self):
        plan = self.good("strategy", "plan", "--by", "王主任")
        self.assertEqual((plan["month"], plan["features_of"]), (self.month, self.features_of))
        self.assertEqual(plan["wanted"], plan["suppressed"] + plan["joined"] + plan["orders"])
        self.assertEqual(plan["orders"], sum(kind["orders"] for kind in plan["types"]))
        self.assertEqual(plan["suppressed"], sum(reason["actions"] for reason in plan["suppressed_by"]))
        self.assertEqual(plan["created"], plan["orders"])
        self.assertEqual(plan["not_in_force"], [])
        orders = self.orders()
        self.assertEqual(orders["found"], plan["orders"])
        self.assertEqual(len({order["order"] for order in orders["orders"]}), plan["orders"])
        self.assertEqual(self.good("strategy", "suppressed", "--limit", 0)["found"], plan["suppressed"])
        again = self.good("strategy", "plan", "--by", "王主任")
        self.assertEqual((again["created"], again["orders"], again["suppressed"]), (0, plan["orders"], plan["suppressed"]))
        self.assertEqual(self.orders()["orders"], orders["orders"])

    def test_4_contacts_stay_within_the_caps(self):
        contacts = {}
        for order in self.orders()["orders"]:
            if not order["urgent"] and order["type"] not in ("closing_inspection", "rectification", "petition_prevention"):
                contacts.setdefault(order["customer_id"], []).append(order["channel"])
        self.assertTrue(contacts)
        self.assertLessEqual(max(map(len, contacts.values())), 3)
        self.assertLessEqual(max(channels.count("paper") for channels in contacts.values()), 1)

    def test_5_a_visit_is_checked_by_a_callback(self):
        visit = next(order for order in self.orders("--type", "visit")["orders"] if order["owner"])
        number = visit["order"]
        self.refused(2, "orders", "finish", number, "--by", visit["owner"], "--outcome", "visited")  # the form lacks a field
        self.assertIn("open", self.refused(4, "orders", "verify", number, "--by", "王主任"))
        self.assertEqual(self.good("orders", "accept", number, "--by", visit["owner"])["order"]["state"], "accepted")
        done = self.good("orders", "finish", number, "--by", visit["owner"], "--outcome", "visited", "--form", "met_whom=张三",
                         "--form", "attitude=neutral")
        self.assertEqual(done["order"]["state"], "done")
        call = done["checker"]
        self.assertEqual((call["type"], call["verifies"]), ("callback", number))
        self.refused(4, "orders", "finish", call["order"], "--by", visit["owner"], "--outcome", "confirmed", "--form",
                     "was_served=true")
        checked = self.good("orders", "finish", call["order"], "--by", "回访员", "--outcome", "confirmed", "--form",
                            "was_served=true", "--form", "satisfaction=5")
        self.assertEqual((checked["order"]["state"], checked["checked"]["state"]), ("closed", "closed"))
        shown = self.good("orders", "show", number)
        self.assertEqual([event["move"] for event in shown["events"]], ["accept", "finish", "verify"])
        self.assertEqual(shown["events"][1]["form"], {"met_whom": "张三", "attitude": "neutral"})
        # What was done stays done when the month is planned again.
        self.assertEqual(self.good("strategy", "plan", "--by", "王主任")["created"], 0)
        self.assertEqual(self.good("orders", "show", number)["state"], "closed")

    def test_6_a_bad_file_changes_nothing(self):
        before = self.orders()["found"]
        file = self.workspace / "config" / "strategies" / "mine.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("book: mine\ntitle: {zh: 我的, en: Mine}\nsource: {zh: 无, en: None}\ndepartment: service\ncells:\n"
                        "  - cell: a\n    requirements: [R305]\n    when: \"group_of('abcd') = 'E'\"\n"
                        "    text: {zh: 做, en: Do}\n    actions: []\n", encoding="utf-8")
        try:
            self.assertIn("mine.yaml:6", self.refused(3, "strategy", "plan", "--by", "王主任"))
            self.refused(3, "strategy", "check")
        finally:
            file.unlink()
        self.assertEqual(self.orders()["found"], before)
        self.refused(2, "strategy", "plan", "--by", " ")
        self.refused(2, "strategy", "plan", "--by", "王主任", "--month", "2001-01")

    def test_7_a_campaign_holds_some_out_and_can_be_stopped(self):
        known = {one["campaign"]: one for one in self.good("campaigns")}
        self.assertEqual(known["pay_online"]["launch"], None)
        seen = self.good("campaigns", "preview", "pay_online", "--begins-on", self.month + "-10")
        self.assertEqual(seen["in_target"], seen["able"] + sum(one["customers"] for one in seen["held"]))
        self.assertEqual(seen["able"], seen["treated"] + seen["held_out"])
        before = self.orders()["found"]
        made = self.good("campaigns", "launch", "pay_online", "--begins-on", self.month + "-10", "--by", "王主任")
        self.assertEqual((made["treated"], made["held_out"]), (seen["treated"], seen["held_out"]))
        self.assertGreater(made["treated"], 0)
        self.assertEqual(self.orders()["found"], before + made["treated"])
        self.assertTrue(self.good("campaigns", "launch", "pay_online", "--by", "王主任")["again"])
        self.assertEqual(self.orders()["found"], before + made["treated"])
        told = self.good("campaigns", "result", "pay_online")
        self.assertEqual((told["data_until"], told["orders"]), (None, {"open": made["treated"]}))
        self.assertEqual(self.good("campaigns", "stop", "pay_online", "--by", "王主任", "--note", "试一试")["cancelled"], made["treated"])
        self.assertEqual(self.good("campaigns", "result", "pay_online")["orders"], {"cancelled": made["treated"]})
        self.assertIn("pay_online", self.refused(2, "campaigns", "launch", "pay_onlin", "--by", "王主任"))
        self.refused(2, "campaigns", "launch", "pay_online", "--begins-on", "tomorrow", "--by", "王主任")
        self.refused(2, "campaigns", "result", "app_service")

    def test_8_events_are_answered_once(self):
        customer = self.orders()["orders"][0]["customer_id"]
        words = ("events", "send", "e-1", "--on", "closing", "--customer", customer, "--by", "营销系统")
        first = self.good(*words)
        self.assertIn(first["verdict"], ("proceed", "blocked"))
        again = self.good(*words)
        self.assertEqual({**again, "again": False}, first)
        self.assertTrue(again["again"])
        self.assertIn("e-1", self.refused(1, *words, "--kind", "other"))
        self.assertIn("birthday", self.refused(2, "events", "send", "e-2", "--on", "birthday", "--customer", customer, "--by", "x"))
        listed = self.good("events", "list")["events"]
        self.assertEqual([one["event"] for one in listed], ["e-1"])
        told = fenqun("events", "send", "e-3", "--on", "application", "--address", "没有这个地址", "--by", "x", "-w", self.workspace)
        self.assertIn("可以办理", told.stdout)

    def test_9_orders_go_into_files(self):
        found = self.orders()["found"]
        for kind, mark in (("csv", "工单编号"), ("ics", "BEGIN:VCALENDAR")):
            file = pathlib.Path(self.temporary.name) / f"orders.{kind}"
            self.assertEqual(self.good("orders", "export", "--format", kind, "--out", file)["orders"], found)
            text = file.read_bytes().decode("utf-8-sig")
            self.assertIn(mark, text)
            self.assertEqual(text.count("BEGIN:VEVENT") if kind == "ics" else text.count("\r\n") - 1, found)

        self.assertIn("docx", self.refused(2, "orders", "export", "--format", "docx", "--out", file))

    def test_91_points_are_settled_when_the_month_is_over(self):
        points = self.good("points", "list")
        self.assertIsNone(points["settled"])
        self.assertIn(points["month"], self.refused(4, "points", "settle", points["month"], "--by", "王"))
        done = self.good("points", "settle", self.features_of, "--by", "王")
        self.assertEqual((done["settled"]["by"], done["again"]), ("王", False))
        self.assertTrue(self.good("points", "settle", self.features_of, "--by", "李")["again"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    options, rest = parser.parse_known_args()
    PROGRAM = options.program
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)

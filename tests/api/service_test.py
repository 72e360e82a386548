#!/usr/bin/env python3
"""Service over the interface: a month's plan as a job, orders worked on by employees, points, events that other systems
report with a key, notices and their receipts. The server is a process of its own.

  service_test.py --program build/dev/fenqun
"""
import json
import re
import tempfile
import unittest

from served import PASSWORD, Caller, Server, make_workspace, run_tests

PROGRAM = ""


class Service(unittest.TestCase):
    """Each test goes on where the one before ended."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.workspace = make_workspace(PROGRAM, cls.temporary.name, schemes=("dongguan_revenue", "need_level", "level2_arrears_risk"))
        cls.server = Server(PROGRAM, cls.workspace)
        cls.admin = cls.server.first_administrator()
        cls.callers = {}
        for role in ("supervisor", "analyst", "leader", "auditor"):
            cls.callers[role] = cls.caller(role, role)
        key = cls.admin.ask("POST", "/keys", {"name": "marketing system", "role": "system", "sees_all": True}).json["secret"]
        cls.system = Caller(cls.server.port, key)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.temporary.cleanup()

    @classmethod
    def caller(cls, user, role, **more):
        answer = cls.admin.ask("POST", "/users", {"user": user, "role": role, "password": PASSWORD, "sees_all": True, **more})
        assert answer.status == 201, answer.body
        return Caller(cls.server.port).log_in(user)

    def run_job(self, who, **parameters):
        answer = who.ask("POST", "/jobs", parameters)
        self.assertEqual(answer.status, 202, answer.body)
        events = who.get(f"/jobs/{answer.json['job']}/events").body.decode()
        last = json.loads(events.strip().split("data: ")[-1].split("\n")[0])
        self.assertEqual(last["state"], "done", last)
        return last["result"]

    def test_1_plan_is_a_job_of_those_who_may(self):
        supervisor = self.callers["supervisor"]
        self.assertEqual(self.callers["leader"].ask("POST", "/jobs", {"kind": "plan"}).status, 403)
        first = self.run_job(supervisor, kind="plan")
        self.assertGreater(first["created"], 0)
        self.assertEqual(first["wanted"], first["suppressed"] + first["joined"] + first["orders"])
        self.assertEqual(self.run_job(supervisor, kind="plan")["created"], 0)
        self.__class__.month = first["month"]
        listed = supervisor.get("/orders", page_size=1).json
        self.assertEqual(listed["total"], first["orders"])
        self.assertEqual(listed["summary"]["open"], first["orders"])
        days = supervisor.get("/orders/days", month=first["month"]).json["items"]
        self.assertEqual(sum(day["orders"] for day in days) + sum(
            day["orders"] for day in supervisor.get("/orders/days", month=self.next(first["month"])).json["items"]), first["orders"])
        self.assertEqual(sum(day["orders"] for day in days if day["day"] == days[0]["day"]),
                         supervisor.get("/orders", due_on=days[0]["day"]).json["total"])

    @staticmethod
    def next(month):
        year, number = map(int, month.split("-"))
        return f"{year}-{number + 1:02}" if number < 12 else f"{year + 1}-01"

    def test_2_orders_are_moved_by_those_who_may(self):
        supervisor = self.callers["supervisor"]
        visit = next(one for one in supervisor.get("/orders", type="visit", page_size=100).json["items"] if one["owner"] and one["second_owner"])
        at = f"/orders/{visit['order']}"
        owner = self.caller("owner", "manager", staff_id=visit["owner"]["staff_id"])
        self.assertEqual(self.admin.ask("POST", "/users", {"user": "x", "role": "manager", "password": PASSWORD, "staff_id": "nobody"}).status, 400)
        whole = owner.get(at).json
        self.assertEqual(whole["moves"], ["accept", "record", "finish"])
        self.assertTrue(whole["checklist"] and whole["form"] and whole["outcomes"])
        self.assertIn(visit["order"], [one["order"] for one in owner.get("/orders", owner="me", page_size=200).json["items"]])
        self.assertEqual(owner.ask("POST", at + "/moves", {"move": "cancel", "note": "x"}).status, 403)
        self.assertEqual(self.callers["auditor"].ask("POST", at + "/moves", {"move": "accept"}).status, 403)
        for body, status in (({"move": "fly"}, 400), ({"move": "finish"}, 400), ({"move": "finish", "outcome": "visited", "form": {"met_whom": 5}}, 400),
                             ({"move": "finish", "outcome": "visited", "form": {"met_who": "x"}}, 400), ({"move": "verify"}, 403),
                             ({"move": "finish", "outcome": "visited", "form": {"met_whom": "x"}, "checked": ["99"]}, 400)):
            self.assertEqual(owner.ask("POST", at + "/moves", body).status, status, body)
        self.assertEqual(owner.get(at).json["events"], [])
        self.assertEqual(owner.ask("POST", at + "/moves", {"move": "accept"}).json["state"], "accepted")
        done = owner.ask("POST", at + "/moves", {"move": "finish", "outcome": "visited", "form": {"met_whom": "张三"}, "checked": ["1", "3"]}).json
        self.assertEqual(done["state"], "done")
        self.assertEqual({one["field"]: one["value"] for one in done["events"][-1]["form"]}["_checklist"], f"1,3/{len(whole['checklist'])}")
        self.assertEqual(done["events"][-1]["by"], visit["owner"]["staff_id"])
        check = f"/orders/{done['checker']}/moves"
        confirm = {"move": "finish", "outcome": "confirmed", "form": {"was_served": "true"}}
        self.assertEqual(owner.ask("POST", check, confirm).status, 403)
        self.assertEqual(supervisor.ask("POST", check, confirm).json["state"], "closed")
        self.assertEqual(owner.get(at).json["state"], "closed")
        points = supervisor.get("/points").json
        self.assertEqual({one["staff_id"]: one["points"] for one in points["items"]}[visit["owner"]["staff_id"]], 2)  # the month is long over: not in time
        self.assertEqual([one["rule"] for one in owner.get("/points/mine").json["items"]], ["confirmed"])
        self.assertEqual(owner.get("/points").status, 403)
        self.assertEqual(supervisor.ask("POST", "/points/settlement", {"month": points["month"]}).status, 403)

    def test_2_z_several_orders_at_once_each_by_itself(self):
        supervisor = self.callers["supervisor"]
        open_ones = [one["order"] for one in supervisor.get("/orders", state="open", type="follow_up", page_size=3).json["items"]]
        told = supervisor.ask("POST", "/orders/moves", {"orders": [*open_ones, "2000-01-000001"], "move": "cancel", "note": "重复"}).json
        self.assertEqual((told["done"], [one["order"] for one in told["failed"]]), (len(open_ones), ["2000-01-000001"]))
        again = supervisor.ask("POST", "/orders/moves", {"orders": open_ones, "move": "cancel", "note": "重复"}).json
        self.assertEqual((again["done"], len(again["failed"])), (0, len(open_ones)))
        self.assertEqual(self.callers["leader"].ask("POST", "/orders/moves", {"orders": [], "move": "cancel"}).status, 403)
        for by in ("area", "owner"):
            rows = supervisor.get("/orders/coverage", month=self.month, type="visit", by=by).json["items"]
            visits = supervisor.get("/orders", month=self.month, type="visit").json["total"]
            self.assertEqual((sum(one["planned"] for one in rows), sum(one["checked"] for one in rows)), (visits, 1))

    def test_3_who_does_not_see_a_customer_does_not_see_its_orders(self):
        answer = self.admin.ask("POST", "/users", {"user": "nobody", "role": "manager", "password": PASSWORD})
        self.assertEqual(answer.status, 201)
        nobody = Caller(self.server.port).log_in("nobody")
        self.assertEqual(nobody.get("/orders").json["total"], 0)
        order = self.callers["supervisor"].get("/orders", page_size=1).json["items"][0]["order"]
        self.assertEqual(nobody.get(f"/orders/{order}").status, 404)
        self.assertEqual(nobody.ask("POST", f"/orders/{order}/moves", {"move": "accept"}).status, 404)
        self.assertEqual(nobody.get("/notices").json["total"], 0)

    def test_4_events_of_another_system(self):
        customer = self.callers["analyst"].get("/customers", page_size=1).json["items"][0]["customer_id"]
        report = {"event": "t-1", "on": "ticket", "customer": customer, "kind": "fault"}
        first = self.system.ask("POST", "/events", report)
        self.assertEqual(first.status, 201, first.body)
        again = self.system.ask("POST", "/events", report)
        self.assertEqual((again.status, again.json["again"]), (200, True))
        self.assertEqual({**again.json, "again": False}, first.json)
        self.assertEqual(self.system.ask("POST", "/events", {**report, "kind": "meter"}).status, 409)
        for body, status in (({"on": "ticket"}, 400), ({**report, "event": "t-2", "on": "birthday"}, 400), ({**report, "event": "t-2", "customer": "0"}, 404),
                             ({"event": "t-2", "on": "closing"}, 400), ({**report, "event": "t-2", "colour": "red"}, 400),
                             ({"event": "t-2", "on": "payment", "customer": customer, "amount_cny": "a lot"}, 400)):
            self.assertEqual(self.system.ask("POST", "/events", body).status, status, body)
        closing = self.system.ask("POST", "/events", {"event": "c-1", "on": "closing", "customer": customer}).json
        self.assertIn(closing["verdict"], ("proceed", "blocked"))
        self.assertEqual(closing["verdict"] == "blocked", bool(closing["debts"] or closing["blocking"]))
        stranger = self.system.ask("POST", "/events", {"event": "n-1", "on": "application", "address": "没有这个地址"}).json
        self.assertEqual((stranger["verdict"], stranger["debts"]), ("proceed", []))
        self.assertEqual(self.callers["analyst"].ask("POST", "/events", report).status, 403)
        self.check_debtors_out_of_scope()
        self.assertEqual(self.system.get("/customers").status, 403)

    def check_debtors_out_of_scope(self):
        """That somebody owes is told to who does not see him, but not who."""
        manager = self.caller("clear", "manager")
        key = self.admin.ask("POST", "/keys", {"name": "elsewhere", "role": "system"}).json["secret"]
        stranger = Caller(self.server.port, key)
        for n, one in enumerate(manager.get("/customers", page_size=200).json["items"]):
            told = self.system.ask("POST", "/events", {"event": f"d-{n}", "on": "closing", "customer": one["customer_id"]}).json
            if told["debts"] and one["address"]:
                break
        else:
            self.skipTest("nobody owes")
        applied = {"on": "application", "address": one["address"]}
        seen = self.system.ask("POST", "/events", {"event": "a-1", **applied}).json["debts"]
        covered = stranger.ask("POST", "/events", {"event": "a-2", **applied}).json["debts"]
        self.assertIn(one["customer_id"], [debt["customer_id"] for debt in seen])
        self.assertEqual([{**debt, "customer_id": None} for debt in seen], covered)
        self.assertEqual(stranger.ask("POST", "/events", {"event": "a-3", "on": "closing", "customer": one["customer_id"]}).status, 404)

    def test_5_notices_and_receipts(self):
        supervisor = self.callers["supervisor"]
        self.assertEqual(self.callers["analyst"].ask("POST", "/jobs", {"kind": "notices"}).status, 403)
        rehearsed = self.run_job(supervisor, kind="notices", month=self.month, rehearse=True)
        self.assertTrue(all(count["sent"] == 0 for count in rehearsed["channels"].values()))
        sent = self.run_job(supervisor, kind="notices", month=self.month)
        self.assertEqual(sum(count["sent"] + count["quiet"] for count in sent["channels"].values()),
                         sum(count["due"] for count in sent["channels"].values()))
        listed = supervisor.get("/notices", page_size=200).json
        self.assertGreater(listed["total"], 0)
        # The supervisor sees names masked: of whom a text speaks stays out.
        self.assertTrue(all(one["text"] is None for one in listed["items"]))
        told = [one for one in listed["items"] if one["state"] == "sent"]
        if not told:
            self.skipTest("quiet hours")
        at = f"/notices/{told[0]['notice']}"
        self.assertEqual(self.system.ask("POST", at + "/receipt", {"delivered": True}).json["state"], "delivered")
        self.assertEqual(self.system.ask("POST", at + "/receipt", {"delivered": True}).status, 200)
        self.assertEqual(self.system.ask("POST", at + "/receipt", {"delivered": False}).status, 409)
        self.assertEqual(self.system.ask("POST", "/notices/0/receipt", {"delivered": True}).status, 404)
        self.assertEqual(supervisor.ask("POST", at + "/receipt", {"delivered": True}).status, 403)
        self.assertEqual(supervisor.ask("POST", at + "/retry", None).status, 403)

    def test_51_strategies_are_read_checked_previewed_and_saved(self):
        analyst, leader = self.callers["analyst"], self.callers["leader"]
        files = {one["file"]: one for one in leader.get("/strategies").json["items"]}
        self.assertTrue(files["revenue"]["built_in"] and files["revenue"]["book"]["cells"] >= 15)
        self.assertIsNone(files["rules"]["book"])
        book = leader.get("/strategies/revenue").json
        self.assertEqual(len(book["book"]["cells"]), files["revenue"]["book"]["cells"])
        bad = book["text"].replace("group_of('dongguan_revenue')", "group_of('dongguan_revenu')", 1)
        checked = leader.ask("POST", "/strategies/revenue/check", {"text": bad}).json
        self.assertFalse(checked["ok"])
        self.assertGreater(int(checked["problems"][0]["line"]), 1)
        self.assertEqual(analyst.ask("PUT", "/strategies/revenue", {"text": bad}).status, 422)
        self.assertTrue(leader.get("/strategies/revenue").json["built_in"])
        # Without visits of the high class: fewer orders, nothing made.
        fewer = re.sub(r"on: month\n +every_months: \d+", "on: special_day", book["text"])
        before = self.callers["supervisor"].get("/orders", page_size=1).json["total"]
        now = self.run_job(analyst, kind="plan", preview=True, month=self.month)
        then = self.run_job(analyst, kind="plan", file="revenue", text=fewer, month=self.month)
        self.assertEqual(analyst.get("/jobs", page_size=1).json["items"][0]["parameters"]["text"], len(fewer.encode()))
        self.assertLess(then["wanted"], now["wanted"])
        self.assertEqual(self.callers["supervisor"].get("/orders", page_size=1).json["total"], before)
        self.assertEqual(analyst.ask("PUT", "/strategies/revenue", {"text": fewer}).status, 409)
        self.assertEqual(leader.ask("PUT", "/strategies/revenue", {"text": fewer}).status, 403)
        saved = analyst.ask("PUT", "/strategies/revenue", {"text": fewer.replace("version: 1", "version: 2", 1)})
        self.assertEqual((saved.status, saved.json["built_in"], saved.json["book"]["version"]), (200, False, 2), saved.body)
        self.assertEqual(len(list((self.workspace / "history/strategies").glob("revenue-*.yaml"))), 1)
        for name, status in (("nothing", 404), ("..%2Frules", 400), ("Rules", 400)):
            self.assertEqual(leader.get(f"/strategies/{name}").status, status, name)

    CAMPAIGN = """campaign: promo
version: 1
requirements: [R376]
title: {zh: 推广, en: Promotion}
source: {zh: 测试, en: Test}
department: marketing
target: "group_of('dongguan_revenue') in ('high', 'medium', 'low')"
hold_out: 0.2
actions:
  - {action: tell, order: callback, on: campaign, text: {zh: 说, en: Tell}}
converts: {paid_by: [wechat], within_days: 30}
"""

    def test_52_campaigns_are_written_previewed_launched_and_stopped(self):
        analyst, leader, supervisor = self.callers["analyst"], self.callers["leader"], self.callers["supervisor"]
        self.assertEqual(analyst.ask("PUT", "/strategies/promo", {"text": self.CAMPAIGN.replace("0.2", "0.9")}).status, 422)
        self.assertEqual(analyst.ask("PUT", "/strategies/promo", {"text": self.CAMPAIGN}).status, 200)
        self.assertEqual(leader.get("/campaigns/promo").json["result"], None)
        day = self.month + "-05"
        before = supervisor.get("/orders", page_size=1).json["total"]
        preview = {"kind": "campaign", "campaign": "promo", "begins_on": day, "preview": True}
        self.assertEqual(leader.ask("POST", "/jobs", {**preview, "preview": False}).status, 403)
        seen = self.run_job(analyst, **preview)
        self.assertEqual(supervisor.get("/orders", page_size=1).json["total"], before)
        made = self.run_job(analyst, kind="campaign", campaign="promo", begins_on=day)
        self.assertEqual((made["treated"], made["held_out"], made["in_target"]), (seen["treated"], seen["held_out"], seen["in_target"]))
        self.assertEqual(made["in_target"], made["able"] + sum(one["customers"] for one in made["held"]))
        self.assertGreater(made["held_out"], 0)
        self.assertEqual(supervisor.get("/orders", page_size=1).json["total"], before + made["treated"])
        self.assertEqual(supervisor.get("/orders", campaign="promo", page_size=1).json["total"], made["treated"])
        whole = leader.get("/campaigns/promo").json
        self.assertEqual((whole["launch"]["treated"], whole["result"]["data_until"]), (made["treated"], None))
        self.assertTrue(self.run_job(analyst, kind="campaign", campaign="promo")["again"])
        self.assertEqual(leader.ask("POST", "/campaigns/promo/stop", {"note": "x"}).status, 403)
        self.assertEqual(supervisor.ask("POST", "/campaigns/promo/stop", {"note": ""}).status, 400)
        self.assertEqual(supervisor.ask("POST", "/campaigns/promo/stop", {"note": "试"}).json["cancelled"], made["treated"])
        self.assertEqual(leader.get("/campaigns/nothing").status, 404)
        self.assertEqual({one["campaign"] for one in leader.get("/campaigns").json["items"]} & {"promo", "pay_online"}, {"promo", "pay_online"})

    def test_53_arrears_are_ranked_within_what_one_sees(self):
        leader = self.callers["leader"]
        told = leader.get("/arrears", page_size=100).json
        self.assertGreater(told["debtors"], 0)
        self.assertEqual(sum(one["customers"] for one in told["causes"]), told["debtors"])
        risks = [one["at_risk_cny"] for one in told["items"]]
        self.assertEqual(risks, sorted(risks, reverse=True))
        self.assertEqual(leader.get("/arrears", who="first", page_size=1).json["total"], told["first"])
        self.assertLessEqual(told["first_minutes"], told["everybody_minutes"])
        cause = told["causes"][0]["cause"]["code"]
        self.assertEqual(leader.get("/arrears", cause=cause, page_size=1).json["total"], told["causes"][0]["customers"])
        self.assertEqual(leader.get("/arrears", cause="x").status, 404)
        self.assertEqual(Caller(self.server.port).log_in("nobody").get("/arrears").json["debtors"], 0)
        self.assertEqual(self.callers["analyst"].get("/arrears").status, 403)

    def test_54_photos_stay_with_an_order(self):
        owner = Caller(self.server.port).log_in("owner")
        at = f"/orders/{self.callers['supervisor'].get('/orders', page_size=1).json['items'][0]['order']}/files"
        photo = b"\x89PNG\r\n\x1a\n photo"
        kept = owner.ask("POST", at, photo, query={"name": "../../门牌.png"})
        self.assertEqual((kept.status, kept.json["name"], kept.json["media_type"]), (201, "门牌.png", "image/png"), kept.body)
        self.assertEqual(owner.ask("POST", at, photo, query={"name": "again.png"}).json["file"], kept.json["file"])
        for bytes_, status in ((b"<svg onload=alert(1)>", 400), (b"", 400), (photo + b"x" * (10 << 20), 400)):
            self.assertEqual(owner.ask("POST", at, bytes_, query={"name": "x.png"}).status, status, len(bytes_))
        sent = owner.get(f"{at}/{kept.json['file']}")
        self.assertEqual((sent.status, sent.body, sent.headers["Content-Type"]), (200, photo, "image/png"))
        self.assertTrue(sent.headers["Content-Disposition"].startswith("attachment"))
        self.assertEqual([one["name"] for one in owner.get(at[:-6]).json["files"]], ["门牌.png"])
        self.assertEqual(owner.get(at + "/..%2F..%2Ffenqun.yaml").status, 404)
        nobody = Caller(self.server.port).log_in("nobody")
        self.assertEqual(nobody.get(f"{at}/{kept.json['file']}").status, 404)
        self.assertEqual(nobody.ask("POST", at, photo, query={"name": "x.png"}).status, 404)
        self.assertEqual(self.callers["auditor"].ask("POST", at, photo, query={"name": "x.png"}).status, 403)

    def test_55_overdue_orders_are_told_once_and_a_customer_can_opt_out(self):
        supervisor = self.callers["supervisor"]
        overdue = sum(supervisor.get("/orders", overdue="only", type=kind["code"], page_size=1).json["total"]
                      for kind in supervisor.get("/orders", page_size=1).json["types"] if kind["code"] != "notice")
        self.assertGreater(overdue, 0)  # the plan is of a month long over
        told = supervisor.ask("POST", "/orders/escalations").json["items"]
        self.assertEqual(sum(one["orders"] for one in told), overdue)
        self.assertEqual(supervisor.ask("POST", "/orders/escalations").json["items"], [])
        self.assertEqual({one["escalation"] for one in supervisor.get("/orders", overdue="only", page_size=500).json["items"]
                          if one["type"]["code"] != "notice"}, {2})
        self.assertEqual(self.callers["leader"].ask("POST", "/orders/escalations").status, 403)
        customer = supervisor.get("/orders", page_size=1).json["items"][0]["customer_id"]
        at = f"/customers/{customer}"
        self.assertFalse(supervisor.get(at + "/service").json["opted_out"])
        self.assertTrue(supervisor.ask("PUT", at + "/consent", {"opted_out": True, "note": "电话"}).json["changed"])
        self.assertFalse(supervisor.ask("PUT", at + "/consent", {"opted_out": True}).json["changed"])
        self.assertTrue(supervisor.get(at + "/service").json["opted_out"])
        self.assertEqual(self.callers["leader"].ask("PUT", at + "/consent", {"opted_out": False}).status, 403)
        self.assertEqual(Caller(self.server.port).log_in("nobody").ask("PUT", at + "/consent", {"opted_out": False}).status, 404)
        self.assertEqual(supervisor.ask("PUT", at + "/consent", {"opted_out": "yes"}).status, 400)

    def test_56_a_calendar_reads_the_orders_of_its_user(self):
        order = next(one for one in self.callers["supervisor"].get("/orders", state="open", page_size=100).json["items"] if one["owner"])
        reader = self.caller("reader", "manager", staff_id=order["owner"]["staff_id"])
        self.assertFalse(reader.get("/calendar").json["exists"])
        path = reader.ask("POST", "/calendar").json["path"]
        outside = Caller(self.server.port)
        told = outside.ask("GET", "!" + path)
        self.assertEqual((told.status, told.headers["Content-Type"]), (200, "text/calendar; charset=utf-8"))
        self.assertTrue(told.body.startswith(b"BEGIN:VCALENDAR"))
        self.assertIn(order["order"].encode(), told.body)
        self.assertEqual(outside.ask("GET", "!" + path, headers={"Cookie": None}).status, 200)
        self.assertEqual(outside.ask("GET", "!" + path.replace(path[-12:-4], "00000000")).status, 404)
        newer = reader.ask("POST", "/calendar").json["path"]
        self.assertEqual((outside.ask("GET", "!" + path).status, outside.ask("GET", "!" + newer).status), (404, 200))
        self.assertEqual(self.admin.ask("PATCH", "/users/reader", {"disabled": True}).status, 200)
        self.assertEqual(outside.ask("GET", "!" + newer).status, 404)
        self.assertEqual(self.admin.ask("PATCH", "/users/reader", {"disabled": False}).status, 200)
        self.assertEqual(Caller(self.server.port).log_in("reader").ask("DELETE", "/calendar").status, 204)
        self.assertEqual(outside.ask("GET", "!" + newer).status, 404)
        self.assertEqual(self.system.ask("POST", "/calendar").status, 403)

    def test_6_what_was_done_stands_in_the_trail(self):
        trail = self.callers["auditor"].get("/audit", page_size=500).json["items"]
        actions = {one["action"] for one in trail}
        self.assertTrue({"POST /events", "POST /orders/{order}/moves", "POST /notices/{notice}/receipt"} <= actions, actions)


if __name__ == "__main__":
    run_tests(globals())

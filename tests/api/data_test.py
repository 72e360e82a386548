#!/usr/bin/env python3
"""What each role and station sees of a utility's customers, jobs, and command lines handed over, from outside.

  data_test.py --program build/dev/fenqun
"""
import hashlib
import json
import pathlib
import re
import tempfile
import time
import unittest

import served
from served import PASSWORD, Caller

PROGRAM = ""
CLEAR = ("manager", "agent")       # sees personal fields in clear
MASKED = ("analyst", "leader")
HIDDEN = ("administrator", "auditor")


class Data(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.workspace = served.make_workspace(PROGRAM, cls.temporary.name)
        cls.server = served.Server(PROGRAM, cls.workspace)
        cls.admin = cls.server.first_administrator()
        cls.callers = {"administrator": cls.admin}
        for role in ("manager", "agent", "analyst", "leader", "auditor", "arrears_officer", "inspector", "supervisor", "outage_planner"):
            made = cls.admin.ask("POST", "/users", {"user": role, "role": role, "password": PASSWORD, "sees_all": True})
            assert made.status == 201, made.body
            cls.callers[role] = Caller(cls.server.port).log_in(role)
        cls.manager = cls.callers["manager"]
        cls.customers = cls.manager.get("/customers", page_size=500).json["items"]
        cls.station = sorted({c["community_id"] for c in cls.customers if c["community_id"]})[0]
        made = cls.admin.ask("POST", "/users", {"user": "local", "role": "manager", "password": PASSWORD, "scope": [cls.station]})
        assert made.status == 201, made.body
        cls.local = Caller(cls.server.port).log_in("local")
        cls.own = {c["customer_id"] for c in cls.customers if c["community_id"] == cls.station}
        cls.foreign = {c["customer_id"] for c in cls.customers} - cls.own

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        cls.temporary.cleanup()
        assert code == 0, code

    def names(self):
        return {c["customer_name"] for c in self.customers if c["customer_name"]}

    def phones(self):
        return {c["contact_phone"] for c in self.customers if c["contact_phone"]}

    def every_get(self, caller, customer):
        """Answers of every GET that takes no more than a customer."""
        document = self.admin.get("/openapi.json").json
        for path, operations in document["paths"].items():
            operation = operations.get("get")
            if operation is None or "x-planned" in operation or path.endswith("/events") or path.startswith("/openapi"):
                continue
            target = path.replace("{customer}", customer)
            if "{" in target:
                continue
            query = {"/search": {"q": customer}, "/route": {"customer": customer}, "/customers": {"page_size": 500}, "/customers/export": {"purpose": "visit"}}.get(path, {})
            yield path, caller.get(target, **query)

    def test_orders_of_a_customer_are_told_with_reasons(self):
        planned = served.fenqun(PROGRAM, "strategy", "plan", "-w", self.workspace, "--by", "所长", "--json")
        self.assertEqual(planned.returncode, 0, planned.stderr)
        listed = served.fenqun(PROGRAM, "orders", "list", "-w", self.workspace, "--limit", 0, "--json")
        orders = json.loads(listed.stdout)["orders"]
        self.assertTrue(orders)
        one = next(order for order in orders if order["customer_id"] in self.own)
        told = self.local.get(f"/customers/{one['customer_id']}/orders")
        self.assertEqual(told.status, 200, told.body)
        mine = [order for order in orders if order["customer_id"] == one["customer_id"]]
        self.assertEqual({order["order"] for order in told.json["items"]}, {order["order"] for order in mine})
        shown = next(order for order in told.json["items"] if order["order"] == one["order"])
        self.assertEqual((shown["state"], shown["type"]["code"], shown["due_on"]), ("open", one["type"], one["due_on"]))
        self.assertTrue(shown["type"]["title"]["zh"] and all(reason["text"]["en"] for reason in shown["reasons"]))
        self.assertEqual(self.local.get(f"/customers/{sorted(self.foreign)[0]}/orders").status, 404)
        self.assertEqual(self.callers["auditor"].get(f"/customers/{one['customer_id']}/orders").status, 403)

    def test_every_run_has_a_portrait_also_where_a_group_is_of_nobody(self):
        runs = self.manager.get("/runs").json["items"]
        self.assertTrue(runs)
        for run in runs:
            answer = self.manager.get("/portraits/" + run["run"])
            self.assertEqual(answer.status, 200, answer.body)
            groups = [group["group"] for group in answer.json["groups"]]
            for row in answer.json["numbers"]:
                self.assertEqual([cell["group"] for cell in row["by_group"]], groups, row["feature"])

    def test_lists_are_paged_sorted_and_filtered(self):
        self.assertEqual(len(self.customers), 500)
        first = self.manager.get("/customers", page_size=10, page=2).json
        self.assertEqual((first["total"], first["page"], len(first["items"])), (500, 2, 10))
        down = [c["customer_id"] for c in self.manager.get("/customers", sort="-customer_id", page_size=500).json["items"]]
        self.assertEqual(down, sorted(down, reverse=True))
        some = self.manager.get("/customers", category="residential", page_size=500).json
        self.assertTrue(0 < some["total"] < 500)
        self.assertEqual({c["category"] for c in some["items"]}, {"residential"})
        groups = {c["primary_group"]["scheme"] for c in self.customers if c["primary_group"]}
        self.assertTrue(groups)
        by_group = self.manager.get("/customers", scheme="level1", group="residential", page_size=500).json
        self.assertTrue(0 < by_group["total"] <= 500)
        self.assertEqual(self.manager.get("/customers", sort="nonsense").json["field"], "sort")
        self.assertEqual(self.callers["analyst"].get("/customers", sort="customer_name").json["field"], "sort")

    def test_what_customers_did_is_arranged_by_customer_in_the_background(self):
        before = self.manager.get("/customers/" + self.customers[0]["customer_id"]).json
        ready = "fenqun_customer_rows_waiting 0\n"
        metrics = ""
        for _ in range(600):
            metrics = self.admin.ask("GET", "!/metrics").body.decode()
            if ready in metrics:
                break
            time.sleep(0.1)
        self.assertIn(ready, metrics)
        self.assertTrue((pathlib.Path(self.workspace) / "customers.duckdb").exists())
        after = self.manager.get("/customers/" + self.customers[0]["customer_id"]).json
        self.assertTrue(after["months"])
        self.assertEqual(after["months"], before["months"])

    def test_a_station_sees_its_own_customers_and_no_others(self):
        self.assertTrue(self.own and self.foreign)
        seen = {c["customer_id"] for c in self.local.get("/customers", page_size=500).json["items"]}
        self.assertEqual(seen, self.own)
        foreign = sorted(self.foreign)[0]
        for path, answer in self.every_get(self.local, foreign):
            found = self.foreign & set(re.findall(r"[\w-]+", answer.body.decode()))
            self.assertFalse(found - ({foreign} if answer.status == 404 else set()), f"{path} tells of {sorted(found)[:3]}")
            if "{customer}" in path:
                self.assertEqual(answer.status, 404, path)
        self.assertEqual(self.local.get("/search", q=foreign).json["items"], [])
        self.assertEqual(self.local.get("/route", customer=foreign).json["matches"], [])
        own = sorted(self.own)[0]
        self.assertEqual(self.local.get("/customers/" + own).status, 200)
        self.assertEqual(self.local.get("/route", customer=own).json["matches"][0]["customer_id"], own)

    def test_filters_and_the_map_count_what_is_in_scope(self):
        filters = self.manager.get("/customers/filters").json
        self.assertEqual(sum(one["customers"] for one in filters["category"]), 500)
        for one in filters["category"]:
            self.assertEqual(self.manager.get("/customers", category=one["code"]).json["total"], one["customers"])
            self.assertTrue(one["title"])
        units = {unit["id"]: unit for unit in filters["org_units"]}
        self.assertEqual(units[self.station]["customers"], len(self.own))
        mine = self.local.get("/customers/filters").json
        self.assertEqual(sum(one["customers"] for one in mine["category"]), len(self.own))
        everybody = self.manager.get("/map", scheme="level1").json
        told = sum(point["customers"] for point in everybody["items"])
        self.assertEqual(told + everybody["unplaced"] + everybody["too_few"], 500)
        self.assertTrue(all(point["customers"] >= 5 for point in everybody["items"]))
        self.assertLessEqual(len(everybody["items"]), 5000)
        own = self.local.get("/map", scheme="level1").json
        self.assertEqual(sum(point["customers"] for point in own["items"]) + own["unplaced"] + own["too_few"], len(self.own))

    def test_who_was_given_no_unit_sees_nobody(self):
        made = self.admin.ask("POST", "/users", {"user": "nobodys", "role": "manager", "password": PASSWORD})
        self.assertEqual((made.json["scope"], made.json["sees_all"]), ([], False))
        nobodys = Caller(self.server.port).log_in("nobodys")
        one = self.customers[0]["customer_id"]
        ids = {c["customer_id"] for c in self.customers}
        for path, answer in self.every_get(nobodys, one):
            found = ids & set(re.findall(r"[\w-]+", answer.body.decode()))
            self.assertFalse(found - ({one} if answer.status == 404 else set()), path)
        self.assertEqual(nobodys.get("/customers").json["total"], 0)
        self.assertEqual(nobodys.get("/overview").json["customers"]["value"], 0)
        self.assertEqual(nobodys.get("/org-units").json["items"], [])
        both = self.admin.ask("PATCH", "/users/nobodys", {"sees_all": True, "scope": [self.station]})
        self.assertEqual((both.status, both.json["field"]), (400, "scope"))
        self.assertTrue(self.admin.ask("PATCH", "/users/nobodys", {"sees_all": True}).json["sees_all"])
        self.assertEqual(nobodys.log_in("nobodys").get("/customers").json["total"], 500)

    def test_refused_rows_are_seen_where_they_name_own_customers(self):
        own, foreign = sorted(self.own)[0], sorted(self.foreign)[0]
        lines = [f"{own},2026-01,x", f"{foreign},2026-01,y", "99999,2026-01,z", f"{own},2026-01,见{foreign}"]
        content = ("户号,账期,电费\n" + "\n".join(lines) + "\n").encode()
        analyst = self.callers["analyst"]
        upload = analyst.ask("POST", "/uploads", content, query={"name": "bad.csv"}, headers={"Content-Type": "application/octet-stream"}).json["upload"]
        mapping = "load:\n  - entity: bill\n    fields:\n      customer_id: 户号\n      month: 账期\n      bill_id: {join: [customer_id, month], separator: \"-\"}\n      energy_kwh: 电费\n      amount_cny: 电费\n"
        job = analyst.ask("POST", f"/uploads/{upload}/load", {"mapping": mapping, "max_rejected_share": 1})
        self.assertEqual(job.status, 202, job.body)
        analyst.get(f"/jobs/{job.json['job']}/events")
        done = analyst.get(f"/jobs/{job.json['job']}").json
        self.assertEqual(done["state"], "done", done)
        batch = done["result"]["batch"]
        self.admin.ask("POST", "/users", {"user": "own.auditor", "role": "auditor", "password": PASSWORD, "scope": [self.station]})
        local = Caller(self.server.port).log_in("own.auditor").get("/quarantine", batch=batch).json
        self.assertEqual([item["line"] for item in local["items"]], [2])
        self.assertTrue(local["own_only"] and local["note"])
        everything = analyst.get("/quarantine", batch=batch).json
        self.assertEqual((everything["total"], everything["own_only"]), (4, False))

    def test_months_without_complaints_have_none_and_groups_their_order(self):
        self.assertEqual({month["complaints"] for month in self.manager.get("/overview").json["months"]}, {None}, "nobody told of any")
        last = self.manager.get("/overview").json["month"]
        one = self.customers[0]["customer_id"]
        source = pathlib.Path(self.temporary.name) / "complaint.csv"
        source.write_text(f"complaint_id,customer_id,received_at\nt1,{one},{last}-03 09:00:00\n")
        loaded = served.fenqun(PROGRAM, "ingest", source, "-w", self.workspace)
        self.assertEqual(loaded.returncode, 0, loaded.stdout + loaded.stderr)
        overview = self.manager.get("/overview").json
        self.assertEqual({month["month"]: month["complaints"] for month in overview["months"] if month["complaints"]}, {last: 1})
        self.assertEqual(overview["complaints"], {"value": 1, "previous": 0})
        for scheme in overview["schemes"]:
            run = next(r for r in self.callers["analyst"].get("/runs").json["items"] if r["scheme"] == scheme["scheme"])
            groups = [g["code"] for g in self.callers["analyst"].get("/runs/" + run["run"]).json["result"]["groups"]]
            shown = [g["group"] for g in scheme["groups"]]
            self.assertEqual(shown, [g for g in groups if g in shown])

    def test_preparations_and_runs_speak_in_sentences(self):
        analyst = self.callers["analyst"]
        steps = analyst.get("/preparations").json["steps"]
        self.assertTrue(all(step["title"] for step in steps))
        fields = [item for step in steps for item in step["items"] if item["kind"] == "field"]
        self.assertTrue(fields)
        self.assertTrue(all(item["subject_title"] and item["name_title"] for item in fields), fields[0])
        self.assertTrue(all(item["state_text"] for item in fields))
        for run in analyst.get("/runs").json["items"]:
            result = analyst.get("/runs/" + run["run"]).json["result"]
            self.assertEqual(len(result["warning_texts"]), len(result["warnings"]))
            self.assertFalse([text for text in result["warning_texts"] if text.startswith("segment.")])

    def test_masked_fields_never_leave(self):
        with_both = next(c for c in self.customers if c["customer_name"] and c["contact_phone"] and c["address"])
        names, phones = self.names(), self.phones()
        for role in MASKED + HIDDEN:
            for path, answer in self.every_get(self.callers[role], with_both["customer_id"]):
                text = answer.body.decode()
                for secret in phones | {with_both["address"]}:
                    self.assertNotIn(secret, text, f"{role} {path}")
                told = set(re.findall(r'"(?:customer_name|contact_name|title)": ?"([^"]*)"', text))
                self.assertFalse(told & {name for name in names if len(name) > 1}, f"{role} {path}")
        clear = self.manager.get("/customers/" + with_both["customer_id"]).body.decode()
        self.assertIn(with_both["contact_phone"], clear)

    def test_what_is_masked_cannot_be_searched_for(self):
        one = next(c for c in self.customers if c["customer_name"] and c["contact_phone"])
        for query in (one["customer_name"], one["contact_phone"], one["contact_phone"][:7]):
            self.assertEqual(self.callers["analyst"].get("/search", q=query).json["items"], [], query)
            hits = {h["customer_id"] for h in self.manager.get("/search", q=query, limit=50).json["items"]}
            self.assertIn(one["customer_id"], hits)
        self.assertEqual(self.callers["supervisor"].get("/route", phone=one["contact_phone"]).status, 403)

    def test_a_caller_is_known_by_the_phone(self):
        one = next(c for c in self.customers if c["contact_phone"])
        for written in (one["contact_phone"], "+86 " + one["contact_phone"], one["contact_phone"][:3] + "-" + one["contact_phone"][3:]):
            answer = self.callers["agent"].get("/route", phone=written).json
            self.assertIn(one["customer_id"], [m["customer_id"] for m in answer["matches"]], written)
        match = answer["matches"][0]
        self.assertIn(match["queue"]["code"], ("green", "priority", "standard"))
        self.assertTrue(match["groups"])
        self.assertEqual(self.callers["agent"].get("/route", phone="12345678901").json["matches"], [])
        self.assertEqual(self.callers["agent"].get("/route").status, 400)

    def test_an_export_is_whole_masked_logged_and_no_formula(self):
        analyst = self.callers["analyst"]
        answer = analyst.get("/customers/export", purpose="visit", category="residential")
        lines = answer.body.decode("utf-8-sig").strip().split("\n")
        self.assertEqual(len(lines) - 1, int(answer.headers["X-Row-Count"]))
        digest = hashlib.blake2b(answer.body, digest_size=32).hexdigest()
        self.assertEqual(answer.headers["X-Content-Hash"], digest)
        for secret in self.phones():
            self.assertNotIn(secret, answer.body.decode())
        logged = self.callers["supervisor"].get("/exports").json["items"]
        self.assertIn(digest, [entry["hash"] for entry in logged])
        self.assertTrue(next(entry for entry in logged if entry["hash"] == digest)["masked"])
        own = self.local.get("/customers/export", purpose="visit").body.decode("utf-8-sig")
        self.assertEqual({line.split(",")[0] for line in own.strip().split("\n")[1:]}, self.own)
        parquet = analyst.get("/customers/export", purpose="visit", format="parquet").body
        self.assertEqual((parquet[:4], parquet[-4:]), (b"PAR1", b"PAR1"))
        self.assertEqual(analyst.get("/customers/export").json["field"], "purpose")
        self.assertEqual(self.callers["leader"].get("/customers/export", purpose="visit").status, 403)
        self.assertEqual(list((self.workspace / "tmp/exports").glob("*")), [])

    def test_one_customer_is_told_whole(self):
        one = self.customers[0]["customer_id"]
        whole = self.manager.get("/customers/" + one).json
        self.assertEqual(whole["customer_id"], one)
        self.assertTrue(whole["months"] and whole["groups"] and whole["history"])
        for table in whole["tables"]:
            self.assertTrue(all(len(row) == len(table["columns"]) for row in table["rows"]), table["entity"])
        self.assertEqual(self.manager.get(f"/customers/{one}/curve").status, 200)
        self.assertEqual(self.manager.get("/customers/nobody").status, 404)

    def test_queries_are_no_sql(self):
        for query in ("' OR 1=1 --", "'; DROP TABLE m_customer; --", "%", "\\"):
            self.assertEqual(self.manager.get("/customers", q=query).json["total"], 0, query)
            self.assertEqual(self.manager.get("/customers", category=query).json["total"], 0, query)
            self.assertEqual(self.manager.get("/customers", scheme=query, group=query).json["total"], 0, query)
        self.assertEqual(self.manager.get("/customers").json["total"], 500)

    def test_the_overview_adds_up(self):
        overview = self.callers["leader"].get("/overview").json
        self.assertEqual(overview["customers"]["value"], 500)
        self.assertGreater(overview["revenue_cny"]["value"], 0)
        local = self.local.get("/overview").json
        self.assertEqual(local["customers"]["value"], len(self.own))
        self.assertLess(local["revenue_cny"]["value"], overview["revenue_cny"]["value"])

    def test_the_tree_counts_customers_below(self):
        top = self.manager.get("/org-units", scheme="level1").json["items"]
        self.assertEqual(sum(unit["customers"] for unit in top), 500)
        for unit in top:
            below = self.manager.get("/org-units", parent=unit["id"]).json
            self.assertEqual(below["path"][-1]["id"], unit["id"])
            self.assertLessEqual(sum(one["customers"] for one in below["items"]), unit["customers"])
        mine = self.local.get("/org-units").json["items"]
        self.assertEqual([unit["id"] for unit in mine], [self.station])
        self.assertEqual(mine[0]["customers"], len(self.own))
        self.assertEqual(self.manager.get("/lines").status, 200)

    def test_data_runs_and_schemes_can_be_looked_at(self):
        analyst = self.callers["analyst"]
        batches = analyst.get("/batches").json
        self.assertGreater(batches["total"], 0)
        for batch in batches["items"]:
            self.assertEqual(batch["rows_in"], sum(batch[k] for k in ("rows_loaded", "rows_duplicate", "rows_superseded", "rows_rejected")))
        self.assertEqual(analyst.get("/quarantine").json["total"], 0)
        self.assertEqual(len(analyst.get("/preparations").json["steps"]), 5)
        self.assertIn("customer", [e["entity"] for e in analyst.get("/dictionary").json["entities"]])
        runs = analyst.get("/runs").json
        self.assertEqual(runs["total"], 2)
        for run in runs["items"]:
            self.assertEqual(run["state"], "published")
            self.assertEqual(analyst.get("/runs/" + run["run"]).json["scheme"], run["scheme"])
        diff = analyst.get(f"/runs/{runs['items'][0]['run']}/diff", **{"with": runs["items"][0]["run"]}).json
        self.assertEqual(diff["moved"], 0)
        self.assertEqual(analyst.get("/publications").json["total"], 2)
        self.assertTrue(analyst.get("/portraits").json["schemes"])

    def test_a_scheme_is_cloned_checked_and_saved(self):
        analyst = self.callers["analyst"]
        self.assertIn("level1", [s["scheme"] for s in analyst.get("/schemes").json["items"]])
        clone = analyst.ask("POST", "/schemes/level1/clone", {"name": "my_level"})
        self.assertEqual(clone.status, 201, clone.body)
        text = clone.json["text"]
        self.assertTrue(analyst.ask("POST", "/schemes/my_level/check", {"text": text}).json["ok"])
        wrong = analyst.ask("POST", "/schemes/my_level/check", {"text": text + "\nnonsense: 1\n"}).json
        self.assertFalse(wrong["ok"])
        self.assertEqual(analyst.ask("PUT", "/schemes/my_level", {"text": text + "\nnonsense: 1\n"}).status, 422)
        self.assertEqual(analyst.ask("PUT", "/schemes/my_level", {"text": text + "\n# kept\n"}).status, 200)
        self.assertIn("# kept", analyst.get("/schemes/my_level").json["text"])
        self.assertEqual(analyst.ask("PUT", "/schemes/..%2f..%2fx", {"text": text}).status, 400)
        self.assertEqual(analyst.ask("PUT", "/schemes/UP", {"text": text}).status, 400)

    def test_a_job_runs_tells_of_itself_and_can_be_cancelled(self):
        analyst = self.callers["analyst"]
        job = analyst.ask("POST", "/jobs", {"kind": "segment", "schemes": ["level1"]})
        self.assertEqual(job.status, 202, job.body)
        events = analyst.get(f"/jobs/{job.json['job']}/events").body.decode()
        last = json.loads(re.findall(r"^data: (.*)$", events, re.M)[-1])
        self.assertEqual(last["state"], "done", last)
        self.assertEqual(last["result"]["runs"][0]["scheme"], "level1")
        failed = analyst.ask("POST", "/jobs", {"kind": "prepare", "month": "2199-01"}).json
        events = analyst.get(f"/jobs/{failed['job']}/events").body.decode()
        last = json.loads(re.findall(r"^data: (.*)$", events, re.M)[-1])
        self.assertEqual(last["state"], "failed")
        self.assertTrue(last["problem"]["detail"])
        first = analyst.ask("POST", "/jobs", {"kind": "prepare", "rebuild": True}).json["job"]
        second = analyst.ask("POST", "/jobs", {"kind": "prepare", "rebuild": True}).json["job"]
        for one in (second, first):
            self.assertIn(analyst.ask("DELETE", "/jobs/" + one).status, (202, 409))
            analyst.get(f"/jobs/{one}/events")
            self.assertIn(analyst.get("/jobs/" + one).json["state"], ("cancelled", "done"))
        self.assertEqual(self.callers["supervisor"].ask("POST", "/jobs", {"kind": "prepare"}).status, 403)
        self.assertEqual(self.admin.ask("POST", "/jobs", {"kind": "publish", "runs": []}).status, 403)

    def test_commands_go_to_the_server_that_has_the_workspace(self):
        runs = served.fenqun(PROGRAM, "runs", "list", "-w", self.workspace, "--json")
        self.assertEqual(runs.returncode, 0, runs.stderr)
        self.assertTrue(json.loads(runs.stdout))
        done = served.fenqun(PROGRAM, "segment", "-w", self.workspace, "--scheme", "level1", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["runs"][0]["scheme"], "level1")
        wrong = served.fenqun(PROGRAM, "runs", "show", "nonsense", "-w", self.workspace, "--lang", "en")
        self.assertEqual(wrong.returncode, 2, wrong.stdout + wrong.stderr)
        self.assertIn("nonsense", wrong.stderr)
        mode = (self.workspace / "serve.sock").stat().st_mode & 0o777
        self.assertEqual(mode, 0o600)
        twice = served.fenqun(PROGRAM, "serve", "-w", self.workspace, "--listen", "127.0.0.1:0", "--lang", "en")
        self.assertEqual(twice.returncode, 1)

    def test_looking_at_customers_is_written_down(self):
        one = self.customers[1]["customer_id"]
        self.callers["inspector"].get("/customers/" + one)
        found = self.callers["auditor"].get("/audit", user="inspector", q=one).json["items"]
        self.assertEqual(found[0]["action"], "GET /customers/{customer}")


if __name__ == "__main__":
    served.run_tests(globals())

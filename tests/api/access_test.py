#!/usr/bin/env python3
"""Who comes in and what that allows, from outside: the real server, one small workspace.

  access_test.py --program build/dev/fenqun
"""
import json
import pathlib
import re
import socket
import subprocess
import tempfile
import time
import unittest

import served
from served import PASSWORD, Caller

PROGRAM = ""
ROLES = ["administrator", "auditor", "analyst", "manager", "agent", "outage_planner", "arrears_officer", "inspector",
         "supervisor", "leader"]


class Access(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.workspace = pathlib.Path(cls.temporary.name) / "ws"
        assert served.fenqun(PROGRAM, "init", cls.workspace, "--name", "测试供电局").returncode == 0
        cls.server = served.Server(PROGRAM, cls.workspace)
        cls.admin = cls.server.first_administrator()
        for role in ROLES[1:]:
            answer = cls.admin.ask("POST", "/users", {"user": role, "role": role, "password": PASSWORD, "sees_all": True})
            assert answer.status == 201, answer.body
        cls.callers = {role: Caller(cls.server.port).log_in(role) for role in ROLES[1:]}
        cls.callers["administrator"] = cls.admin
        cls.document = cls.admin.get("/openapi.json").json
        cls.roles = {role["role"]: role["rights"] for role in cls.admin.get("/roles").json["items"]}

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        cls.temporary.cleanup()
        assert code == 0, code

    def fresh(self):
        return Caller(self.server.port)

    def operations(self):
        for path, operations in self.document["paths"].items():
            for method, operation in operations.items():
                if "x-planned" not in operation:
                    yield method.upper(), path, operation["x-right"]

    def test_every_route_asks_every_role_for_its_right(self):
        for method, path, right in self.operations():
            if right in ("public", "self"):
                continue
            target = path.replace("{", "").replace("}", "")
            body = {} if method in ("POST", "PUT", "PATCH") else None
            nobody = self.fresh().ask(method, target, body)
            self.assertEqual(nobody.status, 401, f"{method} {path}")
            for role, caller in self.callers.items():
                if method == "DELETE" and right in self.roles[role]:
                    continue
                answer = caller.ask(method, target, body)
                where = f"{method} {path} {role}: {answer.status} {answer.body[:200]}"
                if right in self.roles[role]:
                    self.assertNotIn(answer.status, (401, 500), where)
                    if answer.status == 403:
                        self.assertNotEqual(answer.json["key"], "api.no_right", where)
                else:
                    self.assertEqual(answer.status, 403, where)
                    self.assertEqual(answer.json["key"], "api.no_right", where)

    def test_the_setup_happens_once(self):
        self.assertEqual(self.fresh().get("/setup").json, {"needed": False})
        again = self.fresh().ask("POST", "/setup", {"token": "", "user": "x", "password": PASSWORD})
        self.assertEqual(again.status, 409)

    def test_who_am_i_tells_rights_and_the_token(self):
        me = self.callers["agent"].get("/session").json
        self.assertEqual((me["user"], me["role"]), ("agent", "agent"))
        self.assertEqual(sorted(me["rights"]), sorted(self.roles["agent"]))
        self.assertEqual(me["csrf"], self.callers["agent"].csrf)

    def test_what_changes_something_needs_the_token_of_the_session(self):
        caller = Caller(self.server.port).log_in("leader")
        good = caller.csrf
        for token in (None, "", "0" * 64, self.admin.csrf):
            caller.csrf = token
            answer = caller.ask("PATCH", "/session", {"language": "en"})
            self.assertEqual(answer.status, 403)
            self.assertEqual(answer.json["key"], "api.no_csrf")
        caller.csrf = good
        self.assertEqual(caller.ask("PATCH", "/session", {"language": "en"}).status, 200)

    def test_another_site_changes_nothing(self):
        caller = Caller(self.server.port).log_in("leader")
        answer = caller.ask("PATCH", "/session", {"language": "en"}, headers={"Origin": "http://example.com"})
        self.assertEqual(answer.json["key"], "api.foreign_origin")
        form = self.fresh().ask("POST", "/session", b"user=leader", headers={"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(form.status, 415)

    def test_a_session_that_somebody_planted_is_not_taken_over(self):
        caller = self.fresh()
        planted = "fenqun_session=" + "0" * 64
        answer = caller.ask("POST", "/session", {"user": "leader", "password": PASSWORD}, headers={"Cookie": planted})
        self.assertNotIn("0" * 64, answer.headers["Set-Cookie"])
        caller.cookie = planted
        self.assertEqual(caller.get("/session").status, 401)

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self):
        answer = self.fresh().ask("POST", "/session", {"user": "leader", "password": PASSWORD})
        for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="):
            self.assertIn(part, answer.headers["Set-Cookie"])

    def test_logging_out_ends_the_session(self):
        caller = Caller(self.server.port).log_in("leader")
        self.assertEqual(caller.ask("DELETE", "/session").status, 204)
        self.assertEqual(caller.get("/session").status, 401)

    def test_wrong_passwords_lock_out(self):
        self.admin.ask("POST", "/users", {"user": "victim", "role": "agent", "password": PASSWORD})
        statuses = []
        for _ in range(5):
            statuses.append(self.fresh().ask("POST", "/session", {"user": "victim", "password": "wrong"}).status)
        self.assertEqual(set(statuses) - {429}, {403})
        locked = self.fresh().ask("POST", "/session", {"user": "victim", "password": PASSWORD})
        self.assertEqual(locked.status, 429)
        self.assertGreater(int(locked.headers["Retry-After"]), 0)
        # All of these tests come from one address: it waits with the user, and is let in again afterwards.
        wait = int(locked.headers["Retry-After"])
        self.assertLessEqual(wait, 60)
        time.sleep(wait + 1)
        self.assertEqual(self.fresh().ask("POST", "/session", {"user": "victim", "password": PASSWORD}).status, 200)

    def test_a_first_password_is_made_up_and_has_to_be_changed(self):
        made = self.admin.ask("POST", "/users", {"user": "newcomer", "role": "analyst"}).json
        caller = Caller(self.server.port).log_in("newcomer", made["initial_password"])
        self.assertEqual(caller.get("/exports").json["key"], "api.change_password_first")
        changed = caller.ask("PATCH", "/session", {"password": PASSWORD, "old_password": made["initial_password"]})
        self.assertEqual(changed.status, 200, changed.body)
        self.assertEqual(caller.get("/exports").status, 200)

    def test_changing_a_role_ends_what_was_allowed(self):
        self.admin.ask("POST", "/users", {"user": "mover", "role": "auditor", "password": PASSWORD})
        caller = Caller(self.server.port).log_in("mover")
        self.assertEqual(caller.get("/audit").status, 200)
        self.assertEqual(self.admin.ask("PATCH", "/users/mover", {"role": "agent"}).status, 200)
        self.assertEqual(caller.get("/audit").status, 401)
        self.assertEqual(caller.log_in("mover").get("/audit").status, 403)

    def test_keys_come_in_without_a_cookie_and_go_when_revoked(self):
        made = self.admin.ask("POST", "/keys", {"name": "switchboard", "role": "auditor"}).json
        machine = Caller(self.server.port, key=made["secret"])
        self.assertEqual(machine.get("/session").json["user"], "key:switchboard")
        self.assertEqual(machine.get("/audit").status, 200)
        self.assertEqual(machine.get("/users").status, 403)
        self.assertEqual(self.admin.ask("DELETE", "/keys/" + made["key"]).status, 204)
        self.assertEqual(machine.get("/session").status, 401)
        self.assertNotIn("secret", json.dumps(self.admin.get("/keys").json))

    def test_the_trail_tells_who_did_what_and_is_whole(self):
        self.admin.ask("POST", "/users", {"user": "traced", "role": "agent", "password": PASSWORD})
        self.callers["agent"].get("/users")
        auditor = self.callers["auditor"]
        made = auditor.get("/audit", user="admin", q="traced").json["items"]
        self.assertEqual(made[0]["action"], "POST /users")
        refused = auditor.get("/audit", user="agent", outcome="refused").json["items"]
        self.assertEqual(refused[0]["action"], "GET /users")
        self.assertNotIn(PASSWORD, json.dumps(auditor.get("/audit", page_size=500).json))
        self.assertTrue(auditor.get("/audit/verification").json["intact"])

    def test_problems_name_the_field_at_fault(self):
        for query, field in (({"page": "x"}, "page"), ({"page": 0}, "page"), ({"page_size": 501}, "page_size"), ({"nonsense": 1}, "nonsense")):
            answer = self.admin.get("/users", **query)
            self.assertEqual(answer.status, 400)
            self.assertEqual(answer.json["field"], field)
            self.assertIn("problem+json", answer.headers["Content-Type"])
            self.assertTrue(answer.json["trace_id"])
        for body, field in (({"role": "agent"}, "user"), ({"user": 5, "role": "agent"}, "user"), ({"user": "x", "role": "king"}, "role"),
                            ({"user": "x", "role": "agent", "hobby": 1}, "hobby"), ({"user": "x", "role": "agent", "scope": ["nowhere"]}, "scope"),
                            ({"user": "x", "role": "agent", "password": "short"}, "password")):
            answer = self.admin.ask("POST", "/users", body)
            self.assertEqual((answer.status, answer.json.get("field")), (400, field), body)

    def test_malformed_requests_are_refused_and_the_server_goes_on(self):
        for body in (b"", b"{", b"[]", b"null", b'{"user": "\xff"}', b"[" * 100000, b'{"a":' * 50000):
            answer = self.fresh().ask("POST", "/session", body, headers={"Content-Type": "application/json"})
            self.assertEqual(answer.status, 400, body[:20])
        large = self.fresh().ask("POST", "/session", b" " * (2 << 20), headers={"Content-Type": "application/json"})
        self.assertEqual(large.status, 413)
        self.assertEqual(self.fresh().ask("GET", "!/" + "a" * 5000).status, 414)
        for raw in (b"\r\n\r\n", b"GET\r\n\r\n", b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST /api/v1/session HTTP/1.1\r\nContent-Length: -5\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as connection:
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(4096)
        self.assertEqual(self.fresh().get("/setup").status, 200)

    def test_paths_that_leave_the_pages_find_nothing(self):
        for path in ("/../fenqun.yaml", "/..%2f..%2fetc%2fpasswd", "/assets/../../fenqun.yaml", "/%2e%2e/%2e%2e/etc/passwd", "/..\\fenqun.yaml"):
            answer = self.fresh().ask("GET", "!" + path)
            self.assertNotIn(b"root:", answer.body)
            self.assertNotIn(b"memory_limit", answer.body)
            self.assertEqual(answer.status, 404, path)

    def test_every_answer_says_what_a_browser_may_do(self):
        for path in ("!/", "!/api/v1/setup", "!/api/v1/nonsense", "!/healthz", "!/no.such"):
            headers = self.fresh().ask("GET", path).headers
            self.assertIn("default-src 'none'; script-src 'self';", headers["Content-Security-Policy"])
            self.assertNotIn("unsafe", headers["Content-Security-Policy"])
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["X-Frame-Options"], "SAMEORIGIN")

    def test_a_range_beyond_the_end_gets_the_whole_answer_and_no_more(self):
        page = self.fresh().ask("GET", "!/").body.decode()
        asset = re.search(r"assets/[\w.-]+\.js", page)
        for path in ["!/api/v1/openapi.json", "!/healthz"] + (["!/" + asset.group(0)] if asset else []):
            for packed in ({}, {"Accept-Encoding": "gzip"}):
                whole = self.fresh().ask("GET", path, headers=packed)
                for wanted in ("bytes=0-99999999999", "bytes=100-99999999999", "bytes=5-6", "bytes=-99999999999"):
                    answer = self.fresh().ask("GET", path, headers={**packed, "Range": wanted}, timeout=20)
                    self.assertEqual((answer.status, answer.body), (200, whole.body), f"{path} {packed} {wanted}")

    def test_the_state_of_the_server_can_be_asked(self):
        self.assertEqual(self.fresh().ask("GET", "!/healthz").status, 200)
        self.assertEqual(self.fresh().ask("GET", "!/readyz").json["state"], "ready")
        metrics = self.fresh().ask("GET", "!/metrics").body.decode()
        self.assertIn("fenqun_requests_total{route=\"POST /session\",status=\"200\"}", metrics)
        self.assertGreater(self.admin.get("/health").json["requests"]["total"], 0)

    def test_answers_come_in_the_callers_language(self):
        chinese = self.fresh().ask("GET", "/users", headers={"Accept-Language": "zh-CN"}).json
        english = self.fresh().ask("GET", "/users").json
        self.assertEqual(chinese["code"], english["code"])
        self.assertNotEqual(chinese["title"], english["title"])
        # To somebody who is logged in: that of the page, else that of the account.
        self.admin.ask("PATCH", "/session", {"language": "zh"})
        page = lambda wanted: self.admin.ask("GET", "/customers", query={"page": "x"}, headers={"Accept-Language": wanted}).json["title"]
        self.assertNotEqual(page("en"), page("zh"))
        self.assertEqual(page("en-US,en;q=0.9"), page("zh"))
        self.admin.ask("PATCH", "/session", {"language": "en"})
        self.assertEqual(page("zh-CN,zh;q=0.9"), page("en"))

    def test_slow_callers_do_not_hold_up_others(self):
        slow = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(20)]
        for one in slow:
            one.sendall(b"POST /api/v1/session HTTP/1.1\r\nContent-Length: 100\r\n")
        self.assertEqual(self.fresh().get("/setup").status, 200)
        for one in slow:
            one.close()


class CommandLine(unittest.TestCase):
    def user(self, workspace, *words, typed=None):
        return subprocess.run([PROGRAM, "user", *words, "-w", str(workspace), "--lang", "en", "--json"], input=typed, capture_output=True, text=True, timeout=60)

    def walk(self, workspace, name):
        made = self.user(workspace, "add", name, "--role", "analyst", "--all")
        self.assertEqual(made.returncode, 0, made.stderr)
        made = json.loads(made.stdout)
        self.assertTrue(made["initial_password"] and made["must_change_password"] and made["sees_all"])
        self.assertEqual(self.user(workspace, "add", name, "--role", "analyst").returncode, 1)
        self.assertEqual(self.user(workspace, "add", "x", "--role", "king").returncode, 2)
        self.assertEqual(self.user(workspace, "add", "x", "--role", "agent", "--unit", "nowhere").returncode, 2)
        changed = json.loads(self.user(workspace, "role", name, "agent").stdout)
        self.assertEqual(changed["role"], "agent")
        self.assertFalse(json.loads(self.user(workspace, "scope", name).stdout)["sees_all"])
        self.assertTrue(json.loads(self.user(workspace, "scope", name, "--all").stdout)["sees_all"])
        self.assertEqual(self.user(workspace, "password", name, typed="short\n").returncode, 2)
        self.assertEqual(self.user(workspace, "password", name, typed="").returncode, 2)
        self.assertFalse(json.loads(self.user(workspace, "password", name, typed=PASSWORD + "\n").stdout)["must_change_password"])
        self.assertTrue(json.loads(self.user(workspace, "disable", name).stdout)["disabled"])
        self.assertFalse(json.loads(self.user(workspace, "enable", name).stdout)["disabled"])
        self.assertIn(name, [user["user"] for user in json.loads(self.user(workspace, "list").stdout)])
        self.assertEqual(self.user(workspace, "unlock", "nobody").returncode, 2)

    def test_users_are_managed_with_and_without_a_server(self):
        with tempfile.TemporaryDirectory() as temporary:
            workspace = pathlib.Path(temporary) / "ws"
            served.fenqun(PROGRAM, "init", workspace, "--name", "t")
            password = pathlib.Path(temporary) / "password"
            password.write_text(PASSWORD + "\n")
            first = self.user(workspace, "add", "chief", "--role", "administrator", "--all", "--password-file", str(password))
            self.assertEqual(first.returncode, 0, first.stderr)
            self.walk(workspace, "before")
            server = served.Server(PROGRAM, workspace)
            chief = Caller(server.port).log_in("chief")
            Caller(server.port).log_in("before")
            self.walk(workspace, "during")
            during = Caller(server.port).log_in("during")
            # The server itself knows of it at once.
            self.assertEqual(self.user(workspace, "disable", "during").returncode, 0)
            self.assertEqual(during.get("/session").status, 401)
            for _ in range(5):
                Caller(server.port).ask("POST", "/session", {"user": "before", "password": "wrong"})
            locked = [user for user in json.loads(self.user(workspace, "list").stdout) if user["user"] == "before"]
            self.assertTrue(locked[0]["locked_until"])
            self.assertIsNone(json.loads(self.user(workspace, "unlock", "before").stdout)["locked_until"])
            self.assertNotEqual(self.user(workspace, "disable", "chief").returncode, 0)
            server.kill()
            again = served.Server(PROGRAM, workspace)
            # The address went on waiting: a restart lifts no lock-out.
            self.assertEqual(Caller(again.port).ask("POST", "/session", {"user": "chief", "password": PASSWORD}).status, 429)
            chief.port = again.port
            self.assertEqual(chief.get("/audit/verification").json["intact"], True)
            trail = chief.get("/audit", q="during", page_size=500).json["items"]
            self.assertIn("fenqun user add", [entry["action"] for entry in trail])
            self.assertEqual(again.stop(), 0)


class Restart(unittest.TestCase):
    def test_sessions_users_and_the_trail_survive_a_kill(self):
        with tempfile.TemporaryDirectory() as temporary:
            workspace = pathlib.Path(temporary) / "ws"
            served.fenqun(PROGRAM, "init", workspace, "--name", "t")
            server = served.Server(PROGRAM, workspace)
            admin = server.first_administrator()
            self.assertEqual(admin.ask("POST", "/users", {"user": "kept", "role": "agent", "password": PASSWORD}).status, 201)
            server.kill()
            again = served.Server(PROGRAM, workspace)
            admin.port = again.port
            self.assertIn("kept", [user["user"] for user in admin.get("/users").json["items"]])
            self.assertEqual(again.stop(), 0)


if __name__ == "__main__":
    served.run_tests(globals())

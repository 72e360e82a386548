#!/usr/bin/env python3
"""Files sent to the server: looked at, loaded as jobs, refused, forgotten - from outside.

  upload_test.py --program build/dev/fenqun
"""
import json
import os
import pathlib
import re
import socket
import tempfile
import time
import unittest

import served
from served import PASSWORD, Caller

PROGRAM = ""
HEADER = "户号,用户名称,用电类别,联系电话,用电地址,备注\n"


def customers(first, count, bad=0):
    lines = [f"{first + n:013d},张三{n},居民,1381234{first % 1000 + n:04d},东城街道{n}号,说明{n}\n" for n in range(count)]
    for n in range(bad):
        lines[n] = lines[n].replace(",居民,", ",不存在的类别,")
    return (HEADER + "".join(lines)).encode()


class Uploads(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.workspace = pathlib.Path(cls.temporary.name) / "ws"
        assert served.fenqun(PROGRAM, "init", cls.workspace, "--name", "测试供电局").returncode == 0
        with open(cls.workspace / "fenqun.yaml", "a", encoding="utf-8") as settings:
            settings.write("serve: {largest_upload_mib: 2, uploads_kept_hours: 1}\n")
        cls.server = served.Server(PROGRAM, cls.workspace)
        cls.admin = cls.server.first_administrator()
        for role in ("analyst", "leader"):
            assert cls.admin.ask("POST", "/users", {"user": role, "role": role, "password": PASSWORD, "sees_all": True}).status == 201
        cls.analyst = Caller(cls.server.port).log_in("analyst")

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        cls.temporary.cleanup()
        assert code == 0, code

    def send(self, name, content, caller=None, headers=None):
        sent = {"Content-Type": "application/octet-stream"}
        sent.update(headers or {})
        return (caller or self.analyst).ask("POST", "/uploads", content, query={"name": name}, headers=sent)

    def load(self, upload, caller=None, **body):
        caller = caller or self.analyst
        job = caller.ask("POST", f"/uploads/{upload}/load", body)
        self.assertEqual(job.status, 202, job.body)
        self.assertEqual(job.json["kind"], "ingest")
        events = caller.get(f"/jobs/{job.json['job']}/events").body.decode()
        return json.loads(re.findall(r"^data: (.*)$", events, re.M)[-1])

    def folders(self):
        folder = self.workspace / "uploads"
        return sorted(one.name for one in folder.iterdir()) if folder.exists() else []

    def test_a_file_is_looked_at_and_loaded_once(self):
        content = customers(1000, 50)
        answer = self.send("客户清单.csv", content)
        self.assertEqual(answer.status, 201, answer.body)
        upload = answer.json
        self.assertEqual((upload["name"], upload["bytes"], upload["records"]), ("客户清单.csv", len(content), 50))
        self.assertTrue(upload["complete"], upload["problems"])
        self.assertEqual(upload["entities"][0]["entity"], "customer")
        self.assertIn("load:", upload["mapping"])
        self.assertEqual(upload["trial"]["rows_loaded"], 50)
        self.assertIsNone(upload["known_batch"])
        self.assertIn(upload["upload"], [u["upload"] for u in self.analyst.get("/uploads").json["items"]])
        self.assertEqual(self.analyst.get("/uploads/" + upload["upload"]).json["mapping"], upload["mapping"])
        done = self.load(upload["upload"])
        self.assertEqual(done["state"], "done", done)
        result = done["result"]
        self.assertEqual((result["rows_in"], result["rows_loaded"], result["rows_rejected"], result["already_loaded"]), (50, 50, 0, False))
        batch = [b for b in self.admin.get("/batches").json["items"] if b["batch"] == result["batch"]][0]
        self.assertEqual((batch["source"], batch["rows_loaded"]), ("客户清单.csv", 50))
        self.assertEqual(self.analyst.get("/uploads/" + upload["upload"]).status, 404)
        # A repair of the workspace may need the file of a batch.
        self.assertTrue((self.workspace / "uploads" / upload["upload"] / "客户清单.csv").exists())
        again = self.send("另一个名字.csv", content, headers={"Accept-Language": "zh"}).json
        self.assertEqual(again["known_batch"], result["batch"])
        before = self.admin.get("/batches").json["total"]
        twice = self.load(again["upload"])["result"]
        self.assertTrue(twice["already_loaded"])
        self.assertEqual(twice["batch"], result["batch"])
        self.assertEqual(self.admin.get("/batches").json["total"], before)
        self.assertNotIn(again["upload"], self.folders())

    def test_first_rows_are_seen_through_the_masks_of_the_role(self):
        content = customers(2000, 30)
        analyst = self.send("c.csv", content).json
        row = dict(zip(analyst["headers"], analyst["rows"][0]))
        self.assertEqual(row["用户名称"], "张**")
        self.assertRegex(row["联系电话"], r"^138\*{4}\d{4}$")
        self.assertIsNone(row["备注"])
        self.assertEqual(row["户号"], "0000000002000")
        self.assertTrue({"用户名称", "联系电话", "备注"} <= set(analyst["masked"]))
        admin = self.send("c.csv", content, caller=self.admin).json
        row = dict(zip(admin["headers"], admin["rows"][0]))
        self.assertIsNone(row["用户名称"])
        for answer in (analyst, admin):
            text = json.dumps(answer, ensure_ascii=False)
            for value in ("张三0", "13812340", "东城街道0号", "说明0"):
                self.assertNotIn(value, text)

    def test_rows_refused_go_to_quarantine_or_refuse_the_file(self):
        upload = self.send("部分.csv", customers(3000, 40, bad=10)).json
        self.assertTrue([p for p in upload["problems"] if p["severity"] == "warning"], upload["problems"])
        self.assertEqual(upload["trial"]["rows_rejected"], 10)
        failed = self.load(upload["upload"])
        self.assertEqual(failed["state"], "failed")
        self.assertEqual(failed["problem"]["key"], "ingest.rejected")
        self.assertNotIn(str(self.workspace), json.dumps(failed, ensure_ascii=False))
        self.assertNotIn("不存在的类别", json.dumps(failed, ensure_ascii=False))
        done = self.load(upload["upload"], max_rejected_share=0.5)
        self.assertEqual(done["state"], "done", done)
        self.assertEqual((done["result"]["rows_loaded"], done["result"]["rows_rejected"]), (30, 10))
        refused = self.analyst.get("/quarantine", batch=done["result"]["batch"]).json
        self.assertEqual(refused["total"], 10)
        self.assertEqual(refused["items"][0]["source"], "部分.csv")

    def test_a_mapping_of_ones_own_is_checked_and_used(self):
        upload = self.send("own.csv", customers(4000, 20)).json
        for wrong in ("load: [", "load:\n  - entity: nothing\n", "nonsense: 1\n"):
            answer = self.analyst.ask("POST", f"/uploads/{upload['upload']}/load", {"mapping": wrong})
            self.assertEqual((answer.status, answer.json.get("field")), (422, "mapping"), answer.body)
        own = "load:\n  - entity: customer\n    fields:\n      customer_id: 户号\n      category: {constant: residential}\n"
        done = self.load(upload["upload"], mapping=own)
        self.assertEqual(done["state"], "done", done)
        self.assertIn("用户名称", done["result"]["unread_columns"])

    def test_what_nobody_can_map_is_not_loaded_as_proposed(self):
        upload = self.send("strange.csv", b"a,b\n1,2\n3,4\n").json
        self.assertFalse(upload["complete"])
        self.assertEqual(upload["problems"][0]["severity"], "error")
        answer = self.analyst.ask("POST", f"/uploads/{upload['upload']}/load", {})
        self.assertEqual((answer.status, answer.json["key"], answer.json["field"]), (400, "api.upload_open", "mapping"))

    def test_names_that_are_paths_are_refused(self):
        before = self.folders()
        for name in ("../evil.csv", "..\\evil.csv", "/etc/evil.csv", "a/b.csv", "..", ".csv", ".hidden.csv", "C:evil.csv", "x\x00.csv", "x\n.csv", "a" * 201 + ".csv"):
            answer = self.send(name, customers(5000, 3))
            self.assertEqual((answer.status, answer.json["field"]), (400, "name"), name)
        answer = self.analyst.ask("POST", "/uploads", customers(5000, 3), headers={"Content-Type": "application/octet-stream"})
        self.assertEqual((answer.status, answer.json["field"]), (400, "name"))
        self.assertEqual(self.folders(), before)
        self.assertFalse(list(pathlib.Path(self.temporary.name).glob("**/evil.csv")))
        for upload in ("..", "../..", "%2e%2e", "..%2f..%2ffenqun.yaml", "0" * 16):
            self.assertEqual(self.analyst.get("/uploads/" + upload).status, 404)
            self.assertEqual(self.analyst.ask("DELETE", "/uploads/" + upload).status, 404)
        self.assertTrue((self.workspace / "fenqun.yaml").exists())

    def test_wrong_types_and_parts_are_refused(self):
        for name in ("x.exe", "x.html", "x", "x.csv.exe", "x.zip"):
            answer = self.send(name, b"MZ")
            self.assertEqual((answer.status, answer.json["key"], answer.json["field"]), (415, "api.upload_type", "name"), name)
        parts = self.send("x.csv", b"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.csv\"\r\n\r\na,b\r\n--b--\r\n",
                          headers={"Content-Type": "multipart/form-data; boundary=b"})
        self.assertEqual((parts.status, parts.json["key"]), (415, "api.no_parts"))

    def test_content_that_cannot_be_read_is_refused_and_leaves_nothing(self):
        before = self.folders()
        for name, content in (("x.xlsx", b"PK\x03\x04 no workbook"), ("x.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00"), ("x.parquet", b"PAR1 no"),
                              ("x.csv.gz", b"\x1f\x8b broken"), ("x.csv", b""), ("x.jsonl", b"{\"a\": \n[")):
            answer = self.send(name, content)
            self.assertEqual(answer.status, 422, (name, answer.body))
            self.assertNotIn(str(self.workspace), answer.body.decode())
        self.assertEqual(self.folders(), before)

    def test_files_that_are_too_large_are_refused_wherever_they_say_so(self):
        before = self.folders()
        large = self.send("x.csv", HEADER.encode() + b"a" * (3 << 20))
        self.assertEqual((large.status, large.json["key"]), (413, "api.too_large"))
        chunked = b"".join(b"%x\r\n%s\r\n" % (1 << 16, b"a" * (1 << 16)) for _ in range(48)) + b"0\r\n\r\n"
        self.assertIn(b" 413 ", self.raw("Transfer-Encoding: chunked", chunked).splitlines()[0])
        # Far beyond what anybody would read: answered, and the connection is closed.
        self.assertIn(b" 413 ", self.raw("Content-Length: 99999999999", b"a" * (20 << 20)).splitlines()[0])
        self.assertEqual(self.folders(), before)
        self.assertEqual(self.analyst.get("/uploads").status, 200)

    def raw(self, framing, body, name="x.csv", leave=False):
        head = (f"POST /api/v1/uploads?name={name} HTTP/1.1\r\nHost: x\r\nCookie: {self.analyst.cookie}\r\n"
                f"X-CSRF-Token: {self.analyst.csrf}\r\nContent-Type: application/octet-stream\r\n{framing}\r\n\r\n").encode()
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as connection:
            try:
                connection.sendall(head + body)
                if leave:
                    return b""
            except OSError:
                pass  # it may have closed: what it said before is what counts
            out = b""
            try:
                while b"\r\n\r\n" not in out:
                    piece = connection.recv(65536)
                    if not piece:
                        break
                    out += piece
            except OSError:
                pass
            return out

    def test_the_rest_of_a_refused_body_is_no_request(self):
        # The body looks like a request of its own; whoever is refused before it was read must not have it answered.
        inner = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        for target in ("/api/v1/uploads?name=x.csv", "/api/v1/uploads", "/api/v1/nonsense"):
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as connection:
                connection.sendall(f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(inner)}\r\nConnection: close\r\n\r\n".encode() + inner)
                out = b""
                while piece := connection.recv(65536):
                    out += piece
            self.assertEqual(out.count(b"HTTP/1.1 "), 1, (target, out))
        for method in ("GET", "DELETE"):
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as connection:
                connection.sendall(f"{method} /api/v1/setup HTTP/1.1\r\nHost: x\r\nContent-Length: {len(inner)}\r\n\r\n".encode() + inner)
                out = b""
                while piece := connection.recv(65536):
                    out += piece
            self.assertEqual(out.count(b"HTTP/1.1 "), 1, (method, out))

    def test_what_breaks_off_leaves_nothing(self):
        before = self.folders()
        self.raw("Content-Length: 100000", b"a,b\n", leave=True)
        for _ in range(100):
            if self.folders() == before:
                break
            time.sleep(0.1)
        self.assertEqual(self.folders(), before)

    def test_who_may_not_write_data_sends_nothing(self):
        before = self.folders()
        leader = Caller(self.server.port).log_in("leader")
        self.assertEqual(self.send("x.csv", customers(1, 3), caller=leader).status, 403)
        self.assertEqual(self.send("x.csv", customers(1, 3), caller=Caller(self.server.port)).status, 401)
        without = Caller(self.server.port)
        without.cookie = self.analyst.cookie
        self.assertEqual(self.send("x.csv", customers(1, 3), caller=without).json["key"], "api.no_csrf")
        self.assertEqual(self.folders(), before)

    def test_an_upload_can_be_given_up(self):
        upload = self.send("x.csv", customers(6000, 3)).json["upload"]
        self.assertEqual(self.analyst.ask("DELETE", "/uploads/" + upload).status, 204)
        self.assertNotIn(upload, self.folders())


class Restart(unittest.TestCase):
    def test_uploads_survive_a_kill_and_go_when_nobody_loads_them(self):
        with tempfile.TemporaryDirectory() as temporary:
            workspace = pathlib.Path(temporary) / "ws"
            served.fenqun(PROGRAM, "init", workspace, "--name", "t")
            server = served.Server(PROGRAM, workspace)
            admin = server.first_administrator()
            send = lambda: admin.ask("POST", "/uploads", customers(1, 5), query={"name": "c.csv"}, headers={"Content-Type": "application/octet-stream"}).json["upload"]
            kept, old = send(), send()
            server.kill()
            # One that was being received, one that nobody loaded for a year.
            (workspace / "uploads" / "half").mkdir()
            (workspace / "uploads" / "half" / "x.csv").write_bytes(b"a,b\n")
            head = workspace / "uploads" / old / "upload.json"
            head.write_text(json.dumps(json.loads(head.read_text()) | {"at_s": 1_700_000_000}))
            again = served.Server(PROGRAM, workspace)
            admin.port = again.port
            deadline = time.monotonic() + 60
            while os.listdir(workspace / "uploads") != [kept] and time.monotonic() < deadline:
                time.sleep(0.1)
            self.assertEqual(os.listdir(workspace / "uploads"), [kept])
            self.assertEqual([u["upload"] for u in admin.get("/uploads").json["items"]], [kept])
            job = admin.ask("POST", f"/uploads/{kept}/load", {}).json["job"]
            admin.get(f"/jobs/{job}/events")
            self.assertEqual(admin.get(f"/jobs/{job}").json["state"], "done")
            self.assertEqual(again.stop(), 0)


if __name__ == "__main__":
    served.run_tests(globals())

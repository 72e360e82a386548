#!/usr/bin/env python3
"""A list of more customers than anybody would page through, exported whole - from outside.

  export_test.py --program build/dev/fenqun
"""
import hashlib
import pathlib
import tempfile
import unittest

import served
from served import PASSWORD, Caller

PROGRAM = ""
CUSTOMERS = 120_001


class Export(unittest.TestCase):
    def test_nothing_is_cut_off(self):
        with tempfile.TemporaryDirectory() as temporary:
            workspace = pathlib.Path(temporary) / "ws"
            source = pathlib.Path(temporary) / "customer.csv"
            source.write_text("customer_id,category,customer_name\n" + "".join(f"{n:013d},residential,=1+{n}\n" for n in range(CUSTOMERS)))
            served.fenqun(PROGRAM, "init", workspace, "--name", "t")
            loaded = served.fenqun(PROGRAM, "ingest", source, "-w", workspace)
            self.assertEqual(loaded.returncode, 0, loaded.stderr)
            server = served.Server(PROGRAM, workspace)
            admin = server.first_administrator()
            admin.ask("POST", "/users", {"user": "manager", "role": "manager", "password": PASSWORD, "sees_all": True})
            manager = Caller(server.port).log_in("manager")
            answer = manager.get("/customers/export", purpose="all of them")
            self.assertEqual(answer.status, 200)
            lines = answer.body.decode("utf-8-sig").splitlines()
            self.assertEqual(len(lines), CUSTOMERS + 1)
            self.assertEqual(int(answer.headers["X-Row-Count"]), CUSTOMERS)
            self.assertEqual(answer.headers["X-Content-Hash"], hashlib.blake2b(answer.body, digest_size=32).hexdigest())
            self.assertEqual(len({line.split(",")[0] for line in lines[1:]}), CUSTOMERS)
            self.assertFalse([line for line in lines if ",=1" in line], "a formula for a spreadsheet")
            whole = manager.get("/customers/export", purpose="all of them", format="parquet")
            self.assertEqual(int(whole.headers["X-Row-Count"]), CUSTOMERS)
            self.assertEqual(whole.body[:4] + whole.body[-4:], b"PAR1PAR1")
            logged = admin.get("/exports").json["items"]
            self.assertEqual([entry["rows"] for entry in logged], [CUSTOMERS, CUSTOMERS])
            self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    served.run_tests(globals())

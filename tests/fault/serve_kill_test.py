#!/usr/bin/env python3
"""The server is killed again and again while it writes: what it acknowledged is there afterwards, jobs go on or are marked.

  serve_kill_test.py --program build/dev/fenqun [--kills 4]
"""
import argparse
import http.client
import json
import pathlib
import random
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "api"))
import served  # noqa: E402

ROLES = ("agent", "auditor", "inspector")


class Writer(threading.Thread):
    """Adds keys and keeps those that the server acknowledged, until the server is gone."""

    def __init__(self, admin, number, round_):
        super().__init__()
        self.admin, self.number, self.round, self.acknowledged = admin, number, round_, []

    def run(self):
        for n in range(10_000):
            name = f"k{self.round}-{self.number}-{n}"
            try:
                answer = self.admin.ask("POST", "/keys", {"name": name, "role": ROLES[n % len(ROLES)]}, timeout=20)
            except (OSError, http.client.HTTPException):
                return
            if answer.status == 429:
                time.sleep(0.2)
            elif answer.status == 201:
                self.acknowledged.append(answer.json["key"])


def all_of(caller, path):
    out = []
    for page in range(1, 1000):
        answer = caller.get(path, page=page, page_size=500).json
        out += answer["items"]
        if len(out) >= answer["total"]:
            return out
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--kills", type=int, default=4)
    arguments = parser.parse_args()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as temporary:
        workspace = pathlib.Path(temporary) / "ws"
        assert served.fenqun(arguments.program, "init", workspace, "--name", "t").returncode == 0
        server = served.Server(arguments.program, workspace)
        admin = server.first_administrator()
        answer = admin.ask("POST", "/users", {"user": "worker", "role": "analyst", "password": served.PASSWORD, "sees_all": True})
        assert answer.status == 201, answer.body
        kept, jobs = set(), set()
        for round_ in range(arguments.kills):
            worker = served.Caller(server.port).log_in("worker")
            writers = [Writer(admin, n, round_) for n in range(4)]
            for writer in writers:
                writer.start()
            for _ in range(3):
                job = worker.ask("POST", "/jobs", {"kind": "prepare"})
                assert job.status == 202, job.body
                jobs.add(job.json["job"])
            time.sleep(chance.uniform(0.1, 1.5))
            server.kill()
            for writer in writers:
                writer.join()
                kept.update(writer.acknowledged)
            server = served.Server(arguments.program, workspace)
            admin.port = server.port
            found = {key["key"] for key in all_of(admin, "/keys")}
            assert kept <= found, f"{len(kept - found)} acknowledged keys are gone after kill {round_ + 1}"
            assert admin.get("/audit/verification").json["intact"], "the audit trail is broken"
        deadline = time.monotonic() + 60
        states = {}
        while time.monotonic() < deadline:
            states = {job["job"]: job for job in all_of(admin, "/jobs")}
            if all(job["state"] not in ("queued", "running") for job in states.values()):
                break
            time.sleep(0.5)
        assert jobs <= set(states), "an acknowledged job is gone"
        for job in states.values():
            assert job["state"] in ("done", "failed", "cancelled"), job
            assert job["state"] != "failed" or job["problem"]["detail"], job
        assert server.stop() == 0
        print(json.dumps({"kills": arguments.kills, "writes_kept": len(kept), "jobs": len(jobs)}))


if __name__ == "__main__":
    main()

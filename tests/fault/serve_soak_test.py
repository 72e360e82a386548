#!/usr/bin/env python3
"""The server under mixed load for a while: its memory stays flat and every answer is one that is told of.

  serve_soak_test.py --program build/dev/fenqun [--seconds 20] [--customers 500] [--callers 4] [--most-growth 1.5]

Callers look up who calls, search, open customers, page through lists, export, log in, start jobs, and ask wrongly. Memory
(resident) is looked at all the time; its growth is that of the last quarter over the mean of the quarter that follows the
warm-up (the first tenth). A short turn says little of growth: it allows more of it.
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

TOLD_MINUTES = (2, 5, 10, 15, 20)
GOOD = {200, 201, 202, 204, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429}
PAUSE_S = 0.02


def memory_mib(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


class Load(threading.Thread):
    """One caller who does one thing after the other, drawn with a seed of its own."""

    def __init__(self, number, port, keys, customers, until):
        super().__init__()
        self.chance = random.Random(number)
        self.port, self.customers, self.until = port, customers, until
        self.manager, self.analyst = (served.Caller(port, key=keys[role]) for role in ("manager", "analyst"))
        self.asked, self.odd = {}, []

    def things(self):
        some = self.chance.choice(self.customers)
        manager, analyst = self.manager, self.analyst
        return {
            "route": lambda: manager.get("/route", customer=some["customer_id"]),
            "route_phone": lambda: manager.get("/route", phone=some["contact_phone"] or "1"),
            "search": lambda: manager.get("/search", q=some["customer_id"][:6]),
            "customer": lambda: manager.get("/customers/" + some["customer_id"]),
            "list": lambda: manager.get("/customers", page=self.chance.randrange(1, 20), page_size=50),
            "overview": lambda: manager.get("/overview"),
            "groups": lambda: manager.get("/org-units", scheme="level1"),
            "runs": lambda: analyst.get("/runs"),
            "wrong": lambda: manager.get("/customers", page="x"),
            "nowhere": lambda: manager.ask("PATCH", "/nowhere", b"{"),
            "refused": lambda: manager.get("/users"),
            "stranger": lambda: served.Caller(self.port).get("/customers"),
        }

    def rare(self):
        analyst = self.analyst
        return {
            "export": lambda: analyst.get("/customers/export", format=self.chance.choice(("csv", "parquet")), purpose="soak"),
            "login": lambda: served.Caller(self.port).log_in("worker").ask("DELETE", "/session"),
            "job": lambda: analyst.ask("POST", "/jobs", {"kind": self.chance.choice(("prepare", "report"))})
            if analyst.get("/jobs", state="queued").json["total"] == 0 else analyst.get("/jobs"),
        }

    def run(self):
        while time.monotonic() < self.until:
            things = self.rare() if self.chance.random() < 0.02 else self.things()
            name = self.chance.choice(sorted(things))
            try:
                answer = things[name]()
            except (OSError, http.client.HTTPException) as failure:
                self.odd.append(f"{name}: {failure!r}")
                return
            self.asked[name] = self.asked.get(name, 0) + 1
            if answer.status not in GOOD:
                self.odd.append(f"{name}: {answer.status} {answer.body[:300]}")
            time.sleep(PAUSE_S)


def growth(samples):
    """Of the last quarter's mean over that of the quarter after the warm-up."""
    count = len(samples)
    early, late = samples[count // 10:count // 10 + count // 4], samples[-(count // 4):]
    return (sum(late) / len(late)) / (sum(early) / len(early)) - 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--customers", type=int, default=500)
    parser.add_argument("--callers", type=int, default=4)
    parser.add_argument("--most-growth", type=float, default=1.5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        workspace = served.make_workspace(arguments.program, temporary, arguments.customers, ("level1",))
        server = served.Server(arguments.program, workspace)
        admin = server.first_administrator()
        made = admin.ask("POST", "/users", {"user": "worker", "role": "analyst", "password": served.PASSWORD})
        assert made.status == 201, made.body
        keys = {role: admin.ask("POST", "/keys", {"name": role, "role": role, "sees_all": True}).json["secret"] for role in ("manager", "analyst")}
        customers = served.Caller(server.port, key=keys["manager"]).get("/customers", page_size=500).json["items"]
        begun = time.monotonic()
        until = begun + arguments.seconds
        load = [Load(n, server.port, keys, customers, until) for n in range(arguments.callers)]
        for one in load:
            one.start()
        samples, told = [], list(TOLD_MINUTES)
        while time.monotonic() < until:
            time.sleep(min(1.0, arguments.seconds / 100))
            samples.append(memory_mib(server.process.pid))
            if told and time.monotonic() - begun >= told[0] * 60 - 1:
                print(f"minute {told.pop(0)}: {samples[-1]:.1f} MiB", flush=True)
        for one in load:
            one.join()
        assert server.stop() == 0
    odd = [line for one in load for line in one.odd]
    asked = {}
    for one in load:
        for name, count in one.asked.items():
            asked[name] = asked.get(name, 0) + count
    grown = growth(samples)
    print(json.dumps({"seconds": arguments.seconds, "requests": sum(asked.values()), "asked": asked, "first_mib": round(samples[0], 1),
                      "last_mib": round(samples[-1], 1), "most_mib": round(max(samples), 1), "growth": round(grown, 4)}))
    assert not odd, "\n".join(odd[:10])
    assert grown <= arguments.most_growth, f"memory grew by {grown:.1%}, at most {arguments.most_growth:.0%} is allowed"


if __name__ == "__main__":
    main()

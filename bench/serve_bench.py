#!/usr/bin/env python3
"""How quick the server answers on loopback: look-ups of callers at a steady rate, searches, whole customers, overview; look-ups
while groups are made by a job of the same server; and how soon the overview stands in Chromium (where node and it are there).

  serve_bench.py --build build/bench [--workspace DIR | --customers 1000000] [--out FILE]

Without a workspace one is made of a synthetic city with two months of records, below the build folder; it is kept.
"""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/api"))
import served  # noqa: E402

ASKED = 2000  # customers drawn
ENDED = ("done", "failed", "cancelled")


def make(program, build, customers):
    workspace = build / f"serve_{customers}"
    if workspace.exists():
        return workspace
    data = build / f"serve_data_{customers}"
    for words in (("datagen", "--profile", "city", "--customers", customers, "--months", 14, "--reading-months", 1, "--out", data),
                  ("init", workspace, "--name", "bench"), ("run", "-w", workspace, "--from", data, "--scheme", "level1")):
        subprocess.run([program, *map(str, words)], check=True, stdout=subprocess.DEVNULL)
    return workspace


def wait_until(caller, job, states):
    while True:
        found = caller.get(f"/jobs/{job}").json
        if found["state"] in states:
            return found
        time.sleep(0.02)


def grouping(analyst, schemes):
    """Starts a job that makes groups; returns it when it runs."""
    answer = analyst.ask("POST", "/jobs", {"kind": "segment", "schemes": schemes})
    assert answer.status == 202, answer.body
    wait_until(analyst, answer.json["job"], ("running", *ENDED))
    return answer.json["job"]


def first_page(server, node):
    done = subprocess.run([node, str(ROOT / "web/tests/first_page.mjs"), "--server", f"http://127.0.0.1:{server.port}", "--user", "viewer",
                           "--password", served.PASSWORD], capture_output=True, text=True)
    if done.returncode != 0:
        return {"failed": (done.stderr or done.stdout).strip()[-300:]}
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--workspace", type=pathlib.Path)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--schemes", default="dongguan_revenue,dongguan_arrears,dongguan_influence,dongguan_growth",
                        help="made in the background while callers are looked up")
    parser.add_argument("--out", type=pathlib.Path)
    arguments = parser.parse_args()
    program = arguments.build / "fenqun"
    workspace = arguments.workspace or make(program, arguments.build, arguments.customers)
    server = served.Server(str(program), workspace)
    figures = {}
    try:
        admin = served.Caller(server.port)
        if admin.get("/setup").json["needed"]:
            admin = server.first_administrator()
        else:  # of an earlier turn
            admin.log_in("admin")
        key = admin.ask("POST", "/keys", {"name": "bench", "role": "manager", "sees_all": True}).json["secret"]
        caller = served.Caller(server.port, key=key)
        total = caller.get("/customers", page_size=1).json["total"]
        chance = random.Random(1)
        drawn = []
        while len(drawn) < min(ASKED, total):
            page = chance.randrange(max(1, total // 500)) + 1
            drawn += caller.get("/customers", page=page, page_size=500).json["items"]

        def run(name, paths, rate, threads, seconds=arguments.seconds):
            file = arguments.build / "serve_paths.txt"
            file.write_text("".join("/api/v1" + path + "\n" for path in paths), encoding="utf-8")
            words = [server.port, key, file, rate, seconds, threads]
            done = subprocess.run([arguments.build / "serve_tool", *map(str, words)], capture_output=True, text=True)
            figures[name] = json.loads(done.stdout)
            print(name, done.stdout.strip(), flush=True)

        quoted = urllib.parse.quote
        phones = [c["contact_phone"] for c in drawn if c["contact_phone"]]
        words = [part for c in drawn for part in (c["customer_id"][:7], (c["customer_name"] or "")[:2], (c["address"] or "")[-6:])
                 if len(part) > 1]
        run("route by customer", ["/route?customer=" + quoted(c["customer_id"]) for c in drawn], 2000, 16)
        run("route by phone", ["/route?phone=" + quoted(phone) for phone in phones], 2000, 16)
        run("search", ["/search?q=" + quoted(word) for word in words], 20, 4)
        run("customer", ["/customers/" + quoted(c["customer_id"]) for c in drawn], 5, 2, 40)
        run("overview", ["/overview"], 1, 1)
        analyst = served.Caller(server.port, key=admin.ask("POST", "/keys", {"name": "jobs", "role": "analyst"}).json["secret"])
        job = grouping(analyst, arguments.schemes.split(","))
        run("route while groups are made", ["/route?customer=" + quoted(c["customer_id"]) for c in drawn], 2000, 16)
        state = analyst.get(f"/jobs/{job}").json["state"]
        figures["route while groups are made"]["job_still_ran"] = state == "running"
        print("the job afterwards:", state, flush=True)
        wait_until(analyst, job, ENDED)
        node = shutil.which("node")
        if node:
            admin.ask("POST", "/users", {"user": "viewer", "role": "leader", "password": served.PASSWORD})
            figures["first page"] = first_page(server, node)
            print("first page", json.dumps(figures["first page"]), flush=True)
    finally:
        server.stop()
    if arguments.out:
        arguments.out.write_text(json.dumps({"customers": total, "answers": figures}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

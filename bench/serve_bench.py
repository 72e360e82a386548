#!/usr/bin/env python3
"""How quick the server answers on loopback: look-ups of callers at a steady rate, searches, whole customers, overview.

  serve_bench.py --build build/bench [--workspace DIR | --customers 1000000] [--out FILE]

Without a workspace one is made of a synthetic city with two months of records, below the build folder; it is kept.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/api"))
import served  # noqa: E402

ASKED = 2000  # customers drawn


def make(program, build, customers):
    workspace = build / f"serve_{customers}"
    if workspace.exists():
        return workspace
    data = build / f"serve_data_{customers}"
    for words in (("datagen", "--profile", "city", "--customers", customers, "--months", 14, "--reading-months", 1, "--out", data),
                  ("init", workspace, "--name", "bench"), ("run", "-w", workspace, "--from", data, "--scheme", "level1")):
        subprocess.run([program, *map(str, words)], check=True, stdout=subprocess.DEVNULL)
    return workspace


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--workspace", type=pathlib.Path)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=10)
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

        def run(name, paths, rate, threads):
            file = arguments.build / "serve_paths.txt"
            file.write_text("".join("/api/v1" + path + "\n" for path in paths), encoding="utf-8")
            words = [server.port, key, file, rate, arguments.seconds, threads]
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
        run("customer", ["/customers/" + quoted(c["customer_id"]) for c in drawn], 2, 2)
        run("overview", ["/overview"], 1, 1)
    finally:
        server.stop()
    if arguments.out:
        arguments.out.write_text(json.dumps({"customers": total, "answers": figures}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

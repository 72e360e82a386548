#!/usr/bin/env python3
"""Every page of the web interface, as each role, served by the program from a made-up utility with published groups.

What is looked at stands in web/tests/real_pages.mjs. Exit 77: the program has no `serve`.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

SCHEMES = ["level1", "dongguan_revenue", "dongguan_arrears", "personas"]


def run(program, *arguments):
    done = subprocess.run([program, *arguments], text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"fenqun {' '.join(arguments)}: {done.returncode}\n{done.stderr}")
    return done.stdout


def make_workspace(program, folder):
    """Two months of groups, those of the first published, of the second but one."""
    data, workspace = str(folder / "data"), str(folder / "workspace")
    run(program, "datagen", "--profile", "tianhe", "--seed", "1", "--customers", "1500", "--months", "24", "--out", data)
    run(program, "init", workspace, "--name", "天河供电所")
    run(program, "ingest", "-w", workspace, data)
    for month in ("2026-05", "2026-06"):
        run(program, "prepare", "-w", workspace, "--month", month)
        run(program, "segment", "-w", workspace, "--month", month, *(word for one in SCHEMES for word in ("--scheme", one)))
        runs = [one["run_id"] for one in json.loads(run(program, "runs", "list", "-w", workspace, "--json"))
                if one["as_of"] == month and (month == "2026-05" or one["scheme"] != "personas")]
        run(program, "runs", "review", "-w", workspace, "--accept", "--by", "li", "--reason", "looked at", *runs)
        run(program, "runs", "publish", "-w", workspace, "--by", "chen", "--reason", "monthly", *runs)
    return workspace


def wait_for(log, pattern, server):
    for _ in range(600):
        found = re.search(pattern, log.read_text(encoding="utf-8"))
        if found:
            return found.group(1)
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"the server said:\n{log.read_text(encoding='utf-8')}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--node", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--languages", default="zh,en")
    options, further = parser.parse_known_args()  # further ones are those of real_pages.mjs
    if subprocess.run([options.program, "serve", "--help"], capture_output=True, check=False).returncode != 0:
        print("this program has no `serve`")
        return 77
    pages = pathlib.Path(__file__).resolve().parent.parent.parent / "web/tests/real_pages.mjs"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        workspace = make_workspace(options.program, folder)
        log = folder / "serve.log"
        with open(log, "w", encoding="utf-8") as out:
            server = subprocess.Popen([options.program, "serve", "-w", workspace, "--listen", "127.0.0.1:0"],
                                      stdout=out, stderr=subprocess.STDOUT)
            try:
                address = wait_for(log, r"(\w+://[0-9.:]+)", server)
                token = wait_for(log, r"\b([0-9a-f]{32})\b", server)
                return subprocess.run([options.node, str(pages), "--server", address, "--token", token, "--out", options.out,
                                       "--languages", options.languages, *further], check=False).returncode
            finally:
                server.terminate()
                server.wait(timeout=30)


if __name__ == "__main__":
    sys.exit(main())

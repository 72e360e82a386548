#!/usr/bin/env python3
"""From a published group to points for a visit, as people go through it in browsers: web/tests/story.mjs against a
program that serves a small made-up utility.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from served_pages_test import run, wait_for

SCHEME = "dongguan_revenue"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--node", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    story = pathlib.Path(__file__).resolve().parent.parent.parent / "web/tests/story.mjs"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        data, workspace = str(folder / "data"), str(folder / "workspace")
        run(options.program, "datagen", "--profile", "tianhe", "--seed", "1", "--customers", "600", "--months", "24", "--out", data)
        run(options.program, "init", workspace, "--name", "天河供电所")
        run(options.program, "ingest", "-w", workspace, data)
        run(options.program, "prepare", "-w", workspace)
        made = json.loads(run(options.program, "segment", "-w", workspace, "--scheme", SCHEME, "--json"))
        log = folder / "serve.log"
        with open(log, "w", encoding="utf-8") as out:
            server = subprocess.Popen([options.program, "serve", "-w", workspace, "--listen", "127.0.0.1:0"],
                                      stdout=out, stderr=subprocess.STDOUT)
            try:
                address = wait_for(log, r"(\w+://[0-9.:]+)", server)
                token = wait_for(log, r"\b([0-9a-f]{32})\b", server)
                return subprocess.run([options.node, str(story), "--server", address, "--token", token, "--out", options.out,
                                       "--run", made["runs"][0]["run_id"]], check=False).returncode
            finally:
                server.terminate()
                server.wait(timeout=30)


if __name__ == "__main__":
    sys.exit(main())

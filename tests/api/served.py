"""A real server on a free port of the loopback, over a small synthetic utility; and callers of its interface."""
import argparse
import http.client
import json
import pathlib
import re
import signal
import subprocess
import sys
import threading
import unittest
import urllib.parse

PASSWORD = "a long enough password"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Caller:
    """Somebody who asks: a browser with its cookie and CSRF token, or a program with a key."""

    def __init__(self, port, key=None):
        self.port, self.key, self.cookie, self.csrf = port, key, None, None

    def ask(self, method, path, body=None, query=None, headers=None, timeout=120):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        target = "/api/v1" + urllib.parse.quote(path) if not path.startswith("!") else path[1:]
        if query:
            target += "?" + urllib.parse.urlencode(query)
        sent = {"Accept-Language": "en"}
        if self.key:
            sent["Authorization"] = "Bearer " + self.key
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.csrf and method != "GET":
            sent["X-CSRF-Token"] = self.csrf
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        connection.request(method, target, body=body, headers={k: v for k, v in sent.items() if v is not None})
        answer = connection.getresponse()
        out = Answer(answer.status, dict(answer.getheaders()), answer.read())
        connection.close()
        return out

    def get(self, path, **query):
        return self.ask("GET", path, query=query)

    def take_session(self, answer):
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.csrf = answer.json["csrf"]
        return self

    def log_in(self, user, password=PASSWORD):
        answer = self.ask("POST", "/session", {"user": user, "password": password}, headers={"Cookie": None})
        assert answer.status == 200, answer.body
        return self.take_session(answer)


class Server:
    def __init__(self, program, workspace, *words):
        self.process = subprocess.Popen([program, "serve", "-w", str(workspace), "--listen", "127.0.0.1:0", "--lang", "en", *words],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        if "127.0.0.1:" not in first:
            raise AssertionError(first + self.process.stderr.read())
        self.port = int(re.search(r":(\d+)\s*$", first).group(1))
        self.log = []  # a pipe that nobody reads would stop the server once it is full
        self.reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self.reader.start()

    def token(self):
        return re.search(r"([0-9a-f]{32})", self.process.stdout.readline()).group(1)

    def first_administrator(self):
        caller = Caller(self.port)
        answer = caller.ask("POST", "/setup", {"token": self.token(), "user": "admin", "password": PASSWORD})
        assert answer.status == 201, answer.body
        return caller.take_session(answer)

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(timeout=60)
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.returncode

    def kill(self):
        return self.stop(signal.SIGKILL)


def fenqun(program, *words):
    return subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=600)


def make_workspace(program, folder, customers=500, schemes=("level1", "dongguan_revenue")):
    """A utility with runs of the schemes, reviewed and published; returns the workspace."""
    folder = pathlib.Path(folder)
    workspace = folder / "ws"

    def must(*words):
        done = fenqun(program, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    must("datagen", "--profile", "city", "--customers", customers, "--reading-months", 2, "--out", folder / "data")
    must("init", workspace, "--name", "测试供电局")
    chosen = [word for scheme in schemes for word in ("--scheme", scheme)]
    outcome = json.loads(must("run", "-w", workspace, "--from", folder / "data", *chosen, "--json"))
    for run in outcome["segment"]["runs"]:
        must("runs", "review", run["run_id"], "-w", workspace, "--accept", "--by", "tester", "--reason", "ok")
        must("runs", "publish", run["run_id"], "-w", workspace, "--by", "tester", "--reason", "ok")
    return workspace


def run_tests(module):
    """The tests of a module that is run as a program: `--program` is the program that they start."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    arguments, rest = parser.parse_known_args()
    module["PROGRAM"] = arguments.program
    unittest.main(module=module["__name__"], argv=[sys.argv[0], *rest])

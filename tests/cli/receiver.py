#!/usr/bin/env python3
"""A platform that takes notices, in a process of its own, and is no better than real ones: it fails, delays, lies, hangs
up. Writes a line of JSON for each request to a log. Prints its port.

  receiver.py LOG SECRET MODE
  mode: good | refuse (400) | down (503) | flaky: each notice gets 503, then an answer that names another notice, then is
  hung up on; one in 64 is then taken after the caller's patience ended, and taken again.
"""
import hashlib
import hmac
import http.server
import json
import sys
import time

LOG, SECRET, MODE = sys.argv[1:]
seen = {}


def flaky(key):
    return ["fail", "lie", "hang_up"] + (["late"] if int(key[:4], 16) % 64 == 0 else []) + ["take"]


class Platform(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = self.headers["Idempotency-Key"]
        wanted = hmac.new(SECRET.encode(), (self.headers["X-Fenqun-Timestamp"] + ".").encode() + body, hashlib.sha256).hexdigest()
        turn = seen[key] = seen.get(key, 0) + 1
        step = {"good": "take", "refuse": "refuse", "down": "fail"}.get(MODE) or flaky(key)[min(turn, len(flaky(key))) - 1]
        with open(LOG, "a", encoding="utf-8") as log:
            log.write(json.dumps({"key": key, "signed": self.headers["X-Fenqun-Signature"] == "sha256=" + wanted,
                                  "step": step, "body": json.loads(body)}) + "\n")
        if step == "hang_up":
            self.close_connection = True
            return
        if step == "late":
            time.sleep(1.6)
        status = {"fail": 503, "refuse": 400}.get(step, 200)
        answer = {"take": {"accepted": key}, "late": {"accepted": key}, "lie": {"accepted": "0" * 32}}.get(step, {"error": step})
        text = json.dumps(answer).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Platform)
print(server.server_port, flush=True)
server.serve_forever()

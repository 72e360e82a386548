#!/usr/bin/env python3
"""Notices to customers against platforms that fail, delay, repeat and lie, each in a process of its own; mail; files.

  notices_test.py --program build/dev/fenqun
"""
import argparse
import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM = ""
HERE = pathlib.Path(__file__).resolve().parent
SECRET = "correct horse battery staple"
ALWAYS = 'quiet_hours: {from: "00:00", to: "00:00"}'


def flaky(key):
    """As receiver.py does."""
    return ["fail", "lie", "hang_up"] + (["late"] if int(key[:4], 16) % 64 == 0 else []) + ["take"]


def fenqun(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=600)


class Platform:
    def __init__(self, folder, mode):
        self.log = folder / f"{mode}.log"
        self.log.write_text("")
        self.process = subprocess.Popen([sys.executable, str(HERE / "receiver.py"), str(self.log), SECRET, mode], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def requests(self):
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class MailServer:
    """Takes mails; the address refused@ is refused for good, later@ for now."""

    def __init__(self):
        self.mails = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                self.talk(stream)

    def talk(self, stream):
        def say(line):
            stream.write(line.encode() + b"\r\n")
            stream.flush()
        say("220 ready")
        to = ""
        while line := stream.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                say("354 go on")
                lines = []
                while (one := stream.readline().decode().rstrip("\r\n")) != ".":
                    lines.append(one)
                self.mails.append((to, lines))
                say("250 taken")
            elif word == "RCPT":
                to = line.split("<")[1].split(">")[0]
                say("550 no such user" if to.startswith("refused") else "451 later" if to.startswith("later") else "250 ok")
            elif word == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


class Notices(unittest.TestCase):
    """One small synthetic utility with a plan; every test works on a copy of it."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.made = cls.folder / "made"
        for words in (("datagen", "--profile", "city", "--customers", 500, "--reading-months", 1, "--out", cls.folder / "data"),
                      ("init", cls.made, "--name", "测试供电所"), ("ingest", "-w", cls.made, cls.folder / "data"), ("prepare", "-w", cls.made)):
            done = fenqun(*words)
            assert done.returncode == 0, done.stderr
        runs = json.loads(fenqun("segment", "-w", cls.made, "--scheme", "dongguan_revenue", "--scheme", "need_level", "--json").stdout)["runs"]
        for words in (("review", *[run["run_id"] for run in runs], "--accept", "--by", "王", "--reason", "好"),
                      ("publish", *[run["run_id"] for run in runs], "--by", "李")):
            done = fenqun("runs", *words, "-w", cls.made)
            assert done.returncode == 0, done.stderr
        # Every customer is to be told one thing, and may be.
        strategies = cls.made / "config/strategies"
        strategies.mkdir(parents=True)
        shipped = pathlib.Path(__file__).resolve().parents[2] / "config/strategies/rules.yaml"
        strategies.joinpath("rules.yaml").write_text(
            shipped.read_text(encoding="utf-8").replace('quiet_hours: {from: "21:00", to: "08:00"}', ALWAYS), encoding="utf-8")
        strategies.joinpath("mine.yaml").write_text(
            "book: mine\nversion: 1\ntitle: {zh: 我的, en: Mine}\nsource: {zh: 测试, en: Test}\ndepartment: service\ncells:\n"
            "  - cell: mine_told\n    requirements: [R373]\n    when: \"late_bills_12m >= 0 or late_bills_12m is missing\"\n"
            "    text: {zh: 告知, en: Tell}\n    actions:\n      - {action: tell, order: notice, on: month, channel: sms, urgent: true, "
            "text: {zh: 告知, en: Tell}, message: {zh: \"尊敬的{customer_name}（{customer_id}），详询{hotline}。\", en: \"Dear {customer_name}\"}}\n", encoding="utf-8")
        done = fenqun("strategy", "check", "-w", cls.made, "--lang", "en")
        assert done.returncode == 0, done.stdout + done.stderr
        done = fenqun("strategy", "plan", "-w", cls.made, "--by", "王", "--json")  # of a month that is over: all is due
        assert done.returncode == 0, done.stderr
        cls.month = json.loads(done.stdout)["month"]
        cls.orders = [order for order in json.loads(fenqun("orders", "list", "-w", cls.made, "--type", "notice", "--limit", 0, "--json").stdout)["orders"]
                      if order["reasons"] == "mine_told.tell"]
        assert len(cls.orders) > 80, len(cls.orders)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def setUp(self):
        self.workspace = self.folder / self.id().rsplit(".", 1)[1]
        subprocess.run(["cp", "-r", self.made, self.workspace], check=True)
        (self.workspace / "secrets").mkdir()
        (self.workspace / "secrets/sms").write_text(SECRET + "\n")

    def channels(self, text, retries="{most: 6, first_wait_s: 1, longest_wait_s: 1}"):
        (self.workspace / "config/notices.yaml").write_text(f"channels:\n  sms: {text}\nretries: {retries}\nloud: [sms]\n", encoding="utf-8")

    def hook(self, port, more=""):
        return f'{{adapter: web_hook, url: "http://127.0.0.1:{port}/notices", secret_file: secrets/sms, timeout_s: 1{more}}}'

    def good(self, *words):
        done = fenqun(*words, "-w", self.workspace, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def send(self, *words):
        return self.good("notices", "send", "--month", self.month, *words)

    def states(self):
        out = {}
        for one in self.good("notices", "list", "--channel", "sms", "--limit", 0)["notices"]:
            if one["text"].startswith("尊敬的") and one["order"] in {order["order"] for order in self.orders}:
                out.setdefault(one["state"], []).append(one)
        return out

    def send_until(self, done, tries=40):
        for _ in range(tries):
            self.send()
            if done(self.states()):
                return
            time.sleep(1.1)
        self.fail(f"not done: { {state: len(ones) for state, ones in self.states().items()} }")

    def test_rehearsal_sends_nothing(self):
        platform = Platform(self.folder, "good")
        self.addCleanup(platform.stop)
        self.channels(self.hook(platform.port))
        seen = self.send("--rehearse")
        self.assertGreaterEqual(seen["channels"]["sms"]["due"], len(self.orders))
        self.assertEqual(seen["channels"]["sms"]["sent"], 0)
        self.assertIn("95598", seen["examples"][0]["text"])
        self.assertNotIn("{", seen["examples"][0]["text"])
        self.assertEqual(platform.requests(), [])
        self.assertEqual(set(self.states()), {"queued"})

    def test_notices_are_made_and_sent_once(self):
        platform = Platform(self.folder, "good")
        self.addCleanup(platform.stop)
        self.channels(self.hook(platform.port))
        first = self.send()
        self.assertEqual(first["made"]["made"], first["made"]["queued"] + first["made"]["incomplete"] + first["made"]["no_recipient"])
        again = self.send()
        self.assertEqual((again["made"]["made"], again["channels"]), (0, {name: one for name, one in again["channels"].items() if name != "sms"}))
        asked = platform.requests()
        self.assertEqual(len({one["key"] for one in asked}), len(asked))
        self.assertTrue(all(one["signed"] for one in asked))
        self.assertEqual(set(self.states()), {"sent"})
        order = self.good("orders", "show", self.orders[0]["order"])
        self.assertEqual((order["state"], order["outcome"]), ("closed", "delivered"))

    def test_a_platform_that_fails_delays_and_lies_loses_nothing_and_gets_nothing_twice(self):
        platform = Platform(self.folder, "flaky")
        self.addCleanup(platform.stop)
        self.channels(self.hook(platform.port))
        self.send_until(lambda states: set(states) == {"sent"})
        asked = platform.requests()
        keys = {one["key"] for one in asked}
        self.assertGreaterEqual(len(keys), len(self.orders))
        self.assertTrue(all(one["signed"] for one in asked))
        late = 0
        for key in keys:
            mine = [one for one in asked if one["key"] == key]
            self.assertEqual([one["step"] for one in mine], flaky(key))
            self.assertEqual(len({json.dumps(one["body"]) for one in mine}), 1)
            late += "late" in flaky(key)
        self.assertGreater(late, 0)

    def test_a_platform_that_is_down_makes_dead_letters_that_can_be_sent_again(self):
        down = Platform(self.folder, "down")
        self.channels(self.hook(down.port), "{most: 2, first_wait_s: 1, longest_wait_s: 1}")
        self.send_until(lambda states: set(states) == {"dead"})
        down.stop()
        dead = self.states()["dead"]
        self.assertTrue(all(one["attempts"] == 2 and "503" in one["last_error"] for one in dead))
        good = Platform(self.folder, "good")
        self.addCleanup(good.stop)
        self.channels(self.hook(good.port))
        self.good("notices", "retry", dead[0]["notice"])
        self.send()
        self.assertEqual([one["key"] for one in good.requests()], [dead[0]["notice"]])
        states = self.states()
        self.assertEqual((len(states["sent"]), len(states["dead"])), (1, len(dead) - 1))
        refused = fenqun("notices", "retry", dead[0]["notice"], "-w", self.workspace, "--lang", "en")
        self.assertEqual(refused.returncode, 4, refused.stderr)

    def test_what_is_refused_is_not_tried_again(self):
        platform = Platform(self.folder, "refuse")
        self.addCleanup(platform.stop)
        self.channels(self.hook(platform.port))
        self.send()
        self.send()
        self.assertEqual(set(self.states()), {"dead"})
        asked = platform.requests()
        self.assertEqual(len({one["key"] for one in asked}), len(asked))

    def test_killed_in_the_middle_nothing_is_lost_and_every_key_is_known(self):
        platform = Platform(self.folder, "good")
        self.addCleanup(platform.stop)
        self.channels(self.hook(platform.port))
        self.send("--only-make")
        running = subprocess.Popen([PROGRAM, "notices", "send", "-w", str(self.workspace), "--month", self.month], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(2000):
            if len(platform.requests()) >= 10 or running.poll() is not None:
                break
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
        running.wait()
        self.send()
        self.assertEqual(set(self.states()), {"sent"})
        asked = platform.requests()
        self.assertGreaterEqual(len({one["key"] for one in asked}), len(self.orders))
        for key in {one["key"] for one in asked}:
            self.assertEqual(len({json.dumps(one["body"]) for one in asked if one["key"] == key}), 1)

    def test_files_hold_each_notice_once(self):
        self.channels("{adapter: file_drop, folder: outbox/sms}")
        self.send()
        self.send()
        lines = [json.loads(line) for file in sorted((self.workspace / "outbox/sms").glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
        self.assertEqual(len({line["notice"] for line in lines}), len(lines))
        self.assertGreaterEqual(len(lines), len(self.orders))

    def test_mail(self):
        server = MailServer()
        self.addCleanup(server.socket.close)
        self.channels(f"{{adapter: smtp, host: 127.0.0.1, port: {server.port}, tls: none, from: a@example.com, subject: 供电服务通知}}")
        # Phone numbers are as good as addresses here.
        sent = self.send()["channels"]["sms"]["sent"]
        self.assertEqual(len(server.mails), sent)
        to, lines = server.mails[0]
        self.assertRegex(to, r"^\d+$")
        self.assertTrue(any(line.startswith("Message-ID: <") for line in lines))
        self.assertEqual(len({next(line for line in mail if line.startswith("Message-ID")) for _, mail in server.mails}), sent)

    def test_quiet_hours_hold_back_what_is_loud(self):
        rules = self.workspace / "config/strategies/rules.yaml"
        rules.write_text(rules.read_text(encoding="utf-8").replace(ALWAYS, 'quiet_hours: {from: "00:00", to: "24:00"}'), encoding="utf-8")
        self.channels("{adapter: file_drop, folder: outbox/sms}")
        counts = self.send()["channels"]["sms"]
        self.assertEqual((counts["quiet"], counts["sent"]), (counts["due"], 0))
        self.assertEqual(set(self.states()), {"queued"})

    def test_wrong_settings_are_refused_and_nothing_is_sent(self):
        for text, told in (("{adapter: pigeon}", "pigeon"), ("{adapter: web_hook, secret_file: secrets/sms}", "url"),
                           ('{adapter: web_hook, url: "ftp://127.0.0.1", secret_file: secrets/sms}', "ftp://127.0.0.1"),
                           ('{adapter: web_hook, url: "http://127.0.0.1:9", secret_file: secrets/none}', "secrets/none"),
                           ("{adapter: smtp, host: x, port: 99999, from: a, subject: b}", "99999"), ("{adapter: none, colour: red}", "colour")):
            with self.subTest(text):
                self.channels(text)
                done = fenqun("notices", "send", "-w", self.workspace, "--month", self.month, "--lang", "en")
                self.assertIn(done.returncode, (1, 2, 3), done.stdout + done.stderr)
                self.assertIn(told, done.stderr)
        self.assertEqual(self.states(), {})

    def test_a_channel_without_adapter_waits(self):
        self.channels("{adapter: none}")
        counts = self.send()["channels"]["sms"]
        self.assertEqual(counts["waiting"], counts["due"])
        self.assertEqual(set(self.states()), {"queued"})


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    arguments, rest = parser.parse_known_args()
    PROGRAM = str(pathlib.Path(arguments.program).resolve())
    unittest.main(argv=[sys.argv[0], *rest])

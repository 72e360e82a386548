"""Chromium without a window, spoken to through its debugging pipe: nothing beyond Python and the browser is needed."""
import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions",
         "--hide-scrollbars", "--force-color-profile=srgb", "--remote-debugging-pipe"]


class BrowserError(Exception):
    pass


class Browser:
    """One browser with a profile of its own, and one page in it. What the page does is kept in `events`."""

    def __init__(self, program="chromium", patience_s=60):
        self.patience_s = patience_s
        self.events = []
        self._number = 0
        self._buffer = b""
        self._session = None
        self._profile = tempfile.mkdtemp(prefix="fenqun-web-")
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()

        def connect():
            # The browser reads commands from descriptor 3 and writes answers to 4. Moved out of the way first: one
            # end may happen to be 3 or 4 already.
            reading, writing = os.dup(to_read), os.dup(to_write)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self._profile}", "about:blank"], preexec_fn=connect, close_fds=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(to_read)
        os.close(to_write)

    def __enter__(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(timeout=10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method, **params):
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + self.patience_s
        while True:
            answer = self._receive(deadline)
            if answer is None:
                raise BrowserError(f"{method}: no answer within {self.patience_s} s")
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def _receive(self, deadline):
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                return None
            chunk = os.read(self._read, 1 << 16)
            if not chunk:
                raise BrowserError("the browser has ended by itself")
            self._buffer += chunk
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def resize(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def open(self, url):
        """Loads the page and waits until it has been drawn; forgets the events of pages before it."""
        self.events = []
        self.call("Page.navigate", url=url)
        deadline = time.monotonic() + self.patience_s
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            answer = self._receive(deadline)
            if answer is None:
                raise BrowserError(f"{url}: not loaded within {self.patience_s} s")
            self.events.append(answer)
        self.settle()

    def settle(self):
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))")

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, key):
        code = {"Tab": 9, "Enter": 13, " ": 32}[key]
        text = {"Tab": "", "Enter": "\r", " ": " "}[key]
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
                      **({"text": text} if text and kind == "keyDown" else {}))

    def screenshot(self, path, clip=None):
        extent = clip or self.call("Page.getLayoutMetrics")["cssContentSize"]
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                         clip={"x": extent["x"], "y": extent["y"], "width": extent["width"],
                               "height": extent["height"], "scale": 1})
        path.write_bytes(base64.b64decode(shot["data"]))

    def print_pdf(self, path):
        pdf = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        path.write_bytes(base64.b64decode(pdf["data"]))

    def errors(self):
        """What the page complained about: exceptions, console errors, and messages of the browser itself."""
        out = []
        for event in self.events:
            params = event.get("params", {})
            if event["method"] == "Runtime.exceptionThrown":
                out.append(json.dumps(params["exceptionDetails"], ensure_ascii=False)[:400])
            elif event["method"] == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
                out.append(json.dumps(params["args"], ensure_ascii=False)[:400])
            elif event["method"] == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                out.append(params["entry"]["text"])
        return out

    def requests(self):
        """Addresses the page asked for, data: addresses apart."""
        addresses = [event["params"]["request"]["url"] for event in self.events
                     if event["method"] == "Network.requestWillBeSent"]
        return [address for address in addresses if not address.startswith("data:")]

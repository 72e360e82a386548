#!/usr/bin/env python3
"""Opens a sample report in a real browser, both languages: charts drawn, no error, no request, nothing too wide.

--maker writes report_zh.html and report_en.html into --out; pictures and prints are left there for a person's eye.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

import browser

CHARTS_DRAWN = """(() => {
  const places = Array.from(document.querySelectorAll('.chart'));
  return {places: places.length,
          drawn: places.filter(p => p.querySelectorAll('svg path, svg rect, svg polyline').length > 3).length,
          unnamed: places.filter(p => !p.getAttribute('aria-label')).length,
          said: Number(document.documentElement.dataset.drawn),
          overflow: places.filter(p => p.querySelector('svg') && p.querySelector('svg').getBoundingClientRect().width
                                       > p.getBoundingClientRect().width + 1).length};
})()"""
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
# A shift of what stands on the page while it loads, as the browser measures it.
SHIFT = """new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value; }))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 200);
})"""
HIDDEN_LABELS = """Array.from(document.querySelectorAll('.chart svg')).filter(svg => {
  const frame = svg.getBoundingClientRect();
  return Array.from(svg.querySelectorAll('text')).some(t => {
    const box = t.getBoundingClientRect();
    return box.width > 0 && (box.left < frame.left - 2 || box.right > frame.right + 2);
  });
}).map(svg => svg.parentElement.parentElement.id)"""


class Check:
    def __init__(self):
        self.failures = []

    def that(self, is_true, what):
        if not is_true:
            self.failures.append(what)
            print(f"FAILED {what}")


def check_view(page, check, name):
    charts = page.evaluate(CHARTS_DRAWN)
    check.that(charts["places"] >= 10, f"{name}: only {charts['places']} charts on the page")
    check.that(charts["drawn"] == charts["places"] == charts["said"], f"{name}: not every chart was drawn: {charts}")
    check.that(charts["unnamed"] == 0, f"{name}: charts without a label for screen readers: {charts['unnamed']}")
    check.that(charts["overflow"] == 0, f"{name}: charts wider than their place: {charts['overflow']}")
    cut = page.evaluate(HIDDEN_LABELS)
    check.that(cut == [], f"{name}: chart labels cut off: {cut}")
    wide, window = page.evaluate(WIDTHS)
    check.that(wide <= window, f"{name}: the page is {wide} px wide in a window of {window} px")
    shift = page.evaluate(SHIFT)
    check.that(shift < 0.01, f"{name}: what stands on the page moved while it loaded: {shift}")
    check.that(page.errors() == [], f"{name}: the page complained: {page.errors()}")
    foreign = [address for address in page.requests() if not address.startswith("file://")]
    check.that(foreign == [] and len(page.requests()) == 1, f"{name}: the page asked for {page.requests()}")


def check_keyboard(page, check, name):
    """The first stop leads past the navigation; a folded part opens by keyboard."""
    page.press("Tab")
    check.that(page.evaluate("document.activeElement.className") == "skip", f"{name}: the first stop is not the skip link")
    page.evaluate("document.querySelector('details summary').focus()")
    page.press("Enter")
    check.that(page.evaluate("document.querySelector('details').open"), f"{name}: Enter does not open a folded part")


def check_print(page, check, name, path):
    page.print_pdf(path)
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes()))
    check.that(3 <= pages <= 30, f"{name}: {pages} pages on paper")
    opened = page.evaluate("document.querySelectorAll('details.print-open[open]').length")
    check.that(opened == 0, f"{name}: {opened} parts stayed open after printing")


def check_language(out, language, check):
    address = (out / f"report_{language}.html").as_uri()
    for name, width, height, mobile in (("desktop", 1280, 900, False), ("phone", 390, 844, True)):
        with browser.Browser(shutil.which("chromium") or "chromium") as page:
            page.resize(width, height, mobile)
            page.open(address)
            check_view(page, check, f"{language} {name}")
            page.screenshot(out / f"report_{language}_{name}.png")
            if name == "desktop":
                check_keyboard(page, check, f"{language} {name}")
                page.open(address)
                check_print(page, check, f"{language} print", out / f"report_{language}.pdf")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--maker", required=True)
    arguments.add_argument("--out", required=True, type=pathlib.Path)
    options = arguments.parse_args()
    if not shutil.which("chromium"):
        sys.exit("chromium is missing: run tools/setup")
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    subprocess.run([options.maker, str(out)], check=True)
    check = Check()
    for language in ("zh", "en"):
        check_language(out, language, check)
    sys.exit(1 if check.failures else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Opens the report of a preparation in a real browser: five steps side by side, tables folded, nothing too wide, no
error, no request, both languages.

--maker writes preparation_zh.html and preparation_en.html into --out; pictures are left there for a person's eye.
"""
import argparse
import pathlib
import shutil
import subprocess
import sys

import browser
from report_page_test import WIDTHS, Check

SHOWN = """(() => ({
  steps: Array.from(document.querySelectorAll('.flow li')).map(e => [e.getBoundingClientRect().left, e.getBoundingClientRect().top]),
  targets: Array.from(document.querySelectorAll('.flow a, .contents a')).filter(a => !document.querySelector(a.getAttribute('href'))).length,
  strips: Array.from(document.querySelectorAll('.badge-row .strip')).map(e => [e.getBoundingClientRect().width, e.getAttribute('aria-label'), e.children.length]),
  folded: Array.from(document.querySelectorAll('details')).filter(e => !e.open).length,
  longest: Math.max(...Array.from(document.querySelectorAll('section table')).filter(e => !e.closest('details')).map(e => e.rows.length)),
  cut: Array.from(document.querySelectorAll('.flow-counts, .figures strong, .badge-row > span')).filter(e => e.scrollWidth > e.clientWidth + 1).length,
  tall: document.documentElement.scrollHeight}))()"""


def check_view(page, check, name, is_wide):
    shown = page.evaluate(SHOWN)
    lefts = {round(left) for left, _ in shown["steps"]}
    tops = {round(top) for _, top in shown["steps"]}
    check.that(len(shown["steps"]) == 5, f"{name}: {len(shown['steps'])} steps")
    check.that((len(lefts), len(tops)) == ((5, 1) if is_wide else (1, 5)), f"{name}: the steps stand at {shown['steps']}")
    check.that(shown["targets"] == 0, f"{name}: links that lead nowhere: {shown['targets']}")
    check.that(len(shown["strips"]) > 15, f"{name}: strips of families: {len(shown['strips'])}")
    check.that(all(width > 60 and label and pieces == 3 for width, label, pieces in shown["strips"]),
               f"{name}: a strip is too narrow or says nothing: {shown['strips']}")
    check.that(shown["folded"] >= 8, f"{name}: folded tables: {shown['folded']}")
    check.that(5 < shown["longest"] <= 18, f"{name}: a table of {shown['longest']} rows is not folded")
    check.that(shown["cut"] == 0, f"{name}: figures or names cut off: {shown['cut']}")
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    check.that(page.evaluate(SHOWN)["tall"] > shown["tall"], f"{name}: unfolding shows nothing")
    wide, window = page.evaluate(WIDTHS)
    check.that(wide <= window, f"{name}: the page is {wide} px wide in a window of {window} px")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--maker", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("chromium is not installed: apt-get install chromium")
    arguments.out.mkdir(parents=True, exist_ok=True)
    subprocess.run([arguments.maker, arguments.out], check=True)
    check = Check()
    with browser.Browser(chromium) as page:
        for language in ("zh", "en"):
            path = arguments.out / f"preparation_{language}.html"
            for width, height in ((1440, 900), (390, 844)):
                name = f"{language} {width}"
                page.resize(width, height, mobile=width < 600)
                page.open(path.resolve().as_uri())
                page.screenshot(arguments.out / f"preparation_{language}_{width}.png")
                check_view(page, check, name, width > 860)
                check.that(page.errors() == [], f"{name}: the page complained: {page.errors()}")
                check.that(len(page.requests()) == 1, f"{name}: the page asked for {page.requests()}")
    print(f"preparation page: {len(check.failures)} failures; pictures in {arguments.out}")
    return 1 if check.failures else 0


if __name__ == "__main__":
    sys.exit(main())

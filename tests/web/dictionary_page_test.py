#!/usr/bin/env python3
"""Opens the data dictionary in a real browser: search, filter, relations, nothing too wide, no error, no request.

--program writes it into --out; pictures are left there for a person's eye.
"""
import argparse
import pathlib
import shutil
import subprocess
import sys

import browser
from report_page_test import WIDTHS, Check

SHOWN = """(() => ({
  fields: Array.from(document.querySelectorAll('section.entity:not([hidden]) tbody tr:not([hidden])'))
    .map(row => row.closest('section').id.slice(7) + '.' + row.querySelector('th code').textContent),
  links: document.querySelectorAll('.contents a:not([hidden])').length,
  said: document.getElementById('found').textContent,
  map: !document.getElementById('relations').hidden}))()"""
TYPE = "(text => { const s = document.getElementById('search'); s.value = text; s.dispatchEvent(new Event('input')); })(%r)"
LINES = "(() => [document.querySelectorAll('#map .line-out').length, document.querySelectorAll('#map .line-in').length])()"


def check_search(page, check, name):
    everything = page.evaluate(SHOWN)
    check.that(len(everything["fields"]) > 400 and everything["map"], f"{name}: fields at first: {len(everything['fields'])}")
    page.evaluate(TYPE % "批扣")
    found = page.evaluate(SHOWN)
    check.that("payment.channel" in found["fields"] and "customer.payment_method" in found["fields"],
               f"{name}: a synonym of a code does not find its field: {found['fields']}")
    check.that("bill.energy_kwh" not in found["fields"] and not found["map"], f"{name}: the search hides nothing")
    check.that(str(len(found["fields"])) in found["said"], f"{name}: the search says {found['said']!r}")
    page.evaluate(TYPE % "ＫＷＨ bill")  # full width, two words
    found = page.evaluate(SHOWN)
    check.that("bill.energy_kwh" in found["fields"] and "bill.bill_id" not in found["fields"],
               f"{name}: two words find {found['fields'][:5]}")
    page.evaluate(TYPE % "no such field")
    found = page.evaluate(SHOWN)
    check.that(found["fields"] == [] and found["links"] == 0 and found["said"], f"{name}: nothing found: {found}")
    page.evaluate(TYPE % "")
    page.evaluate("document.querySelector('.levels [data-level=\"sensitive\"]').click()")
    found = page.evaluate(SHOWN)
    check.that("household_form.economic_status" in found["fields"] and "bill.amount_cny" not in found["fields"],
               f"{name}: the filter shows {found['fields'][:5]}")
    # A link to an entity that is hidden shows everything again.
    page.evaluate("document.querySelector('.reference[href=\"#entity-customer\"], a.chip').click()")
    page.evaluate("document.querySelector('.levels [aria-pressed=\"true\"]')?.click()")
    check.that(page.evaluate(SHOWN) == everything, f"{name}: not everything is shown again")


def check_relations(page, check, name):
    page.evaluate("document.querySelector('.node[data-entity=\"payment\"]').dispatchEvent(new Event('mouseenter'))")
    lines = page.evaluate(LINES)
    check.that(lines == [5, 0], f"{name}: lines from and to payment: {lines}")
    page.evaluate("document.querySelector('.node[data-entity=\"customer\"]').dispatchEvent(new Event('mouseenter'))")
    out, inward = page.evaluate(LINES)
    check.that(out == 3 and inward > 15, f"{name}: lines from and to customer: {out}, {inward}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("chromium is not installed: apt-get install chromium")
    arguments.out.mkdir(parents=True, exist_ok=True)
    check = Check()
    with browser.Browser(chromium) as page:
        for language in ("zh", "en"):
            path = arguments.out / f"dictionary_{language}.html"
            subprocess.run([arguments.program, "map", "dictionary", "--lang", language, "--out", path],
                           check=True, stdout=subprocess.DEVNULL)
            for width, height in ((1440, 900), (390, 844)):
                name = f"{language} {width}"
                page.resize(width, height, mobile=width < 600)
                page.open(path.resolve().as_uri())
                wide, window = page.evaluate(WIDTHS)
                check.that(wide <= window, f"{name}: the page is {wide} px wide in a window of {window} px")
                page.screenshot(arguments.out / f"dictionary_{language}_{width}.png",
                                {"x": 0, "y": 0, "width": width, "height": 2400})
                check_search(page, check, name)
                check_relations(page, check, name)
                check.that(page.errors() == [], f"{name}: the page complained: {page.errors()}")
                check.that(len(page.requests()) == 1, f"{name}: the page asked for {page.requests()}")
    print(f"dictionary page: {len(check.failures)} failures; pictures in {arguments.out}")
    return 1 if check.failures else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Portraits, review and explanations of a small synthetic utility by the program itself: the pages in a real browser, both
languages, and what the commands say.

Pictures are left in --out for a person's eye.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import zipfile

import browser
from report_page_test import CHARTS_DRAWN, HIDDEN_LABELS, WIDTHS, Check

SCHEMES = ("level1", "dongguan_revenue", "dongguan_arrears")


def run(program, *words, code=0):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"{' '.join(map(str, words))}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def prepare(program, out):
    workspace = out / "ws"
    shutil.rmtree(out, ignore_errors=True)
    run(program, "datagen", "--profile", "village", "--seed", 1, "--out", out / "data")
    run(program, "init", workspace)
    run(program, "ingest", "-w", workspace, out / "data")
    schemes = [word for name in SCHEMES for word in ("--scheme", name)]
    for month in ("2026-05", "2026-06"):
        run(program, "prepare", "-w", workspace, "--month", month)
        run(program, "segment", "-w", workspace, "--month", month, *schemes)
    return workspace


def check_page(path, least_charts, check):
    for name, width, height, mobile in (("desktop", 1280, 900, False), ("phone", 390, 844, True)):
        with browser.Browser(shutil.which("chromium") or "chromium") as page:
            page.resize(width, height, mobile)
            page.open(path.as_uri())
            where = f"{path.stem} {name}"
            charts = page.evaluate(CHARTS_DRAWN)
            check.that(charts["places"] >= least_charts, f"{where}: only {charts['places']} charts")
            check.that(charts["drawn"] == charts["places"] == charts["said"], f"{where}: not every chart drawn: {charts}")
            check.that(charts["unnamed"] == 0, f"{where}: charts without a label: {charts['unnamed']}")
            check.that(page.evaluate(HIDDEN_LABELS) == [], f"{where}: labels cut off: {page.evaluate(HIDDEN_LABELS)}")
            wide, window = page.evaluate(WIDTHS)
            check.that(wide <= window, f"{where}: the page is {wide} px wide in a window of {window} px")
            check.that(page.errors() == [], f"{where}: the page complained: {page.errors()}")
            page.screenshot(path.parent / f"{path.stem}.{name}.png")


def check_explanations(program, workspace, check):
    checks = json.loads(run(program, "segment", "explain", "-w", workspace, "--check", 500, "--seed", 7, "--json"))["checks"]
    check.that({one["scheme"] for one in checks} == set(SCHEMES), f"schemes checked: {checks}")
    for one in checks:
        check.that(one["failed"] == [] and one["no_move"] == 0, f"{one['scheme']}: {one}")
        check.that(one["moved"] + one["no_group"] == one["customers"] == 500, f"{one['scheme']}: counts do not add up")
    told = json.loads(run(program, "segment", "explain", "-w", workspace, "0615000012", "--scheme", "dongguan_revenue",
                          "--json"))[0]
    check.that(told["as_stored"] and told["group"] in ("high", "medium", "low"), f"explanation: {told}")
    check.that(told["smallest_change"]["into"] != told["group"], "the smallest change leads nowhere")
    check.that(len(told["sentences"]["zh"]) == len(told["sentences"]["en"]) >= 4, "sentences differ in number")
    english = run(program, "--lang", "en", "segment", "explain", "-w", workspace, "0615000012", "--scheme", "level1")
    check.that("Smallest change" in english, english)
    run(program, "segment", "explain", "-w", workspace, "no-such-customer", code=2)
    run(program, "segment", "explain", "-w", workspace, code=2)


def check_lists(out, language, check):
    """Who differs: numbers masked on the page, all of them in the files."""
    page = (out / f"review.{language}.html").read_text(encoding="utf-8")
    differing = (out / f"review.{language}.differences.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    conflicts = (out / f"review.{language}.conflicts.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    check.that(len(differing) > 0, f"{language}: nobody differs")
    check.that(f"{len(differing):,}" in page, f"{language}: the page does not say that {len(differing)} differ")
    for line in differing + conflicts:
        customer = line.split(",")[0]
        check.that(f">{customer}<" not in page, f"{language}: the page shows {customer} in full")
    for name in ("differences", "conflicts"):
        check.that(f'href="review.{language}.{name}.csv"' in page, f"{language}: no link to the {name}")
    check.that('id="content"' in page and 'href="#content"' in page, f"{language}: the skip link leads nowhere")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--out", required=True, type=pathlib.Path)
    options = arguments.parse_args()
    if not shutil.which("chromium"):
        sys.exit("chromium is missing: run tools/setup")
    out = options.out.resolve()
    workspace = prepare(options.program, out)
    check = Check()
    check_explanations(options.program, workspace, check)
    for language in ("zh", "en"):
        run(options.program, "--lang", language, "portrait", "-w", workspace, "--out", out)
        run(options.program, "--lang", language, "report", "review", "-w", workspace, "--out", out / f"review.{language}.html")
        check_page(out / f"portraits.{language}.html", 11, check)
        check_page(out / f"review.{language}.html", 3, check)
        check_lists(out, language, check)
        with zipfile.ZipFile(out / f"portraits.{language}.xlsx") as book:
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
            check.that(len(sheets) == 2, f"{language}: the workbook has {sheets}")
        rows = (out / f"portraits.{language}.csv").read_text(encoding="utf-8-sig").splitlines()
        check.that(len(rows) > 500, f"{language}: the CSV has {len(rows)} rows only")
    shutil.rmtree(out / "data")
    sys.exit(1 if check.failures else 0)


if __name__ == "__main__":
    main()

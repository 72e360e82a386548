#!/usr/bin/env python3
"""Every readable cell of the strategy tables 5 to 7 and every sentence of the seeds that says how to serve whom stands in
a cell, an order type, a service or a rule of points of config/strategies with its requirement number; authored cells are just those that
the sources do not have. Prints how many."""
import pathlib
import re
import sys


ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]) / "config/strategies"
TABLES = {"revenue": range(476, 491), "influence": range(491, 506), "growth": range(506, 525)}
SENTENCES = {
    "000, high value": range(290, 314),
    "000, outage-sensitive": range(334, 350),
    "000, arrears risk": range(350, 359),
    "000, channels": range(370, 379),
    "000, usage risk": range(382, 394),
    "000, scenarios": range(563, 568),
    "002, arrears": range(361, 370),
    "002, visits and grades": range(394, 423),
    "003, key accounts": range(314, 334),
}
# Not acts towards a customer but functions of the program or of staff management: where they are, or that they are not built.
ELSEWHERE = {
    313: "the view of one customer (web)",
    347: "not built: outage planning", 348: "not built: outage planning", 349: "not built: outage planning",
    394: "the ledger of groups", 395: "contract household_form", 407: "not built: who collates",
}


def cells_of(text):
    """name, requirement numbers, authored of each cell, order type or service."""
    for block in re.split(r"\n(?=  - {?(?:cell|order|service|rule): )", text)[1:]:
        numbers = re.search(r"requirements: \[([^\]]*)\]", block)
        yield (re.match(r"  - {?\w+: (\w+)", block)[1], [int(one[1:]) for one in re.findall(r"R\d{3}", numbers[1] if numbers else "")],
               "authored: true" in block)


def main():
    found, cells, problems = {}, {}, []
    for file in sorted(ROOT.glob("*.yaml")):
        for name, numbers, authored in cells_of(file.read_text(encoding="utf-8")):
            cells[name] = (file.stem, numbers, authored)
            for number in numbers:
                found.setdefault(number, []).append((file.stem, name))
    readable = 0
    for book, numbers in TABLES.items():
        for number in numbers:
            if any(where == book for where, _ in found.get(number, [])):
                readable += 1
            else:
                problems.append(f"R{number} has no cell in {book}.yaml")
    sentences = 0
    for where, numbers in SENTENCES.items():
        for number in numbers:
            if number in ELSEWHERE:
                if number in found and number not in (395, 396):
                    problems.append(f"R{number} has a cell now: take it out of ELSEWHERE")
            elif number in found:
                sentences += 1
            else:
                problems.append(f"R{number} ({where}) has no cell, order type or service")
    authored = {name for name, (_, _, is_authored) in cells.items() if is_authored}
    wanted = {name for name, (book, _, _) in cells.items() if book == "arrears"} | {
        "growth_ordinary_basic", "growth_stable_basic", "growth_declining_basic"}
    if authored != wanted:
        problems.append(f"authored should be just table 8 and the three lost cells, differs in: {sorted(authored ^ wanted)}")
    print(f"{readable} numbers of the readable cells of tables 5 to 7, {sentences} sentences of the seeds, "
          f"{len(authored)} authored cells, {len(ELSEWHERE)} sentences elsewhere; {len(cells)} cells, order types, services and rules of points")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

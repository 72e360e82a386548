#!/usr/bin/env python3
"""Routes read data of customers through access::VisibleData alone: no SQL of src/api names an entity of a customer."""
import re
import sys

import source

ENTITY = re.compile(r"^entity: (\w+)$", re.M)
OF_CUSTOMERS = re.compile(r"name: customer_id\b")
# Who reads a table by its name: FROM bill, JOIN m_customer, "bill" as a whole relation.
READS = r"\b(?:FROM|JOIN)\s+(?:m_)?(%s)\b"
# Counting the customers of a workspace tells nothing of any of them.
COUNTED = re.compile(r"SELECT count\(\*\) FROM m_customer\b")
# Holds what is known of customers without being an entity. Tables of results are read with in_scope().
RESULTS = {"wide"}


def entities(root):
    out = set(RESULTS)
    for path in sorted((root / "config/contracts").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if OF_CUSTOMERS.search(text):
            out.update(ENTITY.findall(text))
    return out


def findings(root):
    pattern = re.compile(READS % "|".join(sorted(entities(root))))
    out = []
    for path in sorted((root / "src/api").glob("*.cpp")):
        name = path.relative_to(root).as_posix()
        text = re.sub(r'"\s*\n\s*"', "", path.read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), 1):
            line = COUNTED.sub("", line)
            for match in pattern.finditer(line):
                out.append(f"{name}:{number}: reads {match.group(1)} past access::VisibleData")
    return out


if __name__ == "__main__":
    sys.exit(source.report("visible_data", findings(source.project_root())))

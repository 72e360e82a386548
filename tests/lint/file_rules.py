#!/usr/bin/env python3
"""Rules for files: names, heads, sizes, and words that must not stand anywhere in the project."""
import re
import sys

import source

NAME = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*\.[ch]pp$")
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "misc"}
MAX_LINES = 600
# The only hosts that may be named: what a licence, a standard or an XML name space needs, and examples.
HOSTS = {"www.apache.org", "apache.org", "www.w3.org", "schemas.openxmlformats.org", "localhost", "127.0.0.1",
         "example.com", "example.org"}
URL = re.compile(r"\b(?:https?|ftp)://([^/\s\"'`<>)\]:]+)")
FORBIDDEN = [
    (re.compile(r"\b(?:registry|deb|security|pypi|files|proxy|repo\d?|index|static|crates)\.[a-z-]+\.(?:org|com|io|net|dev)\b"),
     "names a package host"),
    (re.compile(r"\bcrates\.i[o]\b|\bpypi\.or[g]\b|\bnpmjs\.\w+"), "names a package host"),
    (re.compile(r"(?<![\w.$}-])/(?:work|home|root|Users)/\w"), "names a path of one machine"),
    (re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b"), "leaves work for later; an issue is the place for it"),
]
# The database (1.4 and 1.5) now and then loses itself over an aggregate over a window of all rows: its tasks race. A count of
# a materialized query beside its rows gives the same.
WHOLE_WINDOW = re.compile(r"(?<!row_number\(\) )OVER \(\)")
# Data in other people's words.
UNCHECKED_SUFFIXES = {".png", ".jpg", ".parquet", ".xlsx", ".ico", ".gz", ".woff2"}
UNCHECKED = {"LICENSE", "package-lock.json"}


def heads(root, path, text):
    name = path.relative_to(root / "src").as_posix()
    room = name.split("/")[0]
    lines = text.splitlines()
    where = f"src/{name}"
    first = lines[0] if lines else ""
    if not re.match(rf"^// {re.escape(name)} - \S", first):
        yield f"{where}:1: the first line must be `// {name} - purpose.`"
    level = re.search(r"\bLevel (\d+)\b", "\n".join(line for line in lines[:6] if line.startswith("//")))
    levels = source.rooms(root)
    if level and room in levels and int(level.group(1)) != levels[room][0]:
        yield f"{where}: says level {level.group(1)}; CMakeLists.txt says {levels[room][0]}"
    code = [line for line in lines if line.strip() and not line.startswith("//")]
    if not code or code[0].strip() != "#pragma once":
        yield f"{where}: `#pragma once` must be the first line after the head"


def findings(root):
    out = []
    for path in source.cpp_files(root, "src", "tests", "bench", "fuzz"):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        if not NAME.match(path.name) or EMPTY_NAMES & set(path.stem.split("_")):
            out.append(f"{name}: a file is named in snake_case for the thing in it")
        count = text.count("\n")
        if path.suffix == ".cpp" and count > MAX_LINES:
            out.append(f"{name}: {count} lines; at most {MAX_LINES}")
        if path.suffix == ".hpp" and name.startswith("src/"):
            out += heads(root, path, text)
    for path in source.project_files(root):
        name = path.relative_to(root).as_posix()
        if path.name in UNCHECKED or path.suffix in UNCHECKED_SUFFIXES:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # test data in other encodings
        for number, line in enumerate(text.splitlines(), 1):
            if name.startswith(("src/", "config/")) and WHOLE_WINDOW.search(line):
                out.append(f"{name}:{number}: aggregates over a window of all rows")
            out += [f"{name}:{number}: {why}" for pattern, why in FORBIDDEN if pattern.search(line)]
            out += [f"{name}:{number}: names the host {host}" for host in URL.findall(line)
                    if host not in HOSTS and "$" not in host and "{" not in host]
    return out


if __name__ == "__main__":
    sys.exit(source.report("file_rules", findings(source.project_root())))

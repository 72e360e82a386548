#!/usr/bin/env python3
"""docs.py [--program FILE] - paths, make targets, functions and commands that the documents name exist.

--program: the built fenqun, whose --help tells which commands there are.
"""
import argparse
import re
import subprocess
import sys

import source

DOCUMENTS = ("README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
MAKE = re.compile(r"(?:^|[\s;&(])make ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)(?=$|[\s;&)#,|])", re.MULTILINE)
COMMAND = re.compile(r"(?:^|[\s;&(/])fenqun ([a-z][a-z-]*)", re.MULTILINE)
PATH = re.compile(r"^[\w.@*-]+(?:/[\w.@*-]*)+$|^[\w-]+\.(?:md|txt|json|cmake)$")
FUNCTION = re.compile(r"^(?:\w+::)*(\w+)\(\)$")
# Made by building, running or tools/setup; outside the project.
MADE = ("build/", "demo/", ".deps/", "../", "lake/", "runs/", "reports/")


def code_of(text):
    """(offset, code) of fenced blocks and code spans."""
    plain = text
    for match in FENCE.finditer(text):
        yield match.start(1), match.group(1)
        plain = plain[:match.start()] + " " * (match.end() - match.start()) + plain[match.end():]
    for match in SPAN.finditer(plain):
        yield match.start(1), match.group(1)


def make_targets(root):
    return set(re.findall(r"^([a-z][a-z-]*):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def program_commands(program):
    """The words that begin an indented line of --help."""
    told = subprocess.run([program, "--help"], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"^\s+([a-z][a-z-]*)\b", told, re.MULTILINE))


def findings(root, commands=None):
    out = []
    targets = make_targets(root)
    sources = "\n".join(path.read_text(encoding="utf-8") for path in source.cpp_files(root, "src"))
    tops = {path.name for path in root.iterdir()}
    for name in DOCUMENTS:
        document = root / name
        if not document.is_file():
            out.append(f"{name}: does not exist")
            continue
        text = document.read_text(encoding="utf-8")
        named = [(match.start(1), match.group(1)) for match in LINK.finditer(text) if "://" not in match.group(1)]
        must_exist = set(named)
        for offset, code in code_of(text):
            where = f"{name}:{source.line_of(text, offset)}"
            for words in MAKE.findall(code):
                out += [f"{where}: no make target {word}" for word in words.split() if word not in targets]
            if commands is not None:
                out += [f"{where}: no command fenqun {word}" for word in COMMAND.findall(code) if word not in commands]
            function = FUNCTION.match(code)
            if function and not re.search(rf"\b{function.group(1)}\s*\(", sources):
                out.append(f"{where}: no function {code} in src/")
            named += [(offset, word) for word in code.split() if PATH.match(word)]
        for offset, path in named:
            known_top = path.split("/")[0] in tops or path.split("/")[0] == "src"
            if path.startswith(MADE) or (not known_top and (offset, path) not in must_exist and "/" in path):
                continue
            if not list(root.glob(path.rstrip("/"))):
                out.append(f"{name}:{source.line_of(text, offset)}: {path} does not exist")
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program")
    args = parser.parse_args()
    commands = program_commands(args.program) if args.program else None
    return source.report("docs", findings(source.project_root(), commands))


if __name__ == "__main__":
    sys.exit(main())

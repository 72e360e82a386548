#!/usr/bin/env python3
"""Every text key that the code names stands in both languages with the same {placeholders}, and none stands idle.

Keys put together at run time: a literal "room.word_" or "room.word." counts as use of every key that begins so; a key
that is named in no such way carries the comment `# dynamic` at the end of its line.
"""
import re
import sys

import source

ENTRY = re.compile(r"^([A-Za-z0-9_.-]+):(?:\s+(.*))?$")
PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
KEY = re.compile(r"^[a-z][a-z0-9]*(?:\.[a-z0-9_]+)+$")
BEGINNING = re.compile(r"^[a-z][a-z0-9]*\.[a-z0-9_.]*[a-z0-9][_.]$")
# A literal such as "report.html" names a file, not a text.
FILE_NAME = re.compile(r"\.(csv|db|duckdb|html|inc|json|log|parquet|sql|tmp|txt|xlsx|yaml|yml)$")
# The calls that take a key; refuse() adds file and line to the values by itself.
CALL = re.compile(r"\b(fail|refuse|with_context|texts_?)\s*\((?:[^()\"{};]*,)?\s*$")
ADDED = {"refuse": {"file", "line"}}
LANGUAGES = ("zh", "en")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”][:;,()!?]|[:;,()!?][\u4e00-\u9fff]")


def split_comment(rest):
    """Value and comment of what follows `key:`."""
    if rest[:1] in ("'", '"'):
        quote, at = rest[0], 1
        while at < len(rest) and rest[at] != quote:
            at += 2 if rest[at] == "\\" and quote == '"' else 1
        return rest[:at + 1], rest[at + 1:].strip().lstrip("#").strip()
    value, _, comment = rest.partition(" #")
    return value.strip(), comment.strip()


def read_catalogue(root, language):
    """Key -> (text, marked dynamic, where), and findings about the files' form."""
    texts, out = {}, []
    for path in sorted((root / "config/texts" / language).glob("*.yaml")):
        block = None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            where = f"{path.relative_to(root).as_posix()}:{number}"
            if block is not None and (line.startswith(" ") or not line.strip()):
                texts[block] = (texts[block][0] + "\n" + line.strip(), *texts[block][1:])
                continue
            block = None
            if not line.strip() or line.startswith("#"):
                continue
            match = ENTRY.match(line)
            if not match:
                out.append(f"{where}: write it as key: \"text\"")
                continue
            key = match.group(1)
            value, comment = split_comment(match.group(2) or "")
            if key.split(".")[0] != path.stem or "." not in key:
                out.append(f"{where}: {key} belongs into {key.split('.')[0]}.yaml")
            if key in texts:
                out.append(f"{where}: {key} stands twice, first at {texts[key][2]}")
            texts[key] = (value, comment.startswith("dynamic"), where)
            if value.rstrip("+-") in ("|", ">"):
                block = key
            elif not value.strip("'\""):
                out.append(f"{where}: {key} is empty")
    return texts, out


def given_names(text, at):
    """Names of the values in a literal {{"name", value}, ...} that starts at `at`; None if it is none or unfinished."""
    names, depth = set(), 0
    while at < len(text):
        match = source.TOKEN.match(text, at)
        if match:
            if depth == 2 and re.search(r"\{\s*$", text[:at]) and match.group("text") is not None:
                names.add(match.group("text"))
            at = match.end()
            continue
        if text[at] == "{":
            depth += 1
            if depth == 2 and not re.match(r'\{\s*"', text[at:]):
                return None
        elif text[at] == "}":
            depth -= 1
            if depth == 0:
                return names
        elif depth == 1 and text[at] not in ", \n":
            return None
        at += 1
    return None


def findings(root):
    catalogues = {}
    out = []
    for language in LANGUAGES:
        catalogues[language], problems = read_catalogue(root, language)
        out += problems
    first, second = (catalogues[language] for language in LANGUAGES)
    for language, own, other in ((LANGUAGES[1], first, second), (LANGUAGES[0], second, first)):
        for key, (_, _, where) in own.items():
            if key not in other:
                out.append(f"{where}: {key} is missing in config/texts/{language}")
    for key in first.keys() & second.keys():
        names = [set(PLACEHOLDER.findall(texts[key][0])) for texts in (first, second)]
        if names[0] != names[1]:
            out.append(f"{second[key][2]}: {key}: placeholders differ from {first[key][2]}: "
                       f"{sorted(names[0] ^ names[1])}")
        if first[key][1] != second[key][1]:
            out.append(f"{second[key][2]}: {key} is marked dynamic in one language only")

    # Chinese takes full-width punctuation; `file:line` and code within a sentence keep theirs.
    for key, (text, _, where) in catalogues["zh"].items():
        for found in HALF_WIDTH.findall(text):
            out.append(f"{where}: {key}: half-width punctuation beside Chinese: {found}")

    # A reason for a rejection is told in a sentence where a file is refused, and in a word in tables.
    for one, other in (("ingest.reason_", "code.rejection."), ("code.rejection.", "ingest.reason_")):
        for key, (_, _, where) in first.items():
            if key.startswith(one) and other + key[len(one):] not in first:
                out.append(f"{where}: {key} stands without {other}{key[len(one):]}")

    prefixes = set(source.rooms(root)) | {key.split(".")[0] for key in first}
    used = set()
    for path in source.cpp_files(root, "src"):
        text = source.without_comments(path.read_text(encoding="utf-8"))
        for start, end, value in source.literals(text):
            if value.split(".")[0] not in prefixes or FILE_NAME.search(value):
                continue
            where = f"{path.relative_to(root).as_posix()}:{source.line_of(text, start)}"
            if BEGINNING.match(value):
                begun = {key for key in first if key.startswith(value)}
                used |= {key for key in begun if not first[key][1]}
                if not begun:
                    out.append(f"{where}: no text in config/texts/{LANGUAGES[0]} begins with {value}")
                continue
            if not KEY.match(value):
                continue
            used.add(value)
            if value not in first:
                out.append(f"{where}: text {value} is not in config/texts/{LANGUAGES[0]}")
                continue
            call = CALL.search(text[max(0, start - 200):start])
            if not call:
                continue
            rest = re.match(r"\s*,\s*(?=\{)", text[end:])
            if rest:
                names = given_names(text, end + rest.end())
            else:
                names = set() if re.match(r"\s*\)", text[end:]) else None
            if names is None:
                continue
            lacking = set(PLACEHOLDER.findall(first[value][0])) - names - ADDED.get(call.group(1), set())
            if lacking:
                out.append(f"{where}: text {value} asks for {sorted(lacking)}, which the call does not give")
    for key, (_, dynamic, where) in first.items():
        if key not in used and not dynamic:
            out.append(f"{where}: {key} is not used; delete it, or mark it `# dynamic` if its name is put together")
        elif key in used and dynamic:
            out.append(f"{where}: {key} is used by its full name; the mark `# dynamic` is not needed")
    return sorted(out)


if __name__ == "__main__":
    sys.exit(source.report("texts", findings(source.project_root())))

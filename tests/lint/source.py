"""What the lint scripts share: the project's files, its rooms and a look at C++ without its comments."""
import functools
import pathlib
import re
import subprocess

ROOM = re.compile(r"^\s*fenqun_room\(\s*(\w+)\s+LEVEL\s+(\d+)([^)]*)\)", re.MULTILINE)
TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(?P<mark>[^\s()\\]{0,16})\((?P<raw>.*?)\)(?P=mark)"|"(?P<text>(?:\\.|[^"\\\n])*)"|'(?:\\.|[^'\\\n])+'""",
    re.DOTALL)


def project_root():
    return pathlib.Path(__file__).resolve().parent.parent.parent


def rooms(root):
    """Room name -> (level, rooms it links), from CMakeLists.txt."""
    found = {}
    for name, level, rest in ROOM.findall((root / "CMakeLists.txt").read_text(encoding="utf-8")):
        linked = re.search(r"\bROOMS\b([^)]*)", rest)
        words = re.split(r"\b(?:LIBS|MAIN|LEVEL)\b", linked.group(1))[0].split() if linked else []
        found[name] = (int(level), words)
    return found


def cpp_files(root, *folders):
    return sorted(path for folder in folders for path in (root / folder).rglob("*.[ch]pp"))


def project_files(root):
    """Files that belong to the project: those git knows or would add."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, text=True, check=True).stdout
    return sorted(root / name for name in set(listed.split("\0")) if name and (root / name).is_file())


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


@functools.lru_cache(maxsize=None)
def without_comments(text):
    """The source with comments blanked, offsets and lines unchanged."""
    def blank(match):
        if match.group().startswith(("//", "/*")):
            return re.sub(r"[^\n]", " ", match.group())
        return match.group()
    return TOKEN.sub(blank, text)


def literals(text):
    """(offset, end, value) of every ordinary string literal, comments and raw strings left out."""
    for match in TOKEN.finditer(text):
        if match.group("text") is not None:
            yield match.start(), match.end(), match.group("text")


def report(name, findings):
    """Prints the findings and gives the exit code."""
    for finding in findings:
        print(finding)
    print(f"{name}: {len(findings)} findings")
    return 1 if findings else 0

#!/usr/bin/env python3
"""cluster_package_test.py --build FOLDER - the installed clustering engine serves a program that knows nothing else of
this project: every installed header compiles alone, the example builds, groups its customers and tells a fault."""
import argparse
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(*words, expect=0):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode != expect:
        sys.exit(f"exit code {done.returncode} of {' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def expect(holds, what, output=""):
    if not holds:
        sys.exit(f"{what}\n{output}")


def build(source, folder, prefix, compiler):
    run("cmake", "-S", source, "-B", folder, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_COMPILER={compiler}",
        "-DCMAKE_BUILD_TYPE=Release")
    run("cmake", "--build", folder)


def check_headers(prefix, folder, compiler):
    headers = sorted((prefix / "include" / "fenqun").rglob("*.hpp"))
    names = [header.relative_to(prefix / "include" / "fenqun").as_posix() for header in headers]
    expect("cluster/kmeans.hpp" in names and "cluster/kmeans_kernels.hpp" not in names, "wrong headers installed", names)
    folder.mkdir()
    sources = []
    for i, name in enumerate(names):
        (folder / f"h{i}.cpp").write_text(f"#include <{name}>\n")
        sources.append(f"h{i}.cpp")
    (folder / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(headers LANGUAGES CXX)\n"
        "find_package(fenqun 0.1 REQUIRED)\n"
        f"add_library(headers OBJECT {' '.join(sources)})\ntarget_link_libraries(headers PRIVATE fenqun::cluster)\n")
    build(folder, folder / "build", prefix, compiler)


def check_faults(program, table):
    """What is wrong with a table is told in a sentence that names the place."""
    faults = (("a,b\n1,2\n3,nan\n", "Row 1, column 1 (both counted from 0) holds nan"),
              ("a,b\n1,2\n", "Ask for fewer groups."),
              ("a,b\n1,2\n3,\n", "bad.csv:3: column 2 (b) is ''; expected a number"),
              ("a,b\n1,2\n3,4 kWh\n", "bad.csv:3: column 2 (b) is '4 kWh'; expected a number"),
              ("a,b\n1,2\n3\n", "bad.csv:3: cells: 1; expected 2"),
              ("a,b\n1,2,3\n", "bad.csv:2: cells: 3; expected 2"),
              ("a,b\n", "the table has no rows"),
              ("", "expected a header line"))
    for text, told in faults:
        table.write_text(text)
        out = run(program, table, expect=1 if "fewer" in told else 3)
        expect(told in out, f"expected: {told}", out)
    table.unlink()
    out = run(program, table, expect=2)
    expect("bad.csv: cannot be opened" in out, "a missing file is not named", out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--compiler", default="c++")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        prefix = folder / "installed"
        run("cmake", "--build", options.build, "--target", "cluster_package")
        run("cmake", "--install", options.build, "--component", "cluster", "--prefix", prefix)
        targets = "".join(file.read_text() for file in prefix.rglob("*.cmake"))
        expect(str(ROOT) not in targets, "the package names the folder it was built from", targets)
        for library in ("yaml", "spdlog", "sodium", "duckdb"):
            expect(library not in targets, f"the package asks for {library}", targets)
        check_headers(prefix, folder / "headers", options.compiler)
        build(ROOT / "examples" / "cluster", folder / "example", prefix, options.compiler)
        program = folder / "example" / "group_customers"
        out = run(program, ROOT / "examples" / "cluster" / "customers.csv")
        expect("60 rows, 3 groups" in out and out.count("20 rows;") == 3, "the planted groups were not found", out)
        expect("row 0 is in group" in out and "monthly_kwh +" in out, "no explanation", out)
        check_faults(program, folder / "bad.csv")
        for name in ("LICENSE", "NOTICE", "math/README.md", "math/kmeans.md"):
            expect((prefix / "share/doc/fenqun" / name).is_file(), f"{name} is not installed")


if __name__ == "__main__":
    main()

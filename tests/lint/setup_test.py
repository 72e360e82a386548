#!/usr/bin/env python3
"""tools/setup against stand-ins for dpkg-query, apt-get and npm: what it installs, refuses and says."""
import base64
import hashlib
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import unittest

import source

MACHINE = os.uname().machine
PACKAGES = {
    "library@1": {"package/libduckdb.so": "machine code"},
    "header@1": {"package/src/duckdb/src/include/duckdb.h": "int duckdb;", "package/LICENSE": "MIT"},
    "charts@1": {"package/dist/echarts.min.js": "js", "package/LICENSE": "Apache", "package/NOTICE": "notice"},
}
PINS = {"duckdb-library": ("library@1", MACHINE), "duckdb-header": ("header@1", "any"), "echarts": ("charts@1", "any")}


@unittest.skipIf(any(pathlib.Path(folder, "include/duckdb.h").exists() for folder in ("/usr", "/usr/local")),
                 "this machine has DuckDB, setup would fetch none")
class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name, "project")
        self.bin = pathlib.Path(folder.name, "bin")
        self.shelf = pathlib.Path(folder.name, "shelf")
        for path in (self.root / "tools", self.bin, self.shelf):
            path.mkdir(parents=True)
        shutil.copy(source.project_root() / "tools/setup", self.root / "tools/setup")
        self.write(self.root / "tools/packages.txt", "# list\nbuild cmake\ntest jq\n")
        lines = []
        for part, (package, machine) in PINS.items():
            lines.append(f"{part} {machine} {package} {self.make_package(package, PACKAGES[package])}\n")
        self.write(self.root / "tools/pins.txt", "".join(lines))
        self.log = self.root / "calls"
        self.stub("dpkg-query", "for p in ${INSTALLED-cmake jq}; do echo \"installed $p\"; done; exit ${DPKG_EXIT:-0}")
        self.stub("apt-get", f"echo \"apt-get $*\" >> {self.log}; if [ -n \"$APT_FAILS\" ]; then echo 'E: no mirror'; exit 100; fi")
        self.stub("npm", f"echo \"npm $*\" >> {self.log}; if [ -n \"$NPM_FAILS\" ]; then echo E404 >&2; exit 1; fi\n"
                         f"cp {self.shelf}/\"$2\".tgz . && echo \"$2.tgz\"")
        self.stub("sudo", 'exec "$@"')

    @staticmethod
    def write(path, text):
        path.write_text(text, encoding="utf-8")

    def stub(self, name, script):
        self.write(self.bin / name, "#!/bin/sh\n" + script + "\n")
        (self.bin / name).chmod(0o755)

    def make_package(self, package, files):
        tarball = self.shelf / f"{package}.tgz"
        with tarfile.open(tarball, "w:gz") as archive:
            for name, text in files.items():
                path = self.shelf / "file"
                self.write(path, text)
                archive.add(path, arcname=name)
        return "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()

    def run_setup(self, *arguments, **environment):
        variables = {"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.root), **environment}
        return subprocess.run(["bash", str(self.root / "tools/setup"), *arguments], env=variables, text=True,
                              capture_output=True, check=False, stdin=subprocess.DEVNULL)

    def calls(self):
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    def leftovers(self):
        return [path.name for path in (self.root / ".deps").glob(".staging.*")]

    def expect_refusal(self, done, *parts):
        """Exit 1 and one line in two languages after the lines of progress; nothing half-installed."""
        self.assertEqual(done.returncode, 1, done.stderr)
        lines = [line for line in done.stderr.splitlines()
                 if not line.startswith(("setup: fetching", "setup: installing"))]
        self.assertEqual(len(lines), 1, done.stderr)
        for part in (" / ", *parts):
            self.assertIn(part, lines[0])
        self.assertEqual(self.leftovers(), [])

    def test_installs_what_is_missing_once(self):
        first = self.run_setup()
        self.assertEqual(first.returncode, 0, first.stderr)
        deps = self.root / ".deps"
        self.assertEqual((deps / "duckdb/include/duckdb.h").read_text(encoding="utf-8"), "int duckdb;")
        self.assertTrue((deps / "duckdb/lib/libduckdb.so").is_file())
        self.assertTrue((deps / "echarts/NOTICE").is_file())
        self.assertEqual(self.leftovers(), [])
        before = self.calls()
        second = self.run_setup()
        self.assertEqual((second.returncode, second.stdout + second.stderr), (0, ""))
        self.assertEqual(self.calls(), before)

    def test_fetches_again_when_a_pin_changes(self):
        self.run_setup()
        pins = self.root / "tools/pins.txt"
        changed = self.make_package("charts@2", {**PACKAGES["charts@1"], "package/dist/echarts.min.js": "newer"})
        lines = pins.read_text(encoding="utf-8").splitlines()[:2] + [f"echarts any charts@2 {changed}"]
        self.write(pins, "\n".join(lines) + "\n")
        self.assertEqual(self.run_setup().returncode, 0)
        self.assertEqual((self.root / ".deps/echarts/echarts.min.js").read_text(encoding="utf-8"), "newer")
        self.assertEqual(len([call for call in self.calls() if "library@1" in call]), 1)

    def test_installs_only_missing_debian_packages_and_leaves_test_ones_out_on_request(self):
        self.run_setup("--build-only", INSTALLED="", DPKG_EXIT="1")
        installs = [call for call in self.calls() if "install" in call]
        self.assertEqual(len(installs), 1)
        self.assertTrue(installs[0].endswith(" cmake"), installs)
        self.run_setup(INSTALLED="cmake", DPKG_EXIT="1")
        self.assertTrue([call for call in self.calls() if "install" in call][1].endswith(" jq"))

    def test_list_installs_nothing(self):
        done = self.run_setup("--list", INSTALLED="")
        self.assertEqual(done.stdout.split(), "apt cmake apt jq npm library@1 npm header@1 npm charts@1".split())
        self.assertEqual(self.calls(), [])
        self.assertFalse((self.root / ".deps").exists())

    def test_refuses_a_package_with_other_content(self):
        self.make_package("library@1", {"package/libduckdb.so": "tampered"})
        self.expect_refusal(self.run_setup(), "library@1", "not what tools/pins.txt promises")
        self.assertFalse((self.root / ".deps/duckdb").exists())

    def test_says_so_when_the_npm_registry_is_out_of_reach(self):
        self.expect_refusal(self.run_setup(NPM_FAILS="1"), "npm could not fetch library@1", "tools/setup", "DUCKDB_ROOT")
        self.assertIn("E404", (self.root / ".deps/setup.log").read_text(encoding="utf-8"))

    def test_says_so_when_apt_fails(self):
        done = self.run_setup(INSTALLED="cmake", APT_FAILS="1")
        self.expect_refusal(done, "no mirror", "apt-get install -y --no-install-recommends jq")

    def test_says_so_without_apt(self):
        for tool in ("bash", "dirname"):
            (self.bin / tool).symlink_to(shutil.which(tool))
        (self.bin / "apt-get").unlink()
        self.expect_refusal(self.run_setup(PATH=str(self.bin)), "Debian 12", "tools/packages.txt")

    def test_uses_the_duckdb_it_is_pointed_at(self):
        own = self.root / "own"
        for name in ("include/duckdb.h", "lib/libduckdb.so"):
            (own / name).parent.mkdir(parents=True)
            self.write(own / name, "")
        self.assertEqual(self.run_setup(DUCKDB_ROOT=str(own)).returncode, 0)
        self.assertFalse((self.root / ".deps/duckdb").exists())
        (own / "lib/libduckdb.so").unlink()
        self.expect_refusal(self.run_setup(DUCKDB_ROOT=str(own)), f"DUCKDB_ROOT={own}")

    def test_clears_what_a_killed_run_left(self):
        (self.root / ".deps/.staging.abc/duckdb").mkdir(parents=True)
        self.run_setup()
        self.assertEqual(self.leftovers(), [])

    def test_refuses_an_unknown_option(self):
        self.assertEqual(self.run_setup("--fast").returncode, 2)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""The lint scripts find what is planted: each test lays out a small project that breaks one rule."""
import pathlib
import subprocess
import tempfile
import unittest

import docs
import file_rules
import room_order
import texts

CMAKE = """
fenqun_room(base    LEVEL 0 LIBS PkgConfig::YAML)
fenqun_room(store   LEVEL 1 ROOMS base LIBS duckdb::duckdb)
fenqun_room(numbers LEVEL 1 ROOMS base)
fenqun_room(report  LEVEL 2 ROOMS base store)
"""


class Project(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        subprocess.run(["git", "init", "-q", folder.name], check=True)
        self.write("CMakeLists.txt", CMAKE)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def expect(self, findings, *parts):
        self.assertEqual(len(findings), 1, findings)
        for part in parts:
            self.assertIn(part, findings[0])


class RoomOrder(Project):
    def setUp(self):
        super().setUp()
        self.write("src/base/a.hpp", "#pragma once\n")
        self.write("src/store/b.hpp", '#include "base/a.hpp"\n')
        self.write("src/numbers/c.hpp", '#include "base/a.hpp"\n')
        self.write("src/report/d.cpp", '#include "store/b.hpp"\n#include "base/a.hpp"\n')

    def test_accepts_includes_of_lower_rooms(self):
        self.assertEqual(room_order.findings(self.root), [])

    def test_finds_an_upward_include(self):
        self.write("src/base/e.cpp", '\n  #  include "report/d.hpp"\n')
        self.expect(room_order.findings(self.root), "src/base/e.cpp:2", "report", "only lower")

    def test_finds_an_include_of_a_room_at_the_same_level(self):
        self.write("src/numbers/e.cpp", '#include "store/b.hpp"\n')
        self.expect(room_order.findings(self.root), "src/numbers/e.cpp:1", "store")

    def test_finds_an_include_of_a_lower_room_that_is_not_linked(self):
        self.write("src/report/e.cpp", '#include "numbers/c.hpp"\n')
        self.expect(room_order.findings(self.root), "does not link it")

    def test_finds_a_link_upwards(self):
        self.write("CMakeLists.txt", CMAKE + "fenqun_room(low LEVEL 0 ROOMS store)\n")
        self.expect(room_order.findings(self.root), "low", "store")

    def test_finds_a_room_without_a_level(self):
        self.write("src/loose/e.cpp", "int x;\n")
        self.expect(room_order.findings(self.root), "loose is no room")

    def test_finds_an_include_relative_to_its_own_folder(self):
        self.write("src/base/e.cpp", '#include "a.hpp"\n')
        self.expect(room_order.findings(self.root), "room/file.hpp")

    def test_finds_wrapped_libraries_elsewhere(self):
        self.write("CMakeLists.txt", CMAKE.replace("store", "warehouse"))
        self.write("src/store/b.hpp", "")
        self.write("src/warehouse/b.hpp", "#include <duckdb.h>\n")
        self.write("src/base/yaml_tree.cpp", "#include <yaml.h>\n")
        self.write("src/report/d.cpp", "#include <duckdb.h>\n#include <yaml.h>\n")
        found = [line for line in room_order.findings(self.root) if "src/store" not in line]
        self.assertEqual(len(found), 2, found)
        self.assertTrue(all("src/report/d.cpp" in line for line in found))

    def test_ignores_includes_in_comments(self):
        self.write("src/base/e.cpp", '// #include "report/d.hpp"\n/*\n#include "report/d.hpp"\n*/\n')
        self.assertEqual(room_order.findings(self.root), [])


class Texts(Project):
    ZH, EN = "config/texts/zh/base.yaml", "config/texts/en/base.yaml"

    def setUp(self):
        super().setUp()
        self.write(self.ZH, 'base.gone: "找不到 {path}: 没有 # 号"\n')
        self.write(self.EN, 'base.gone: "No {path}: it is gone"\n')
        self.write("src/base/a.cpp", 'return fail(ErrorCode::Io, "base.gone", {{"path", name()}});\n')

    def test_accepts_a_complete_catalogue(self):
        self.assertEqual(texts.findings(self.root), [])

    def test_finds_a_key_that_no_language_has(self):
        self.write("src/base/b.cpp", 'texts("base.nowhere");\n')
        self.expect(texts.findings(self.root), "src/base/b.cpp:1", "base.nowhere")

    def test_finds_a_key_missing_in_one_language(self):
        self.write("src/base/b.cpp", 'texts("base.more");\n')
        self.write(self.ZH, 'base.gone: "{path}"\nbase.more: "更多"\n')
        self.expect(texts.findings(self.root), "base.more is missing in config/texts/en")

    def test_finds_placeholders_that_differ(self):
        self.write(self.EN, 'base.gone: "No {file}"\n')
        self.expect(texts.findings(self.root), "placeholders differ", "file", "path")

    def test_finds_a_reason_told_in_one_form_only(self):
        for path in (self.ZH, self.EN):
            self.write(path.replace("base.yaml", "ingest.yaml"), 'ingest.reason_odd: "{line}" # dynamic\n')
        self.expect(texts.findings(self.root), "ingest.reason_odd stands without code.rejection.odd")

    def test_finds_a_value_that_the_call_does_not_give(self):
        self.write("src/base/a.cpp", 'return fail(ErrorCode::Io, "base.gone", {{"file", name("path")}});\n')
        self.expect(texts.findings(self.root), "src/base/a.cpp:1", "path")

    def test_finds_a_call_without_any_value(self):
        self.write("src/base/a.cpp", 'out << texts("base.gone");\n')
        self.expect(texts.findings(self.root), "src/base/a.cpp:1", "path")

    def test_knows_that_refuse_adds_file_and_line(self):
        for name in (self.ZH, self.EN):
            self.write(name, 'base.gone: "{file}:{line}: {path}"\n')
        self.write("src/base/a.cpp", 'return node.refuse("base.gone", {{"path", p}});\n')
        self.assertEqual(texts.findings(self.root), [])

    def test_finds_an_idle_key_unless_it_is_marked(self):
        for name in (self.ZH, self.EN):
            self.write(name, 'base.gone: "{path}"\nbase.idle: "x"\nbase.made: "y # z"  # dynamic\n')
        self.expect(texts.findings(self.root), "base.idle is not used")

    def test_takes_the_beginning_of_a_key_for_use_of_all_that_begin_so(self):
        for name in (self.ZH, self.EN):
            self.write(name, 'base.gone: "{path}"\nbase.unit_kwh: "x"\nbase.unit_cny: "y"\n')
        self.write("src/base/b.cpp", 'texts("base.unit_" + unit);\n')
        self.assertEqual(texts.findings(self.root), [])
        self.write("src/base/b.cpp", 'texts("base.unit_" + unit);\ntexts("base.colour_" + name);\n')
        self.expect(texts.findings(self.root), "src/base/b.cpp:2", "base.colour_")

    def test_finds_a_key_in_another_rooms_file(self):
        for name in (self.ZH, self.EN):
            self.write(name, 'base.gone: "{path}"\nstore.x: "x"  # dynamic\n')
        self.assertEqual(len(texts.findings(self.root)), 2)

    def test_takes_file_names_and_comments_for_no_keys(self):
        self.write("src/base/b.cpp", '// "base.nowhere"\nopen("base.html");\n')
        self.assertEqual(texts.findings(self.root), [])


class FileRules(Project):
    GOOD = "// base/a.hpp - says a. Level 0.\n#pragma once\n\nint a();\n"

    def test_accepts_a_good_file(self):
        self.write("src/base/a.hpp", self.GOOD)
        self.assertEqual(file_rules.findings(self.root), [])

    def test_finds_a_head_that_names_another_file(self):
        self.write("src/base/b.hpp", self.GOOD)
        self.expect(file_rules.findings(self.root), "src/base/b.hpp:1", "first line")

    def test_finds_a_wrong_level(self):
        self.write("src/base/a.hpp", self.GOOD.replace("Level 0", "Level 3"))
        self.expect(file_rules.findings(self.root), "level 3")

    def test_finds_a_missing_guard(self):
        self.write("src/base/a.hpp", self.GOOD.replace("#pragma once\n", ""))
        self.expect(file_rules.findings(self.root), "#pragma once")

    def test_finds_names_that_say_nothing(self):
        for name in ("string_utils", "helpers", "Matrix"):
            with self.subTest(name):
                self.write(f"src/base/{name}.cpp", "int a;\n")
                self.expect(file_rules.findings(self.root), f"src/base/{name}.cpp")
                (self.root / f"src/base/{name}.cpp").unlink()

    def test_finds_a_source_that_is_too_long(self):
        self.write("src/base/a.cpp", "int a;\n" * (file_rules.MAX_LINES + 1))
        self.expect(file_rules.findings(self.root), "at most")

    def test_finds_an_aggregate_over_a_window_of_all_rows(self):
        self.write("src/base/a.cpp", 'auto good = "row_number() OVER () - 1";\nauto bad = "count(*) OVER ()";\n')
        self.expect(file_rules.findings(self.root), "src/base/a.cpp:2")

    def test_finds_words_that_must_not_stand_anywhere(self):
        for words in ("// TO" + "DO: later", "see https://" + "some.host/x", "npm from registry." + "mirror.org",
                      'open("' + "/home" + '/me/data.csv")'):
            with self.subTest(words):
                self.write("notes.md", "fine\n" + words + "\n")
                self.expect([line for line in file_rules.findings(self.root)][:1], "notes.md:2")


class Docs(Project):
    def setUp(self):
        super().setUp()
        self.write("Makefile", "demo: ## d\ntest: ## t\n")
        self.write("src/base/a.cpp", "int run_all() { return 0; }\n")
        for name in docs.DOCUMENTS:
            self.write(name, "Run `make demo`, see `src/base/a.cpp`, `run_all()` and [base](src/base).\n"
                             "```sh\nmake test\nbuild/release/fenqun run -w x\n```\n")

    def found(self, words):
        self.write("README.md", words + "\n")
        return docs.findings(self.root, {"run"})

    def test_accepts_what_exists(self):
        self.assertEqual(docs.findings(self.root, {"run"}), [])

    def test_finds_a_target_that_does_not_exist(self):
        self.expect(self.found("line\n`make demo lunch`"), "README.md:2", "lunch")

    def test_finds_a_path_that_does_not_exist(self):
        self.expect(self.found("`src/base/b.cpp`"), "src/base/b.cpp")

    def test_finds_a_link_that_leads_nowhere(self):
        self.expect(self.found("[x](docs/none.md)"), "docs/none.md")

    def test_finds_a_command_that_does_not_exist(self):
        self.expect(self.found("```\nfenqun fly --fast\n```"), "README.md", "fly")

    def test_finds_a_function_that_does_not_exist(self):
        self.expect(self.found("`base::run_none()`"), "run_none")

    def test_finds_a_missing_document(self):
        (self.root / "CONTRIBUTING.md").unlink()
        self.expect(docs.findings(self.root), "CONTRIBUTING.md", "does not exist")


if __name__ == "__main__":
    unittest.main()

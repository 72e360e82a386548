#!/usr/bin/env python3
"""The program from outside: commands, exit codes, JSON, both languages, repetition, bad input, interruption.

  cli_test.py --program build/dev/fenqun
"""
import argparse
import collections
import csv
import fcntl
import gzip
import hashlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = ""
CUSTOMERS = 800


def fenqun(*words, cwd=None, env=None):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, cwd=cwd,
                          env={**os.environ, **(env or {})}, timeout=300)


def hashes(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


class Pipeline(unittest.TestCase):
    """One small synthetic utility, made and loaded once."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.data = cls.folder / "data"
        made = fenqun("datagen", "--profile", "city", "--customers", CUSTOMERS, "--reading-months", 3, "--out", cls.data, "--json")
        assert made.returncode == 0, made.stderr
        cls.made = json.loads(made.stdout)
        cls.workspace = cls.folder / "ws"
        assert fenqun("init", cls.workspace, "--name", "测试供电所").returncode == 0
        run = fenqun("run", "-w", cls.workspace, "--from", cls.data, "--truth", cls.data / "truth", "--json")
        assert run.returncode == 0, run.stderr
        cls.run_result = json.loads(run.stdout)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def good(self, *words):
        done = fenqun(*words, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_counts_add_up_over_all_files(self):
        rows = {entry["path"]: entry["rows"] for entry in self.made["files"]}
        self.assertEqual(len(self.run_result["ingest"]), sum(1 for path in rows if not path.startswith("truth/")))
        for batch in self.run_result["ingest"]:
            total = batch["total"]
            path = str(pathlib.Path(batch["file"]).relative_to(self.data))
            self.assertEqual(total["rows_in"], rows[path])
            self.assertEqual(total["rows_in"], total["rows_loaded"] + total["rows_duplicate"] + total["rows_superseded"] + total["rows_rejected"])

    def test_every_customer_has_a_group_or_a_reason(self):
        for run in self.run_result["segment"]["runs"]:
            grouped = sum(group["customers"] for group in run["groups"])
            without = sum(line["customers"] for line in run["not_classifiable"])
            self.assertEqual(grouped, run["classified"], run["scheme"])
            self.assertEqual(grouped + without, run["population"], run["scheme"])
            for line in run["not_classifiable"]:
                self.assertTrue(line["reason"]["zh"] and line["reason"]["en"], line)

    def test_four_dimensions_publish_three_three_four_three_and_find_the_planted_classes(self):
        published = {run["scheme"]: run for run in self.run_result["segment"]["runs"]}
        for scheme, k in [("dongguan_revenue", 3), ("dongguan_influence", 3), ("dongguan_growth", 4), ("dongguan_arrears", 3)]:
            run = published[scheme]
            self.assertEqual(run["published_k"], k)
            self.assertEqual([trial["k"] for trial in run["trials"]], list(range(2, 9)))
            self.assertGreaterEqual(run["truth"]["adjusted_rand_index"], 0.9, scheme)

    def test_thread_count_changes_nothing(self):
        one = fenqun("segment", "-w", self.workspace, "--json", "--threads", 1)
        two = fenqun("segment", "-w", self.workspace, "--json", "--threads", 2)
        self.assertEqual(one.returncode, 0, one.stderr)
        self.assertEqual(one.stdout, two.stdout)

    def test_a_second_run_does_nothing_twice(self):
        again = self.good("run", "-w", self.workspace, "--from", self.data, "--truth", self.data / "truth")
        self.assertTrue(all(batch["already_loaded"] for batch in again["ingest"]))
        self.assertTrue(again["prepare"]["unchanged"])
        self.assertEqual(again["segment"], self.run_result["segment"])

    def test_the_list_of_customers_has_a_group_or_a_reason_for_each(self):
        report = self.good("report", "-w", self.workspace)
        with open(report["customers_csv"], encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), CUSTOMERS)
        for run in self.run_result["segment"]["runs"]:
            title = run["scheme_title"]["zh"] if isinstance(run["scheme_title"], dict) else run["scheme_title"]
            found = collections.Counter(row[title] for row in rows)
            for group in run["groups"]:
                self.assertEqual(found[group["title"]["zh"]], group["customers"], run["scheme"])
            self.assertEqual(found["未分群"], run["population"] - run["classified"], run["scheme"])
            reasons = collections.Counter(row[title + "：未分群原因"] for row in rows if row[title] == "未分群")
            self.assertEqual(reasons, {line["reason"]["zh"]: line["customers"] for line in run["not_classifiable"]})
            self.assertEqual(found[""], CUSTOMERS - run["population"], run["scheme"])
        excluded = sum(line["customers"] for line in self.run_result["segment"]["not_comparable"])
        self.assertEqual(sum(row["可比性"] == "不可比" for row in rows), excluded)

    def test_a_scheme_that_can_group_nobody_says_why_wherever_it_is_shown(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            data, workspace = folder / "data", folder / "ws"
            fenqun("datagen", "--profile", "city", "--customers", 500, "--months", 14, "--reading-months", 1, "--out", data)
            fenqun("init", workspace)
            done = fenqun("run", "-w", workspace, "--from", data, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            outcome = json.loads(done.stdout)
            run = next(run for run in outcome["segment"]["runs"] if run["scheme"] == "dongguan_growth")
            self.assertEqual(run["classified"], 0)
            self.assertEqual(sum(line["customers"] for line in run["not_classifiable"]), run["population"])
            reason = run["not_classifiable"][0]["reason"]["zh"]
            self.assertIn(reason, fenqun("runs", "-w", workspace).stdout)
            self.assertEqual(fenqun("portrait", "-w", workspace).returncode, 0)
            for name in ("html", "groups_csv", "customers_csv"):
                self.assertIn(reason, pathlib.Path(outcome["report"][name]).read_text(encoding="utf-8"), name)

    def test_report_files_are_there_in_both_languages(self):
        for language, word in [("zh", "收入贡献"), ("en", "Revenue contribution")]:
            report = self.good("--lang", language, "report", "-w", self.workspace)
            page = pathlib.Path(report["html"]).read_text(encoding="utf-8")
            self.assertIn(word, page)
            self.assertIn("测试供电所", page)
            for key in ("groups_csv", "portrait_csv"):
                self.assertTrue(pathlib.Path(report[key]).read_bytes().startswith(b"\xef\xbb\xbf"), key)

    def test_the_preparation_is_printed_and_written_with_a_row_for_every_customer(self):
        for language, word in [("zh", "清洗数据"), ("en", "Clean")]:
            shown = fenqun("--lang", language, "prepare", "-w", self.workspace, "--report")
            self.assertEqual(shown.returncode, 0, shown.stderr)
            self.assertIn(word, shown.stdout)
            done = self.good("--lang", language, "prepare", "-w", self.workspace, "--report")
            self.assertIn(word, pathlib.Path(done["html"]).read_text(encoding="utf-8"))
            record = done["preparation"]
            self.assertEqual([step["step"] for step in record["steps"]], ["select", "clean", "reconstruct", "integrate", "format"])
            with open(done["customers_csv"], encoding="utf-8-sig", newline="") as file:
                rows = list(csv.reader(file))
            self.assertEqual(len(rows) - 1, CUSTOMERS)
            reasons = collections.Counter(row[2] for row in rows[1:])
            self.assertEqual(CUSTOMERS - reasons[""], sum(item["rows_out"] for item in record["steps"][4]["items"]
                                                          if item["kind"] == "not_comparable"))
            self.assertEqual({row[1] for row in rows[1:] if row[2]}, {"不可比" if language == "zh" else "not comparable"})

    def test_one_step_is_told_without_writing_anything(self):
        before = hashes(self.workspace)
        stored = self.good("prepare", "-w", self.workspace, "--step", "clean")
        self.assertEqual((stored["stored"], [step["step"] for step in stored["steps"]]), (True, ["select", "clean"]))
        tried = self.good("prepare", "-w", self.workspace, "--step", "clean", "--rebuild")
        self.assertEqual((tried["stored"], tried["steps"]), (False, stored["steps"]))
        shown = fenqun("prepare", "-w", self.workspace, "--step", "integrate")
        self.assertIn("整合数据", shown.stdout)
        self.assertNotIn("清洗数据", shown.stdout)
        self.assertEqual(fenqun("prepare", "-w", self.workspace, "--step", "wash").returncode, 2)
        self.assertEqual({path: digest for path, digest in hashes(self.workspace).items() if path.startswith("lake")},
                         {path: digest for path, digest in before.items() if path.startswith("lake")})

    def test_portrait_indices_balance(self):
        for item in self.good("portrait", "-w", self.workspace):
            for group in item["portrait"]["groups"]:
                if not group["customers"]:
                    continue
                for feature in {line["feature"] for line in group["categories"]}:
                    shares = sum(line["share"] for line in group["categories"] if line["feature"] == feature)
                    self.assertAlmostEqual(shares, 1, places=9)

    def test_people_get_tables_and_no_progress_noise_on_standard_output(self):
        done = fenqun("runs", "-w", self.workspace)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("户数占比", done.stdout)
        self.assertNotIn("\r", done.stdout)
        english = fenqun("--lang", "en", "runs", "-w", self.workspace)
        self.assertIn("Revenue share", english.stdout)
        self.assertFalse([c for c in english.stdout if "\u4e00" <= c <= "\u9fff"], "Chinese left in the English output")

    def test_unknown_scheme_and_month_say_what_to_do(self):
        done = fenqun("segment", "-w", self.workspace, "--scheme", "nothing")
        self.assertEqual(done.returncode, 2)
        self.assertIn("dongguan_revenue", done.stderr)
        self.assertEqual(fenqun("segment", "-w", self.workspace, "--month", "2001-01").returncode, 3)
        self.assertEqual(fenqun("segment", "-w", self.workspace, "--month", "yesterday").returncode, 2)

    def test_a_workspace_in_use_says_so(self):
        # The lock that the database itself takes, held here by this process.
        with (self.workspace / "warehouse.duckdb").open("r+b") as database:
            fcntl.lockf(database, fcntl.LOCK_EX)
            done = fenqun("runs", "-w", self.workspace)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(str(os.getpid()), done.stderr)
        self.assertEqual(fenqun("runs", "-w", self.workspace).returncode, 0)


class Interrupted(unittest.TestCase):
    def test_an_interrupt_leaves_nothing_half_done_and_the_next_run_finishes(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            data, workspace = folder / "data", folder / "ws"
            self.assertEqual(fenqun("datagen", "--profile", "city", "--customers", CUSTOMERS, "--reading-months", 3, "--out", data).returncode, 0)
            self.assertEqual(fenqun("init", workspace).returncode, 0)
            running = subprocess.Popen([PROGRAM, "ingest", "-w", str(workspace), str(data)],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            # As soon as something was loaded, and long before all is.
            deadline = time.monotonic() + 120
            while running.poll() is None and not list(workspace.glob("lake/*/*/*.parquet")) and time.monotonic() < deadline:
                time.sleep(0.01)
            running.send_signal(signal.SIGINT)
            _, errors = running.communicate(timeout=120)
            self.assertEqual(running.returncode, 130, errors)
            self.assertFalse((workspace / "tmp" / "ingest").exists())
            done = fenqun("ingest", "-w", workspace, data, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            batches = json.loads(done.stdout)
            self.assertTrue(any(batch["already_loaded"] for batch in batches))
            self.assertTrue(any(not batch["already_loaded"] for batch in batches))
            once = json.loads(fenqun("ingest", "-w", workspace, data, "--json").stdout)
            self.assertTrue(all(batch["already_loaded"] for batch in once))

    def test_an_interrupted_datagen_leaves_no_folder(self):
        with tempfile.TemporaryDirectory() as temporary:
            out = pathlib.Path(temporary) / "data"
            running = subprocess.Popen([PROGRAM, "datagen", "--profile", "tianhe", "--out", str(out)],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.3)
            running.send_signal(signal.SIGINT)
            self.assertEqual(running.wait(timeout=120), 130)
            self.assertEqual(os.listdir(temporary), [])


GOOD = "customer_id,category\n0001,residential\n0002,non_residential\n"
BILL = "bill_id,customer_id,month,energy_kwh,amount_cny\n"


class BadInput(unittest.TestCase):
    """Each refused with exit code 3, a message that names the place, and a workspace whose every byte is as before."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.workspace = cls.folder / "ws"
        assert fenqun("init", cls.workspace).returncode == 0
        first = cls.folder / "customer.csv"
        first.write_text(GOOD)
        done = fenqun("ingest", "-w", cls.workspace, first)
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def refused(self, name, content, *words, mentions=()):
        path = self.folder / name
        if content is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        before = hashes(self.workspace)
        for language in ("zh", "en"):
            done = fenqun("--lang", language, "ingest", "-w", self.workspace, path, *words)
            self.assertEqual(done.returncode, 3, f"{name}: {done.stdout}{done.stderr}")
            self.assertEqual(hashes(self.workspace), before, name)
            for word in (*mentions,):
                self.assertIn(str(word), done.stderr)
            self.assertNotRegex(done.stderr, r"\{[a-z_]+\}")
        return done.stderr

    def test_empty_file(self):
        self.refused("bill.csv", "", mentions=["bill.csv"])

    def test_binary_file(self):
        self.refused("bill.csv", b"\x7fELF\x00\x01\x02" * 100, mentions=["bill.csv"])

    def test_broken_quote(self):
        self.refused("bill.csv", BILL + '1,0001,2026-01,5,3\n2,"0002,2026-01,5,3\n', mentions=["bill.csv:3"])

    def test_missing_required_column(self):
        self.refused("bill.csv", "bill_id,customer_id,month,amount_cny\n1,0001,2026-01,3\n", mentions=["energy_kwh"])

    def test_negative_energy(self):
        self.refused("bill.csv", BILL + "1,0001,2026-01,5,3\n2,0002,2026-01,-5,3\n", mentions=["bill.csv:3", "-5", "energy_kwh"])

    def test_customer_twice_with_different_content(self):
        self.refused("customer.csv", "customer_id,category\n0009,residential\n0009,non_residential\n", mentions=["customer.csv:2", "0009"])

    def test_mapping_that_names_an_unknown_field(self):
        mapping = self.folder / "m.yaml"
        mapping.write_text("load:\n  - entity: customer\n    fields:\n      customer_id: customer_id\n      categorie: category\n")
        self.refused("customer.csv", GOOD, "--map", mapping, mentions=["m.yaml:5", "categorie", "category"])

    def test_unreadable_path(self):
        self.refused("not there/bill.csv", None, mentions=["bill.csv"])

    def test_an_encoding_that_nobody_can_be_sure_of(self):
        self.refused("customer.csv", "customer_id,customer_name,category\n0007,Orléans,residential\n".encode("latin-1"), mentions=["customer.csv", 43])

    def test_a_cut_gzip_file(self):
        self.refused("bill.csv.gz", gzip.compress((BILL + "1,0001,2026-01,5,3\n").encode())[:-4], mentions=["bill.csv.gz", "gzip"])

    def test_what_a_file_turned_out_to_be_is_told(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            workspace = folder / "ws"
            fenqun("init", workspace)
            drop = folder / "in"
            drop.mkdir()
            text = "三月电费;;;;\n" + (BILL + "1,0001,2026-01,5,3\n").replace(",", ";") + "合计;;;5;3\n共 2 条;;;;\n"
            (drop / "bill.csv.gz").write_bytes(gzip.compress(text.encode("gb18030")))
            (drop / "notes.docx").write_text("x")
            done = fenqun("ingest", "-w", workspace, drop, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            loaded, foreign = json.loads(done.stdout)
            self.assertEqual(foreign, {"file": str(drop / "notes.docx"), "foreign": True})
            source = loaded["source"]
            self.assertEqual((source["format"], source["gzip"], source["encoding"], source["delimiter"]), ("csv", True, "gb18030", ";"))
            self.assertEqual((source["records"], source["rows"], source["titles"], source["headers"], source["closing_lines"]), (5, 1, 1, 1, 2))
            self.assertEqual([(line["kind"], line["line"]) for line in source["left_out"]], [("title", 1), ("total", 4), ("row_count", 5)])
            self.assertEqual((source["stated_rows"], loaded["records"]), (2, 1))
            other = folder / "second" / "bill.csv.gz"
            other.parent.mkdir()
            other.write_bytes(gzip.compress(text.replace("\n1;", "\n2;").encode("gb18030")))
            shown = fenqun("ingest", "-w", workspace, other).stdout
            for word in ("gb18030", "合计等结尾行 2 行（第 4, 5 行）", "称共 2 条"):
                self.assertIn(word, shown)

    def test_accepting_a_share_loads_the_rest_and_lists_what_was_left(self):
        with tempfile.TemporaryDirectory() as temporary:
            workspace = pathlib.Path(temporary) / "ws"
            fenqun("init", workspace)
            path = pathlib.Path(temporary) / "bill.csv"
            path.write_text(BILL + "1,0001,2026-01,5,3\n2,0002,2026-01,-5,3\n3,0003,2026-01,7,3\n")
            done = fenqun("ingest", "-w", workspace, path, "--max-rejected-share", 0.5, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            total = json.loads(done.stdout)[0]["total"]
            self.assertEqual((total["rows_in"], total["rows_loaded"], total["rows_rejected"]), (3, 2, 1))
            lines = json.loads(fenqun("quarantine", "-w", workspace, "--json").stdout)
            self.assertEqual([(line["line"], line["column"], line["reason"]) for line in lines], [(3, "energy_kwh", "below_minimum")])

    def test_full_disk(self):
        # A limit on the size of files refuses writes as a full disk does, without needing one.
        path = self.folder / "bill.csv"
        numbers = random.Random(1)
        path.write_text(BILL + "".join(f"{n},c{n % 50000},2026-01,{numbers.randrange(10**9) / 1000},{numbers.randrange(10**9) / 100}\n"
                                       for n in range(400000)))
        before = hashes(self.workspace)
        done = subprocess.run(["bash", "-c", 'ulimit -f 2048; exec "$0" "$@"', PROGRAM, "ingest", "-w", str(self.workspace), str(path)],
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("磁盘", done.stderr)
        self.assertEqual(hashes(self.workspace), before)
        done = fenqun("ingest", "-w", self.workspace, path)
        self.assertEqual(done.returncode, 0, done.stderr)



class Batches(unittest.TestCase):
    """What was loaded is listed, corrected, taken back; a drop folder empties itself."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.workspace = self.folder / "ws"
        assert fenqun("init", self.workspace).returncode == 0

    def tearDown(self):
        self.temporary.cleanup()

    def good(self, *words):
        done = fenqun(*words, "-w", self.workspace, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def bills(self, name, rows):
        path = self.folder / name / "bill.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(BILL + rows)
        return path

    def test_a_correction_is_counted_listed_and_undone(self):
        self.good("ingest", self.bills("a", "B1,0001,2026-01,5,3\nB2,0001,2026-02,6,3\n"))
        total = self.good("ingest", self.bills("b", "B1,0001,2026-01,7,3\nB2,0001,2026-02,6,3\nB3,0001,2026-03,1,1\n"))[0]["total"]
        self.assertEqual((total["rows_in"], total["rows_loaded"], total["rows_duplicate"], total["rows_superseded"]), (3, 1, 1, 1))
        first, second = self.good("ingest", "list")
        self.assertEqual(second["rests_on"], [first["batch_id"]])
        refused = fenqun("ingest", "undo", first["batch_id"], "-w", self.workspace)
        self.assertEqual(refused.returncode, 4)
        self.assertIn(second["batch_id"], refused.stderr)
        undone = self.good("ingest", "undo", second["batch_id"][:8])
        self.assertEqual(undone["entities"]["bill"], {"rows_removed": 2, "rows_restored": 1, "rows_expired": 0})
        self.assertEqual([batch["batch_id"] for batch in self.good("ingest", "list")], [first["batch_id"]])
        people = fenqun("ingest", "list", "-w", self.workspace)
        self.assertIn("更正", people.stdout)
        self.assertIn(first["batch_id"][:8], people.stdout)

    def test_the_doctor_finds_damage_and_loads_the_batch_again(self):
        self.good("ingest", self.bills("a", "B1,0001,2026-01,5,3\n"))
        second = self.bills("b", "B2,0001,2026-02,5,3\nB3,0001,2026-02,5,3\n")
        self.good("ingest", second)
        sound = self.good("doctor")
        self.assertEqual((sound["sound"], sound["files"], sound["rows"]), (True, 2, 3))
        self.assertEqual([finding["finding"] for finding in sound["findings"]], ["orphans"])
        lost = next((self.workspace / "lake" / "bill" / "month=2026-02").glob("*.parquet"))
        lost.write_bytes(lost.read_bytes()[:-5])
        refused = fenqun("ingest", "list", "-w", self.workspace)
        self.assertEqual(refused.returncode, 3)
        self.assertIn("doctor", refused.stderr)
        found = fenqun("doctor", "-w", self.workspace, "--json")
        self.assertEqual(found.returncode, 3)
        self.assertIn(lost.name, found.stdout)
        mended = self.good("doctor", "--repair")
        self.assertEqual((mended["sound"], len(mended["reloaded"])), (True, 1))
        self.assertEqual(self.good("doctor")["rows"], 3)
        # Without its source nothing can be done, and it says so.
        second.unlink()
        lost = next((self.workspace / "lake" / "bill" / "month=2026-02").glob("*.parquet"))
        lost.unlink()
        failed = fenqun("doctor", "--repair", "-w", self.workspace)
        self.assertEqual(failed.returncode, 3)
        self.assertIn(str(second), failed.stdout)

    def test_a_file_again_counts_nothing_and_says_so(self):
        path = self.bills("a", "B1,0001,2026-01,5,3\n")
        self.good("ingest", path)
        again = self.good("ingest", path)[0]
        self.assertTrue(again["already_loaded"])
        self.assertEqual(set(again["total"].values()) | set(again["entities"]["bill"].values()), {0})
        people = fenqun("ingest", path, "-w", self.workspace).stdout
        self.assertIn("此前已导入", people)
        self.assertIn(["1", "0", "0", "0", "0", "0"], [line.split()[1:] for line in people.splitlines()], "one file, and no row")

    def test_a_month_after_the_last_data_is_not_prepared(self):
        customers = self.folder / "customer.csv"
        customers.write_text("customer_id,category\n0001,residential\n")
        self.good("ingest", customers)
        self.good("ingest", self.bills("a", "B1,0001,2026-01,5,3\n"))
        for words in (["prepare"], ["prepare", "--step", "select"]):
            refused = fenqun(*words, "--month", "2035-01", "-w", self.workspace)
            self.assertEqual(refused.returncode, 3, refused.stdout)
            self.assertIn("2026-01", refused.stderr)
        self.assertFalse((self.workspace / "lake" / "wide").exists())

    def test_people_see_the_names_of_entities(self):
        self.good("ingest", self.bills("a", "B1,0001,2026-01,5,3\nB2,0001,2026-02,5,3\n"))
        self.good("ingest", self.bills("b", "B1,0001,2026-01,6,3\n"))
        with open(self.workspace / "fenqun.yaml", "a") as settings:
            settings.write("retention: {bill: 1}\n")
        for words in (["lake"], ["lake", "expire", "--dry-run"], ["doctor"]):
            with self.subTest(words=words):
                said = fenqun(*words, "-w", self.workspace)
                self.assertEqual(said.returncode, 0, said.stderr)
                self.assertIn("账单", said.stdout)
                self.assertNotIn("bill ", said.stdout)
                self.assertNotIn("bill.", said.stdout)

    def test_the_lake_is_shown_compacted_and_expired(self):
        self.good("ingest", self.bills("a", "B1,0001,2026-01,5,3\nB2,0001,2026-02,5,3\n"))
        self.good("ingest", self.bills("b", "B3,0001,2026-01,5,3\n"))
        self.assertEqual([(share["entity"], share["files"]) for share in self.good("lake")], [("bill", 3)])
        self.assertEqual(self.good("lake", "compact"), [{"entity": "bill", "month": "2026-01", "files": 2, "rows": 2}])
        with open(self.workspace / "fenqun.yaml", "a") as settings:
            settings.write("retention: {bill: 1}\n")
        self.assertEqual(self.good("lake", "expire", "--dry-run"), [{"entity": "bill", "month": "2026-01", "rows": 2}])
        self.assertEqual(self.good("lake", "expire"), [{"entity": "bill", "month": "2026-01", "rows": 2}])
        self.assertEqual([(share["entity"], share["files"]) for share in self.good("lake")], [("bill", 1)])
        self.assertTrue(self.good("doctor")["sound"])

    def test_a_read_only_disk_is_named_and_nothing_changes(self):
        self.good("ingest", self.bills("a", "B1,0001,2026-01,5,3\n"))
        more = self.bills("b", "B2,0001,2026-01,5,3\n")
        before = hashes(self.workspace)
        script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
        if subprocess.run(["unshare", "-rm", "sh", "-c", script, "sh", self.workspace, "true"], capture_output=True).returncode != 0:
            self.skipTest("this machine lets nobody mount in a namespace of his own")
        def run_read_only(*words):
            return subprocess.run(["unshare", "-rm", "sh", "-c", script, "sh", self.workspace, PROGRAM, *map(str, words), "-w", str(self.workspace)],
                                  capture_output=True, text=True)

        for words in (["ingest", "list"], ["doctor"], ["lake"], ["quarantine"]):
            with self.subTest(words=words):
                done = run_read_only(*words)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertEqual(done.stdout, fenqun(*words, "-w", self.workspace).stdout)
        for words in (["ingest", more], ["prepare"], ["doctor", "--repair"], ["lake", "compact"]):
            done = run_read_only(*words)
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            self.assertIn(str(self.workspace), done.stderr)
            self.assertIn("只读", done.stderr)
        self.assertEqual(hashes(self.workspace), before)
        self.assertTrue(self.good("doctor")["sound"])

    def test_a_drop_folder_sorts_loaded_from_refused(self):
        drop = self.folder / "drop"
        (drop / "bill").mkdir(parents=True)
        (drop / "bill" / "x.csv").write_text(BILL + "B1,0001,2026-01,5,3\n")
        (drop / "again.csv").write_text(BILL + "B1,0001,2026-01,6,3\n")
        (drop / "half.csv.part").write_text("half")
        (drop / "odd.csv").write_text("a,b\n1,2\n")
        done = fenqun("ingest", drop, "--watch", "--once", "-w", self.workspace, "--json")
        self.assertEqual(done.returncode, 3, done.stderr)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"file"')]
        fates = {pathlib.Path(line["file"]).name: line for line in lines}
        self.assertEqual({name: line["fate"] for name, line in fates.items()}, {"again.csv": "loaded", "x.csv": "loaded", "odd.csv": "refused"})
        self.assertTrue((drop / "half.csv.part").exists())
        self.assertIn("a, b", (drop / "refused" / "odd.csv.reason.txt").read_text())
        for line in fates.values():
            self.assertFalse(pathlib.Path(line["file"]).exists())
            self.assertTrue(pathlib.Path(line["moved_to"]).exists())

    def test_a_watched_folder_takes_what_arrives_and_ends_on_interrupt(self):
        drop = self.folder / "drop"
        drop.mkdir()
        watcher = subprocess.Popen([PROGRAM, "ingest", str(drop), "--watch", "--interval", "0.1", "-w", str(self.workspace), "--json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            (drop / "bill.csv").write_text(BILL + "B1,0001,2026-01,5,3\n")
            line = json.loads(watcher.stdout.readline())
            self.assertEqual((line["fate"], line["outcome"]["total"]["rows_loaded"]), ("loaded", 1))
            (drop / "bill.csv").write_text(BILL + "B1,0001,2026-01,5,3\n")
            self.assertEqual(json.loads(watcher.stdout.readline())["fate"], "known")
            self.assertEqual(len(self.good("ingest", "list")), 1)
        finally:
            watcher.send_signal(signal.SIGINT)
            watcher.communicate(timeout=60)
        self.assertEqual(watcher.returncode, 0)


class Maps(unittest.TestCase):
    """Mappings are proposed for files that nobody described; the dictionary says what fields mean."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.workspace = self.folder / "ws"
        assert fenqun("init", self.workspace).returncode == 0

    def tearDown(self):
        self.temporary.cleanup()

    def write(self, name, text, encoding="utf-8"):
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def suggest(self, path, *words):
        done = fenqun("map", "suggest", path, *words, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def ingest(self, path, mapping):
        done = fenqun("ingest", "-w", self.workspace, path, "--map", mapping, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return {entity: counts["rows_loaded"] for entity, counts in json.loads(done.stdout)[0]["entities"].items()}

    def test_a_proposed_mapping_loads_the_file_it_was_made_for(self):
        payments = self.write("2026年3月收费明细.csv", "某某供电所收费明细\n用户号;户名;交费时间;实收金额（元）;收费方式\n"
                              "0012;张三;2026.3.1;101.50;批扣\n0013;某某公司;2026.3.2;1,280;支付宝\n"
                              "0012;张三;2026.3.9;12;批扣\n合计;;;1393.5;\n", "gb18030")
        mapping = self.folder / "m.yaml"
        shown = fenqun("map", "suggest", payments, "--out", mapping)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("缴费记录", shown.stdout)
        self.assertIn("gb18030", shown.stdout)
        self.assertEqual(self.ingest(payments, mapping), {"payment": 3, "customer": 2})
        # What the file is made of does not show in the mapping, which may be passed on.
        for secret in ("张三", "0012", "某某公司"):
            self.assertNotIn(secret, mapping.read_text(encoding="utf-8"))
        # The same bytes on standard output.
        self.assertEqual(fenqun("map", "suggest", payments).stdout, mapping.read_text(encoding="utf-8"))

    def test_a_curve_of_a_day_becomes_hours(self):
        hours = ",".join(f"{hour:02}:00" for hour in range(1, 25))
        curve = self.write("小时电量.csv", f"户号,数据日期,{hours}\n1,2026-03-01,{','.join(map(str, range(24)))}\n")
        mapping = self.folder / "h.yaml"
        self.assertEqual(fenqun("map", "suggest", curve, "--out", mapping).returncode, 0)
        self.assertEqual(self.ingest(curve, mapping), {"reading_hour": 24, "customer": 1})

    def test_a_workspace_that_has_its_customers_gets_none_from_a_list_of_payments(self):
        payments = self.write("pay.csv", "用户号,交费时间,实收金额\n0012,2026-03-01,101.50\n")
        self.assertEqual([e["entity"] for e in self.suggest(payments, "-w", self.workspace)["entities"]], ["payment", "customer"])
        self.ingest(self.write("customer.csv", "customer_id,category\n0012,residential\n"),
                    self.write("c.yaml", "load: [{entity: customer, fields: {customer_id: customer_id, category: category}}]"))
        self.assertEqual([e["entity"] for e in self.suggest(payments, "-w", self.workspace)["entities"]], ["payment"])

    def test_a_few_bad_rows_are_found_by_the_trial_and_accepted_with_a_word(self):
        rows = "".join(f"{n},2026-03-01,{n}\n" for n in range(1, 400))
        proposal = self.suggest(self.write("pay.csv", "户号,缴费日期,缴费金额\n" + rows + "7,someday,3\n"))
        self.assertEqual(proposal["trial"]["rows_rejected"], 1)
        self.assertGreater(proposal["max_rejected_share"], 0)
        paid_on = next(f for f in proposal["entities"][0]["fields"] if f["field"] == "paid_on")
        self.assertIn("suggest.trial_fault", [reason["code"] for reason in paid_on["reasons"]])
        many = self.suggest(self.write("bad.csv", "户号,缴费日期,缴费金额\n" + "1,2026-03-01,5\n" * 60 + "1,someday,5\n" * 9))
        self.assertNotIn("max_rejected_share", many)

    def test_lines_of_totals_between_the_rows_are_passed_over(self):
        bills = self.write("电费.csv", "户号,月份,电量,电费\n0001,2026-01,10,5\n小计,,10,5\n0002,2026-01,11,6\n"
                           "0002 小计,,11,6\n0003,2026-01,1,1\n合计,,22,12\n")
        mapping = self.folder / "b.yaml"
        self.assertEqual(fenqun("map", "suggest", bills, "--out", mapping).returncode, 0)
        self.assertIn("closing_lines: anywhere", mapping.read_text(encoding="utf-8"))
        self.assertEqual(self.ingest(bills, mapping), {"bill": 3, "customer": 3})

    def test_what_cannot_be_told_is_said_and_not_loaded(self):
        proposal = self.suggest(self.write("zzz.csv", "foo,qux\na,b\n"))
        self.assertFalse(proposal["complete"])
        self.assertEqual([line["column"] for line in proposal["left"]], ["foo", "qux"])
        outages = self.write("停电.csv", "线路编号,停电时间\nL1,2026-03-01 08:00\n")
        mapping = self.folder / "o.yaml"
        done = fenqun("map", "suggest", outages, "--out", mapping)
        self.assertIn("停电类型 kind", done.stdout)
        refused = fenqun("ingest", "-w", self.workspace, outages, "--map", mapping)
        self.assertEqual(refused.returncode, 3)
        text = mapping.read_text(encoding="utf-8").replace("# kind: {constant: planned | fault | momentary | temporary}", "kind: {constant: planned}")
        self.assertEqual(self.ingest(outages, self.write("fixed.yaml", text)), {"outage": 1})

    def test_the_dictionary_is_markdown_a_page_or_json(self):
        self.assertIn("| `amount_cny` |", fenqun("map", "dictionary").stdout)
        self.assertIn("# Data dictionary", fenqun("map", "dictionary", "--lang", "en").stdout)
        page = self.folder / "d.html"
        self.assertEqual(fenqun("map", "dictionary", "--out", page).returncode, 0)
        self.assertIn("<title>数据字典</title>", page.read_text(encoding="utf-8"))
        entities = json.loads(fenqun("map", "dictionary", "--json").stdout)["entities"]
        self.assertIn("household_form", [entity["entity"] for entity in entities])
        self.ingest(self.write("customer.csv", "customer_id,category\n0012,residential\n0013,residential\n"),
                    self.write("c.yaml", "load: [{entity: customer, fields: {customer_id: customer_id, category: category}}]"))
        profiled = fenqun("map", "dictionary", "-w", self.workspace).stdout
        self.assertIn("空值 100.0%", profiled)
        self.assertEqual(fenqun("map", "dictionary", "--format", "pdf").returncode, 2)
        self.assertEqual(fenqun("map").returncode, 2)


class WrongUse(unittest.TestCase):
    def test_exit_code_two(self):
        for words in ([], ["nonsense"], ["segment", "--k"], ["datagen"], ["--lang", "fr", "runs"], ["runs", "--threads", "100000"], ["runs", "--threads", "-1"], ["segment", "--k", "8"],
                      ["ingest", "-w", ".", "x.csv", "--max-rejected-share", "7"]):
            self.assertEqual(fenqun(*words).returncode, 2, words)

    def test_no_workspace_says_how_to_make_one(self):
        with tempfile.TemporaryDirectory() as temporary:
            done = fenqun("runs", "-w", temporary)
            self.assertEqual(done.returncode, 2)
            self.assertIn("fenqun init", done.stderr)

    def test_errors_as_json_are_one_document(self):
        with tempfile.TemporaryDirectory() as temporary:
            done = fenqun("runs", "-w", temporary, "--json")
            self.assertEqual(json.loads(done.stdout)["error"]["code"], "not_found")

    def test_help_in_both_languages(self):
        self.assertIn("分群", fenqun("--help").stdout)
        english = fenqun("--help", env={"FENQUN_LANG": "en"}).stdout
        self.assertIn("groups electricity customers", english)
        self.assertFalse([c for c in english if "\u4e00" <= c <= "\u9fff"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    arguments, rest = parser.parse_known_args()
    PROGRAM = str(pathlib.Path(arguments.program).resolve())
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)

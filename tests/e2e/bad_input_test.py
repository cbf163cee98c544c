"""Files that are not datasets: the right exit code, the place of the fault, and nothing kept."""

import os
import random
import threading

import support
from shapes import ABSENT_ID
from support import LumiTest, csv_text

HEADER = ["examples", "ground_truth"]
GOOD = csv_text([HEADER, ["a", "b"], ["c", "d"]])


class Refused(LumiTest):
    def refuse(self, file, *says, code=11, args=()) -> dict:
        error = self.lumi.fail("dataset", "create", file, *args, code=code)
        self.assert_says(error, *says)
        self.assert_nothing_kept()
        self.assert_no_temporary_files()
        return error

    def test_not_utf8(self):
        self.refuse(self.write("latin.csv", GOOD.encode() + "café,x\n".encode("latin-1")), "latin.csv:4:4", "UTF-8")
        self.refuse(self.write("cut.csv", GOOD.encode() + b"x,\xf0\x9f\x8e"), "cut.csv:4:3", "UTF-8")
        self.refuse(self.write("surrogate.csv", GOOD.encode() + b"\xed\xa0\x80,x\n"), "surrogate.csv:4:1")
        self.refuse(self.write("overlong.csv", GOOD.encode() + b"\xc0\x80,x\n"), "overlong.csv:4:1")
        self.refuse(self.write("head.csv", b"examples,\xff\na,b\n"), "head.csv:1:10")

    def test_utf16_gets_advice(self):
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            with self.subTest(encoding):
                mark = "" if encoding in ("utf-16", "utf-32") else "\ufeff"
                error = self.refuse(self.write("wide.csv", (mark + GOOD).encode(encoding)), "wide.csv", "UTF-")
                self.assertTrue(error["hint"], "what to do about it")

    def test_binary_files(self):
        noise = random.Random(1).randbytes(100_000)
        for name, content in (
            ("noise.csv", noise),
            ("zip.csv", b"PK\x03\x04" + noise),
            ("elf.csv", b"\x7fELF\x02\x01\x01" + bytes(64)),
        ):
            with self.subTest(name):
                self.refuse(self.write(name, content), name)

    def test_nul_has_a_line_and_a_column(self):
        self.refuse(self.write("nul.csv", GOOD + "ab\0cd,x\n"), "nul.csv:4:3", "NUL")
        self.refuse(self.write("nul.jsonl", '{"examples":"a"}\n{"examples":"b\\u0000c"}\n'), "nul.jsonl:2")

    def test_things_that_are_no_files(self):
        self.refuse(self.folder, str(self.folder), "directory")
        self.refuse(self.folder / "absent.csv", "absent.csv", code=5)
        self.refuse(self.folder / "absent" / "x.csv", "absent", code=5)
        loop = self.folder / "loop.csv"
        loop.symlink_to(loop)
        self.assertNotEqual(self.lumi.run("dataset", "create", loop, code=None).code, 0)
        self.assert_nothing_kept()

    def test_nothing_in_it(self):
        self.refuse(self.write("empty.csv", ""), "empty.csv", "empty")
        self.refuse(self.write("bom.csv", "\ufeff"), "bom.csv", "empty")
        self.refuse(self.write("header.csv", "examples,ground_truth\n"), "header.csv", "no rows")
        self.refuse(self.write("blank.csv", "examples\n\n\n"), "blank.csv", "no rows")
        self.refuse(self.write("empty.jsonl", ""), "empty.jsonl", "empty")
        self.refuse(self.write("empty.json", "[]"), "empty.json", "no rows")
        self.refuse("-", "stdin.csv", "empty")

    def test_missing_examples(self):
        message = "Dataset is missing required fields: examples"
        for name, text in (
            ("other.csv", "text,ground_truth\na,b\n"),
            ("semicolon.csv", "examples;ground_truth\na;b\n"),
            ("tabs.csv", "examples\tground_truth\na\tb\n"),
            ("capital.csv", "Examples,ground_truth\na,b\n"),
            ("blank.csv", " examples,ground_truth\na,b\n"),
        ):
            with self.subTest(name):
                self.refuse(self.write(name, text), message, name)
        self.assert_says(self.refuse(self.folder / "capital.csv"), "Examples")
        self.assert_says(self.refuse(self.folder / "semicolon.csv"), ";")
        self.refuse(self.write("other.jsonl", '{"text":"a"}\n'), message)

    def test_rows_of_another_width(self):
        self.refuse(self.write("long.csv", GOOD + "a,b,c\n"), "long.csv:4", "3", "2")
        self.refuse(self.write("multi.csv", 'examples,ground_truth\n"a\nb\nc",d\na,b,c\n'), "multi.csv:5")

    def test_quotes(self):
        self.refuse(self.write("open.csv", GOOD + 'x,"never closed\nmore\nand more\n'), "open.csv:4:3", "quote")
        self.refuse(self.write("after.csv", GOOD + 'x,"closed"more\n'), "after.csv:4")

    def test_json_faults(self):
        for name, text, place in (
            ("cut.jsonl", '{"examples":"a"}\n{"examples":\n', "cut.jsonl:2"),
            ("list.jsonl", '{"examples":"a"}\n["b"]\n', "list.jsonl:2"),
            ("text.jsonl", '{"examples":"a"}\nplain\n', "text.jsonl:2"),
            ("surrogate.jsonl", '{"examples":"a"}\n{"examples":"\\ud800"}\n', "surrogate.jsonl:2"),
            ("object.json", '{"examples":"a"}', "object.json"),
            ("cut.json", '[{"examples":"a"},\n{"examples"', "cut.json:2"),
            ("after.json", '[{"examples":"a"}]\n[]', "after.json:2"),
        ):
            with self.subTest(name):
                self.refuse(self.write(name, text), place)

    def test_a_cell_of_200_mb_needs_no_memory(self):
        def feed(pipe):
            try:
                pipe.write(b'examples,ground_truth\na,b\n"')
                for _ in range(200):
                    pipe.write(b"x" * 1_000_000)
                pipe.write(b'",y\n')
                pipe.close()
            except BrokenPipeError:
                pass

        with self.lumi.start("dataset", "create", "-", "--json", stdin=-1) as process:
            feeder = threading.Thread(target=feed, args=(process.stdin,))
            feeder.start()
            error = process.stderr.read().decode()
            feeder.join()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 11, error)
        self.assert_says(error, "stdin.csv:3", "max_cell_size")
        if not support.SANITIZED:
            self.assertLess(usage.ru_maxrss, 64 * 1024)
        self.assert_nothing_kept()

    def test_the_size_limit_is_a_setting(self):
        file = self.write("a.csv", csv_text([HEADER, ["x" * 5_000_000, "y"]]))
        env = {"LUMI_DATASET_MAX_SIZE": "1MB"}
        error = self.lumi.fail("dataset", "create", file, code=11, env=env)
        self.assertEqual(error["code"], "too_large")
        self.assert_says(error, "Dataset upload exceeds the 1.0MB limit")
        self.lumi.fail("dataset", "create", "-", code=11, env=env, data=file.read_text())
        self.assert_nothing_kept()
        self.lumi.create(file)

    def test_more_than_one_use_of_stdin(self):
        self.lumi.fail("job", "create", "evaluator", "-f", "-", "--dataset", "-", code=2, data="{}")

    def test_a_fifo_with_faults(self):
        fifo = self.folder / "pipe.csv"
        os.mkfifo(fifo)
        writer = threading.Thread(target=fifo.write_text, args=("text\na\n",))
        writer.start()
        self.refuse(fifo, "pipe.csv", "examples")
        writer.join()


class Permissions(LumiTest):
    """As somebody whom permissions bind, which root is not unless it gives up the right to override them."""

    def test_a_file_that_may_not_be_read(self):
        file = self.write("secret.csv", GOOD)
        file.chmod(0)
        error = self.lumi.fail("dataset", "create", file, code=13, **support.bound_by_permissions())
        self.assert_says(error, "secret.csv")
        self.assert_nothing_kept()

    def test_a_home_that_may_not_be_written(self):
        id = self.lumi.create(self.write("a.csv", GOOD))["id"]
        objects = self.lumi.home / "objects"
        for path in (objects, self.lumi.home):
            for inner in (path, *path.rglob("*")):
                inner.chmod(0o500 if inner.is_dir() else 0o400)
            with self.subTest(path.name):
                how = support.bound_by_permissions()
                self.assertEqual(self.lumi.json("dataset", "get", id, **how)["id"], id)
                self.assertEqual(self.lumi.run("dataset", "download", id, "-o", "-", **how).text, GOOD)
                self.assert_says(
                    self.lumi.fail("dataset", "create", self.folder / "a.csv", code=13, **how), str(self.lumi.home)
                )
                self.lumi.fail("dataset", "delete", id, "--yes", code=13, **how) if path == self.lumi.home else None
            for inner in (path, *path.rglob("*")):
                inner.chmod(0o700 if inner.is_dir() else 0o600)
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 1)

    def test_a_home_that_may_not_be_entered(self):
        self.lumi.create(self.write("a.csv", GOOD))
        self.lumi.home.chmod(0)
        for args in (("health",), ("dataset", "list"), ("dataset", "create", self.folder / "a.csv")):
            with self.subTest(args):
                error = self.lumi.fail(*args, code=13, **support.bound_by_permissions())
                self.assert_says(error, str(self.lumi.home))
        self.lumi.home.chmod(0o700)

    def test_a_home_that_may_not_be_made(self):
        (self.folder / "closed").mkdir(mode=0o500)
        env = {"LUMI_HOME": str(self.folder / "closed" / "lumi")}
        file = self.write("a.csv", GOOD)
        self.lumi.fail("dataset", "create", file, code=13, env=env, **support.bound_by_permissions())

    def test_a_folder_that_may_not_be_written(self):
        id = self.lumi.create(self.write("a.csv", GOOD))["id"]
        target = self.folder / "closed"
        target.mkdir(mode=0o500)
        error = self.lumi.fail("dataset", "download", id, "-o", target, code=13, **support.bound_by_permissions())
        self.assert_says(error, str(target))

    def test_a_home_that_is_a_file(self):
        self.lumi.home.write_text("not a folder")
        for args in (("dataset", "list"), ("dataset", "create", self.write("a.csv", GOOD))):
            result = self.lumi.run(*args, "--json", code=None)
            self.assertIn(result.code, (11, 12, 13), result)
            self.assert_says(result.error(), str(self.lumi.home))
        self.assertEqual(self.lumi.home.read_text(), "not a folder")


class Validate(LumiTest):
    def test_every_problem_is_listed_with_its_place(self):
        text = 'examples,ground_truth\na,b,c\nd,\xff"x"\n"e"f,g\nh\0,i\nj,k\n'.encode("latin-1")
        result = self.lumi.run("dataset", "validate", self.write("a.csv", text), "--json", code=11)
        listing = result.json()
        self.assertEqual(listing["total"], len(listing["items"]))
        places = {(item["line"], item["column"]) for item in listing["items"] if item["severity"] == "error"}
        self.assertTrue({2, 3, 4, 5} <= {line for line, _ in places}, listing)
        self.assertIn((3, 3), places)
        self.assertIn((5, 2), places)
        self.assertEqual(result.error()["code"], "invalid_input")
        self.assertFalse(self.lumi.home.exists())

    def test_blanks_are_warnings(self):
        result = self.lumi.run(
            "dataset", "validate", self.write_csv("a.csv", [HEADER, ["a", " "], ["c", "d"]]), "--json"
        )
        (problem,) = [item for item in result.json()["items"] if item["severity"] == "warning"]
        self.assertEqual((problem["line"], problem["field"]), (2, "ground_truth"))

    def test_a_terminal_and_a_pipe_get_the_same_problems(self):
        file = self.write("a.csv", GOOD + "x,y,z\n")
        rows = self.lumi.run("dataset", "validate", file, code=11).rows()
        self.assertEqual(rows[0][:2], ["error", "4"])
        self.assertIn("error", self.lumi.terminal("dataset", "validate", file, code=11))


class Bodies(LumiTest):
    def refuse(self, body: str, *says, code=11):
        file = self.write("body.json", body)
        self.assert_says(self.lumi.fail("job", "create", "evaluator", "-f", file, code=code), *says)
        self.assert_nothing_kept()

    def test_faults_have_a_pointer_and_a_near_name(self):
        self.write("p.csv", csv_text([["predictions", "ground_truth"], ["a", "b"]]))
        start = '{"name":"x","dataset":"./p.csv",'
        self.refuse(start + '"job_config":{"metrcs":["rouge"]}}', "/job_config/metrcs", "metrics", "body.json")
        self.refuse(start + '"max_sample":3}', "/max_sample", "max_samples")
        self.refuse(start + '"max_samples":"few"}', "/max_samples", "number")
        self.refuse(start + '"max_samples":1.5}', "/max_samples")
        self.refuse(start + '"batch_size":0}', "/batch_size")
        self.refuse(start + '"job_config":{"job_type":"inference"}}', "/job_config/job_type", "inference")
        self.refuse(start + '"job_config":{"metrics":"rouge"}}', "/job_config/metrics")
        self.refuse(start + '"job_config":{"task_definition":{"task":"translation"}}}', "source_language")
        self.refuse(start + '"job_config":{"task_definition":{"task":"Translation"}}}', "Translation", "translation")
        self.refuse(start + '"job_config":{"task_definition":{"task":"summarization","extra":1}}}', "extra")
        self.refuse(start + '"job_config":{"metrics":["rogue"]}}', "rogue", "rouge", code=2)

    def test_what_is_no_json(self):
        self.refuse('{"name":\n"x",,}', "body.json:2")
        self.refuse("[]", "body.json", "object")
        self.refuse("", "body.json")
        self.refuse('{"name":"\\ud800"}', "body.json")

    def test_unknown_dataset_and_secret(self):
        self.refuse(f'{{"name":"x","dataset":"{ABSENT_ID}"}}', ABSENT_ID, code=5)
        self.lumi.create(self.write("p.csv", csv_text([["examples", "predictions", "ground_truth"], ["a", "a", "b"]])))
        body = '{"name":"x","dataset":"./p.csv","job_config":{"metrics":["rouge"],"secret_key_name":"my key"}}'
        error = self.lumi.fail("job", "create", "evaluator", "-f", self.write("body.json", body), code=4)
        self.assert_says(error, "Cannot create job 'x': Requested secret key 'my key' is not configured.")
        self.assertEqual(self.lumi.json("job", "list")["total"], 0)


if __name__ == "__main__":
    support.main()

"""`lumi storage copy` to a real S3 server (Ceph's gateway) and back, also where it is killed, cut off, or not alone."""

import json
import random
import signal
import sys
import time

import support
from job_support import HEADER, ROWS
from storage_support import StorageTest, setUpModule  # noqa: F401: unittest calls it
from support import LONG, SOURCE, csv_text, object_files

sys.path.insert(0, str(SOURCE / "tests" / "support"))
from s3_fault_proxy import S3FaultProxy  # noqa: E402


class Copy(StorageTest):
    def setUp(self):
        super().setUp()
        self.local = {"LUMI_STORAGE": "file:"}
        self.texts = {}
        for i in range(5):
            text = csv_text([HEADER, *ROWS, [f"row {i}", "a", "b"]])
            self.texts[self.lumi.create(self.write(f"{i}.csv", text), env=self.local)["id"]] = text
        large = self.large_file(12)
        self.texts[self.lumi.create(large, env=self.local)["id"]] = large.read_text()
        file = self.write_csv("p.csv", [HEADER, *ROWS])
        self.job = self.lumi.json("job", "create", "evaluator", "--dataset", file, "--metric", "rouge", env=self.local)["id"]

    def check_all(self):
        for dataset, text in self.texts.items():
            self.assertEqual(self.lumi.run("dataset", "download", dataset, "-o", "-").text, text)
        self.assertIn("metrics", json.loads(self.lumi.run("job", "download", self.job, "-o", "-").text))

    def test_there_and_back(self):
        before = object_files(self.lumi)
        self.assertEqual(self.lumi.json("storage", "copy", "--to", self.url, "--dry-run")["objects"], 8)
        self.assertEqual(self.keys(), {})
        self.lumi.fail("storage", "copy", "--to", self.url, code=2)
        summary = self.lumi.json("storage", "copy", "--to", self.url, "--yes", "--read-data")
        self.assertEqual((summary["objects"], summary["copied"], summary["failed"]), (8, 8, 0))
        self.assertEqual(set(self.keys()), before)
        self.check_all()
        self.assertEqual(object_files(self.lumi), before)
        self.lumi.run("gc", "--yes", "--older-than", "0s")
        self.assertEqual(object_files(self.lumi), before)
        self.lumi.run("gc", "--yes", "--source")
        self.assertEqual(object_files(self.lumi), set())
        self.check_all()
        self.assertEqual(self.lumi.json("storage", "copy", "--to", self.url, "--yes")["objects"], 0)
        self.assertEqual(self.lumi.json("storage", "copy", "--to", "file:", "--yes")["copied"], 8)
        self.assertEqual(object_files(self.lumi), before)
        self.lumi.run("gc", "--yes", "--source")
        self.assertEqual((self.keys(), object_files(self.lumi)), ({}, before))
        self.check_all()

    def test_a_damaged_source_is_not_copied(self):
        damaged, other = list(self.texts)[:2]
        [file] = (self.lumi.home / "objects" / "datasets" / damaged).rglob("dataset.csv")
        file.write_bytes(file.read_bytes().replace(b"row", b"raw"))
        result = self.lumi.run("storage", "copy", "--to", self.url, "--yes", "--json", code=12)
        self.assertEqual(json.loads(result.text)["copied"], 7)
        self.assertIn(damaged, result.errors)
        self.assertFalse(any(damaged in key for key in self.keys()))
        self.assertEqual(self.lumi.run("dataset", "download", other, "-o", "-").text, self.texts[other])

    def test_what_somebody_else_has_there_is_kept(self):
        theirs, same = list(self.texts)[:2]
        keys = {dataset: f"datasets/{dataset}/{i}.csv/dataset.csv" for i, dataset in enumerate((theirs, same))}
        for dataset, text in ((theirs, "theirs"), (same, self.texts[same])):
            self.server.request("PUT", f"/lumi/{self.prefix}/{keys[dataset]}", body=text.encode())
        for copied in (7, 0):
            result = self.lumi.run("storage", "copy", "--to", self.url, "--yes", "--json", code=12)
            self.assertEqual((json.loads(result.text)["copied"], json.loads(result.text)["failed"]), (copied, 1))
            self.assert_says(result.errors, keys[theirs], "already, with other content")
            self.lumi.run("gc", "--yes", "--older-than", "0s")
            self.assertEqual(self.content(keys[theirs]), b"theirs")
        self.check_all()

    def test_an_object_whose_answer_was_lost_is_not_taken_for_somebody_elses(self):
        lost = set()

        def lose_first(handler) -> str:
            ends = handler.method in ("PUT", "POST") and "partNumber" not in handler.target and "uploads" not in handler.target
            if not ends or handler.target in lost:
                return ""
            lost.add(handler.target)
            return ("lost", "applied_500")[len(lost) % 2]

        with S3FaultProxy(self.server.port, choose_fault=lose_first) as proxy:
            env = {"AWS_ENDPOINT_URL_S3": proxy.url}
            self.assertEqual(self.lumi.json("storage", "copy", "--to", self.url, "--yes", env=env)["copied"], 8)
        self.assertEqual(len(lost), 8)
        self.assertEqual((len(self.keys()), self.uploads()), (8, 0))
        self.check_all()

    def test_it_goes_on_after_a_kill(self):
        chance = random.Random(2)
        for _ in range(40 if LONG else 6):
            process = self.lumi.start("storage", "copy", "--to", self.url, "--yes")
            time.sleep(chance.uniform(0, 0.4))
            process.kill()
            process.communicate()
            self.check_all()
        self.lumi.run("storage", "copy", "--to", self.url, "--yes")
        self.lumi.run("gc", "--yes", "--older-than", "0s")
        self.assertEqual((len(self.keys()), self.uploads()), (8, 0))
        self.check_all()

    def test_a_storage_out_of_reach(self):
        self.lumi.fail("storage", "copy", "--to", self.url, "--yes", code=7, env={"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1"})
        self.lumi.fail("storage", "copy", "--to", "ftp://x", "--yes", code=2)
        self.check_all()


class Resumption(StorageTest):
    """`storage copy` that ends within a large object."""

    PART = 5 << 20

    def setUp(self):
        super().setUp()
        file = self.large_file(96 if "missing" in self.id() else 48)
        self.text = file.read_text()
        self.dataset = self.lumi.create(file, env={"LUMI_STORAGE": "file:"})["id"]
        self.key = f"datasets/{self.dataset}/{file.name}/dataset.csv"
        self.size = file.stat().st_size

    def copy(self, parts=None, fault=""):
        """Copies, and returns the exit code and the bytes sent in parts. After `parts` of them the process is killed, or
        `fault` comes of every request."""

        def count(handler) -> str:
            if parts is not None and len(sent) >= parts:
                if not fault:
                    process.kill()
                return fault or "reset"
            if handler.method == "PUT" and "partNumber" in handler.target:
                sent.append(int(handler.headers["Content-Length"]))
            return ""

        sent = []
        with S3FaultProxy(self.server.port, choose_fault=count) as proxy:
            env = {"AWS_ENDPOINT_URL_S3": proxy.url}
            process = self.lumi.start("storage", "copy", "--to", self.url, "--yes", "--read-data", env=env)
            process.communicate()
        return process.returncode, sum(sent)

    def change_upload(self, method: str, parameters: dict, body: bytes = b""):
        _, _, found = self.server.request("GET", "/lumi", {"uploads": "", "prefix": self.prefix})
        upload = found.split(b"<UploadId>")[1].split(b"</UploadId>")[0].decode()
        path = f"/lumi/{self.prefix}/{self.key}"
        status, _, said = self.server.request(method, path, {"uploadId": upload} | parameters, body)
        self.assertLess(status, 300, said)

    def check_done(self):
        self.assertEqual((self.keys(), self.uploads()), ({self.key: self.size}, 0))
        self.assertEqual(self.lumi.run("dataset", "download", self.dataset, "-o", "-").text, self.text)
        self.assertEqual(self.lumi.json("gc", "--dry-run", "--older-than", "0s")["items"], [])

    def test_after_kills_and_broken_connections_only_what_is_missing_is_sent(self):
        chance = random.Random(7)
        ends = [("", -signal.SIGKILL), ("", -signal.SIGKILL), ("early_cut", 7)] * (5 if LONG else 1)
        sent = []
        for fault, code in ends:
            ended, size = self.copy(chance.randrange(4, 7), fault)
            self.assertEqual((ended, self.keys(), self.uploads()), (code, {}, 1))
            sent.append(size)
            self.lumi.run("gc", "--yes")
        ended, last = self.copy()
        self.assertEqual(ended, 0)
        self.assertLess(last, self.size)
        # What was on its way when a copy ended is sent again: three parts at a time.
        self.assertLessEqual(sum(sent) + last, self.size + len(ends) * 3 * self.PART)
        self.check_done()

    def test_a_part_that_is_not_the_same_is_sent_again(self):
        self.copy(8)
        self.change_upload("PUT", {"partNumber": "1"}, self.text[: self.PART].swapcase().encode())
        self.change_upload("PUT", {"partNumber": "3"}, b"short")
        ended, sent = self.copy()
        self.assertEqual(ended, 0)
        self.assertGreaterEqual(sent, self.size - 6 * self.PART)
        self.assertLess(sent, self.size)
        self.check_done()

    def test_an_upload_that_is_gone_is_begun_anew(self):
        for remove in (lambda: self.change_upload("DELETE", {}), lambda: self.lumi.run("gc", "--yes", "--older-than", "0s")):
            self.assertEqual(self.copy(8)[0], -signal.SIGKILL)
            remove()
            self.assertEqual((self.keys(), self.uploads()), ({}, 0))
        self.assertEqual(self.copy(), (0, self.size))
        self.check_done()

    def test_of_two_copies_at_once_one_waits(self):
        processes = [self.lumi.start("storage", "copy", "--to", self.url, "--yes") for _ in range(2)]
        for process in processes:
            process.communicate()
            self.assertEqual(process.returncode, 0)
        self.check_done()


if __name__ == "__main__":
    support.main()

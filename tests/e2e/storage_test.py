"""Storage in a bucket: everything that lumi keeps, on a real S3 server (Ceph's gateway), also behind a network that spoils answers."""

import contextlib
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import support
from bucket_suite import BucketSuite
from job_support import HEADER, ROWS
from storage_support import StorageTest, setUpModule  # noqa: F401: unittest calls it
from support import LONG, SOURCE, csv_text, object_files, wait_until

sys.path.insert(0, str(SOURCE / "tests" / "support"))
from lumigator_files import CSV, LumigatorFiles  # noqa: E402
from s3_fault_proxy import S3FaultProxy  # noqa: E402

FAULTS = os.environ.get("LUMI_S3_FAULTS", "")


class Conformance(BucketSuite, StorageTest):
    def stored_keys(self):
        return self.keys()


class Import(StorageTest):
    def test_what_a_lumigator_has_comes_from_its_bucket(self):
        files = LumigatorFiles(self.lumi.folder / "theirs")
        theirs = {path.relative_to(files.objects).as_posix(): path.read_bytes() for path in files.objects.rglob("*") if path.is_file()}
        for key, content in theirs.items():
            status, _, body = self.server.request("PUT", f"/lumi/{self.prefix}/theirs/{key}", body=content)
            self.assertEqual(status, 200, body)
        args = ("--database", files.database, "--mlflow-database", files.mlflow, "--objects", self.url + "/theirs")
        for imported in (3, 0):
            (datasets, *_) = self.lumi.json("import", "lumigator", *args, env={"LUMI_STORAGE": self.url + "/ours"})["items"]
            self.assertEqual((datasets["imported"], datasets["left_out"]), (imported, 1))
        self.assertEqual(self.lumi.run("dataset", "download", files.DATASET, "-o", "-").text, CSV)
        key = f"jobs/results/wf--é-inference/{files.INFERENCE}/results.json"
        self.assertEqual(self.lumi.run("job", "download", files.INFERENCE, "-o", "-").out, theirs[key])
        self.assertEqual(self.content(f"ours/{key}"), theirs[key])
        self.lumi.run("doctor", "--strict", "--read-data")


class Datasets(StorageTest):
    def test_a_dataset_lives_in_the_bucket(self):
        text = csv_text([HEADER, *ROWS])
        dataset = self.lumi.create(self.write("a.csv", text))
        key = f"datasets/{dataset['id']}/a.csv/dataset.csv"
        self.assertEqual(self.keys(), {key: len(text)})
        self.assertEqual(self.content(key).decode(), text)
        self.assertEqual(object_files(self.lumi), set())
        self.assertEqual(self.lumi.run("dataset", "download", dataset["id"], "-o", "-").text, text)
        self.assertEqual(len(self.lumi.run("dataset", "preview", dataset["id"], "-n", "2").rows()), 2)
        self.lumi.run("dataset", "delete", dataset["id"], "--yes")
        self.assertEqual(self.keys(), {})

    def test_a_url_needs_no_key(self):
        text = csv_text([HEADER, *ROWS])
        dataset = self.lumi.create(self.write("ü b.csv", text))
        answer = self.lumi.json("dataset", "download", dataset["id"], "--url", "--expires", "30s")
        [url] = answer["download_urls"]
        with urllib.request.urlopen(url, timeout=30) as got:
            self.assertEqual(got.read().decode(), text)
        expired = self.lumi.json("dataset", "download", dataset["id"], "--url", "--expires", "1s")["download_urls"][0]
        time.sleep(2.1)
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(expired, timeout=30)

    def test_a_large_dataset_in_parts(self):
        file = self.large_file(30)
        dataset = self.lumi.create(file)
        [(key, size)] = self.keys().items()
        self.assertEqual(size, file.stat().st_size)
        self.assertEqual(self.uploads(), 0)
        out = self.folder / "back.csv"
        self.lumi.run("dataset", "download", dataset["id"], "-o", out)
        self.assertEqual(hashlib.sha256(out.read_bytes()).digest(), hashlib.sha256(file.read_bytes()).digest())

    def test_what_is_changed_in_the_bucket_is_not_taken(self):
        text = csv_text([HEADER, *ROWS])
        dataset = self.lumi.create(self.write("a.csv", text))
        key = f"datasets/{dataset['id']}/a.csv/dataset.csv"
        self.server.request("PUT", f"/lumi/{self.prefix}/{key}", body=text.replace("cat", "dog").encode())
        self.assert_says(self.lumi.fail("dataset", "download", dataset["id"], "-o", self.folder / "x", code=12), key)
        self.assertFalse((self.folder / "x").exists())
        self.server.request("DELETE", f"/lumi/{self.prefix}/{key}")
        self.assert_says(self.lumi.fail("dataset", "download", dataset["id"], "-o", self.folder / "x", code=12), key)


class Jobs(StorageTest):
    def test_an_evaluation_keeps_its_results_in_the_bucket(self):
        file = self.write_csv("p.csv", [HEADER, *ROWS])
        job = self.lumi.json("job", "create", "evaluator", "--dataset", file, "--metric", "rouge")
        [key] = [key for key in self.keys() if key.startswith("jobs/results/")]
        results = json.loads(self.content(key))
        self.assertIn("rouge", results["metrics"])
        self.assertEqual(json.loads(self.lumi.run("job", "download", job["id"], "-o", "-").text), results)
        url = self.lumi.json("job", "download", job["id"], "--url")["download_url"]
        with urllib.request.urlopen(url, timeout=30) as got:
            self.assertEqual(json.load(got), results)
        self.assertIn("rouge", json.dumps(self.lumi.json("job", "result", job["id"])))
        self.lumi.run("job", "delete", job["id"], "--yes")
        self.assertEqual([key for key in self.keys() if key.startswith("jobs/")], [])

    def test_a_job_in_the_background_has_connections_of_its_own(self):
        file = self.write_csv("p.csv", [HEADER, *ROWS])
        how = ("job", "create", "evaluator", "--dataset", file, "--metric", "rouge", "--detach")
        job = self.lumi.json(*how)["id"]
        self.lumi.run("job", "wait", job)
        self.assertIn("rouge", json.dumps(self.lumi.json("job", "result", job)))


class Refusals(StorageTest):
    def create(self, code: int, **env) -> dict:
        return self.lumi.fail("dataset", "create", self.write_csv("a.csv", [HEADER, *ROWS]), code=code, env=env)

    def test_wrong_keys(self):
        error = self.create(4, AWS_SECRET_ACCESS_KEY="wrong")
        self.assert_says(error, "SignatureDoesNotMatch", '"lumi"', "datasets/", "secret")
        self.assert_says(self.create(4, AWS_ACCESS_KEY_ID="UNKNOWN"), "InvalidAccessKeyId")
        self.assert_nothing_kept_anywhere()

    def assert_nothing_kept_anywhere(self):
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 0)
        self.assertEqual(self.keys(), {})

    def test_no_bucket(self):
        error = self.create(5, LUMI_STORAGE="s3://no-such-bucket/x")
        self.assert_says(error, "NoSuchBucket", "no-such-bucket", "makes no buckets")

    def test_no_server(self):
        started = time.monotonic()
        error = self.create(7, AWS_ENDPOINT_URL_S3="http://127.0.0.1:1")
        self.assert_says(error, "127.0.0.1:1", "AWS_ENDPOINT_URL_S3")
        self.assertLess(time.monotonic() - started, 10)
        self.assert_says(self.create(7, AWS_ENDPOINT_URL_S3="http://no-such-host.invalid"), "no-such-host.invalid")

    def test_a_certificate_of_ones_own(self):
        error = self.create(7, AWS_ENDPOINT_URL_S3=self.server.tls_url)
        self.assert_says(error, "certificate", "AWS_CA_BUNDLE")
        env = {"AWS_ENDPOINT_URL_S3": self.server.tls_url, "AWS_CA_BUNDLE": str(self.server.certificate)}
        self.lumi.create(self.write_csv("a.csv", [HEADER, *ROWS]), env=env)
        self.assertEqual(len(self.keys()), 1)

    def test_a_storage_out_of_reach_stops_no_deletion(self):
        dataset = self.lumi.create(self.write_csv("a.csv", [HEADER, *ROWS]))
        away = {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1"}
        result = self.lumi.run("dataset", "delete", dataset["id"], "--yes", env=away)
        self.assertIn("lumi gc", result.errors)
        self.assertEqual(len(self.keys()), 1)
        self.lumi.run("gc", "--yes")
        self.assertEqual(self.keys(), {})


class Kills(StorageTest):
    def test_nothing_stays_of_an_upload_that_was_killed(self):
        kills, megabytes = (100, 1074) if LONG else (8, 60)  # 1 GiB
        file = self.large_file(megabytes)
        self.lumi.json("dataset", "list")
        duration = self.upload_whole(file)
        chance = random.Random(5)
        unfinished = 0
        for kill in range(kills):
            process = self.lumi.start("dataset", "create", file)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0, 1.1 * duration))
            process.kill()
            process.communicate()
            unfinished += self.uploads()
            rows = self.lumi.json("dataset", "list")["items"]
            whole = list(self.keys().values())
            self.assertTrue(all(size == file.stat().st_size for size in whole), whole)
            self.assertLessEqual(len(rows), len(whole))
            for row in rows:
                self.lumi.run("dataset", "delete", row["id"], "--yes")
            self.lumi.run("gc", "--yes", "--older-than", "0s")
            self.assertEqual((self.keys(), self.uploads()), ({}, 0))
            if kill % 10 == 7:
                duration = self.upload_whole(file)
        self.assertGreater(unfinished, 0)  # or the kills came before or after what they are about

    def upload_whole(self, file) -> float:
        """How many seconds it took."""
        started = time.monotonic()
        dataset = self.lumi.create(file, timeout=600)
        duration = time.monotonic() - started
        self.assertEqual((list(self.keys().values()), self.uploads()), ([file.stat().st_size], 0))
        self.lumi.run("dataset", "delete", dataset["id"], "--yes")
        self.assertEqual(self.keys(), {})
        return duration

    def test_an_interrupt_gives_the_upload_up(self):
        file = self.large_file(60)
        process = self.lumi.start("dataset", "create", file)
        wait_until(lambda: self.uploads() == 1 or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        process.communicate()
        if process.returncode == 130:
            self.assertEqual((self.keys(), self.uploads()), ({}, 0))

    def test_gc_leaves_uploads_alone_that_are_young_or_not_ours(self):
        _, _, body = self.server.request("POST", f"/lumi/{self.prefix}/datasets/x/y", {"uploads": ""})
        self.assertIn(b"UploadId", body)
        self.server.request("POST", f"/lumi/{self.prefix}/somebody/else", {"uploads": ""})
        self.lumi.create(self.write_csv("a.csv", [HEADER, *ROWS]))
        self.lumi.run("gc", "--yes")
        self.assertEqual(self.uploads(), 2)
        items = self.lumi.json("gc", "--dry-run", "--older-than", "0s")["items"]
        self.assertEqual([(item["kind"], item["name"]) for item in items], [("unfinished upload", "datasets/x/y")])
        self.lumi.run("gc", "--yes", "--older-than", "0s")
        self.assertEqual(self.uploads(), 1)


class Faults(StorageTest):
    def test_no_wrong_object_is_ever_taken(self):
        with S3FaultProxy(self.server.port, seed=11, share=0.25) as proxy:
            env = os.environ | self.lumi.env | {"AWS_ENDPOINT_URL_S3": proxy.url, "DIRECT_ENDPOINT": self.server.url}
            runs = "10000" if LONG else "60"
            done = subprocess.run([FAULTS, runs, "3"], env=env, capture_output=True, timeout=3500)
        said = done.stdout.decode()
        self.assertEqual(done.returncode, 0, said[-3000:])
        self.assertGreater(int(said.split()[0]), int(runs) * 0.8, said)
        self.assertGreater(sum(proxy.counts.values()) - proxy.counts["none"], int(runs) * 0.3)

    def test_a_server_that_is_down_for_a_moment(self):
        answers = iter(["503"] * 3 + ["reset"] * 2)
        with S3FaultProxy(self.server.port, choose_fault=lambda _: next(answers, "")) as proxy:
            self.lumi.create(self.write_csv("a.csv", [HEADER, *ROWS]), env={"AWS_ENDPOINT_URL_S3": proxy.url})
        self.assertEqual(len(self.keys()), 1)

    def test_a_server_that_stays_down(self):
        with S3FaultProxy(self.server.port, choose_fault=lambda _: "503") as proxy:
            file = self.write_csv("a.csv", [HEADER, *ROWS])
            error = self.lumi.fail("dataset", "create", file, code=7, env={"AWS_ENDPOINT_URL_S3": proxy.url})
        self.assert_says(error, "SlowDown", "503", '"lumi"')

    def test_the_answer_to_the_last_word_is_lost(self):
        def lose_completion(handler) -> str:
            is_completion = handler.method == "POST" and "uploadId=" in handler.target
            return "lost" if is_completion and not lost and not lost.append(1) else ""

        lost = []
        file = self.large_file(20)
        with S3FaultProxy(self.server.port, choose_fault=lose_completion) as proxy:
            self.lumi.create(file, env={"AWS_ENDPOINT_URL_S3": proxy.url})
        self.assertEqual(list(self.keys().values()), [file.stat().st_size])
        self.assertEqual((len(lost), self.uploads()), (1, 0))


class ColdStart(StorageTest):
    def test_what_asks_no_server_loads_no_libcurl(self):
        self.lumi.create(self.write_csv("a.csv", [HEADER, *ROWS]))
        for command in (("health",), ("dataset", "list")):
            trace = subprocess.run(
                [support.BINARY, *command], env=self.lumi.env | {"LD_DEBUG": "files"}, capture_output=True, timeout=60
            )
            self.assertEqual(trace.returncode, 0)
            self.assertNotIn(b"libcurl", trace.stderr)


if __name__ == "__main__":
    support.main()

"""Evaluator jobs: made from Lumigator's bodies, read back in every way, interrupted, and lost with their process."""

import json
import os
import signal
import subprocess
from urllib.parse import unquote, urlparse

import support
from job_support import HEADER, ROWS, JobTest
from shapes import ABSENT_ID, JOB_FIELDS
from store_check import check_nothing_lost, check_store, database
from support import object_files, wait_until


class Create(JobTest):
    BODY = {
        "name": "from a body",
        "description": "of Lumigator",
        "dataset": "./p.csv",
        "max_samples": 3,
        "batch_size": 1,
        "job_config": {
            "job_type": "evaluator",
            "task_definition": {"task": "summarization"},
            "metrics": ["rouge", "token_length"],
            "llm_as_judge": None,
            "secret_key_name": None,
        },
    }

    def test_lumigators_body_is_taken_unchanged(self):
        body = self.write("body.json", json.dumps(self.BODY))
        for args, data in ((("-f", body), None), (("--file", "-"), body.read_text())):
            job = self.lumi.json("job", "create", "evaluator", *args, data=data)
            self.assertEqual(
                (job["name"], job["description"], job["status"]), ("from a body", "of Lumigator", "succeeded")
            )
            self.assertEqual((job["job_type"], job["driver_exit_code"]), ("evaluator", 0))
            config = job["config"]
            self.assertEqual(list(config["dataset"]), ["id", "name"])
            self.assertEqual((config["dataset"]["name"], config["max_samples"]), ("p.csv", 3))
            self.assertEqual(self.lumi.json("job", "result", job["id"])["n"], 3)

    def test_a_body_may_hold_a_dataset_id_in_any_form(self):
        id = self.lumi.create(self.file)["id"]
        for text in (id, id.upper(), id.replace("-", ""), id[:8]):
            body = self.write("body.json", json.dumps(self.BODY | {"dataset": text}))
            self.assertEqual(self.lumi.json("job", "create", "evaluator", "-f", body)["config"]["dataset"]["id"], id)

    def test_flags_override_the_body(self):
        body = self.write("body.json", json.dumps(self.BODY))
        args = ("--name", "mine", "--max-samples", "-1", "--metric", "bleu", "--description", "")
        job = self.lumi.json("job", "create", "evaluator", "-f", body, *args)
        self.assertEqual((job["name"], job["description"]), ("mine", ""))
        result = self.lumi.json("job", "result", job["id"])
        self.assertEqual((result["n"], list(result["metrics"])), (4, ["bleu"]))

    def test_the_id_comes_first(self):
        result = self.lumi.run("job", "create", "evaluator", "--dataset", self.file, "--metric", "rouge", "--json")
        self.assertEqual(result.messages()[0], {"log": {"job_id": result.json()["id"]}})
        plain = self.lumi.run("job", "create", "evaluator", "--dataset", self.file, "--metric", "rouge")
        self.assertIn(plain.text.split("\t")[0], plain.errors.splitlines()[0])

    def test_the_job_is_shown_whatever_the_exit_code(self):
        job = self.create("--require", "rougeL > 0.99", code=9)
        self.assertEqual((job["status"], job["driver_exit_code"]), ("succeeded", 9))

    def test_what_is_refused_makes_no_job(self):
        bad = self.write_csv("bad.csv", [["examples"], ["x"]])
        self.lumi.fail("job", "create", "evaluator", "--dataset", bad, "--metric", "rouge", code=11)
        self.lumi.fail("job", "create", "evaluator", "--dataset", ABSENT_ID, code=5)
        self.lumi.fail("job", "create", "evaluator", code=2)
        self.lumi.fail("job", "create", "evaluator", "--dataset", self.file, "--metric", "rogue", code=2)
        self.assertEqual(self.lumi.json("job", "list")["total"], 0)

    def test_the_results_key_has_a_safe_name(self):
        job = self.create("--name", "é x/y_.-Ж'$(id)")
        self.assertIn(f"jobs/results/é-x-y_.-Ж---id-/{job['id']}/results.json", object_files(self.lumi))
        for name in ("../../up", "..", "x" * 300, "\u202e", "a\nb"):
            result = self.lumi.run(
                "job", "create", "evaluator", "--dataset", self.file, "--metric", "rouge", "--name", name, code=None
            )
            self.assertIn(result.code, (0, 2, 11), result)
        self.assertEqual({key.split("/")[0] for key in object_files(self.lumi)}, {"datasets", "jobs"})
        check_store(self, self.lumi)


class Read(JobTest):
    def test_list_filters(self):
        ids = [self.create("--name", f"job {i}")["id"] for i in range(3)][::-1]
        failed = self.write_csv("f.csv", [[*HEADER, "prediction_status"], ["x", "a", "", "error"]])
        self.lumi.fail("job", "create", "evaluator", "--dataset", failed, "--metric", "rouge", code=1)
        found = lambda *args: [item["id"] for item in self.lumi.json("job", "list", *args)["items"]]  # noqa: E731
        self.assertEqual(found("--status", "succeeded"), ids)
        self.assertEqual(found("--status", "succeeded", "--limit", "1", "--skip", "1"), ids[1:2])
        self.assertEqual(len(found("--status", "succeeded,failed")), 4)
        self.assertEqual(len(found("--status", "failed", "--status", "stopped")), 1)
        self.assertEqual(len(found("--type", "evaluator")), 4)
        self.assertEqual(found("--type", "inference"), [])
        self.assertEqual(self.lumi.json("job", "list", "--type", "annotate"), {"total": 0, "items": []})
        self.assertEqual(self.lumi.json("job", "list", "--status", "succeeded", "--limit", "1")["total"], 3)

    def test_get_tells_all(self):
        job = self.create("--name", "n")
        self.assertEqual(list(job), JOB_FIELDS)
        self.assertLessEqual(job["created_at"], job["start_time"])
        self.assertLessEqual(job["start_time"], job["end_time"])
        self.assertEqual(self.lumi.json("job", "get", job["id"][:6]), job)
        self.lumi.fail("job", "get", ABSENT_ID, code=5)
        self.lumi.fail("job", "get", job["id"][:3], code=2)

    def test_logs(self):
        id = self.create()["id"]
        text = self.lumi.run("job", "logs", id).text
        self.assertIn(id, text)
        self.assertEqual(self.lumi.json("job", "logs", id), {"logs": text})
        self.assertEqual(self.lumi.run("job", "logs", id, "--tail", "1").text, text.splitlines(keepends=True)[-1])
        self.lumi.fail("job", "logs", ABSENT_ID, code=5)

    def test_result(self):
        id = self.create()["id"]
        result = self.lumi.json("job", "result", id)
        self.assertEqual(list(result)[:2], ["id", "job_id"])
        self.assertEqual((result["job_id"], result["coverage"]), (id, 1))
        self.assertEqual(list(result["metrics"]), ["rouge"])
        self.lumi.fail("job", "result", ABSENT_ID, code=5)

    def test_download(self):
        id = self.create()["id"]
        target = self.folder / "out"
        target.mkdir()
        self.lumi.run("job", "download", id, "-o", target)
        self.assertEqual(list(support.snapshot(target)), ["results.json"])
        text = self.lumi.run("job", "download", id, "-o", "-").text
        self.assertEqual((target / "results.json").read_text(), text)
        self.lumi.fail("job", "download", id, "-o", target, code=6)
        answer = self.lumi.json("job", "download", id, "--url")
        self.assertEqual(list(answer), ["id", "download_url"])
        with open(unquote(urlparse(answer["download_url"]).path)) as file:
            self.assertEqual(file.read(), text)

    def test_a_damaged_result_is_told_before_it_is_used(self):
        id = self.create()["id"]
        path = next(self.lumi.home.rglob("results.json"))
        content = path.read_bytes()
        for damaged in (content.replace(b"rougeL_mean", b"rougeX_mean"), content[:-3], b""):
            path.chmod(0o600)
            path.write_bytes(damaged)
            for args in (("result", id), ("samples", id), ("download", id, "-o", "x.json")):
                with self.subTest(args):
                    self.lumi.run("job", *args, code=12)
        self.assertEqual(list(support.snapshot(self.folder)), ["p.csv"])

    def test_an_evaluation_makes_no_dataset(self):
        self.lumi.fail("job", "dataset", self.create()["id"], code=5)
        self.lumi.fail("job", "dataset", ABSENT_ID, code=5)


class Samples(JobTest):
    def samples(self, *args) -> list:
        return self.lumi.run("job", "samples", self.id, *args, "--json").json_lines()

    def setUp(self):
        super().setUp()
        self.id = self.create()["id"]

    def test_all_in_order_as_json_lines(self):
        samples = self.samples()
        self.assertEqual([sample["row"] for sample in samples], [1, 2, 3, 4])
        self.assertEqual([sample["prediction"] for sample in samples], [row[2] for row in ROWS])
        self.assertEqual([sample["ground_truth"] for sample in samples], [row[1] for row in ROWS])
        self.assertEqual(samples[1]["rougeL"], 1)
        self.assertEqual(self.lumi.run("job", "samples", self.id).json_lines(), samples)

    def test_worst_and_best(self):
        self.assertEqual([sample["row"] for sample in self.samples("--worst", "2", "--metric", "rougeL")], [3, 4])
        self.assertEqual([sample["row"] for sample in self.samples("--best", "2", "--metric", "rouge1")], [2, 1])
        self.assertEqual(len(self.samples("--worst", "99")), 4)
        self.assertEqual(self.samples("--worst", "0"), [])
        self.lumi.fail("job", "samples", self.id, "--worst", "2", "--metric", "rougl", code=2)
        self.lumi.fail("job", "samples", self.id, "--worst", "2", "--best", "2", code=2)

    def test_status(self):
        self.assertEqual(len(self.samples("--status", "ok")), 4)
        self.assertEqual(self.samples("--status", "error"), [])
        self.lumi.fail("job", "samples", self.id, "--status", "okay", code=2)

    def test_diff_shows_what_differs(self):
        shown = self.lumi.run("job", "samples", self.id, "--worst", "1", "--diff").text
        self.assertIn("nothing", shown)
        self.assertIn("entirely", shown)


class Interrupts(JobTest):
    def test_a_signal_stops_the_job_cleanly(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, None)):
            with self.subTest(signal=number):
                process, id = self.start_long_job()
                process.send_signal(number)
                self.assertEqual(process.wait(10), code or process.returncode)
                self.assertGreater(process.returncode, 0)
                error = json.loads(process.stderr.read().splitlines()[-1])["error"]
                self.assertEqual(error["code"], "interrupted")
                job = json.loads(process.stdout.read())
                self.assertEqual((job["id"], job["status"]), (id, "stopped"))
                self.lumi.fail("job", "download", id, "-o", "-", code=2)
                self.lumi.fail("job", "download", id, code=5)
                check_nothing_lost(self, self.lumi)

    def test_a_create_that_is_interrupted_keeps_nothing(self):
        with self.lumi.start("dataset", "create", "-", stdin=subprocess.PIPE) as process:
            process.stdin.write(b"examples\n" + b"x\n" * 100_000)
            process.stdin.flush()
            wait_until(lambda: any(self.lumi.home.rglob("*.part")))
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(5), 130)
        self.assertEqual(object_files(self.lumi), set())
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 0)

    def test_a_running_job_is_seen_as_such(self):
        process, id = self.start_long_job()
        self.lumi.fail("job", "download", id, code=8)
        self.lumi.fail("job", "result", id, code=8)
        dataset = self.lumi.json("job", "get", id)["config"]["dataset"]["id"]
        self.assert_says(self.lumi.fail("dataset", "delete", dataset, "--yes", code=6), id)
        process.terminate()
        process.wait()


class Orphans(JobTest):
    def test_a_job_whose_process_died_has_failed(self):
        process, id = self.start_long_job()
        process.kill()
        process.wait()
        job = self.lumi.json("job", "list")["items"][0]
        self.assertEqual((job["id"], job["status"], job["message"]), (id, "failed", "interrupted"))
        self.assertEqual(self.lumi.json("job", "get", id), job)
        self.lumi.fail("job", "download", id, code=5)
        check_nothing_lost(self, self.lumi)

    def test_a_row_without_any_process_has_failed_too(self):
        id = self.create()["id"]
        with database(self.lumi) as db, db:
            db.execute("DROP TRIGGER IF EXISTS jobs_finished_stay")
            db.execute("UPDATE jobs SET status = 'running', end_time = NULL, driver_exit_code = NULL")
        self.assertEqual(self.lumi.json("job", "get", id)["status"], "failed")

    def test_a_living_job_is_left_alone(self):
        process, id = self.start_long_job()
        os.kill(process.pid, signal.SIGSTOP)
        self.assertEqual(self.lumi.json("job", "list")["items"][0]["status"], "running")
        self.lumi.run("doctor", code=None)
        os.kill(process.pid, signal.SIGCONT)
        process.terminate()
        process.wait()
        self.assertEqual(self.lumi.json("job", "get", id)["status"], "stopped")


class Delete(JobTest):
    def test_rows_logs_and_results_go(self):
        kept, gone = self.create()["id"], self.create()["id"]
        self.assertEqual(self.lumi.json("job", "delete", gone, "--yes"), {"deleted": [gone]})
        self.assertEqual([job["id"] for job in self.lumi.json("job", "list")["items"]], [kept])
        self.assertFalse((self.lumi.home / "jobs" / gone).exists())
        check_nothing_lost(self, self.lumi)


if __name__ == "__main__":
    support.main()

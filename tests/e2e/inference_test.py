"""Inference and annotate jobs against a model server: what is asked, what is kept, how it ends."""

import json
import os
import random
import signal
import time

from model_server import ModelServer, Reply, failed, said
from support import LONG, LumiTest, csv_text, main, read_csv, wait_until


def rows(count: int) -> str:
    return csv_text([["examples", "ground_truth"], *([f"text {i}", f"truth {i}"] for i in range(1, count + 1))])


class InferenceTest(LumiTest):
    def server(self, answer=None, **how) -> ModelServer:
        server = ModelServer(answer, **how)
        self.addCleanup(server.close)
        return server

    def args(self, server, dataset, *more) -> list:
        return ["job", "create", "inference", "--dataset", dataset, "--model", "tiny", "--base-url", server.url, *more]

    def results(self, job_id: str) -> dict:
        return self.lumi.run("job", "download", job_id, "-o", "-").json()

    def only_job(self) -> dict:
        return self.lumi.json("job", "list")["items"][0]


class Jobs(InferenceTest):
    def test_a_dataset_is_asked_about_and_kept(self):
        server = self.server()
        job = self.lumi.json(*self.args(server, self.write("a.csv", rows(20)), "--store-to-dataset"))
        self.assertEqual(job["status"], "succeeded")
        self.assertEqual(job["driver_exit_code"], 0)
        self.assertEqual(job["config"]["model_name_or_path"], "tiny")
        results = self.results(job["id"])
        self.assertEqual(list(results), ["metrics", "parameters", "artifacts", "lumi"])
        self.assertEqual(results["artifacts"]["predictions"], [f"to text {i}" for i in range(1, 21)])
        self.assertEqual(results["metrics"]["avg_total_tokens"], 15.0)
        self.assertEqual(results["lumi"]["coverage"], 1.0)
        self.assertEqual(results["parameters"]["inference_server"]["model"], "tiny")
        self.assertEqual(set(server.asked.values()), {1})
        dataset = self.lumi.json("job", "dataset", job["id"])
        self.assertEqual(dataset["filename"], "a-annotated.csv")
        self.assertEqual((dataset["generated"], dataset["generated_by"], dataset["run_id"]), (True, "tiny", job["id"]))
        table = read_csv(self.lumi.run("dataset", "download", dataset["id"], "-o", "-").text)
        self.assertEqual(table[0], ["examples", "ground_truth", "predictions", "prediction_status"])
        self.assertEqual(table[20], ["text 20", "truth 20", "to text 20", "ok"])

    def test_the_request_is_lumigators(self):
        server = self.server()
        body = {
            "name": "mine",
            "dataset": str(self.write("a.csv", rows(1))),
            "job_config": {
                "job_type": "inference",
                "model": "tiny",
                "provider": "hosted_vllm",
                "base_url": server.url,
                "system_prompt": "Be brief, don't shout.",
                "generation_config": {"max_new_tokens": 7, "temperature": 0.25},
            },
        }
        self.lumi.run("job", "create", "inference", "-f", self.write("body.json", json.dumps(body)))
        headers, sent = server.requests[0]
        self.assertEqual(
            sent,
            {
                "model": "tiny",
                "messages": [
                    {"role": "system", "content": "Be brief, don't shout."},
                    {"role": "user", "content": "text 1"},
                ],
                "max_tokens": 7,
                "frequency_penalty": 0.0,
                "temperature": 0.25,
                "top_p": 0.5,
            },
        )
        self.assertEqual(headers["authorization"], "bearer fake-api-key")

    def test_annotate_writes_the_ground_truth(self):
        server = self.server()
        args = ["job", "create", "annotate", "--dataset", self.write("a.csv", "examples\none\ntwo\n")]
        job = self.lumi.json(*args, "--model", "tiny", "--base-url", server.url)
        self.assertEqual(job["job_type"], "annotate")
        dataset = self.lumi.json("job", "dataset", job["id"])
        self.assertTrue(dataset["ground_truth"])
        table = read_csv(self.lumi.run("dataset", "download", dataset["id"], "-o", "-").text)
        self.assertEqual(table, [["examples", "ground_truth", "prediction_status"], ["one", "to one", "ok"], ["two", "to two", "ok"]])

    def test_some_failures_are_partial(self):
        server = self.server(lambda prompt, seen: failed(400) if prompt == "text 3" else said("", usage=False) if prompt == "text 4" else said("x"))
        result = self.lumi.run(*self.args(server, self.write("a.csv", rows(5))), "--json", code=3)
        job = result.json()
        self.assertEqual((job["status"], job["driver_exit_code"]), ("succeeded", 3))
        results = self.results(job["id"])
        self.assertEqual(results["artifacts"]["predictions"], ["x", "x", None, "", "x"])
        self.assertEqual(results["lumi"]["statuses"], ["ok", "ok", "error", "empty", "ok"])
        self.assertIn("row 3 error: HTTP 400", self.lumi.run("job", "logs", job["id"]).text)

    def test_no_answer_at_all_is_a_failure(self):
        server = self.server(lambda prompt, seen: failed(400))
        result = self.lumi.run(*self.args(server, self.write("a.csv", rows(3))), "--json", code=1)
        self.assertEqual(result.json()["status"], "failed")

    def test_nothing_is_asked_before_all_is_checked(self):
        server = self.server()
        good = self.write("a.csv", rows(2))
        for code, *more in [
            (2, "--provider", "hf"),
            (2, "--concurrency", "0"),
            (2, "--max-cost", "1", "--model", "a-model-that-nobody-priced", "--base-url", "http://example.invalid/v1"),
            (2, "--header", "Authorization: Bearer x"),
            (11, "--prompt-template", "{{exampels}}"),
            (11, "--temperature", "-1"),
            (4, "--secret-key-name", "no_such_secret"),
        ]:
            with self.subTest(more=more):
                self.lumi.fail(*self.args(server, good), *more, code=code)
        self.lumi.fail("job", "create", "inference", "--dataset", good, "--model", "m", "--provider", "openai", code=4)
        self.assertEqual(server.requests, [])
        self.assertEqual(self.lumi.json("job", "list")["total"], 0)

    def test_a_dry_run_sends_and_keeps_nothing(self):
        server = self.server()
        plan = self.lumi.json(*self.args(server, self.write("a.csv", rows(10))), "--dry-run", "--rpm", "60")
        self.assertEqual((plan["rows"], plan["max_completion_tokens"], plan["min_seconds"]), (10, 10240, 10.0))
        self.assertGreater(plan["prompt_tokens"], 10)
        self.assertEqual((plan["min_cost"], plan["max_cost"]), (0.0, 0.0))
        self.assertEqual(server.requests, [])
        self.assert_nothing_kept()

    def test_answers_at_temperature_0_are_asked_for_once(self):
        server = self.server()
        data = self.write("a.csv", rows(30))
        first = self.lumi.json(*self.args(server, data), "--temperature", "0")
        second = self.lumi.json(*self.args(server, data), "--temperature", "0")
        self.assertEqual(len(server.requests), 30)
        self.assertEqual(self.results(second["id"])["lumi"]["cache_hits"], 30)
        self.assertEqual(self.results(first["id"])["artifacts"]["predictions"], self.results(second["id"])["artifacts"]["predictions"])
        self.assertEqual(self.lumi.json("cache", "stats")["entries"], 30)
        self.lumi.run(*self.args(server, data))
        self.assertEqual(len(server.requests), 60)
        self.lumi.run("cache", "clear", "--yes")
        self.lumi.run(*self.args(server, data), "--temperature", "0")
        self.assertEqual(len(server.requests), 90)

    def test_samples_and_templates(self):
        server = self.server()
        data = self.write("a.csv", rows(100))
        args = self.args(server, data, "--max-samples", "5", "--prompt-template", "{{examples}} -> {{ground_truth}}")
        self.lumi.run(*args)
        self.assertEqual(set(server.asked), {f"text {i} -> truth {i}" for i in range(1, 6)})
        self.lumi.run(*args, "--sample-seed", "7")
        chosen = set(server.asked) - {f"text {i} -> truth {i}" for i in range(1, 6)}
        again = self.server()
        self.lumi.run(*self.args(again, data, "--max-samples", "5", "--sample-seed", "7"))
        self.assertEqual({text.split(" ->")[0] for text in chosen} | set(again.asked), set(again.asked))


class Faults(InferenceTest):
    def test_transient_faults_lose_nothing(self):
        fate = random.Random(5)

        def answer(prompt, seen):
            luck = fate.random()
            if luck < 0.05:
                return failed(429, "slow down", "rate_limit_exceeded", {"Retry-After": "1"})
            if luck < 0.07:
                return failed(500)
            if luck < 0.08:
                return Reply(body=b"x" * 100, cut=True)
            return said("to " + prompt)

        server = self.server(answer)
        job = self.lumi.json(*self.args(server, self.write("a.csv", rows(500))))
        self.assertEqual(self.results(job["id"])["lumi"]["coverage"], 1.0)
        self.assertEqual(set(server.answered.values()), {1})

    def test_a_refused_key_ends_the_job(self):
        server = self.server(lambda prompt, seen: failed(401, "wrong key"))
        error = self.lumi.fail(*self.args(server, self.write("a.csv", rows(50))), "-j", "4", code=4)
        self.assertIn("wrong key", error["message"])
        self.assertLessEqual(len(server.requests), 8)
        self.assertEqual(self.only_job()["status"], "failed")

    def test_a_server_that_is_gone(self):
        server = ModelServer()
        server.close()
        start = time.monotonic()
        self.lumi.fail(*self.args(server, self.write("a.csv", rows(100))), "--max-retries", "1", code=7)
        self.assertLess(time.monotonic() - start, 20)

    def test_budgets(self):
        server = self.server()
        data = self.write("a.csv", rows(50))
        self.lumi.fail(*self.args(server, data), "--max-total-tokens", "150", code=10)
        self.assertEqual(len(server.requests), 10)
        self.assertEqual(self.only_job()["status"], "failed")
        slow = self.server(delay=0.2)
        self.lumi.fail(*self.args(slow, data), "-j", "1", "--timeout", "1s", code=10)
        self.assertLess(len(slow.requests), 10)

    def test_an_interrupt_drains_and_leaves_a_job_that_can_go_on(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            server = self.server(delay=0.3)
            process = self.lumi.start(*self.args(server, self.write("a.csv", rows(200))), "-j", "8", "--json")
            wait_until(lambda: len(server.answered) >= 16)
            process.send_signal(number)
            out, err = process.communicate(timeout=10)
            self.assertEqual(process.returncode, code, err)
            job = json.loads(out)
            self.assertEqual(job["status"], "stopped")
            server.delay = 0
            self.lumi.run("job", "resume", job["id"])
            self.assertEqual(set(server.answered.values()), {1})
            self.assertEqual(self.results(job["id"])["lumi"]["coverage"], 1.0)

    def test_kill_and_resume(self):
        data = self.write("a.csv", rows(300))
        whole = self.lumi.json(*self.args(self.server(), data), "--temperature", "0", "--cache", "never")
        expected = self.results(whole["id"])["artifacts"]
        for seed in range(50 if LONG else 4):
            server = self.server(lambda prompt, seen: said("to " + prompt), delay=0.01)
            process = self.lumi.start(*self.args(server, data), "-j", "16", "--temperature", "0", "--cache", "never", "--json")
            time.sleep(random.Random(seed).uniform(0.05, 0.25))
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            answered = dict(server.answered)
            jobs = [job for job in self.lumi.json("job", "list")["items"] if job["status"] == "failed"]
            if not jobs:
                continue
            self.lumi.run("job", "resume", jobs[0]["id"])
            asked_again = [prompt for prompt in answered if server.answered[prompt] > 1]
            self.assertLessEqual(len(asked_again), 16)
            artifacts = self.results(jobs[0]["id"])["artifacts"]
            for part in ("predictions", "examples", "ground_truth", "inference_metrics"):
                self.assertEqual(artifacts[part], expected[part])
            self.lumi.run("job", "delete", jobs[0]["id"], "--yes")

    def test_processes_share_a_rate(self):
        allowed = []

        def answer(prompt, seen):
            now = time.monotonic()
            allowed[:] = [moment for moment in allowed if moment > now - 1]
            if len(allowed) >= 20:
                return failed(429, "slow down", "rate_limit_exceeded")
            allowed.append(now)
            return said("x")

        server = self.server(answer)
        data = self.write("a.csv", rows(6))
        self.lumi.create(data)
        processes = [self.lumi.start(*self.args(server, data), "--rpm", "1080") for _ in range(12)]
        for process in processes:
            _, err = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, err)
        self.assertLessEqual(len(server.requests), 72 * 1.05)
        self.assertGreater(server.times[-1] - server.times[0], 3.5)


if __name__ == "__main__":
    main()

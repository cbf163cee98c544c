"""Inference and annotate jobs against a model server: what is asked, what is kept, how it ends."""

import json
import os
import random
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support import LONG, LumiTest, csv_text, main, read_csv, wait_until

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from fault_server import FaultServer


def rows(count: int) -> str:
    return csv_text([["examples", "ground_truth"], *([f"text {i}.", f"truth {i}"] for i in range(1, count + 1))])


class InferenceTest(LumiTest):
    def server(self, **plan) -> FaultServer:
        server = FaultServer(plan)
        server.__enter__()
        self.addCleanup(server.__exit__)
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
        self.assertEqual((job["status"], job["driver_exit_code"]), ("succeeded", 0))
        self.assertEqual(job["config"]["model_name_or_path"], "tiny")
        results = self.results(job["id"])
        self.assertEqual(list(results), ["metrics", "parameters", "artifacts", "lumi"])
        self.assertEqual(results["artifacts"]["predictions"], [f"answer to text {i}." for i in range(1, 21)])
        self.assertEqual(results["metrics"]["avg_total_tokens"], 6.0)
        self.assertEqual(results["lumi"]["coverage"], 1.0)
        self.assertEqual(results["parameters"]["inference_server"]["model"], "tiny")
        self.assertEqual(set(server.counts.values()), {1})
        dataset = self.lumi.json("job", "dataset", job["id"])
        self.assertEqual(dataset["filename"], "a-annotated.csv")
        self.assertEqual((dataset["generated"], dataset["generated_by"], dataset["run_id"]), (True, "tiny", job["id"]))
        table = read_csv(self.lumi.run("dataset", "download", dataset["id"], "-o", "-").text)
        self.assertEqual(table[0], ["examples", "ground_truth", "predictions", "prediction_status"])
        self.assertEqual(table[20], ["text 20.", "truth 20", "answer to text 20.", "ok"])

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
        self.assertEqual(
            server.requests[0].body,
            {
                "model": "tiny",
                "messages": [
                    {"role": "system", "content": "Be brief, don't shout."},
                    {"role": "user", "content": "text 1."},
                ],
                "max_tokens": 7,
                "frequency_penalty": 0.0,
                "temperature": 0.25,
                "top_p": 0.5,
            },
        )
        self.assertEqual(server.requests[0].headers["authorization"], "Bearer fake-api-key")

    def test_annotate_writes_the_ground_truth(self):
        server = self.server()
        args = ["job", "create", "annotate", "--dataset", self.write("a.csv", "examples\none\ntwo\n")]
        job = self.lumi.json(*args, "--model", "tiny", "--base-url", server.url)
        self.assertEqual(job["job_type"], "annotate")
        dataset = self.lumi.json("job", "dataset", job["id"])
        self.assertTrue(dataset["ground_truth"])
        table = read_csv(self.lumi.run("dataset", "download", dataset["id"], "-o", "-").text)
        expected = [["examples", "ground_truth", "prediction_status"]]
        self.assertEqual(table, expected + [["one", "answer to one", "ok"], ["two", "answer to two", "ok"]])

    def test_some_failures_are_partial(self):
        server = self.server(prompts={"text 3.": [400], "text 4.": ["empty_content"]})
        job = self.lumi.run(*self.args(server, self.write("a.csv", rows(5))), "--json", code=3).json()
        self.assertEqual((job["status"], job["driver_exit_code"]), ("succeeded", 3))
        results = self.results(job["id"])
        self.assertEqual(results["artifacts"]["predictions"][2:4], [None, ""])
        self.assertEqual(results["lumi"]["statuses"], ["ok", "ok", "error", "empty", "ok"])
        self.assertIn("row 3 error: HTTP 400", self.lumi.run("job", "logs", job["id"]).text)
        self.assertEqual(self.lumi.json("job", "result", job["id"])["coverage"], 0.8)

    def test_no_answer_at_all_is_a_failure(self):
        server = self.server(default=400)
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
        cold = self.args(server, data, "--temperature", "0")
        first = self.lumi.json(*cold)
        second = self.lumi.json(*cold)
        self.assertEqual(len(server.requests), 30)
        self.assertEqual(self.results(second["id"])["lumi"]["cache_hits"], 30)
        parts = [self.results(job["id"])["artifacts"] for job in (first, second)]
        for part in ("predictions", "inference_metrics", "reasoning"):
            self.assertEqual(parts[0][part], parts[1][part])
        self.assertEqual(self.lumi.json("cache", "stats")["entries"], 30)
        self.lumi.run(*cold, "--stream")
        self.assertEqual(len(server.requests), 30)
        self.lumi.run(*self.args(server, data))
        self.assertEqual(len(server.requests), 60)
        self.lumi.run("cache", "clear", "--yes")
        self.lumi.run(*cold)
        self.assertEqual(len(server.requests), 90)

    def test_warnings_of_the_store_are_json_too(self):
        self.lumi.home.mkdir(mode=0o700)
        (self.lumi.home / "limits").write_text("in the way of a folder")
        server = self.server()
        result = self.lumi.run(*self.args(server, self.write("a.csv", rows(2))), "--json")
        said = [message["warning"]["message"] for message in result.messages() if "warning" in message]
        self.assertTrue(any("rate limits are not shared" in text for text in said), result)

    def test_samples_and_templates(self):
        server = self.server()
        data = self.write("a.csv", rows(100))
        template = ["--max-samples", "5", "--prompt-template", "{{examples}} -> {{ground_truth}}"]
        self.lumi.run(*self.args(server, data, *template))
        first = {f"text {i}. -> truth {i}" for i in range(1, 6)}
        self.assertEqual(set(server.counts), first)
        chosen = []
        for _ in range(2):
            server = self.server()
            self.lumi.run(*self.args(server, data, *template, "--sample-seed", "7"))
            chosen.append(set(server.counts))
        self.assertEqual(chosen[0], chosen[1])
        self.assertEqual(len(chosen[0]), 5)
        self.assertNotEqual(chosen[0], first)


JOBS_AT_ONCE = 4

# What becomes of a sample whose requests fare so: its status, and how often it is asked with --max-retries 2.
FATES = {
    "a 404.": ([404], "error", 1),
    "a 408.": ([408, "ok"], "ok", 2),
    "a 409.": ([409, "ok"], "ok", 2),
    "a 413.": ([413], "error", 1),
    "a 422.": ([422], "error", 1),
    "a 401.": ([401], "error", 1),
    "a 402.": ([402], "error", 1),
    "a 403.": ([403], "error", 1),
    "no quota.": (["insufficient_quota"], "error", 1),
    "a 429.": ([429, 429, "ok"], "ok", 3),
    "always 429.": ([429], "error", 3),
    "a 500.": ([500, "ok"], "ok", 2),
    "always 500.": ([500], "error", 3),
    "a page.": (["html_502", "ok"], "ok", 2),
    "a 503.": ([503, "ok"], "ok", 2),
    "a 529.": ([529, "ok"], "ok", 2),
    "blank lines.": (["blank_lines"], "ok", 1),
    "half an answer.": (["half_json", "ok"], "ok", 2),
    "a cut.": (["cut", "ok"], "ok", 2),
    "a reset.": (["reset", "ok"], "ok", 2),
    "no HTTP.": (["not_http", "ok"], "ok", 2),
    "silence.": (["silent", "ok"], "ok", 2),
    "error in 200.": (["error_in_200", "ok"], "ok", 2),
    "no choices.": (["empty_choices"], "error", 1),
    "no content.": (["null_content"], "empty", 1),
    "blank content.": (["empty_content"], "empty", 1),
    "too long.": (["length"], "truncated", 1),
    "filtered.": (["content_filter"], "refused", 1),
    "refused.": (["refusal"], "refused", 1),
    "context.": (["context_length"], "error", 1),
    "huge.": (["huge"], "error", 1),
    **{
        f"wait {value}.": ([{"status": 429, "headers": {"Retry-After": value}}, "ok"], "ok", 2)
        for value in ("1", "0.5", "0", "-5", "NaN", "Sun, 06 Nov 1994 08:49:37 GMT")
    },
    "wait for ever.": ([{"status": 429, "headers": {"Retry-After": "1000000000"}}], "error", 1),
}

# What a job of one row comes to if its requests fare so, with --max-retries 1: exit code, and how often it is asked.
ENDS = {
    "401": ([401], 4, 1),
    "402": ([402], 4, 1),
    "403": ([403], 4, 1),
    "404": ([404], 1, 1),
    "408": ([408], 1, 2),
    "408, then fine": ([408, "ok"], 0, 2),
    "409": ([409], 1, 2),
    "413": ([413], 1, 1),
    "422": ([422], 1, 1),
    "429": ([429], 1, 2),
    "429, then fine": ([429, "ok"], 0, 2),
    "429 and a quota": (["insufficient_quota"], 4, 1),
    **{
        f"429 with Retry-After {value}, then fine": ([{"status": 429, "headers": {"Retry-After": value}}, "ok"], 0, 2)
        for value in ("1", "0.5", "0", "-5", "NaN", "Sun, 06 Nov 1994 08:49:37 GMT")
    },
    "429 with Retry-After 1e9": ([{"status": 429, "headers": {"Retry-After": "1000000000"}}], 7, 1),
    "500": ([500], 1, 2),
    "500, then fine": ([500, "ok"], 0, 2),
    "a page with 502": (["html_502"], 1, 2),
    "503, then fine": ([503, "ok"], 0, 2),
    "529, then fine": ([529, "ok"], 0, 2),
    "blank lines before the answer": (["blank_lines"], 0, 1),
    "half an answer": (["half_json"], 1, 2),
    "a cut": (["cut"], 7, 2),
    "a cut, then fine": (["cut", "ok"], 0, 2),
    "a reset": (["reset"], 7, 2),
    "no HTTP": (["not_http"], 7, 2),
    "silence": (["silent"], 7, 2),
    "an error in an answer that says 200": (["error_in_200"], 1, 2),
    "no choices": (["empty_choices"], 1, 1),
    "null for the text": (["null_content"], 0, 1),
    "an answer of 100 MB": (["huge"], 1, 1),
    "a refusal": (["refusal"], 1, 1),
    "a prompt that is too long": (["context_length"], 1, 1),
}
STREAM_ENDS = {
    "a stream that is cut": (["stream_cut"], 7, 2),
    "a stream that is cut, then fine": (["stream_cut", "ok"], 0, 2),
    "[DONE] twice": (["double_done"], 0, 1),
    "an error in a stream": (["error_in_stream"], 1, 2),
    "a stream that falls silent": (["stream_silent"], 7, 2),
}

STREAM_FATES = {
    "cut here.": (["stream_cut", "ok"], "ok", 2),
    "error here.": (["error_in_stream", "ok"], "ok", 2),
    "silent here.": (["stream_silent", "ok"], "ok", 2),
    "done twice.": (["double_done"], "ok", 1),
    "no stream.": (["half_json", "ok"], "ok", 2),
}


class Faults(InferenceTest):
    def check_fates(self, fates: dict, *more):
        """Several jobs at a time: most of it is waiting."""
        parts = [dict(list(fates.items())[i::JOBS_AT_ONCE]) for i in range(JOBS_AT_ONCE)]
        with ThreadPoolExecutor(JOBS_AT_ONCE) as pool:
            for part in [pool.submit(self.check_part, i, part, *more) for i, part in enumerate(parts)]:
                part.result()

    def check_part(self, number: int, fates: dict, *more):
        server = self.server(prompts={prompt: steps for prompt, (steps, _, _) in fates.items()})
        data = self.write_csv(f"faults{number}.csv", [["examples"], ["all is well"], *([prompt] for prompt in fates)])
        some_failed = any(status in ("error", "refused") for _, status, _ in fates.values())
        result = self.lumi.run(
            *self.args(server, data, "-j", "1", "--max-retries", "2", "--request-timeout", "3s", *more),
            "--json",
            code=3 if some_failed else 0,
        )
        results = self.results(result.json()["id"])
        statuses = results["lumi"]["statuses"] or ["ok"] * (len(fates) + 1)
        got = {prompt: (status, server.count(prompt)) for prompt, status in zip(fates, statuses[1:])}
        self.assertEqual(got, {prompt: (status, count) for prompt, (_, status, count) in fates.items()})
        texts = dict(zip(fates, results["artifacts"]["predictions"][1:]))
        for prompt, (_, status, _) in fates.items():
            if status == "ok":
                self.assertEqual(texts[prompt], f"answer to {prompt}")
            self.assertEqual(texts[prompt] is None, status in ("error", "refused"), prompt)

    def test_every_fault_has_its_end(self):
        self.check_fates(FATES)

    def test_every_fault_of_a_stream_has_its_end(self):
        self.check_fates(STREAM_FATES, "--stream")

    def check_ends(self, ends: dict, *more):
        data = self.write("one.csv", "examples\na row\n")

        def run(steps):
            server = self.server(prompts={"a row": steps})
            how = ("--max-retries", "1", "--request-timeout", "2s", *more)
            return server, self.lumi.run(*self.args(server, data, *how), "--json", code=None)

        with ThreadPoolExecutor(JOBS_AT_ONCE) as pool:
            runs = {what: pool.submit(run, steps) for what, (steps, _, _) in ends.items()}
        for what, (_, code, count) in ends.items():
            with self.subTest(what=what):
                server, result = runs[what].result()
                self.assertEqual((result.code, server.count("a row")), (code, count), result)
                job = result.json()
                self.assertEqual((job["status"], job["driver_exit_code"]), ("failed" if code else "succeeded", code))

    def test_every_fault_has_its_exit_code(self):
        self.check_ends(ENDS)

    def test_every_fault_of_a_stream_has_its_exit_code(self):
        self.check_ends(STREAM_ENDS, "--stream")

    def test_a_refused_parameter_is_left_out(self):
        server = self.server(refuses=["frequency_penalty"])
        result = self.lumi.run(*self.args(server, self.write("a.csv", rows(30)), "-j", "2"), "--json")
        self.assertLessEqual(len(server.requests), 32)
        self.assertEqual(self.results(result.json()["id"])["lumi"]["dropped_parameters"], ["frequency_penalty"])
        self.assertTrue(any("frequency_penalty" in str(line.get("warning")) for line in result.messages()))

    def test_transient_faults_lose_nothing(self):
        fate = random.Random(5)
        faults = [{"status": 429, "headers": {"Retry-After": "1"}}] * 5 + [500] * 2 + ["cut"] + ["ok"] * 92
        server = self.server(steps=[fate.choice(faults) for _ in range(1000)])
        job = self.lumi.json(*self.args(server, self.write("a.csv", rows(500)), "-j", "16"))
        self.assertEqual(self.results(job["id"])["lumi"]["coverage"], 1.0)
        answered = [request.prompt for request in server.requests if request.step["fault"] == "ok"]
        self.assertEqual(len(answered), 500)
        self.assertEqual(len(set(answered)), 500)

    def test_a_refused_key_ends_the_job(self):
        for plan in ({"key": "other"}, {"default": "insufficient_quota"}, {"default": 402}):
            server = self.server(**plan)
            self.lumi.fail(*self.args(server, self.write("a.csv", rows(50))), "-j", "4", code=4)
            self.assertLessEqual(len(server.requests), 8)
            self.assertEqual(self.only_job()["status"], "failed")

    def test_refusals_in_a_row_end_a_job_that_had_answers(self):
        server = self.server(steps=[{"times": 10}, {"status": 403, "times": 1000}])
        self.lumi.fail(*self.args(server, self.write("a.csv", rows(100))), "-j", "1", code=4)
        self.assertEqual(len(server.requests), 30)
        server.plan["default"] = "ok"
        server._steps.clear()
        self.lumi.run("job", "resume", self.only_job()["id"])
        self.assertEqual(len(server.requests), 120)

    def test_a_server_that_is_gone(self):
        with FaultServer() as server:
            pass
        start = time.monotonic()
        self.lumi.fail(*self.args(server, self.write("a.csv", rows(100))), "--max-retries", "1", code=7)
        self.assertLess(time.monotonic() - start, 20)

    def test_fail_fast(self):
        server = self.server(prompts={"text 5.": [400]})
        self.lumi.fail(*self.args(server, self.write("a.csv", rows(50))), "-j", "1", "--fail-fast", code=1)
        self.assertEqual(len(server.requests), 5)


class Ends(InferenceTest):
    def test_budgets(self):
        server = self.server()
        data = self.write("a.csv", rows(50))
        self.lumi.fail(*self.args(server, data), "--max-total-tokens", "60", code=10)
        self.assertEqual(len(server.requests), 10)
        self.assertEqual(self.only_job()["status"], "failed")
        slow = self.server(latency=0.2)
        self.lumi.fail(*self.args(slow, data), "-j", "1", "--timeout", "1s", code=10)
        self.assertLess(len(slow.requests), 10)
        slow.plan["latency"] = 0
        self.lumi.run("job", "resume", self.only_job()["id"])
        self.assertEqual(set(slow.counts.values()), {1})

    def test_an_interrupt_drains_and_leaves_a_job_that_can_go_on(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            server = self.server(latency=0.3)
            process = self.lumi.start(*self.args(server, self.write("a.csv", rows(200))), "-j", "8", "--json")
            wait_until(lambda: len(server.requests) >= 20)
            process.send_signal(number)
            out, err = process.communicate(timeout=10)
            self.assertEqual(process.returncode, code, err)
            job = json.loads(out)
            self.assertEqual(job["status"], "stopped")
            self.assertLess(len(server.requests), 40)
            server.plan["latency"] = 0
            self.lumi.run("job", "resume", job["id"])
            self.assertEqual(set(server.counts.values()), {1})
            self.assertEqual(self.results(job["id"])["lumi"]["coverage"], 1.0)

    def test_kill_and_resume(self):
        data = self.write("a.csv", rows(300))
        cold = ["--temperature", "0", "--cache", "never", "-j", "16"]
        whole = self.lumi.json(*self.args(self.server(), data), *cold)
        expected = self.results(whole["id"])["artifacts"]
        resumed = 0
        for seed in range(200 if LONG else 5):
            server = self.server(latency=0.01)
            process = self.lumi.start(*self.args(server, data), *cold, "--json")
            wait_until(lambda: server.requests or process.poll() is not None)
            time.sleep(random.Random(seed).uniform(0, 0.2))
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            orphans = [job for job in self.lumi.json("job", "list")["items"] if job["status"] == "failed"]
            for job in orphans:
                resumed += 1
                self.assertEqual(job["message"], "interrupted")
                self.lumi.run("job", "resume", job["id"])
                # Only what was on its way when the process died is asked twice.
                twice = [prompt for prompt, count in server.counts.items() if count > 1]
                self.assertLessEqual(len(twice), 16)
                self.assertEqual(set(server.counts.values()) - {1, 2}, set())
                artifacts = self.results(job["id"])["artifacts"]
                for part in ("predictions", "examples", "ground_truth", "inference_metrics"):
                    self.assertEqual(artifacts[part], expected[part])
                self.lumi.run("job", "delete", job["id"], "--yes")
        self.assertGreater(resumed, 0)

    def test_failed_samples_are_asked_again_on_request(self):
        server = self.server(prompts={"text 2.": [400, "ok"], "text 4.": ["length", "ok"]})
        job = self.lumi.run(*self.args(server, self.write("a.csv", rows(5))), "--json", code=3).json()
        self.lumi.run("job", "resume", job["id"])
        self.assertEqual(len(server.requests), 5)
        self.lumi.run("job", "resume", job["id"], "--retry", "error,truncated")
        self.assertEqual(len(server.requests), 7)
        self.assertIsNone(self.results(job["id"])["lumi"]["statuses"])

    def test_processes_learn_a_rate_that_nobody_told_them(self):
        for wait in ["1", None] if LONG else ["1"]:
            server = self.server(rate_limit=20, retry_after=wait, latency=0.05)
            # The endpoint is new, and all of them come at once.
            data = self.write("a.csv", rows(16))
            self.lumi.create(data)
            args = self.args(server, data, "--cache", "never")
            processes = [self.lumi.start(*args) for _ in range(32 if LONG else 24)]
            for process in processes:
                _, err = process.communicate(timeout=120)
                self.assertEqual(process.returncode, 0, err)
            self.assertLess(server.over_limit, 0.05 * len(server.requests))
            ideal = (len(server.requests) - server.over_limit) / 20
            self.assertLess(server.requests[-1].at - server.requests[0].at, 1.3 * ideal + 2)

    def test_a_job_alone_learns_a_rate_too(self):
        server = self.server(rate_limit=20, latency=0.02)
        self.lumi.run(*self.args(server, self.write("a.csv", rows(200)), "--cache", "never"))
        late = [request for request in server.requests if request.at > server.requests[0].at + 3]
        self.assertLess(sum(request.over_limit for request in late), 0.05 * len(late))

    def test_processes_share_a_rate(self):
        server = self.server(rate_limit=20)
        data = self.write("a.csv", rows(6))
        self.lumi.create(data)
        processes = [self.lumi.start(*self.args(server, data), "--rpm", "1080") for _ in range(12)]
        for process in processes:
            _, err = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, err)
        self.assertLess(server.over_limit, 0.05 * len(server.requests))
        self.assertGreater(server.requests[-1].at - server.requests[0].at, 3.5)


if __name__ == "__main__":
    main()

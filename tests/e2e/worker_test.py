"""Inference with a worker in the place of a server: the protocol, and what becomes of samples when a worker misbehaves."""

import json
import os
import shlex
import signal
import sys
import time
from pathlib import Path

from support import LumiTest, csv_text, main, wait_until

FAKE_WORKER = Path(__file__).resolve().parents[1] / "support" / "fake_worker.py"


class WorkerTest(LumiTest):
    def setUp(self):
        super().setUp()
        self.record = self.folder / "worker.jsonl"
        self.use_worker()

    def use_worker(self, *options):
        command = [sys.executable, "-B", FAKE_WORKER, "--record", self.record, *options]
        self.lumi.env["LUMI_WORKERS_HF_COMMAND"] = shlex.join(map(str, command))

    def args(self, prompts, *more) -> list:
        dataset = self.write("rows.csv", csv_text([["examples"], *([prompt] for prompt in prompts)]))
        return ["job", "create", "inference", "--dataset", dataset, "--model", "m", "--provider", "hf", *more]

    def infer(self, prompts, *more, **how):
        return self.lumi.run(*self.args(prompts, *more), "--json", **how)

    def results(self, job_id: str) -> dict:
        return self.lumi.run("job", "download", job_id, "-o", "-").json()

    def only_job(self) -> dict:
        return self.lumi.json("job", "list")["items"][0]

    def recorded(self, key: str) -> list:
        lines = map(json.loads, self.record.read_text().splitlines()) if self.record.exists() else []
        return [line[key] for line in lines if key in line]

    def worker_pids(self) -> set:
        return {json.loads(line)["pid"] for line in self.record.read_text().splitlines()}

    def assert_no_worker_left(self):
        for pid in self.worker_pids():
            wait_until(lambda pid=pid: not Path(f"/proc/{pid}").exists())


class Works(WorkerTest):
    def test_a_worker_answers_like_a_server(self):
        self.use_worker("--batch", "4")
        prompts = [f"text {i}." for i in range(20)]
        job = self.infer(prompts, "--task", "translation", "--source-language", "English", "--target-language", "German").json()
        results = self.results(job["id"])
        self.assertEqual(results["artifacts"]["predictions"], [f"answer to {prompt}" for prompt in prompts])
        self.assertEqual(results["metrics"]["avg_total_tokens"], 5.0)
        self.assertEqual(results["parameters"]["inference_server"], None)
        self.assertEqual(results["parameters"]["hf_pipeline"]["model_name_or_path"], "m")
        self.assertEqual(results["lumi"]["dropped_parameters"], [])
        (opened,) = self.recorded("open")
        self.assertEqual(opened["method"], "generate")
        languages = {name: opened["options"][name] for name in ("task", "source_language", "target_language", "model")}
        self.assertEqual(list(languages.values()), ["translation", "English", "German", "m"])
        self.assertEqual(sorted(self.recorded("asked")), sorted(prompts))
        self.assertEqual(self.recorded("batch")[0], 4)
        self.assertEqual(self.recorded("shutdown"), [True, True])  # the first one was only looked at
        self.assertIn("worker: loading: 1 of 2", self.lumi.run("job", "logs", job["id"]).text)
        self.assert_no_worker_left()

    def test_a_worker_gets_what_is_asked_and_nothing_secret(self):
        self.lumi.env.update(
            OPENAI_API_KEY="sk-canary-openai", AWS_SECRET_ACCESS_KEY="canary", HF_TOKEN="hf_canary", HF_HOME="/tmp/hf", LC_ALL="C"
        )
        job = self.infer(["one"], "--system-prompt", "be brief", "--param", "num_beams=4", "--max-new-tokens", "9").json()
        (params,) = self.recorded("params")
        messages = [{"role": "system", "content": "be brief"}, {"role": "user", "content": "one"}]
        self.assertEqual((params["messages"], params["num_beams"], params["max_tokens"]), (messages, 4, 9))
        names = self.recorded("started")[-1]
        self.assertLessEqual({"PATH", "HOME", "HF_HOME", "HF_TOKEN", "LC_ALL"}, set(names))
        self.assertEqual([name for name in names if name.startswith(("OPENAI", "AWS", "LUMI"))], [])
        for path in self.lumi.home.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"canary", path.read_bytes(), path)
        self.assertEqual(job["status"], "succeeded")

    def test_answers_at_temperature_0_are_asked_for_once(self):
        for _ in range(2):
            job = self.infer(["one", "two"], "--temperature", "0").json()
        self.assertEqual(self.results(job["id"])["lumi"]["cache_hits"], 2)
        self.assertEqual(len(self.recorded("asked")), 2)
        self.infer(["one", "two"], "--temperature", "0", "--task", "text-generation")
        self.assertEqual(len(self.recorded("asked")), 4)

    def test_a_recording_needs_no_worker(self):
        recording = self.folder / "recording.jsonl"
        before = self.infer(["one", "do context"], "--record", recording, code=3).json()
        self.lumi.env["LUMI_WORKERS_HF_COMMAND"] = "no-such-program-of-lumi"
        again = self.infer(["one", "do context"], "--replay", recording, code=3).json()
        for part in ("predictions", "inference_metrics"):
            self.assertEqual(self.results(again["id"])["artifacts"][part], self.results(before["id"])["artifacts"][part])
        self.infer(["one", "another"], "--replay", recording, code=11)

    def test_a_worker_is_not_started_for_what_is_cached(self):
        self.infer(["one"], "--temperature", "0")
        opened = len(self.recorded("open"))
        self.infer(["one"], "--temperature", "0")
        self.assertEqual(len(self.recorded("open")), opened)


class Misbehaves(WorkerTest):
    def check(self, worker: list, fates: dict, *more) -> dict:
        """Each prompt of `fates` ends with its status and, if it is in error, with its text; the others are answered."""
        self.use_worker(*worker)
        prompts = ["first.", *fates, "last."]
        has_failed = any(status in ("error", "refused") for status, _ in fates.values())
        result = self.infer(prompts, *more, code=3 if has_failed else 0)
        results = self.results(result.json()["id"])
        statuses = results["lumi"]["statuses"] or ["ok"] * len(prompts)
        self.assertEqual(dict(zip(prompts, statuses)), {"first.": "ok", **{p: s for p, (s, _) in fates.items()}, "last.": "ok"})
        samples = self.lumi.run("job", "logs", result.json()["id"]).text
        for _, text in fates.values():
            self.assertIn(text, samples)
        for prompt, status, text in zip(prompts, statuses, results["artifacts"]["predictions"]):
            self.assertEqual(text, f"answer to {prompt}" if status == "ok" else None)
        self.assert_no_worker_left()
        return results

    def test_every_way_to_fail_has_its_end(self):
        fates = {
            "do crash": ("error", "ended by signal 11"),
            "do garbage": ("error", "said what is no message"),
            "do oversized": ("error", "sent a line of more than"),
            "do partial": ("error", "in the middle of a line"),
            "do unknown": ("error", "an answer that nobody had asked for"),
            "do context": ("error", "the text is too long"),
            "do refused": ("refused", "not this one"),
            "do something else": ("error", "no such wish"),
            "temporary trouble": ("ok", ""),
            "once crash": ("ok", ""),
            "once partial": ("ok", ""),
        }
        good = {f"good {i}.": ("ok", "") for i in range(10)}
        mixed = {}
        for (bad, fate), (fine, ok) in zip(fates.items(), [*good.items(), ("x", ("ok", ""))]):
            mixed.update({bad: fate, fine: ok})
        self.check(["--batch", "4"], mixed)
        asked = [prompt for prompt in self.recorded("asked") if prompt.startswith("do crash")]
        self.assertLessEqual(len(asked), 3)

    def test_a_worker_that_hangs_is_ended_after_the_time_of_a_request(self):
        start = time.monotonic()
        self.check(["--batch", "4"], {"do hang": ("error", "gave no answer"), "b.": ("ok", "")}, "--request-timeout", "1s")
        self.check(["--batch", "1"], {"do stubborn": ("error", "gave no answer"), "b.": ("ok", "")}, "--request-timeout", "1s")
        self.assertLess(time.monotonic() - start, 30)

    def test_a_parameter_that_it_does_not_take_is_left_out(self):
        results = self.check([], {"b.": ("ok", "")}, "--frequency-penalty", "0.5")
        self.assertEqual(results["lumi"]["dropped_parameters"], ["frequency_penalty"])

    def test_what_it_writes_is_in_the_log_without_secrets(self):
        job = self.infer(["fine", "do crash"], code=3).json()
        log = self.lumi.run("job", "logs", job["id"]).text
        self.assertIn("a trace of the crash", log)
        self.assertNotIn("sk-canary", log)

    def test_a_worker_that_crashes_over_everything_is_given_up(self):
        result = self.infer([f"do crash {i}" for i in range(30)], code=7)
        self.assert_says(result.error(), "worker", "ended by signal 11", "resume")
        self.assertLess(len(self.recorded("open")), 12)
        job = self.only_job()
        self.assertEqual(job["status"], "failed")
        self.assertLess(len(self.lumi.run("job", "samples", job["id"], "--json", code=None).text.splitlines()), 10)

    def test_a_slow_start_is_waited_for(self):
        self.check(["--slow", "1"], {"b.": ("ok", "")})

    def test_a_model_that_cannot_be_opened_fails_the_job(self):
        for code, exit_code in (("not_found", 5), ("credentials", 4), ("out_of_memory", 7)):
            self.use_worker("--open-error", code)
            error = self.infer(["one"], code=exit_code).error()
            self.assert_says(error, "no such model")


class Unusable(WorkerTest):
    def check(self, *parts):
        before = self.lumi.json("dataset", "list")["total"]
        for more in ([], ["--dry-run"], ["--detach"]):
            error = self.infer(["one"], *more, code=2).error()
            self.assert_says(error, *parts)
        self.assertEqual(self.lumi.json("job", "list")["total"], 0)
        self.assertEqual(self.lumi.json("dataset", "list")["total"], before)

    def test_no_worker_is_told_before_there_is_a_job(self):
        del self.lumi.env["LUMI_WORKERS_HF_COMMAND"]
        self.check("workers.hf.command", "hosted_vllm")

    def test_an_unusable_worker_is_told_before_there_is_a_job(self):
        for options, *parts in [
            (["--protocol", "2"], "version 2", "install"),
            (["--problem", "torch is missing"], "torch is missing", "mend it"),
            (["--chatty"], "welcome"),
            (["--die"], "cannot even start"),
        ]:
            with self.subTest(options=options):
                self.use_worker(*options)
                self.check(*parts)
        self.lumi.env["LUMI_WORKERS_HF_COMMAND"] = "no-such-program-of-lumi"
        self.check("no-such-program-of-lumi")

    def test_a_base_url_is_not_for_a_worker(self):
        self.assert_says(self.infer(["one"], "--base-url", "http://127.0.0.1:1/v1", code=2).error(), "hosted_vllm")

    def test_the_real_worker_names_what_is_missing(self):
        script = Path(__file__).resolve().parents[2] / "workers" / "hf" / "worker.py"
        # -S -E -I: without site-packages there is neither torch nor transformers.
        self.lumi.env["LUMI_WORKERS_HF_COMMAND"] = shlex.join([sys.executable, "-ISB", str(script)])
        error = self.infer(["one"], code=2).error()
        self.assert_says(error, "torch, transformers", f"{sys.executable} -m pip install torch transformers")


class Ends(WorkerTest):
    def start(self, count: int, *more):
        self.use_worker("--latency", "0.1")
        process = self.lumi.start(*self.args([f"text {i}." for i in range(count)], *more), "--json")
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        wait_until(lambda: len(self.recorded("asked")) >= 3)
        return process

    def finish(self, count: int):
        """Resumes the job; no sample that was answered before is asked again."""
        job = self.only_job()
        self.lumi.run("job", "resume", job["id"])
        results = self.results(job["id"])
        self.assertEqual(results["artifacts"]["predictions"], [f"answer to text {i}." for i in range(count)])
        asked = self.recorded("asked")
        self.assertLessEqual(len(asked) - len(set(asked)), 8)
        self.assert_no_worker_left()

    def test_an_interrupt_ends_the_worker_and_leaves_the_job_to_be_resumed(self):
        process = self.start(30)
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), 130)
        self.assertLess(time.monotonic() - begin, 4)
        self.assert_no_worker_left()
        self.finish(30)

    def test_a_killed_lumi_leaves_no_worker(self):
        process = self.start(30)
        process.kill()
        process.wait()
        self.assert_no_worker_left()
        self.finish(30)

    def test_a_job_in_the_background_has_a_worker_too(self):
        self.use_worker()
        job = self.infer(["one", "two"], "--detach").json()
        self.lumi.run("job", "wait", job["id"])
        self.assertEqual(self.results(job["id"])["artifacts"]["predictions"], ["answer to one", "answer to two"])
        self.assert_no_worker_left()

    def test_an_interrupt_ends_a_worker_that_is_loading(self):
        self.use_worker("--loading", "60")
        process = self.lumi.start(*self.args(["one", "two"]))
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        wait_until(lambda: self.recorded("open"))
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), 130)
        self.assertLess(time.monotonic() - begin, 4)
        self.assert_no_worker_left()

    def test_stop_ends_a_worker(self):
        process = self.start(200)
        self.lumi.run("job", "stop", self.only_job()["id"])
        process.wait(10)
        self.assert_no_worker_left()


if __name__ == "__main__":
    main()

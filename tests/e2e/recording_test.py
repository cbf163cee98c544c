"""--record and --replay: a job again without a network or a key, with the same results."""

import json
import sys
from pathlib import Path

from support import LumiTest, csv_text, main

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from fault_server import FaultServer

KEY = "sk-canary-of-a-recording"


class Recording(LumiTest):
    def setUp(self):
        super().setUp()
        plan = {"prompts": {"text 2.": [500, "ok"], "text 3.": [400], "text 4.": ["length"]}, "key": KEY}
        self.server = FaultServer(plan)
        self.server.__enter__()
        self.data = self.write("a.csv", csv_text([["examples"], *([f"text {i}."] for i in range(1, 13))]))
        self.recording = self.folder / "recording.jsonl"

    def stop_server(self):
        self.server.__exit__()

    def args(self, *more) -> list:
        where = ("--model", "tiny", "--provider", "openai", "--base-url", self.server.url, "--allow-host", "127.0.0.1")
        return ["job", "create", "inference", "--dataset", self.data, *where, "--temperature", "0", *more, "--json"]

    def record(self, *more) -> dict:
        self.lumi.env["OPENAI_API_KEY"] = KEY
        job = self.lumi.run(*self.args("--record", self.recording, *more), code=3).json()
        del self.lumi.env["OPENAI_API_KEY"]
        self.stop_server()
        return self.results(job)

    def results(self, job: dict) -> dict:
        return self.lumi.run("job", "download", job["id"], "-o", "-").json()

    def assert_same_results(self, a: dict, b: dict):
        for part in ("predictions", "inference_metrics", "examples"):
            self.assertEqual(a["artifacts"][part], b["artifacts"][part])
        self.assertEqual(a["metrics"], b["metrics"])
        self.assertEqual(a["lumi"]["statuses"], b["lumi"]["statuses"])

    def test_a_recording_needs_neither_server_nor_key(self):
        before = self.record()
        self.assertEqual(len(self.recording.read_text().splitlines()), 13)
        again = self.lumi.run(*self.args("--replay", self.recording), code=3)
        self.assert_same_results(self.results(again.json()), before)
        other_home = self.new_lumi()
        self.data = self.data.rename(other_home.folder / "work" / "a.csv")
        self.lumi, before_home = other_home, self.lumi
        again = self.lumi.run(*self.args("--replay", self.recording), code=3)
        self.assert_same_results(self.results(again.json()), before)
        self.assertNotEqual(before_home, other_home)

    def test_a_stream_too(self):
        before = self.record("--stream")
        again = self.lumi.run(*self.args("--replay", self.recording, "--stream"), code=3)
        self.assert_same_results(self.results(again.json()), before)

    def test_a_recording_keeps_no_key(self):
        self.record()
        text = self.recording.read_text()
        self.assertNotIn("canary", text)
        self.assertNotIn("uthorization", text)
        self.assertEqual({"POST"}, {json.loads(line)["method"] for line in text.splitlines()})
        self.assertEqual(self.recording.stat().st_mode & 0o077, 0)

    def test_a_mismatch_is_11(self):
        self.record()
        for more in (("--max-new-tokens", "7"), ("--prompt-template", "Say: {{examples}}"), ("--model", "other")):
            with self.subTest(more=more):
                error = self.lumi.run(*self.args("--replay", self.recording), *more, code=11).error()
                self.assert_says(error, "recording.jsonl", "has no answer", "--record")

    def test_wrong_files_and_flags(self):
        self.addCleanup(self.stop_server)
        self.assert_says(self.lumi.run(*self.args("--replay", "absent.jsonl"), code=5).error(), "absent.jsonl")
        bad = self.write("bad.jsonl", '{"method": "POST"}\n')
        self.assert_says(self.lumi.run(*self.args("--replay", bad), code=11).error(), "bad.jsonl:1")
        self.assert_says(self.lumi.run(*self.args("--replay", bad, "--record", "x"), code=2).error(), "--record", "--replay")
        self.lumi.env["OPENAI_API_KEY"] = KEY
        self.assert_says(self.lumi.run(*self.args("--record", bad), code=6).error(), "bad.jsonl")
        self.assertEqual(self.lumi.json("job", "list")["total"], 0)

    def test_a_job_that_is_resumed_goes_on_with_its_recording(self):
        self.lumi.env["OPENAI_API_KEY"] = KEY
        how = ("--record", self.recording, "-j", "1", "--max-total-tokens", "20")
        self.lumi.run(*self.args(*how), code=10)
        job = self.lumi.json("job", "list")["items"][0]
        self.lumi.run("job", "resume", job["id"], "--max-total-tokens", "100000", code=3)
        before = self.results(job)
        self.stop_server()
        again = self.lumi.run(*self.args("--replay", self.recording), code=3)
        self.assert_same_results(self.results(again.json()), before)


if __name__ == "__main__":
    main()

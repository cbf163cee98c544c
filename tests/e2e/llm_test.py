"""Inference with a real model server: llama.cpp with a model of a few megabytes. Skipped where its packages cannot be had."""

import json
import sys
import unittest
from pathlib import Path

import support

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from llm_server import LlmServer, Unavailable

ROWS = [
    ("Shall we have lunch together on Friday ?", "Two friends meet for lunch on Friday ."),
    ("The storm hit our harbour .", "The storm damaged boats in our harbour ."),
    ("Please translate this to Spanish", "Buenos dias amigo ."),
]
RIVER = "What is the longest river ?"
KEY = "sk-canary-of-a-test"


class Llm(support.LumiTest):
    @classmethod
    def setUpClass(cls):
        cls.server = LlmServer(KEY)
        try:
            cls.server.__enter__()
        except Unavailable as reason:
            raise unittest.SkipTest(f"no model server: {reason}") from None
        cls.addClassCleanup(cls.server.__exit__)

    def setUp(self):
        super().setUp()
        if self.lumi.run("job", "create", "inference", "--help", code=None).code != 0:
            self.skipTest("this lumi has no inference yet")
        self.lumi.env["OPENAI_API_KEY"] = KEY
        self.file = self.write_csv("rows.csv", [("examples", "ground_truth"), *ROWS])

    def infer(self, *options, **how):
        endpoint = ("--model", self.server.model, "--provider", "openai", "--base-url", self.server.url, "--allow-host", "127.0.0.1")
        return self.lumi.run("job", "create", "inference", "--dataset", self.file, *endpoint, "--temperature", "0", *options, "--json", **how)

    def result(self, job: dict) -> dict:
        return json.loads(self.lumi.run("job", "download", job["id"], "-o", "-").text)

    def predictions(self, job: dict) -> list:
        return [text.strip() for text in self.result(job)["artifacts"]["predictions"]]

    def test_every_row_gets_its_answer(self):
        job = self.infer().json()
        self.assertEqual(job["status"], "succeeded")
        if self.server.model == "tiny":
            self.assertEqual(self.predictions(job), [answer for _, answer in ROWS])
        else:
            self.assertEqual(len(self.predictions(job)), len(ROWS))

    def test_the_same_question_gets_the_same_answer(self):
        self.assertEqual(*(self.predictions(self.infer("--seed", "7", "--cache", "off").json()) for _ in range(2)))

    def test_an_answer_that_is_cut_counts_as_truncated(self):
        self.file = self.write_csv("river.csv", [("examples",), (RIVER,)])
        job = self.infer("--max-new-tokens", "5").json()
        samples = self.lumi.json("job", "samples", job["id"])
        self.assertIn("truncated", json.dumps(samples))

    def test_a_wrong_key_stops_the_job_and_is_told_to_nobody(self):
        self.lumi.env["OPENAI_API_KEY"] = "sk-wrong-canary"
        result = self.infer(code=None, env={"LUMI_LOG": "debug"})
        self.assertEqual(result.code, 4, result)
        for path in self.lumi.home.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"canary", path.read_bytes(), path)
        self.assertNotIn("canary", result.text + result.errors)


if __name__ == "__main__":
    support.main()

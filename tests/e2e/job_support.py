"""Evaluator jobs to look at, short and long ones."""

import json

from support import LumiTest, wait_until

HEADER = ["examples", "ground_truth", "predictions"]
ROWS = [
    ["one", "the cat sat on the mat", "the cat sat on a mat"],
    ["two", "a quick brown fox", "a quick brown fox"],
    ["three", "nothing in common", "entirely different words"],
    ["four", "partly the same text", "partly other text"],
]


class JobTest(LumiTest):
    def setUp(self):
        super().setUp()
        self.file = self.write_csv("p.csv", [HEADER, *ROWS])

    def create(self, *args, **how) -> dict:
        return self.lumi.json("job", "create", "evaluator", "--dataset", self.file, "--metric", "rouge", *args, **how)

    def long_dataset(self, rows=60_000) -> str:
        """The id of a dataset whose evaluation takes some seconds."""
        words = [" ".join(f"w{i * k % 101}" for k in range(200)) for i in range(50)]
        table = [["x", words[i % 50], words[i * 7 % 50]] for i in range(rows)]
        return self.lumi.create(self.write_csv("long.csv", [HEADER, *table]))["id"]

    def start_long_job(self, *args) -> tuple:
        """A job that runs for some seconds, and its id once it is at work."""
        dataset = self.long_dataset()
        how = ("job", "create", "evaluator", "--dataset", dataset, "--metric", "rouge,bleu", "--threads", "1", "--json")
        process = self.lumi.start(*how, *args)
        first = json.loads(process.stderr.readline())
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        job = first["log"]["job_id"]
        # The row says running before the log does, and the test may stop the process in between.
        log = self.lumi.home / "jobs" / job / "job.log"
        wait_until(lambda: (log.exists() and "started" in log.read_text()) or process.poll() is not None)
        self.assertIsNone(process.poll(), "the job must be a long one")
        return process, job

"""kill -9 at random times (R1): the store stays whole, what was acknowledged is there, the rest can be collected."""

import os
import random
import signal
import time

import support
from shapes import UUID
from store_check import check_nothing_lost, check_store
from support import LONG, LumiTest

KILLS = 500 if LONG else 40
HEADER = ["examples", "ground_truth", "predictions"]


def acknowledged(out: str) -> set:
    """The id that a whole line of output begins with or holds."""
    return set(UUID.findall(out.split("\t")[0])) if out.endswith("\n") else set()


class Kills(LumiTest):
    def setUp(self):
        super().setUp()
        self.random = random.Random(int(os.environ.get("LUMI_TEST_SEED", "20")))
        rows = [[f"text {i} " * 20, f"truth {i} " * 10, f"guess {i} " * 10] for i in range(2000)]
        self.file = self.write_csv("p.csv", [HEADER, *rows])
        self.acknowledged = set()

    def duration(self, *args) -> float:
        """How long the command takes here at best, once it is running."""
        seconds = []
        for _ in range(5):
            with self.lumi.start(*args) as process:
                started = time.monotonic()
                process.wait(support.TIMEOUT)
                seconds.append(time.monotonic() - started)
                process.communicate()
        return min(seconds)

    def kill_at_random(self, *args, span: float) -> tuple:
        """Whether the process was killed, and the first line that it wrote."""
        with self.lumi.start(*args) as process:
            time.sleep(self.random.uniform(0, self.random.choice((span, 2 * span))))
            process.kill()
            out, err = process.communicate(timeout=support.TIMEOUT)
        self.assertIn(process.returncode, (0, -signal.SIGKILL), err)
        return process.returncode != 0, out.decode()

    def loop(self, *args, ids_of):
        span = self.duration(*args)
        killed = 0
        for round_number in range(KILLS):
            was_killed, out = self.kill_at_random(*args, span=span)
            killed += was_killed
            self.acknowledged |= ids_of(out)
            self.assertLessEqual(self.acknowledged, check_store(self, self.lumi), f"round {round_number}")
            if round_number % 10 == 9:
                check_nothing_lost(self, self.lumi)
        check_nothing_lost(self, self.lumi)
        self.assertGreater(killed, KILLS // 5, "too few died to show anything")

    def test_create(self):
        self.loop("dataset", "create", self.file, ids_of=acknowledged)

    def test_create_with_json(self):
        self.loop("dataset", "create", self.file, "--json=id", ids_of=acknowledged)

    def test_create_on_an_absent_home(self):
        span = self.duration("dataset", "create", self.file)
        for _ in range(KILLS // 4):
            self.lumi = self.new_lumi()
            self.kill_at_random("dataset", "create", self.file, span=span)
            check_store(self, self.lumi)
            self.lumi.create(self.file)
            check_nothing_lost(self, self.lumi)

    def test_evaluate(self):
        self.loop("evaluate", self.file, "--metric", "rouge", ids_of=lambda _: set())
        jobs = self.lumi.json("job", "list", "--limit", "0")["items"]
        self.assertEqual({job["status"] for job in jobs} - {"succeeded", "failed"}, set())
        for job in jobs:
            if job["status"] == "succeeded":
                self.lumi.run("job", "download", job["id"], "-o", "-")
            else:
                self.assertEqual(job["message"], "interrupted")
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 1)

    def test_delete(self):
        span = self.duration("dataset", "list")
        for _ in range(KILLS // 2):
            id = self.lumi.create(self.file)["id"]
            was_killed, _ = self.kill_at_random("dataset", "delete", id, "--yes", span=span)
            if not was_killed:
                self.assertNotIn(id, check_store(self, self.lumi))
        check_nothing_lost(self, self.lumi)


if __name__ == "__main__":
    support.main()

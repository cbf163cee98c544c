"""Many processes at once (R5): none fails, nothing is lost, nobody is told that something is busy."""

import shutil

import support
from shapes import UUID
from store_check import check_nothing_lost, check_store
from support import LONG, LumiTest

PROCESSES = 64
HEADER = ["examples", "ground_truth", "predictions"]


class Concurrency(LumiTest):
    def setUp(self):
        super().setUp()
        self.file = self.write_csv("p.csv", [HEADER, ["a", "b c", "b c"], ["d", "e", "e"]])

    def finish(self, processes) -> list:
        """What all of them wrote; each must have succeeded without a word."""
        written = []
        for process in processes:
            out, err = process.communicate(timeout=support.TIMEOUT)
            self.assertEqual((process.returncode, err), (0, b""), process.args)
            written.append(out.decode())
        return written

    def create_all(self) -> set:
        processes = [self.lumi.start("dataset", "create", self.file, "--json=id") for _ in range(PROCESSES)]
        return {UUID.search(out)[0] for out in self.finish(processes)}

    def test_first_run_of_many_on_an_absent_home(self):
        for _ in range(10 if LONG else 2):
            shutil.rmtree(self.lumi.home, ignore_errors=True)
            ids = self.create_all()
            self.assertEqual(len(ids), PROCESSES)
            self.assertEqual(check_store(self, self.lumi), ids)
            check_nothing_lost(self, self.lumi)
            listed = {item["id"] for item in self.lumi.json("dataset", "list", "--limit", "0")["items"]}
            self.assertEqual(listed, ids)

    def test_readers_and_writers(self):
        scored = self.write("scored.csv", self.file.read_bytes())
        commands = [
            ("dataset", "list"),
            ("dataset", "create", self.file, "--json=id"),
            ("evaluate", scored, "--metric", "rouge", "-q"),
            ("job", "list"),
            ("health",),
        ]
        rounds = PROCESSES * (10 if LONG else 1)
        running = []
        for number in range(rounds):
            running.append(self.lumi.start(*commands[number % len(commands)]))
            if len(running) >= PROCESSES:
                self.finish(running[: PROCESSES // 2])
                running = running[PROCESSES // 2 :]
        self.finish(running)
        done = lambda command: sum(
            commands[number % len(commands)] is command for number in range(rounds)
        )  # noqa: E731
        # The evaluated file became one dataset, however many registered it at once.
        self.assertEqual(self.lumi.json("dataset", "list")["total"], done(commands[1]) + 1)
        self.assertEqual(self.lumi.json("job", "list", "--status", "succeeded")["total"], done(commands[2]))
        check_nothing_lost(self, self.lumi)

    def test_reuse_by_many_makes_one_dataset(self):
        processes = [self.lumi.start("dataset", "create", self.file, "--reuse", "--json=id") for _ in range(16)]
        self.assertEqual(len(set(self.finish(processes))), 1)
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 1)

    def test_a_delete_by_many_happens_once(self):
        id = self.lumi.create(self.file)["id"]
        processes = [self.lumi.start("dataset", "delete", id, "--yes") for _ in range(16)]
        codes = []
        for process in processes:
            process.communicate(timeout=support.TIMEOUT)
            codes.append(process.returncode)
        self.assertEqual(sorted(codes), [0] + [5] * 15)
        check_nothing_lost(self, self.lumi)

    def test_collecting_garbage_takes_nothing_that_is_being_made(self):
        creating = [self.lumi.start("dataset", "create", self.file, "--json=id") for _ in range(PROCESSES // 2)]
        while any(process.poll() is None for process in creating):
            self.lumi.run("gc", "--older-than", "0s", "--yes")
        ids = {UUID.search(out)[0] for out in self.finish(creating)}
        self.assertEqual(check_store(self, self.lumi), ids)


if __name__ == "__main__":
    support.main()

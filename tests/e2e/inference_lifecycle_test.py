"""Inference jobs in the background, stopped, taken over and resumed: no answer is lost, none is paid for twice."""

import json
import os
import signal
import time
import zlib

import support
from inference_test import InferenceTest, rows
from support import wait_until

COLD = ("--temperature", "0", "--cache", "never")


class InferenceLifecycle(InferenceTest):
    def detach(self, server, count: int, *args) -> str:
        how = self.args(server, self.write("a.csv", rows(count)), *COLD, "--detach", *args)
        return self.lumi.json(*how)["id"]

    def journal(self, id: str) -> list:
        """The entries of a job's journal, whose checksums must fit."""
        entries = []
        for line in (self.lumi.home / "jobs" / id / "journal.jsonl").read_bytes().splitlines():
            body, crc = line[: line.rindex(b',"crc":"')], json.loads(line)["crc"]
            self.assertEqual(crc, f"{zlib.crc32(body):08x}")
            entries.append(json.loads(line))
        return entries

    def test_a_job_in_the_background_is_stopped_and_goes_on(self):
        server = self.server(latency=0.1)
        id = self.detach(server, 200, "-j", "4")
        wait_until(lambda: len(server.requests) >= 20)
        self.assertEqual(self.lumi.json("job", "stop", id), {"stopped": [id]})
        kept = len(self.journal(id))
        self.assertGreaterEqual(kept, 16)
        self.lumi.fail("job", "wait", id, code=1)
        server.plan["latency"] = 0
        self.assertEqual(self.lumi.json("job", "resume", id, "--detach")["status"], "created")
        self.lumi.run("job", "wait", id, "--timeout", "100s")
        self.assertEqual(set(server.counts.values()), {1})
        self.assertEqual(len(self.journal(id)), 200)
        self.assertEqual(len(self.results(id)["artifacts"]["predictions"]), 200)

    def test_nothing_but_the_log_shows_up_in_the_log(self):
        id = self.detach(self.server(prompts={"text 2.": [400]}), 5)
        self.lumi.fail("job", "wait", id, "--timeout", "100s", code=3)
        for line in self.lumi.run("job", "logs", id).text.splitlines():
            self.assertRegex(line, r"^20\d\d-\d\d-\d\dT")

    def test_a_larger_budget_is_given_on_resuming(self):
        server = self.server()
        self.lumi.fail(*self.args(server, self.write("a.csv", rows(50))), *COLD, "--max-total-tokens", "60", code=10)
        id = self.only_job()["id"]
        self.lumi.fail("job", "resume", id, code=10)
        self.lumi.fail("job", "resume", id, "--concurrency", "none", code=2)
        self.assertEqual(self.only_job()["message"], self.lumi.json("job", "get", id)["message"])
        self.assertEqual(self.lumi.json("job", "resume", id, "--max-total-tokens", "100000")["status"], "succeeded")
        self.assertEqual(set(server.counts.values()), {1})

    def test_an_owner_that_slept_while_another_took_over_writes_nothing(self):
        server = self.server(latency=0.3)
        process = self.lumi.start(*self.args(server, self.write("a.csv", rows(100))), *COLD, "-j", "4", "--json")
        wait_until(lambda: len(server.requests) >= 12)
        id = self.only_job()["id"]
        os.kill(process.pid, signal.SIGSTOP)
        (self.lumi.home / "jobs" / id / "lock").unlink()  # as a network file system does that forgets its locks
        server.plan["latency"] = 0
        self.assertEqual(self.lumi.json("job", "resume", id)["status"], "succeeded")
        folder = support.snapshot(self.lumi.home / "jobs" / id)
        objects = support.snapshot(self.lumi.home / "objects")
        job = self.lumi.json("job", "get", id)
        time.sleep(1.1)  # the row is asked about once a second
        os.kill(process.pid, signal.SIGCONT)
        err = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 6, err)
        self.assertEqual(support.snapshot(self.lumi.home / "jobs" / id), folder)
        self.assertEqual(support.snapshot(self.lumi.home / "objects"), objects)
        self.assertEqual(self.lumi.json("job", "get", id), job)

    def test_a_damaged_line_of_the_journal_is_asked_again_and_no_other(self):
        server = self.server()
        self.lumi.fail(*self.args(server, self.write("a.csv", rows(50))), *COLD, "--max-total-tokens", "120", code=10)
        id = self.only_job()["id"]
        path = self.lumi.home / "jobs" / id / "journal.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        asked = len(server.requests)
        lines[3] = lines[3].replace(b"text", b"tex?", 1) if b"text" in lines[3] else lines[3].replace(b'"', b"?", 1)
        path.write_bytes(b"".join(lines) + b'{"half')
        self.lumi.run("job", "resume", id, "--max-total-tokens", "100000")
        self.assertEqual(len(server.requests), 50 + 1)
        self.assertGreater(asked, 10)
        self.assertEqual(sorted(server.counts.values())[-2:], [1, 2])
        self.assertEqual(self.results(id)["lumi"]["coverage"], 1.0)


if __name__ == "__main__":
    support.main()

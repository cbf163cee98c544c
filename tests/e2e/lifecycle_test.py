"""What happens to jobs once they exist: in the background, watched, stopped, killed, resumed, taken over, deleted."""

import json
import os
import pty
import random
import signal
import subprocess
import time

import support
from job_support import JobTest
from shapes import JOB_FIELDS, UUID
from store_check import check_nothing_lost, check_store
from support import BINARY, LONG, object_files, snapshot, wait_until

LONG_EVALUATION = ("--metric", "rouge,bleu", "--threads", "1")


class LifecycleTest(JobTest):
    def detach(self, *args) -> str:
        """The id of a long job in the background."""
        how = ("job", "create", "evaluator", "--dataset", self.long_dataset(), *LONG_EVALUATION, "--detach")
        return self.lumi.json(*how, *args)["id"]

    def row(self, id: str) -> dict:
        return self.lumi.json("job", "get", id)

    def wait(self, id: str, code=0) -> dict:
        return self.lumi.json("job", "wait", id, "--timeout", "100s", code=code)["items"][0]

    def owner(self, id: str) -> int:
        """The process that the lock of a job names."""
        return int((self.lumi.home / "jobs" / id / "lock").read_text().split()[0])

    def until_running(self, id: str) -> str:
        wait_until(lambda: self.row(id)["status"] == "running")
        return id

    def start(self, *args, **how) -> subprocess.Popen:
        """A process that does not outlive the test."""
        process = self.lumi.start(*args, **how)

        def end():
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process


class Detach(LifecycleTest):
    def test_the_answer_comes_at_once_and_the_job_goes_on(self):
        dataset = self.long_dataset()
        how = ("job", "create", "evaluator", "--dataset", dataset, *LONG_EVALUATION, "--detach", "--json")
        result = self.lumi.run(*how)
        job = result.json()
        self.assertEqual(list(job), JOB_FIELDS[:8])
        self.assertEqual(result.messages(), [{"log": {"job_id": job["id"]}}])
        self.assertIn(self.row(job["id"])["status"], ("created", "running"))
        ended = self.wait(job["id"])
        self.assertEqual((ended["status"], ended["driver_exit_code"]), ("succeeded", 0))
        self.assertEqual(self.lumi.json("job", "result", job["id"])["n"], 60_000)

    def test_nothing_of_the_caller_is_kept_open(self):
        reading, writing = os.pipe()
        dataset = self.long_dataset()
        how = ("job", "create", "evaluator", "--dataset", dataset, *LONG_EVALUATION, "--detach", "--json=id")
        with self.lumi.start(*how, pass_fds=[writing]) as process:
            os.close(writing)
            id = json.loads(process.communicate(timeout=support.TIMEOUT)[0])["id"]  # its own end of the pipes is closed
        self.assertEqual(os.read(reading, 1), b"")
        os.close(reading)
        folder = f"/proc/{self.owner(id)}/fd"
        self.assertEqual(os.readlink(f"{folder}/0"), "/dev/null")
        for output in ("1", "2"):
            self.assertEqual(os.readlink(f"{folder}/{output}"), str(self.lumi.home / "jobs" / id / "job.log"))
        self.assertEqual(os.getsid(self.owner(id)), self.owner(id))
        self.lumi.run("job", "stop", id)

    def test_what_is_wrong_is_told_before_anything_runs(self):
        bad = self.write_csv("bad.csv", [["examples"], ["x"]])
        self.lumi.fail("job", "create", "evaluator", "--dataset", bad, "--metric", "rouge", "--detach", code=11)
        self.assertEqual(self.lumi.json("job", "list")["total"], 0)

    def test_the_job_outlives_its_terminal(self):
        dataset = self.long_dataset()
        command = [BINARY, "job", "create", "evaluator", "--dataset", dataset, *LONG_EVALUATION, "--detach", "--json=id"]
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve("/bin/sh", ["sh", "-c", '"$@"; read line', "sh", *command], self.lumi.env | {"TERM": "xterm"})
        seen = ""
        while not UUID.search(seen) or '"id"' not in seen:
            seen += os.read(terminal, 1000).decode()
        os.close(terminal)
        self.assertEqual(os.waitpid(pid, 0)[1] & 127, signal.SIGHUP)
        self.assertEqual(self.wait(UUID.findall(seen)[-1])["status"], "succeeded")

    def test_the_log_holds_how_it_went(self):
        id = self.detach("--require", "rougeL > 2")
        self.assertEqual(self.wait(id, code=9)["driver_exit_code"], 9)
        lines = self.lumi.run("job", "logs", id).text.splitlines()
        self.assertIn("started", lines[0])
        self.assertIn("succeeded", lines[-1])
        self.assertTrue(any("rows scored" in line for line in lines), lines)


class Watch(LifecycleTest):
    def test_logs_follow_until_the_end(self):
        id = self.detach()
        with self.start("job", "logs", id, "-f") as plain, self.start("job", "logs", id, "--follow", "--json") as lines:
            out = plain.communicate(timeout=support.TIMEOUT)[0].decode()
            objects = [json.loads(line) for line in lines.communicate(timeout=support.TIMEOUT)[0].splitlines()]
        self.assertEqual(out, self.lumi.run("job", "logs", id).text)
        self.assertEqual([line["logs"] for line in objects], out.splitlines())
        self.assertTrue(out.endswith("succeeded\n"))
        self.assertEqual((plain.returncode, lines.returncode), (0, 0))

    def test_lines_come_as_they_are_written(self):
        process, id = self.start_long_job()
        os.kill(process.pid, signal.SIGSTOP)
        follower = self.start("job", "logs", id, "-f")
        self.assertIn(b"started", follower.stdout.readline())
        with open(self.lumi.home / "jobs" / id / "job.log", "a") as log:
            log.write("a line\nhalf")
        self.assertEqual(follower.stdout.readline(), b"a line\n")
        process.kill()
        process.wait()
        self.assertEqual(follower.wait(10), 0)

    def test_an_interrupt_ends_the_watching_only(self):
        process, id = self.start_long_job()
        os.kill(process.pid, signal.SIGSTOP)
        for watching in (("logs", id, "-f"), ("wait", id)):
            watcher = self.start("job", *watching)
            (watcher.stdout if watching[0] == "logs" else watcher.stderr).readline()
            watcher.send_signal(signal.SIGINT)
            self.assertEqual(watcher.wait(5), 130)
        self.assertEqual(self.row(id)["status"], "running")
        process.kill()
        process.wait()

    def test_watching_costs_nothing(self):
        process, id = self.start_long_job()
        os.kill(process.pid, signal.SIGSTOP)
        for watching in (("logs", id, "-f"), ("wait", id)):
            watcher = self.start("job", *watching)
            time.sleep(3)
            watcher.send_signal(signal.SIGINT)
            usage = os.wait4(watcher.pid, 0)[2]
            watcher.returncode = 0  # it is waited for already
            self.assertLess(usage.ru_utime + usage.ru_stime, 3 if support.SANITIZED else 0.3)
        process.kill()
        process.wait()

    def test_many_wait_at_once(self):
        id = self.detach()
        waiters = [self.start("job", "wait", id, "--json") for _ in range(5)]
        for waiter in waiters:
            self.assertEqual(json.loads(waiter.communicate(timeout=support.TIMEOUT)[0])["items"][0]["status"], "succeeded")

    def test_waiting_ends_with_the_time(self):
        process, id = self.start_long_job()
        os.kill(process.pid, signal.SIGSTOP)
        done = self.create()["id"]
        started = time.monotonic()
        self.assertEqual(self.lumi.fail("job", "wait", id, "--timeout", "500ms", code=8)["code"], "pending")
        self.assertGreater(time.monotonic() - started, 0.45)
        self.lumi.run("job", "wait", id, done, "--any")
        waiter = self.start("job", "wait", id, "--json")
        waiter.stderr.readline()
        process.kill()
        process.wait()
        self.assertEqual(waiter.wait(5), 1)


class Stop(LifecycleTest):
    def test_a_stopped_job_is_resumed_to_the_same_result(self):
        unbroken = self.lumi.json("job", "result", self.wait(self.detach())["id"])
        id = self.until_running(self.detach())
        self.assertEqual(self.lumi.json("job", "stop", id), {"stopped": [id]})
        job = self.row(id)
        self.assertEqual((job["status"], job["driver_exit_code"]), ("stopped", 143))
        self.lumi.fail("job", "wait", id, code=1)
        self.lumi.fail("job", "download", id, code=5)
        self.assertEqual(self.lumi.json("job", "resume", id)["status"], "succeeded")
        result = self.lumi.json("job", "result", id)
        for key in ("n", "coverage", "samples", "metrics", "signatures"):
            self.assertEqual(result[key], unbroken[key])
        check_nothing_lost(self, self.lumi)

    def test_a_foreground_job_and_a_suspended_one_stop_too(self):
        for suspended in (False, True):
            process, id = self.start_long_job()
            if suspended:
                os.kill(process.pid, signal.SIGSTOP)
            self.assertEqual(self.lumi.json("job", "stop", id), {"stopped": [id]})
            self.assertEqual(process.wait(10), 143)

    def test_nobody_else_is_hit(self):
        process, id = self.start_long_job()
        lock = self.lumi.home / "jobs" / id / "lock"
        bystander = subprocess.Popen(["sleep", "100"])
        self.addCleanup(bystander.wait)
        self.addCleanup(bystander.kill)
        owner = lock.read_text().split()
        lock.write_text(" ".join([str(bystander.pid), *owner[1:]]))
        self.lumi.fail("job", "stop", id, code=6)
        lock.write_text(" ".join([*owner[:4], "another-host"]))
        self.assert_says(self.lumi.fail("job", "stop", id, code=6), "another-host")
        self.assertIsNone(bystander.poll())
        self.assertIsNone(process.poll())
        process.kill()
        process.wait()
        self.assertEqual(self.lumi.json("job", "stop", id), {"stopped": []})
        self.assertEqual(self.row(id)["message"], "interrupted")


class Kills(LifecycleTest):
    def new_jobs(self, before: set) -> list:
        return [job for job in self.lumi.json("job", "list", "--limit", "0")["items"] if job["id"] not in before]

    def kill_at_random(self, chance: random.Random, detached: bool, *how) -> list:
        """Starts a job, kills its process, and returns the jobs that are there since."""
        before = {job["id"] for job in self.new_jobs(set())}
        process = self.start(*how, *(["--detach"] if detached else []))
        if detached:
            process.communicate()
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        process.communicate()
        for job in self.new_jobs(before) if detached else []:
            if job["status"] != "succeeded":
                owner = self.owner(job["id"])
                os.kill(owner, signal.SIGKILL)
                wait_until(lambda owner=owner: not os.path.exists(f"/proc/{owner}"))
        return self.new_jobs(before)

    def test_whenever_it_is_killed_it_is_seen_and_resumed(self):
        dataset = self.long_dataset(6_000)
        how = ("job", "create", "evaluator", "--dataset", dataset, *LONG_EVALUATION)
        expected = self.lumi.json("job", "result", self.lumi.json(*how)["id"])["metrics"]
        chance = random.Random(int(os.environ.get("LUMI_TEST_SEED", "4")))
        resumed = 0
        for detached in (False, True) * (100 if LONG else 8):
            for job in self.kill_at_random(chance, detached, *how):
                if job["status"] != "succeeded":
                    self.assertEqual((job["status"], job["message"]), ("failed", "interrupted"))
                    self.lumi.fail("job", "wait", job["id"], code=1)
                    self.assertEqual(self.lumi.json("job", "resume", job["id"])["status"], "succeeded")
                    resumed += 1
                self.assertEqual(self.lumi.json("job", "result", job["id"])["metrics"], expected)
            check_store(self, self.lumi)
        check_nothing_lost(self, self.lumi)
        self.assertGreater(resumed, 3, "too few were killed to show anything")

    def test_a_resumed_job_is_resumed_by_one(self):
        process, id = self.start_long_job()
        process.kill()
        process.wait()
        racers = [self.start("job", "resume", id, "--json") for _ in range(8)]
        errors = {racer: racer.communicate(timeout=support.TIMEOUT)[1].decode() for racer in racers}
        codes = sorted(racer.returncode for racer in racers)
        self.assertEqual(codes, [0] + [6] * 7, errors)
        log = self.lumi.run("job", "logs", id).text
        self.assertEqual(log.count("attempt 2"), 1)
        self.assertNotIn("attempt 3", log)
        check_nothing_lost(self, self.lumi)

    def test_a_running_job_is_not_resumed(self):
        process, id = self.start_long_job()
        self.assert_says(self.lumi.fail("job", "resume", id, code=6), str(process.pid))
        process.kill()
        process.wait()


class Fencing(LifecycleTest):
    def test_an_owner_that_slept_while_another_took_over_writes_nothing(self):
        process, id = self.start_long_job()
        os.kill(process.pid, signal.SIGSTOP)
        (self.lumi.home / "jobs" / id / "lock").unlink()  # as a network file system does that forgets its locks
        self.assertEqual(self.row(id)["message"], "interrupted")
        self.assertEqual(self.lumi.json("job", "resume", id)["status"], "succeeded")
        job, files = self.row(id), snapshot(self.lumi.home / "objects")
        log = self.lumi.run("job", "logs", id).text
        os.kill(process.pid, signal.SIGCONT)
        self.assertEqual(process.wait(60), 6)
        self.assertEqual(json.loads(process.stderr.read().splitlines()[-1])["error"]["code"], "conflict")
        self.assertEqual(self.row(id), job)
        self.assertEqual(snapshot(self.lumi.home / "objects"), files)
        self.assertEqual(self.lumi.run("job", "logs", id).text, log)
        check_nothing_lost(self, self.lumi)


class Delete(LifecycleTest):
    def test_a_running_job_is_deleted_only_by_force(self):
        id = self.until_running(self.detach())
        self.lumi.fail("job", "delete", id, "--yes", code=6)
        owner = self.owner(id)
        self.assertEqual(self.lumi.json("job", "delete", id, "--yes", "--force"), {"deleted": [id]})
        wait_until(lambda: not os.path.exists(f"/proc/{owner}"))
        self.lumi.fail("job", "get", id, code=5)
        self.assertEqual(os.listdir(self.lumi.home / "jobs"), [])
        self.assertEqual({key.split("/")[0] for key in object_files(self.lumi)}, {"datasets"})
        check_nothing_lost(self, self.lumi)

    def test_a_delete_by_many_happens_once(self):
        id = self.create()["id"]
        racers = [self.start("job", "delete", id, "--yes", "--json") for _ in range(6)]
        said = [racer.communicate(timeout=support.TIMEOUT) for racer in racers]
        self.assertEqual(sorted(racer.returncode for racer in racers), [0, 5, 5, 5, 5, 5], said)
        check_nothing_lost(self, self.lumi)
        self.assertEqual(os.listdir(self.lumi.home / "jobs"), [])


if __name__ == "__main__":
    support.main()

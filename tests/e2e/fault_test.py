"""Every call that changes a file, failed or made the last one: the store stays whole, what was promised is there.

The calls are counted through, so no place is left out (reliability R2, R3). fault_injector.c does the failing.
"""

import errno
import os
import shutil
import sys
import unittest
from pathlib import Path

import support
from store_check import check_nothing_lost, check_store
from support import LONG, LumiTest, csv_text

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from fault_server import FaultServer

INJECTOR = os.environ.get("LUMI_FAULT_INJECTOR", "")
HEADER = ["examples", "ground_truth", "predictions"]
ROWS = [["one", "the cat sat", "the cat sat"], ["two", "a fox", "a dog"]]
MOST_CALLS = 2000


@unittest.skipIf(support.SANITIZED, "a sanitizer's own library must be loaded first")
@unittest.skipUnless(INJECTOR, "LUMI_FAULT_INJECTOR is not set")
class Faults(LumiTest):
    def setUp(self):
        super().setUp()
        self.file = self.write_csv("p.csv", [HEADER, *ROWS])
        self.old = self.lumi.create(self.file)["id"]
        self.saved = self.lumi.folder / "saved"
        shutil.copytree(self.lumi.home, self.saved)

    where = ""

    def _formatMessage(self, message, standard_message):  # unittest's name
        return super()._formatMessage(message, standard_message) + self.where

    def each_fault(self, action: str, *args):
        """Yields how the command ended for each call at which the fault can happen, the store fresh every time."""
        mark = self.lumi.folder / "mark"
        for number in range(1, MOST_CALLS):
            shutil.rmtree(self.lumi.home, ignore_errors=True)
            shutil.copytree(self.saved, self.lumi.home)
            mark.unlink(missing_ok=True)
            count, kind = action.split(":") if ":" in action else ("", action)
            env = {"LD_PRELOAD": INJECTOR, "LUMI_FAULT": f"{number}{count}:{kind}", "LUMI_FAULT_MARK": str(mark)}
            with self.lumi.start(*args, env=env) as process:
                out, err = process.communicate(timeout=support.TIMEOUT)
            if not mark.exists():
                self.assertEqual(process.returncode, 0, err)
                self.assertGreater(number, 5, "the injector saw next to nothing")
                return
            self.where = f" [lumi {' '.join(map(str, args[:2]))}: {action} at call {number}]"
            yield process.returncode, out.decode(), err.decode()
        self.fail("the command never ends")

    def kill_everywhere(self, *args, acknowledged):
        for number, (code, out, err) in enumerate(self.each_fault("kill", *args)):
            self.assertEqual(code, -9, err)
            ids = check_store(self, self.lumi)
            if out:
                acknowledged(ids, out)
            if LONG or number % 4 == 0:
                check_nothing_lost(self, self.lumi)

    def fail_everywhere(self, *args, acknowledged, actions=None):
        for action in actions or self.actions():
            for code, out, err in self.each_fault(action, *args):
                self.assertGreaterEqual(code, 0, err)
                ids = check_store(self, self.lumi)
                if args[1] != "delete":
                    self.assertIn(self.old, ids)
                if code == 0:
                    acknowledged(ids, out)
                else:
                    self.assertIn(code, (1, 6, 12, 13), err)
                    self.assertEqual(sum(line.startswith("lumi: error: ") for line in err.splitlines()), 1, err)
                check_nothing_lost(self, self.lumi)

    def actions(self) -> list:
        if not LONG:
            return [f"+:{errno.ENOSPC}", f"{errno.EIO}"]
        numbers = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EMFILE, errno.EACCES, errno.EROFS)
        return [f"{how}{number}" for number in numbers for how in ("", "+:")]

    def is_listed(self, ids, out):
        self.assertIn(out.split("\t")[0], ids)

    def is_gone(self, ids, out):
        self.assertNotIn(self.old, ids)

    def has_scores(self, ids, out):
        self.assertEqual(len(out.splitlines()), 4)
        self.assertEqual(self.lumi.json("job", "list", "--status", "succeeded")["total"], 1)

    def test_create(self):
        self.kill_everywhere("dataset", "create", self.file, acknowledged=self.is_listed)
        self.fail_everywhere("dataset", "create", self.file, acknowledged=self.is_listed)

    def test_create_on_an_absent_home(self):
        shutil.rmtree(self.saved)
        self.saved.mkdir()
        self.old = None
        self.kill_everywhere("dataset", "create", self.file, acknowledged=self.is_listed)
        for code, out, err in self.each_fault(f"+:{errno.ENOSPC}", "dataset", "create", self.file):
            self.assertIn(code, (0, 12, 13), err)
            ids = check_store(self, self.lumi)
            if code == 0:
                self.is_listed(ids, out)
            self.assertLessEqual(len(ids), 1)  # a sync that failed leaves open whether the row is there

    def test_delete(self):
        self.kill_everywhere("dataset", "delete", self.old, "--yes", acknowledged=self.is_gone)
        self.fail_everywhere("dataset", "delete", self.old, "--yes", acknowledged=self.is_gone)

    def test_evaluate(self):
        how = ("evaluate", self.file, "--metric", "rouge")
        self.kill_everywhere(*how, acknowledged=self.has_scores)
        self.fail_everywhere(*how, acknowledged=self.has_scores)

    def test_annotate_and_resume(self):
        # Wherever it ends: resuming gives one dataset, and asks again only for what was in flight.
        with FaultServer() as server:
            args = ["--dataset", self.old, "--model", "tiny", "--provider", "hosted_vllm", "--base-url", server.url]
            for number, (code, _, err) in enumerate(self.each_fault("kill", "job", "create", "annotate", *args)):
                self.assertEqual(code, -9, err)
                check_store(self, self.lumi)
                jobs = self.lumi.json("job", "list")["items"]
                if jobs and jobs[0]["status"] != "succeeded":
                    self.lumi.json("job", "resume", jobs[0]["id"])
                made = [d for d in self.lumi.json("dataset", "list")["items"] if d["run_id"] is not None]
                self.assertEqual([d["run_id"] for d in made], [job["id"] for job in jobs])
                if LONG or number % 8 == 0:
                    check_nothing_lost(self, self.lumi)

    def test_interrupted_and_short_writes_do_no_harm(self):
        # No local file system interrupts a mkdir, and SQLite takes a short write for a full disk: not all of these can
        # be carried on, but none may do harm.
        for action in (str(errno.EINTR), "short"):
            carried_on = 0
            for code, out, err in self.each_fault(action, "dataset", "create", self.file):
                self.assertIn(code, (0, 1, 12, 13), err)
                ids = check_store(self, self.lumi)
                if code == 0:
                    self.is_listed(ids, out)
                    carried_on += 1
            self.assertGreater(carried_on, 3)

    def test_output_files_are_whole_or_absent(self):
        target = self.folder / "out.csv"
        text = csv_text([HEADER, *ROWS])
        for before in (None, "precious"):
            for action in (f"+:{errno.ENOSPC}", str(errno.EIO), "kill"):
                self.put(target, before)
                for code, _, err in self.each_fault(action, "dataset", "download", self.old, "-o", target, "--force"):
                    self.assertIn(target.read_text() if target.exists() else None, (before, text), err)
                    if code > 0:
                        self.assertIn(code, (1, 12, 13), err)
                    if code >= 0:
                        self.assertLessEqual(set(support.snapshot(self.folder)), {"p.csv", target.name})
                    self.put(target, before)

    def put(self, target: Path, content):
        """Makes the file what it was, with nothing but the dataset beside it."""
        for path in self.folder.iterdir():
            if path != self.file:
                path.unlink()
        if content is not None:
            target.write_text(content)


if __name__ == "__main__":
    support.main()

"""Experiments that move between homes: from a workflow on a stub to another home and its results there."""

import json
import signal
import time

from support import Lumi, main, object_files, snapshot
from workflow_test import WorkflowTest

CANARY = "canary-7c1d"


class Transfer(WorkflowTest):
    def exported(self) -> dict:
        """An experiment with a finished workflow, which is in `self.out`."""
        experiment = self.experiment(4)
        self.workflow = self.lumi.json(*self.args(experiment, self.server(), "--header", f"X-Key: {CANARY}"))
        self.out = self.folder / "out"
        self.summary = self.lumi.json("export", experiment["id"], "-o", self.out)
        return experiment

    def seen(self, lumi: Lumi, experiment: dict) -> list:
        """What the commands show of an experiment."""
        shown = [lumi.json("experiment", "get", experiment["id"]), lumi.json("workflow", "get", self.workflow["id"])]
        shown += [lumi.json(noun, "list", "--limit", "0")["items"] for noun in ("dataset", "workflow")]
        shown += [lumi.run("workflow", "download", self.workflow["id"], "-o", "-").text]
        shown += [lumi.json("query", f"SELECT * FROM {table} ORDER BY job_id") for table in ("samples", "metrics")]
        return json.loads(json.dumps(shown).replace(str(lumi.folder), ""))

    def test_an_experiment_moves_whole(self):
        experiment = self.exported()
        self.assertEqual([self.summary[name] for name in ("experiments", "workflows", "jobs", "datasets")], [1, 1, 2, 2])
        self.assertNotIn(CANARY.encode(), b"".join(snapshot(self.out).values()))
        other = self.new_lumi()
        self.assertEqual(other.json("import", self.out)["jobs"], 2)
        self.assertEqual(self.seen(other, experiment), self.seen(self.lumi, experiment))
        other.run("doctor", "--read-data")
        before = snapshot(other.home / "objects")
        again = other.json("import", self.out)
        self.assertEqual((again["skipped"], again["objects"]), (6, 0))
        self.assertEqual(snapshot(other.home / "objects"), before)

    def test_what_was_imported_is_no_garbage(self):
        """Objects are announced before they are there, on every storage but the home's own folder."""
        experiment = self.exported()
        other = self.new_lumi()
        other.env["LUMI_STORAGE"] = f"file://{self.folder}/elsewhere"
        other.run("import", self.out)
        collected = other.json("gc", "--older-than", "0", "--yes")
        self.assertEqual([item for item in collected["items"] if item["kind"] == "object"], [])
        self.assertEqual(self.seen(other, experiment)[1]["status"], "succeeded")
        other.run("doctor", "--strict", "--read-data")

    def test_a_conflict_changes_nothing(self):
        self.exported()
        manifest = json.loads((self.out / "manifest.json").read_text())
        other = self.new_lumi()
        other.run("import", self.out)
        rows = other.run("query", "SELECT * FROM jobs").text
        manifest["jobs"][0]["name"] = "another"
        (self.out / "manifest.json").write_text(json.dumps(manifest))
        error = other.fail("import", self.out, code=6)
        self.assert_says(error, manifest["jobs"][0]["id"], "other content")
        self.assertEqual(other.run("query", "SELECT * FROM jobs").text, rows)

    def test_a_damaged_file_adds_no_row(self):
        self.exported()
        victim = next(path for path in (self.out / "objects").rglob("results.json"))
        victim.write_bytes(victim.read_bytes()[:-1])
        other = self.new_lumi()
        other.fail("import", self.out, code=12)
        self.assertEqual(other.json("job", "list")["total"], 0)

    def test_killed_imports_can_be_repeated(self):
        experiment = self.exported()
        other = self.new_lumi()
        for delay in (0.001, 0.003, 0.006, 0.01, 0.015):
            process = other.start("import", self.out)
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            process.communicate()
        other.run("import", self.out)
        self.assertEqual(self.seen(other, experiment), self.seen(self.lumi, experiment))
        self.assertEqual(len(object_files(other) & object_files(self.lumi)), 5)


if __name__ == "__main__":
    main()

"""What a Lumigator leaves behind comes over whole, twice as well as once, and unchanged on its side."""

import base64
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from shapes import JOB_FIELDS
from support import LumiTest, main, object_files, read_csv, snapshot

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from lumigator_files import CSV, KEY, LumigatorFiles, encrypt

COUNTS = {
    "datasets": {"found": 4, "imported": 3, "left_out": 1},
    "jobs": {"found": 6, "imported": 4, "left_out": 2},
    "experiments": {"found": 2, "imported": 1, "left_out": 1},
    "workflows": {"found": 3, "imported": 2, "left_out": 1},
    "secrets": {"found": 2, "imported": 2, "left_out": 0},
}


class ImportTest(LumiTest):
    def setUp(self):
        super().setUp()
        self.theirs = self.lumi.folder / "theirs"
        self.files = LumigatorFiles(self.theirs)
        self.key = self.write("key", KEY + "\n")
        self.key.chmod(0o600)

    def args(self, *more) -> list:
        return ["import", "lumigator", "--database", self.files.database, "--objects", self.files.objects, *more]

    def import_all(self, *flags, **how):
        result = self.lumi.run(*self.args("--mlflow-database", self.files.mlflow, "--secret-key-file", self.key), *flags, "--json", **how)
        counts = {item.pop("kind"): item for item in result.json()["items"]}
        return counts, [message["warning"]["message"] for message in result.messages() if "warning" in message]


class Whole(ImportTest):
    def test_everything_comes_over_once(self):
        before = snapshot(self.theirs)
        counts, warnings = self.import_all()
        self.assertEqual(counts, {kind: expected | {"present": 0} for kind, expected in COUNTS.items()})
        self.assertEqual(snapshot(self.theirs), before, "Lumigator's files are only read")
        self.check_warnings(warnings)
        self.check_datasets()
        self.check_jobs()
        self.check_workflows()
        self.check_secrets()
        self.lumi.run("doctor", "--strict", "--read-data")
        self.check_again()

    def check_warnings(self, warnings: list):
        files = self.files
        for reason, name in (
            ("their file is not among the objects", files.WITHOUT_FILE),
            ("jobs are left out, their dataset is gone", files.WITHOUT_DATASET),
            ("they never ended and left no results", files.NEVER_BEGAN),
            ("results are not among the objects", files.WITHOUT_RESULTS),
            ("experiments are left out, their dataset is gone", "without a dataset"),
            ("workflows are left out", "4" * 32),
        ):
            (warning,) = [text for text in warnings if reason in text]
            self.assertIn("(1)", warning)
            self.assertIn(name, warning)
        self.assertEqual(len(warnings), 6, warnings)

    def check_datasets(self):
        files = self.files
        dataset = self.lumi.json("dataset", "get", files.DATASET)
        self.assertEqual((dataset["filename"], dataset["size"], dataset["ground_truth"]), ("a.csv", 99, True))
        self.assertEqual(dataset["created_at"], "2025-06-01T08:56:00Z")
        self.assertEqual(self.lumi.run("dataset", "download", files.DATASET, "-o", "-").text, CSV)
        odd = self.lumi.json("dataset", "get", files.ODD)
        self.assertEqual((odd["filename"], odd["generated"]), ('sub/é "odd" 日本.csv', False))
        self.assertEqual(odd["created_at"], "2025-06-01T08:56:01.250000Z")
        rows = read_csv(self.lumi.run("dataset", "download", files.ODD, "-o", "-").text)
        self.assertEqual(rows, [["examples"], ["NA"], ["  b  "]])
        self.assertEqual(self.lumi.json("job", "dataset", files.INFERENCE)["id"], files.PREDICTIONS)

    def check_jobs(self):
        files = self.files
        job = self.lumi.json("job", "get", files.INFERENCE)
        self.assertEqual(list(job), JOB_FIELDS)
        self.assertEqual((job["name"], job["status"], job["job_type"]), ("wf/ é-inference", "succeeded", "inference"))
        self.assertEqual((job["created_at"], job["updated_at"]), ("2025-06-01T08:58:00Z", "2025-06-01T08:59:00Z"))
        config = job["config"]
        self.assertEqual(config["dataset"], {"id": files.DATASET, "name": "a.csv"})
        self.assertEqual((config["model_name_or_path"], config["system_prompt"]), ("org/tiny", "it's short"))
        self.assertEqual(config["generation_config"]["temperature"], 0.25)
        self.assertEqual(self.lumi.json("job", "logs", files.INFERENCE), {"logs": "line one\nline two\n"})
        self.assertEqual(self.lumi.json("job", "result", files.INFERENCE)["metrics"]["avg_total_tokens"], 6.0)
        theirs = files.objects / f"jobs/results/wf--é-inference/{files.INFERENCE}/results.json"
        self.assertEqual(self.lumi.run("job", "download", files.INFERENCE, "-o", "-").out, theirs.read_bytes())
        scored = self.lumi.json("job", "get", files.EVALUATION)
        self.assertEqual(scored["status"], "succeeded", "it has results, though nobody had asked Lumigator since")
        self.assertAlmostEqual(self.lumi.json("job", "result", files.EVALUATION)["metrics"]["rouge"]["rougeL_mean"], 2 / 3)
        self.assertEqual(len(self.lumi.run("job", "samples", files.EVALUATION, "--json").json_lines()), 3)
        failed = self.lumi.json("job", "get", files.FAILED)
        self.assertEqual((failed["status"], failed["job_type"], failed["name"]), ("failed", "annotate", "failed 'job'"))
        self.assertEqual(self.lumi.json("job", "logs", files.FAILED), {"logs": "Traceback"})
        self.lumi.fail("job", "download", files.WITHOUT_RESULTS, code=5)
        for id in (files.WITHOUT_DATASET, files.NEVER_BEGAN):
            self.lumi.fail("job", "get", id, code=5)
        for id in (files.INFERENCE, files.FAILED):
            self.assert_says(self.lumi.fail("job", "resume", id, code=2), "Lumigator")

    def check_workflows(self):
        files = self.files
        experiment = self.lumi.json("experiment", "get", "7")
        self.assertEqual(experiment["id"], "7".zfill(32))
        told = (experiment["name"], experiment["description"], experiment["dataset"], experiment["max_samples"])
        self.assertEqual(told, ("exp", "of it", files.DATASET, -1))
        self.assertEqual(experiment["created_at"], "2025-06-01T08:56:40.842000Z")
        self.assertEqual(len(experiment["workflows"]), 2)
        workflow = self.lumi.json("workflow", "get", files.WORKFLOW)
        told = (workflow["name"], workflow["model"], workflow["system_prompt"], workflow["description"], workflow["status"])
        self.assertEqual(told, ("wf/ é", "org/tiny", "it's short", "w", "succeeded"))
        self.assertEqual([job["id"] for job in workflow["jobs"]], [files.EVALUATION, files.INFERENCE])
        self.assertEqual((workflow["metrics"]["rouge_rougeL_mean"], workflow["metrics"]["avg_total_tokens"]), (0.667, 6.0))
        theirs = files.objects / f"workflows/results/{files.WORKFLOW}/compiled.json"
        self.assertEqual(self.lumi.run("workflow", "download", files.WORKFLOW, "-o", "-").out, theirs.read_bytes())
        self.assertIn("line two", self.lumi.json("workflow", "logs", files.WORKFLOW)["logs"])
        cut = self.lumi.json("workflow", "get", "3" * 32)
        self.assertEqual((cut["status"], cut["lumi"]["reason"]), ("failed", "it had not ended in Lumigator"))
        self.lumi.fail("experiment", "get", "8", code=2)
        self.assertEqual(self.lumi.json("experiment", "list")["total"], 1)

    def check_secrets(self):
        listed = {item["name"]: item for item in self.lumi.json("secret", "list")["items"]}
        self.assertEqual(set(listed), {"openai_api_key", "other"})
        told = (listed["openai_api_key"]["description"], listed["openai_api_key"]["created_at"])
        self.assertEqual(told, ("mine", "2025-05-01T10:00:00Z"))
        self.lumi.run("secret", "check", "openai_api_key")
        for path in self.lumi.home.rglob("*"):
            self.assertNotIn(b"sk-canary", path.read_bytes() if path.is_file() else b"", path)

    def check_again(self):
        """A second time changes nothing, also what was changed here meanwhile."""
        self.lumi.run("secret", "set", "other", "--description", "changed", data="y")
        self.lumi.run("dataset", "delete", self.files.ODD, "--yes")
        before = object_files(self.lumi)
        counts, _ = self.import_all()
        self.assertEqual(counts["jobs"], {"found": 6, "imported": 0, "present": 4, "left_out": 2})
        self.assertEqual(counts["workflows"], {"found": 3, "imported": 0, "present": 2, "left_out": 1})
        self.assertEqual(counts["secrets"], {"found": 2, "imported": 0, "present": 2, "left_out": 0})
        self.assertEqual(counts["datasets"], {"found": 4, "imported": 1, "present": 2, "left_out": 1})
        self.assertEqual(len(object_files(self.lumi)), len(before) + 1)
        self.assertEqual(self.lumi.json("secret", "list")["items"][0]["description"], "changed")


class Trial(ImportTest):
    def everything(self) -> dict:
        """All files but those that SQLite makes to read."""
        return {name: content for name, content in snapshot(self.lumi.folder).items() if not name.endswith(("-shm", "-wal"))}

    def test_it_says_what_the_import_does_and_changes_nothing(self):
        before = self.everything()
        tried = self.import_all("--dry-run")
        self.assertEqual(self.everything(), before, "not even a home is made")
        self.assertEqual(self.import_all(), tried)
        self.lumi.run("dataset", "delete", self.files.ODD, "--yes")
        before = self.everything()
        tried = self.import_all("--dry-run")
        self.assertEqual(self.everything(), before)
        self.assertEqual(self.import_all(), tried)

    def test_damage_and_keys_are_found(self):
        self.files.put(f"datasets/{self.files.DATASET}/a.csv/dataset.csv", "examples\nx\0y\n")
        with closing(sqlite3.connect(self.files.database)) as db, db:
            db.execute("UPDATE secrets SET value = ? WHERE name = 'other'", [encrypt("two\nlines")])
        tried = self.import_all("--dry-run")
        self.assertTrue(any("NUL" in text for text in tried[1]) and any("control characters" in text for text in tried[1]))
        self.assertEqual(self.import_all(), tried)
        self.lumi.fail(*self.args("--dry-run"), code=4, env={"LUMIGATOR_SECRET_KEY": "short"})
        other = base64.b64encode(bytes(32)).decode()
        self.lumi.run("secret", "delete", "openai_api_key", "--yes")
        self.lumi.fail(*self.args("--dry-run", "--secret-key-file", self.key), code=4, env={"LUMI_SECRET_KEY": other})
        self.assert_no_temporary_files()

    def test_a_person_is_told(self):
        self.assertIn("dry run", self.lumi.run(*self.args("--dry-run")).errors)


class Parts(ImportTest):
    def test_without_the_key_secrets_stay(self):
        result = self.lumi.run(*self.args())
        self.assertIn("--secret-key-file", result.errors)
        self.assertEqual(self.lumi.json("secret", "list")["total"], 0)
        self.assertEqual(self.lumi.json("experiment", "list")["total"], 0)
        self.assertEqual(self.lumi.json("job", "list")["total"], 4)
        counts, _ = self.import_all()
        self.assertEqual((counts["secrets"]["imported"], counts["workflows"]["imported"]), (2, 2))
        self.assertEqual(len(self.lumi.json("workflow", "get", self.files.WORKFLOW)["jobs"]), 2, "jobs find their workflow")

    def test_the_key_from_the_environment(self):
        self.lumi.run(*self.args(), env={"LUMIGATOR_SECRET_KEY": KEY})
        self.assertEqual(self.lumi.json("secret", "list")["total"], 2)

    def test_a_wrong_key_imports_nothing(self):
        wrong = base64.b64encode(bytes(32)).decode()
        for key in (wrong, "short"):
            error = self.lumi.fail(*self.args(), code=4, env={"LUMIGATOR_SECRET_KEY": key})
            self.assertNotIn(key, json.dumps(error))
        self.key.chmod(0o644)
        self.lumi.fail(*self.args("--secret-key-file", self.key), code=4)
        self.assert_nothing_kept()

    def test_values_that_lumi_does_not_take(self):
        with closing(sqlite3.connect(self.files.database)) as db, db:
            db.execute("UPDATE secrets SET value = ? WHERE name = 'other'", [encrypt("two\nlines")])
        counts, warnings = self.import_all()
        self.assertEqual((counts["secrets"]["imported"], counts["secrets"]["left_out"]), (1, 1))
        self.assertTrue(any("control characters" in text for text in warnings), warnings)

    def test_a_database_that_is_open_elsewhere(self):
        """Also one with a write-ahead log: reading it must not leave files beside it."""
        with closing(sqlite3.connect(self.files.database)) as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("UPDATE datasets SET filename = 'renamed.csv' WHERE filename = 'gone.csv'")
            db.commit()
            before = snapshot(self.theirs)
            self.import_all()
            self.assertEqual(snapshot(self.theirs), before)
        self.assert_no_temporary_files()

    def test_an_old_version_without_some_columns(self):
        with closing(sqlite3.connect(self.files.database)) as db, db:
            db.execute("DROP TABLE \"job-results\"")
            db.execute("CREATE TABLE old AS SELECT id, name, description, status, created_at, updated_at FROM jobs")
            db.execute("DROP TABLE jobs")
            db.execute("ALTER TABLE old RENAME TO jobs")
            db.execute("DROP TABLE secrets")
        counts, _ = self.import_all()
        self.assertEqual((counts["jobs"]["imported"], counts["secrets"]["found"]), (4, 0))
        types = {job["id"]: job["job_type"] for job in self.lumi.json("job", "list")["items"]}
        self.assertEqual((types[self.files.INFERENCE], types[self.files.EVALUATION]), ("inference", "evaluator"))

    def test_damaged_objects(self):
        files = self.files
        files.put(f"datasets/{files.DATASET}/a.csv/dataset.csv", "examples\nx\0y\n")
        files.put(f"jobs/results/wf--é-evaluation/{files.EVALUATION}/results.json", '{"metrics":')
        counts, warnings = self.import_all()
        self.assertEqual(counts["datasets"]["left_out"], 2)
        self.assertTrue(any("NUL" in text for text in warnings), warnings)
        self.assertTrue(any("the file is damaged" in text for text in warnings), warnings)
        self.lumi.run("doctor", "--strict", "--read-data")

    def test_what_is_no_lumigator(self):
        empty = self.write("empty.db", "")
        self.lumi.fail("import", "lumigator", "--database", empty, "--objects", self.files.objects, code=11)
        error = self.lumi.fail("import", "lumigator", "--database", self.files.mlflow, "--objects", self.files.objects, code=11)
        self.assert_says(error, "is no database of Lumigator", "datasets")
        error = self.lumi.fail(*self.args("--mlflow-database", self.files.database), code=11)
        self.assert_says(error, "is no database of MLflow")
        self.assert_nothing_kept()


if __name__ == "__main__":
    main()

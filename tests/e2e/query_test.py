"""SQL of users: what it answers, that it only reads, and that it can be stopped."""

import json
import signal
import sqlite3
import time
import unittest

import support
from job_support import JobTest
from support import snapshot

CANARY = "canary-9f2b"
ENDLESS = "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


class Query(JobTest):
    def query(self, statement, *args, **how):
        return self.lumi.json("query", statement, *args, **how)["items"]

    def test_it_agrees_with_the_other_commands(self):
        job = self.create()
        (row,) = self.query("SELECT * FROM jobs")
        for name in ("id", "name", "status", "job_type", "message", "driver_exit_code", "experiment_id"):
            self.assertEqual(row[name], job[name], name)
        self.assertEqual(row["created_at"][:19], job["created_at"][:19])
        result = self.lumi.json("job", "result", job["id"])
        means = {f"{one['score']}_mean": one["value"] for one in self.query("SELECT score, value FROM metrics")}
        self.assertEqual(means, result["metrics"]["rouge"])
        lines = self.lumi.run("job", "samples", job["id"]).text.splitlines()
        samples = self.query(f"SELECT * FROM samples WHERE job_id = '{job['id']}'")
        for line, sample in zip(map(json.loads, lines), samples, strict=True):
            scores = json.loads(sample["scores"])
            self.assertEqual(line, {name: sample[name] for name in ("row", "status", "prediction", "ground_truth")} | scores)
        (dataset,) = self.query("SELECT * FROM datasets WHERE filename = 'p.csv'")
        listed = self.lumi.json("dataset", "get", dataset["id"])
        self.assertEqual((dataset["size"], dataset["ground_truth"]), (listed["size"], int(listed["ground_truth"])))

    def test_hardest_rows_of_several_jobs(self):
        self.create()
        self.create()
        hardest = "SELECT row, avg(scores ->> 'rougeL') AS mean, count(*) AS jobs FROM samples GROUP BY row ORDER BY mean LIMIT 1"
        self.assertEqual(self.query(hardest), [{"row": 3, "mean": 0.0, "jobs": 2}])

    def test_nothing_but_reading(self):
        self.create()
        self.lumi.run("secret", "set", "openai_api_key", data=CANARY)
        before = {name: data for name, data in snapshot(self.lumi.home).items() if not name.endswith(("-shm", "-wal"))}
        with sqlite3.connect(self.lumi.home / "lumi.db") as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema")]
        database.close()
        known = {"baselines", "datasets", "experiments", "workflows", "jobs"}
        statements = [f"SELECT * FROM {name}" for name in tables if name not in known]
        statements += [f"SELECT * FROM main.{name}" for name in tables if name not in known]
        statements += ["DELETE FROM jobs", "UPDATE jobs SET name = ''", "DROP TABLE datasets", "PRAGMA user_version", "BEGIN"]
        statements += [f"ATTACH '{self.lumi.home}/lumi.db' AS d", f"VACUUM INTO '{self.folder}/copy.db'", "SELECT 1; SELECT 2"]
        statements += ["SELECT load_extension('/tmp/x.so')", "SELECT readfile('/etc/passwd')", "SELECT * FROM sqlite_schema"]
        for statement in statements:
            with self.subTest(statement):
                self.assertEqual(self.lumi.fail("query", statement, code=2)["code"], "usage")
        for table in (*known, "metrics", "samples"):
            self.assertNotIn(CANARY, self.lumi.run("query", f"SELECT * FROM {table}").text)
        after = {name: data for name, data in snapshot(self.lumi.home).items() if not name.endswith(("-shm", "-wal"))}
        self.assertEqual(after, before)
        self.assertFalse((self.folder / "copy.db").exists())

    def test_without_a_home(self):
        self.assertEqual(self.query("SELECT * FROM samples"), [])
        self.assertFalse(self.lumi.home.exists())

    def test_errors_say_where(self):
        error = self.lumi.fail("query", "SELECT id\nFROM jobs WHER 1", code=2)
        self.assert_says(error, "syntax error", "line 2, column 16")

    def test_it_can_be_stopped(self):
        self.create()
        process = self.lumi.start("query", ENDLESS)
        time.sleep(0.2)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=20), 130)
        process.stdout.close()
        process.stderr.close()

    def test_it_ends_with_its_reader(self):
        rows = ENDLESS.replace("count(*)", "x")
        process = self.lumi.start("query", rows)
        self.assertEqual(process.stdout.readline(), b"1\n")
        process.stdout.close()
        self.assertEqual(process.wait(timeout=60), 0)
        process.stderr.close()

    def test_while_a_job_runs(self):
        process, job = self.start_long_job()
        self.assertEqual(self.query(f"SELECT status FROM jobs WHERE id = '{job}'"), [{"status": "running"}])
        self.lumi.run("job", "stop", job)
        process.wait()


if __name__ == "__main__":
    support.main()

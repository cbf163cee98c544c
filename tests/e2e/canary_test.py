"""Every command, with a canary wherever a secret can come from and a log that tells all: none of them is in any output or file."""

import base64
import json
import sys
from pathlib import Path

import support
from canaries import find_any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from fault_server import FaultServer
from lumigator_files import KEY as LUMIGATOR_KEY
from lumigator_files import LumigatorFiles
from plain_s3 import PlainS3

MODEL_KEY = 'sk-canary-of-the-model/+&=%"x"'
STORED = 'sk-canary-of-the-store/+&=%"y"'
THEIRS = "sk-canary-öne"
PASSPHRASE = "a canary is a passphrase"
AWS_SECRET = "AwsCanary/Secret+0123456789abcdefghijklmn"
AWS_TOKEN = "AwsCanary/Token+0123456789==abcdefghijklmn"
PROXY_PASSWORD = "canary-of-the-proxy"
KEY = base64.b64encode(b"a canary".ljust(32, b"!")).decode()
CANARIES = [MODEL_KEY, STORED, THEIRS, PASSPHRASE, AWS_SECRET, AWS_TOKEN, PROXY_PASSWORD, KEY, LUMIGATOR_KEY]
ROWS = "examples,ground_truth\ntext 1.,answer to text 1\ntext 2.,answer to text 2\n"
PREDICTIONS = "predictions,ground_truth\nanswer to text 1.,answer to text 1\nno,answer to text 2\n"
ONCE = {"completion", "help", "__complete", "__dump-cli", "__generate"}  # they read neither home nor environment


class Everything(support.LumiTest):
    def setUp(self):
        super().setUp()
        self.model = FaultServer({"key": MODEL_KEY, "default": {"fault": "ok"}})
        self.storage = PlainS3()
        for server in (self.model, self.storage):
            server.__enter__()
            self.addCleanup(server.__exit__)
        self.host = self.model.url.removeprefix("http://").removesuffix("/v1")
        self.lumi.env |= {
            "LUMI_LOG": "trace",
            "LUMI_STORAGE": "s3://lumi/here",
            "AWS_ENDPOINT_URL_S3": self.storage.url,
            "AWS_REGION": "default",
            "AWS_ACCESS_KEY_ID": "AKIAOFNOBODY",
            "AWS_SECRET_ACCESS_KEY": AWS_SECRET,
            "AWS_SESSION_TOKEN": AWS_TOKEN,
            "AWS_EC2_METADATA_DISABLED": "true",
            "OPENAI_API_KEY": MODEL_KEY,
            "LUMIGATOR_SECRET_KEY": LUMIGATOR_KEY,
            "https_proxy": f"http://user:{PROXY_PASSWORD}@127.0.0.1:9",
            "no_proxy": "127.0.0.1",
        }
        self.results = []

    def run_it(self, *args, code=0, **how) -> support.Result:
        self.results.append(self.lumi.run(*args, code=code, **how))
        return self.results[-1]

    def ask(self, *args, **how):
        """The answer of a command, which is shown to people, too."""
        self.run_it(*args, **how)
        return self.run_it(*args, "--json", **how).json()

    def made(self, *args, **how) -> str:
        return self.run_it(*args, "--json", **how).json()["id"]

    def check(self):
        self.assertEqual(find_any(CANARIES, self.results, [self.lumi.folder, support.CACHE]), [])

    def endpoint(self, *more) -> tuple:
        return ("--model", "m", "--provider", "openai", "--base-url", self.model.url, "--allow-host", self.host, *more)

    def with_secret(self) -> tuple:
        return ("--model", "m", "--base-url", self.model.url, "--secret-key-name", "lab_key")

    # --- what can be done, in an order in which it can be ---

    def datasets(self) -> str:
        file = self.write("rows.csv", ROWS)
        id = self.made("dataset", "create", file)
        for verb in ("get", "preview", "stats"):
            self.ask("dataset", verb, id)
        self.ask("dataset", "list")
        self.ask("dataset", "validate", file)
        self.run_it("dataset", "download", id, "-o", "-")
        self.ask("dataset", "download", id, "--url")
        return id

    def secrets(self):
        self.ask("secret", "set", "Lab_Key", "--host", self.host, data=MODEL_KEY)
        self.run_it("secret", "set", "other", "--from-env", "THE_OTHER", env={"THE_OTHER": STORED})
        self.ask("secret", "list")
        self.ask("secret", "check", "lab_key")
        self.run_it("secret", "rekey", env={"LUMI_SECRET_KEY": KEY}, code=4)
        self.run_it("secret", "rekey", "--json")
        self.run_it("secret", "rekey", "--new-passphrase", data=PASSPHRASE)
        self.run_it("secret", "check", "lab_key", code=4, env={"LUMI_SECRET_PASSPHRASE": PASSPHRASE.upper()})
        self.run_it("secret", "check", "lab_key", env={"LUMI_SECRET_PASSPHRASE_COMMAND": f"echo {PASSPHRASE}"}, code=0)
        key = self.write("key", KEY)
        key.chmod(0o600)
        self.run_it("secret", "rekey", "--new-key-file", key, env={"LUMI_SECRET_PASSPHRASE": PASSPHRASE})
        key.unlink()
        self.lumi.env["LUMI_SECRET_KEY"] = KEY
        self.ask("secret", "check", "other")

    def jobs(self, dataset: str) -> str:
        record = self.folder / "recorded.jsonl"
        inference = self.made("job", "create", "inference", "--dataset", dataset, *self.endpoint("--record", record, "--store-to-dataset"))
        self.run_it("job", "create", "inference", "--dataset", dataset, *self.with_secret(), "--dry-run")
        self.run_it("job", "create", "annotate", "--dataset", dataset, *self.with_secret())
        evaluation = self.made("job", "create", "evaluator", "--dataset", self.write("p.csv", PREDICTIONS), "--metric", "rouge")
        self.run_it("evaluate", self.folder / "p.csv", "--metric", "rouge,meteor")
        for verb in ("get", "logs", "wait", "stop", "result"):
            self.ask("job", verb, evaluation)
        self.run_it("job", "samples", evaluation)
        self.ask("job", "list")
        self.ask("job", "get", inference)
        self.run_it("job", "logs", inference, "--follow")
        self.ask("job", "dataset", inference)
        self.run_it("job", "resume", inference)
        self.run_it("job", "download", inference, "-o", "-")
        self.ask("job", "download", inference, "--url")
        return evaluation

    def workflows(self, dataset: str) -> str:
        experiment = self.made("experiment", "create", "--name", "e", "--dataset", dataset)
        how = ("workflow", "create", "--experiment", experiment, "--metric", "rouge")
        workflow = self.made(*how, *self.with_secret())
        self.run_it(*how, *self.endpoint("--detach"))
        self.ask("experiment", "wait", experiment)
        for verb in ("get", "stop"):
            self.ask("experiment", verb, experiment)
            self.ask("workflow", verb, workflow)
        self.run_it("workflow", "wait", workflow)
        for noun in ("experiment", "workflow"):
            self.ask(noun, "list")
        self.ask("workflow", "logs", workflow)
        self.run_it("workflow", "logs", workflow, "-f")
        self.run_it("workflow", "resume", workflow)
        self.run_it("workflow", "download", workflow, "-o", "-")
        return experiment

    def comparisons(self, dataset: str, evaluation: str):
        self.run_it("init", dataset, "--model", f"openai/m@{self.model.url}", "-o", "lumi.yaml")
        run = ("run", "lumi.yaml", "--allow-host", self.host, "--metric", "rouge", "--report", "html=report.html")
        self.run_it(*run)
        self.run_it(*run, "--dry-run")
        self.run_it("baseline", "set", "main", evaluation)
        self.ask("baseline", "list")
        self.ask("compare", "main", evaluation)
        self.run_it("report", evaluation, "--format", "csv")
        self.ask("query", "SELECT * FROM jobs")
        self.run_it("baseline", "delete", "main", "--yes")

    def models(self):
        self.ask("model", "list")
        self.run_it("model", "prices", "gpt-4o-mini")
        self.ask("model", "check", f"m@{self.model.url}", "--secret-key-name", "lab_key")
        self.ask("model", "check", f"openai/m@{self.model.url}", "--allow-host", self.host)
        self.run_it("model", "check", f"m@{self.model.url}", "--secret-key-name", "other", "--allow-host", self.host, code=4)

    def the_home(self, experiment: str):
        for words in (["health"], ["doctor"], ["config", "list"], ["cache", "stats"], ["storage", "check"], ["version"]):
            self.ask(*words, code=None)
        self.ask("config", "set", "inference.max_retries", "2")
        self.run_it("config", "get", "inference.max_retries")
        self.run_it("backup", "all.tar")
        self.run_it("restore", "all.tar", "--home", self.lumi.folder / "restored", "--yes")
        self.run_it("export", experiment, "-o", "exported")
        self.run_it("import", "exported", "--home", self.lumi.folder / "imported")
        self.run_it("storage", "copy", "--to", f"file://{self.lumi.folder}/copies", "--yes", "--read-data")
        self.run_it("cache", "clear", "--yes")
        for words in (["completion", "bash"], ["help", "secrets"], ["help", "environment"], ["__complete", "3", "--", "lumi", "secret", "check", ""]):
            self.run_it(*words, code=None)

    def from_lumigator(self):
        files = LumigatorFiles(self.lumi.folder / "theirs")
        how = ("import", "lumigator", "--database", files.database, "--objects", files.objects, "--mlflow-database", files.mlflow)
        self.ask(*how, "--dry-run")
        self.run_it(*how)

    def removals(self, dataset: str, evaluation: str, experiment: str):
        workflow = self.lumi.json("workflow", "list", "--experiment", experiment)["items"][0]["id"]
        self.run_it("workflow", "delete", workflow, "--yes")
        self.run_it("experiment", "delete", experiment, "--yes")
        self.run_it("job", "delete", evaluation, "--yes")
        self.run_it("dataset", "delete", dataset, "--force", "--yes")
        self.run_it("secret", "delete", "other", "--yes")
        self.run_it("gc", "--older-than", "0", "--yes")

    def refusals(self, dataset: str):
        """A storage and a model that give back all they were sent."""
        self.storage.refuses = True
        self.model.plan["key"] = "another"
        self.run_it("dataset", "download", dataset, "-o", "-", code=None)
        self.run_it("storage", "check", code=None)
        self.run_it("job", "create", "inference", "--dataset", self.folder / "rows.csv", *self.endpoint(), code=None)
        self.storage.refuses = False
        echo = {"fault": "status", "status": 400, "body": json.dumps({"error": {"message": f"bad {MODEL_KEY}"}})}
        self.model.plan |= {"key": MODEL_KEY, "default": echo}
        self.run_it("job", "create", "inference", "--dataset", self.folder / "rows.csv", *self.endpoint("--max-retries", "0"), code=None)
        self.run_it("model", "check", f"m@{self.model.url}", "--secret-key-name", "lab_key", code=None)

    def test_no_canary_anywhere(self):
        dataset = self.datasets()
        self.secrets()
        evaluation = self.jobs(dataset)
        experiment = self.workflows(dataset)
        self.comparisons(dataset, evaluation)
        self.models()
        self.the_home(experiment)
        self.from_lumigator()
        self.refusals(dataset)
        self.check()
        self.removals(dataset, evaluation, experiment)
        self.check()
        self.check_that_it_was_used()
        self.check_that_all_was_run()

    def check_that_it_was_used(self):
        """Else it would prove nothing."""
        self.assertIn(f"Bearer {MODEL_KEY}", [request.headers.get("authorization") for request in self.model.requests])
        self.assertIn(f"Bearer {STORED}", [request.headers.get("authorization") for request in self.model.requests])
        self.assertIn(AWS_TOKEN, [request.get("x-amz-security-token") for request in self.storage.requests])
        self.assertTrue(any("trace" in result.errors for result in self.results))

    def check_that_all_was_run(self):
        commands = {command["path"] for command in self.lumi.run("__dump-cli").json()["commands"]}
        lines = [" ".join(map(str, result.args)) + " " for result in self.results]
        missing = {command for command in commands - ONCE if not any(line.startswith(command + " ") for line in lines)}
        self.assertEqual(missing, set(), "a new command has its place here")


if __name__ == "__main__":
    support.main()

"""The CI jobs of examples/ci, run as far as they can be without those services: every command but the installation."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from support import BINARY, LumiTest, main

try:
    import yaml
except ImportError:  # a Python of the user's before Debian's, which has it
    sys.path.append("/usr/lib/python3/dist-packages")
    import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from fault_server import FaultServer


class ExamplesTest(LumiTest):
    """A repository as a user has it: the spec, its dataset and the script side by side."""

    def setUp(self):
        super().setUp()
        self.repository = self.folder / "repository"
        self.repository.mkdir()
        for file in ("examples/lumi.yaml", "examples/summarization.csv", "examples/ci/evaluate.sh"):
            shutil.copy(ROOT / file, self.repository)
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "lumi").symlink_to(BINARY)
        self.server = FaultServer({"default": {"text": "A customer asks about an order."}})
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)
        self.env = self.lumi.env | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "OPENAI_BASE_URL": self.server.url,
            "OPENAI_API_KEY": "a-key",
            "PAUSE": "0",
        }

    def shell(self, command: str, code=0, **env) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=self.repository,
            env=self.env | env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def evaluation(self, name: str) -> str:
        return (self.repository / "evaluation" / name).read_text()

    def test_the_script(self):
        self.shell("./evaluate.sh")
        self.assertEqual(len(self.server.requests), 20)
        answer = json.loads(self.evaluation("run.json"))
        self.assertEqual([model["name"] for model in answer["models"]], ["gpt-4o-mini", "brief"])
        self.assertIn("<html", self.evaluation("report.html"))
        self.assertIn("<testsuite", self.evaluation("lumi.xml"))
        self.assertIn("| score |", self.evaluation("summary.md"))
        results = json.loads(self.evaluation("next-baseline.json"))
        self.assertEqual(results["metrics"]["rouge"]["rougeL_mean"], answer["models"][0]["metrics"]["rouge"]["rougeL_mean"])
        self.shell("mkdir baselines && mv evaluation/next-baseline.json baselines/main.json && ./evaluate.sh")
        self.assertEqual(len(self.server.requests), 20, "nothing is asked twice")
        self.assertIn("baseline", self.evaluation("summary.md"))

    def test_the_script_fails_for_a_regression_and_a_condition(self):
        self.shell("./evaluate.sh && mkdir baselines && mv evaluation/next-baseline.json baselines/main.json")
        output = self.shell("./evaluate.sh", code=9, LUMI_HOME=str(self.folder / "another"), OPENAI_BASE_URL=self.bad().url)
        self.assertIn("is worse on", output)
        self.assertIn("does not hold", output)

    def bad(self) -> FaultServer:
        server = FaultServer({"default": {"text": "zzz"}})
        server.__enter__()
        self.addCleanup(server.__exit__)
        return server

    def test_an_endpoint_that_is_out_of_reach_is_tried_again(self):
        output = self.shell("./evaluate.sh", code=7, OPENAI_BASE_URL="http://127.0.0.1:9/v1", LUMI_INFERENCE_MAX_RETRIES="0")
        self.assertEqual(output.count('\\"gpt-4o-mini\\" has failed'), 3)

    def test_the_steps_of_github(self):
        workflow = yaml.safe_load((ROOT / "examples/ci/github.yml").read_text())
        steps = workflow["jobs"]["evaluate"]["steps"]
        self.assertEqual(set(workflow["jobs"]["evaluate"]["env"]), {"LUMI_HOME", "OPENAI_API_KEY"})
        summary = self.folder / "step_summary.md"
        run = [step for step in steps if "run" in step and step["name"] != "Install lumi"]
        self.assertEqual([step["name"] for step in run], ["Check the spec", "Evaluate", "Show the summary"])
        for step in run:
            self.assertNotIn("${{", step["run"], "expressions in commands let titles of pull requests run")
            self.shell(step["run"], GITHUB_STEP_SUMMARY=str(summary))
        self.assertIn("| score |", summary.read_text())

    def test_the_script_of_gitlab(self):
        job = yaml.safe_load((ROOT / "examples/ci/gitlab-ci.yml").read_text())["evaluate"]
        for line in job["script"]:
            self.shell(line)
        for path in [*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]]:
            self.assertTrue((self.repository / path).exists(), path)


if __name__ == "__main__":
    main()

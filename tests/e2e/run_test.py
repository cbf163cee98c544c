"""lumi run: models compared by one command, which finishes what is missing and repeats nothing."""

import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from support import LONG, LumiTest, csv_text, main, wait_until

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from fault_server import FaultServer


class RunTest(LumiTest):
    def server(self, **plan) -> FaultServer:
        server = FaultServer(plan)
        server.__enter__()
        self.addCleanup(server.__exit__)
        return server

    def dataset(self, count: int, columns=("examples", "ground_truth")) -> Path:
        return self.write("a.csv", csv_text([columns, *([f"text {i}.", f"answer to text {i}"] for i in range(1, count + 1))]))

    def spec(self, server: FaultServer, models=("one", "two"), count=6, name="lumi.yaml", **more) -> Path:
        """A spec of models that are asked at `server`; its lines are JSON, which YAML contains."""
        self.dataset(count)
        content = {
            "dataset": "a.csv",
            "models": [{"model": model, "base_url": server.url} for model in models],
            "metrics": ["rouge"],
        } | more
        return self.write(name, "".join(f"{key}: {json.dumps(value)}\n" for key, value in content.items()))

    def run_json(self, *args, **how) -> dict:
        return self.lumi.json("run", *args, **how)

    def compiled(self, answer: dict) -> list:
        texts = []
        for model in answer["models"]:
            compiled = self.lumi.run("workflow", "download", model["workflow_id"], "-o", "-").json()
            for changing in ("inference_time", "evaluation_time"):
                compiled["artifacts"].pop(changing, None)
            texts.append((model["name"], compiled["metrics"], compiled["artifacts"]))
        return texts


class Runs(RunTest):
    def test_models_are_compared(self):
        server = self.server(prompts={"text 3.": ["ok", {"text": "something else"}]})
        answer = self.run_json(self.spec(server, require=["rougeL >= 0.5", "two: coverage == 1"]))
        self.assertEqual(list(answer), ["experiment", "models", "comparisons", "requirements", "verdict"])
        self.assertEqual([model["name"] for model in answer["models"]], ["one", "two"])
        first = answer["models"][0]
        self.assertEqual((first["status"], first["coverage"], first["samples"]["ok"]), ("succeeded", 1.0, 6))
        self.assertEqual(answer["experiment"]["name"], "lumi")
        self.assertEqual(len(answer["experiment"]["workflows"]), 2)
        self.assertEqual({line["candidate_id"] for line in answer["comparisons"]}, {"two"})
        self.assertEqual([found["holds"] for found in answer["requirements"]], [True, True, True])
        self.assertIn("it is not decided", answer["verdict"])
        self.assertEqual(len(server.requests), 12)
        body = server.requests[0].body
        self.assertEqual((body["temperature"], body["top_p"]), (0.0, 1.0))
        self.assertEqual(body["messages"][0]["role"], "system")
        self.lumi.run("doctor", "--strict")

    def test_the_same_again_does_nothing_other_metrics_only_score(self):
        server = self.server()
        spec = self.spec(server)
        first = self.run_json(spec)
        again = self.lumi.run("run", spec, "--json")
        self.assertIn("nothing to do", again.errors)
        ids = [model["workflow_id"] for model in first["models"]]
        self.assertEqual([model["workflow_id"] for model in again.json()["models"]], ids)
        other = self.run_json(spec, "--metric", "rouge,bleu")
        self.assertIn("bleu", other["models"][0]["metrics"])
        self.assertEqual([model["workflow_id"] for model in other["models"]], ids)
        self.assertEqual(len(server.requests), 12)
        third = self.run_json(spec, "--model", f"three@{server.url}")
        self.assertEqual(third["experiment"]["id"], first["experiment"]["id"])
        self.assertEqual(len(server.requests), 18)
        self.run_json(spec, "--temperature", "1")
        self.assertEqual(len(server.requests), 30, "another question is asked anew")
        self.assertNotEqual(self.run_json(spec, "--fresh", "--cache", "never")["experiment"]["id"], first["experiment"]["id"])
        self.assertEqual(len(server.requests), 42)

    def test_what_failed_is_finished(self):
        server = self.server(prompts={"text 2.": [{"fault": "ok", "status": 400, "times": 2}, "ok"]})
        spec = self.spec(server)
        answer = self.lumi.run("run", spec, "--json", code=3)
        self.assertEqual(answer.json()["models"][0]["samples"]["error"], 1)
        self.lumi.run("run", spec, "--require", "coverage >= 0.5", code=0)
        self.assertEqual(len(server.requests), 12)
        done = self.run_json(spec, "--retry", "error,refused")
        self.assertEqual([model["coverage"] for model in done["models"]], [1.0, 1.0])
        self.assertEqual(len(server.requests), 14)

    def test_one_model_that_cannot_be_asked_does_not_hold_up_the_others(self):
        server = self.server()
        spec = self.spec(server)
        closed = "http://127.0.0.1:9/v1"
        answer = self.lumi.run(
            "run", spec, "--model", f"a@{server.url}", "--model", f"b@{closed}", "--max-retries", "0", "--json", code=7
        )
        self.assertEqual([model["status"] for model in answer.json()["models"]], ["succeeded", "failed"])
        self.assert_says(answer.error(), '"b"')

    def test_gates(self):
        server = self.server(default={"text": "wrong"})
        spec = self.spec(server, models=["one"])
        self.assert_says(self.lumi.fail("run", spec, "--require", "rougeL >= 0.5", code=9), "rougeL >= 0.5", "0.0")
        self.assert_says(self.lumi.fail("run", spec, "--require", "rougeM >= 0.5", code=2), "rougeM", "rouge")
        self.assert_says(self.lumi.fail("run", spec, "--require", "three: rougeL > 0", code=2), "three")
        self.assert_says(self.lumi.fail("run", spec, "--require", "bleu > 0", code=2), "bleu")
        self.run_json(spec, "--require", "cost <= 0", "--require", "latency_p95_ms < 60000", "--require", "avg_total_tokens > 0")
        openai = self.write("openai.yaml", "dataset: a.csv\nmodels: [openai/unknown-model]\n")
        error = self.lumi.fail("run", openai, "--require", "cost < 1", code=2, env={"OPENAI_API_KEY": "k"})
        before = self.lumi.json("experiment", "list")["total"]
        self.lumi.fail("run", openai, code=4)
        self.assertEqual(self.lumi.json("experiment", "list")["total"], before, "checked before anything is kept")
        self.assert_says(error, "price", "unknown-model")

    def test_a_baseline_and_a_regression(self):
        good = self.server()
        answer = self.run_json(self.spec(good, models=["one"], count=30))
        self.lumi.run("job", "download", answer["models"][0]["job_id"], "-o", self.folder / "main.json")
        bad = self.server(default={"text": "wrong"})
        spec = self.spec(bad, models=["one"], count=30, baseline="main.json")
        self.run_json(spec)
        error = self.lumi.fail("run", spec, "--fail-on-regression", code=9)
        self.assert_says(error, "one is worse on rougeL")

    def test_workflows_and_experiments_are_compared_and_named(self):
        server = self.server()
        answer = self.run_json(self.spec(server, models=["one", "two", "three"]))
        experiment, workflow = answer["experiment"]["id"], answer["models"][1]["workflow_id"]
        compared = self.lumi.json("compare", "--experiment", experiment, "--metric", "rougeL")
        self.assertEqual((compared["baseline_id"], [line["candidate_id"] for line in compared["comparisons"]]), ("one", ["two", "three"]))
        self.lumi.run("baseline", "set", "main", workflow)
        named = self.lumi.json("compare", "main", answer["models"][0]["workflow_id"], "--metric", "rougeL")
        self.assertEqual((named["baseline_id"], len(named["comparisons"])), ("main", 1))
        self.assertEqual(len(self.run_json(self.spec(server), "--baseline", "main")["comparisons"]), 2 * 4)
        for kind, thing in (("workflow", workflow), ("experiment", experiment)):
            self.assert_says(self.lumi.fail(kind, "delete", thing, "--yes", code=6), 'the baseline "main"')
        self.assert_says(self.lumi.fail("baseline", "set", "other", experiment, code=2), "3 evaluations")
        other = self.run_json(self.spec(server), "--metric", "bleu")
        self.assertNotEqual(other["models"][1]["job_id"], answer["models"][1]["job_id"], "the one that has a name stays")
        shown = self.lumi.json("workflow", "get", workflow)
        self.assertEqual(len(shown["jobs"]), 3)
        self.assertIn("bleu_bleu_mean", shown["metrics"])
        self.assertNotIn("rouge_rougeL_mean", shown["metrics"], "scores of the evaluation before")
        self.lumi.run("compare", "main", answer["models"][0]["workflow_id"], code=2)
        self.lumi.run("experiment", "delete", experiment, "--yes", "--force")
        self.assertEqual(self.lumi.json("baseline", "list")["total"], 0)
        self.lumi.run("doctor", "--strict")

    def test_reports(self):
        server = self.server()
        spec = self.spec(server, report={"html": "out/report.html", "markdown": "out/summary.md"})
        self.lumi.run("run", spec, "--report", f"junit={self.folder}/lumi.xml")
        self.assertIn("<html", (self.folder / "out/report.html").read_text())
        self.assertIn("one", (self.folder / "out/summary.md").read_text())
        self.assertIn("<testsuite", (self.folder / "lumi.xml").read_text())
        self.lumi.fail("run", spec, "--report", "report.html", code=2)
        experiment = self.lumi.json("experiment", "list")["items"][0]["id"]
        page = self.lumi.run("report", experiment, "--format", "markdown").out.decode()
        self.assertIn("| score | one | two |", page)

    def test_problems_are_shown_at_the_lines_of_the_dataset(self):
        server = self.server(prompts={"text 3.": [{"fault": "ok", "status": 400, "times": 9}]})
        spec = self.spec(server, models=["one"], report={"sarif": "lumi.sarif", "github": "lumi.txt"})
        self.lumi.run("run", spec, code=3)
        location = json.loads((self.folder / "lumi.sarif").read_text())["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        self.assertEqual(location["region"]["startLine"], 4)
        self.assertTrue(location["artifactLocation"]["uri"].endswith("a.csv"))
        self.assertIn("a.csv,line=4,title=lumi::sample 3", (self.folder / "lumi.txt").read_text())

    def test_columns_of_other_names(self):
        server = self.server()
        spec = self.spec(server, models=["one"], columns={"examples": "article", "ground_truth": "summary"})
        self.dataset(6, columns=("article", "summary"))
        self.assertEqual(self.run_json(spec)["models"][0]["coverage"], 1.0)
        self.assertEqual(server.count("text 1."), 1)

    def test_plans_check_and_print_send_nothing(self):
        server = self.server()
        spec = self.spec(server)
        plan = self.run_json(spec, "--dry-run")
        self.assertEqual([(item["name"], item["step"], item["rows"]) for item in plan["items"]], [("one", "ask", 6), ("two", "ask", 6)])
        self.lumi.run("run", spec, "--check")
        printed = self.lumi.run("run", spec, "--print-spec", "--temperature", "1", "--model", f"x@{server.url}").out.decode()
        self.assertIn(f'model: "x"\n    provider: "hosted_vllm"\n    base_url: "{server.url}"', printed)
        self.assertEqual(server.requests, [])
        self.assertEqual(self.lumi.json("experiment", "list")["total"], 0)
        again = self.write("again.yaml", self.lumi.run("run", spec, "--print-spec").out.decode())
        self.assertEqual(self.lumi.run("run", again, "--print-spec", cwd=self.folder).out, self.lumi.run("run", spec, "--print-spec", cwd=self.folder).out)

    def test_people_see_who_is_best(self):
        server = self.server()
        spec = self.spec(server, count=30)
        seen = self.lumi.terminal("run", spec, "--require", "rougeL > 0.2")
        for part in ("MODEL", "COVERAGE", "rougeL", "(1.000 to 1.000)", "holds", "not decided"):
            self.assertIn(part, seen)
        bad = self.server(default={"text": "wrong"})
        seen = self.lumi.terminal("run", spec, "--model", f"good@{server.url}", "--model", f"bad@{bad.url}")
        self.assertIn("is better than bad beyond chance", seen)


class Specs(RunTest):
    def refused(self, text: str, *says: str, code=11) -> None:
        self.assert_says(self.lumi.fail("run", self.write("s.yaml", text), code=code), *says)

    def test_mistakes_are_named_with_line_and_field(self):
        self.dataset(3)
        start = "dataset: a.csv\nmodels: [a@http://127.0.0.1:9/v1]\n"
        for text, *says in (
            ("metrik: [rouge]\n", "s.yaml:3:1", "/metrik", "metrics"),
            ("metrics: rouge\n", "s.yaml:3:1", "/metrics", "list"),
            ("name: a\nname: b\n", "s.yaml:4:1", "twice"),
            ("name: &a b\n", "s.yaml:3:7", "anchor"),
            ("name: *a\n", "s.yaml:3:7"),
            ("name: !!str b\n", "s.yaml:3:7", "tag"),
            ("---\nname: b\n", "s.yaml:3:1", "second document"),
            ("name: [\n", "s.yaml:"),
            ("max_samples: many\n", "s.yaml:3:1", "/max_samples", "whole number"),
            ("generation_config: {temprature: 0}\n", "s.yaml:3:21", "temprature", "temperature"),
            ("generation_config: {temperature: -1}\n", "s.yaml:3:1", "temperature -1"),
            ("require: ['rougeL is good']\n", "s.yaml:3:1", "rougeL is good"),
            ("concurrency: lots\n", "s.yaml:3:1", "/concurrency", "lots"),
            ("cache: perhaps\n", "s.yaml:3:1", "perhaps"),
            ("allow_host: evil.example\n", "s.yaml:3:1", "not known"),
            ("storage: s3://b\n", "s.yaml:3:1", "not known"),
            ("header: {Authorization: 'Bearer x'}\n", "s.yaml:3:10", "Authorization"),
            ("report: {pdf: a.pdf}\n", "s.yaml:3:10", "pdf"),
            ("report: {html: ../a.html}\n", "s.yaml:3:10", "out of the folder", "--allow-path"),
            ("system_prompt_file: /etc/passwd\n", "s.yaml:3:1", "out of the folder"),
            ("system_prompt: a\nsystem_prompt_file: b\n", "s.yaml:4:1", "both"),
            ("task: cooking\n", "s.yaml:3:1", "cooking"),
            ("prices: {a: {input: cheap, output: 1}}\n", "s.yaml:3:14", "number"),
            ("llm_as_judge: {model_name: a}\n", "s.yaml:3:1", "model_base_url"),
        ):
            with self.subTest(text=text):
                self.refused(start + text, *says)
        self.refused("dataset: a.csv\nmodels:\n  - {name: x}\n", "s.yaml:3:5", "model", "missing")
        self.refused("dataset: a.csv\nmodels: [a@http://h/v1, a@http://h/v1]\n", "two models")
        self.refused("dataset: a.csv\n", "needs a model")
        self.refused("models: [a]\n", "needs a dataset", code=2)
        self.refused("dataset: a.csv\nmodels: [nobody-knows-it]\n", "nobody-knows-it", code=2)
        self.refused("dataset: b.csv\nmodels: [a@http://127.0.0.1:9/v1]\n", "b.csv", code=5)
        self.refused("[]\n", "mapping")
        self.refused("a: " + "x" * (1 << 20), "1 MiB")

    def test_texts_that_look_like_something_else(self):
        server = self.server()
        self.dataset(3)
        spec = self.write("s.yaml", f"name: no\ndataset: a.csv\nmodels: [{{name: on, model: 'true', base_url: '{server.url}'}}]\nmetrics: [rouge]\n")
        answer = self.run_json(spec)
        self.assertEqual((answer["experiment"]["name"], answer["models"][0]["name"]), ("no", "on"))
        self.assertEqual(server.requests[0].body["model"], "true")

    def test_json_is_a_spec_and_a_pipe_too(self):
        server = self.server()
        content = {"dataset": str(self.dataset(3)), "models": [{"model": "a", "base_url": server.url}], "metrics": ["rouge"]}
        result = self.lumi.run("run", "-", "--allow-path", self.folder, "--json", data=json.dumps(content))
        self.assertEqual(result.json()["models"][0]["coverage"], 1.0)

    def test_models_override_and_files_are_read(self):
        server = self.server()
        self.write("prompt.txt", "Be short.")
        spec = self.spec(
            server,
            models=[],
            count=1,
            system_prompt_file="prompt.txt",
            generation_config={"max_new_tokens": 7, "temperature": 0.25},
            prompt_template="Q: {{examples}}",
            max_retries=1,
        )
        own = {"model": "m", "base_url": server.url, "name": "b", "system_prompt": "Be long.", "generation_config": {"temperature": 1}}
        text = spec.read_text().replace('models: []', "models: " + json.dumps([{"model": "m", "base_url": server.url, "name": "a"}, own]))
        self.run_json(self.write("s.yaml", text))
        bodies = sorted((request.body for request in server.requests), key=lambda body: body["temperature"])
        self.assertEqual([body["temperature"] for body in bodies], [0.25, 1.0])
        self.assertEqual([body["max_tokens"] for body in bodies], [7, 7])
        self.assertEqual([body["messages"][0]["content"] for body in bodies], ["Be short.", "Be long."])
        self.assertEqual(bodies[0]["messages"][1]["content"], "Q: text 1.")


class Ends(RunTest):
    def test_a_second_one_is_turned_away(self):
        server = self.server(default={"fault": "ok", "latency": 60})
        spec = self.spec(server)
        process = self.lumi.start("run", spec)
        wait_until(lambda: len(server.requests) > 6)
        error = self.lumi.fail("run", spec, code=6)
        self.assert_says(error, f"process {process.pid}")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        workflows = self.lumi.json("workflow", "list")["items"]
        self.assertEqual([workflow["lumi"]["reason"] for workflow in workflows], ["stopped", "stopped"])
        server.plan["default"] = "ok"
        server.plan.pop("default")
        self.lumi.run("doctor", "--strict")

    def test_an_interrupt_is_resumed_without_asking_twice(self):
        server = self.server(default={"fault": "ok", "latency": 0.05})
        spec = self.spec(server, models=["one", "two", "three"], count=40, concurrency=12)
        process = self.lumi.start("run", spec)
        wait_until(lambda: len(server.requests) > 30)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 143)
        self.assertEqual(self.run_json(spec)["models"][2]["coverage"], 1.0)
        asked = Counter((request.body["model"], request.prompt) for request in server.requests)
        self.assertEqual(len(asked), 120)
        self.assertLess(server.most_at_once, 13, "models of one endpoint share what may be in flight")

    def test_a_budget_for_all_models(self):
        server = self.server(default={"fault": "ok", "latency": 0.02})
        spec = self.spec(server, count=60, concurrency=4, prices={"one": {"input": 1000, "output": 1000}, "two": {"input": 1000, "output": 1000}})
        self.lumi.fail("run", spec, "--max-cost", "0.1", code=10)
        asked = len(server.requests)
        self.assertLess(asked, 60)
        done = self.run_json(spec)
        self.assertAlmostEqual(sum(model["cost"] for model in done["models"]), 120 * 6 * 1000 / 1e6)
        self.assertLessEqual(len(server.requests), 120 + 8)

    def test_kill_9_loses_nothing(self):
        """What a run that was killed comes to is what an unbroken one does; what has been answered is not asked again."""
        server = self.server(default={"fault": "ok", "latency": 0.002})
        spec = self.spec(server, models=["one", "two", "three"], count=100 if LONG else 30)
        expected = self.compiled(self.run_json(spec))
        chance = random.Random(11)
        for turn in range(200 if LONG else 6):
            with self.subTest(turn=turn):
                name = f"killed {turn}"
                process = self.lumi.start("run", spec, "--name", name, "--cache", "never", start_new_session=True)
                time.sleep(chance.uniform(0.005, 0.35))
                os.kill(process.pid, signal.SIGKILL)
                process.communicate()
                answered = self.answered()
                killed_at = len(server.requests)
                answer = self.run_json(spec, "--name", name, "--cache", "never")
                self.assertEqual(self.compiled(answer), expected)
                asked = {(request.body["model"], request.prompt) for request in server.requests[killed_at:]}
                self.assertEqual(asked & answered, set())
                self.lumi.run("experiment", "delete", answer["experiment"]["id"], "--yes")
        self.lumi.run("gc", "--older-than", "0s", "--yes")
        self.lumi.run("doctor", "--strict", "--read-data")

    def answered(self) -> set:
        """(model, prompt) of every sample that the journal of an unfinished job has."""
        found = set()
        if not (self.lumi.home / "lumi.db").exists():
            return found
        with closing(sqlite3.connect(self.lumi.home / "lumi.db")) as database:
            query = "SELECT id, config_json FROM jobs WHERE type = 'inference' AND status <> 'succeeded'"
            rows = database.execute(query).fetchall()
        for job_id, config in rows:
            model = json.loads(config)["job_config"]["model"]
            journal = self.lumi.home / "jobs" / job_id / "journal.jsonl"
            whole = journal.read_text().split("\n")[:-1] if journal.exists() else []
            found |= {(model, f"text {record['row']}.") for record in map(json.loads, whole) if "row" in record}
        return found


if __name__ == "__main__":
    main()

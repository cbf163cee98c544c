"""Lumigator's REST calls: each line of the table in docs/from-lumigator.md is run as it stands there, and its answer has
Lumigator's fields; its errors and odd values end as that page says. What the commands do beyond that is tested elsewhere."""

import json
import re
import shlex
import sys
from pathlib import Path
from urllib.parse import unquote

from shapes import ABSENT_ID, DATASET_FIELDS, JOB_FIELDS, UUID
from support import SOURCE, LumiTest, main, object_files

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from fault_server import FaultServer

JOB_RESPONSE = JOB_FIELDS[:8]
EXPERIMENT = ["id", "name", "description", "created_at", "max_samples", "task_definition", "dataset", "updated_at", "workflows"]
WORKFLOW_RESPONSE = ["id", "experiment_id", "model", "name", "description", "system_prompt", "status", "created_at", "updated_at"]
WORKFLOW = [*WORKFLOW_RESPONSE, "jobs", "metrics", "parameters", "artifacts_download_url"]
ABSENT_HEX = "0" * 31 + "f"
PREDICTIONS = "examples,ground_truth,predictions\ntext 1.,answer to text 1,answer\ntext 2.,answer to text 2,to text 2\n"


def table_of_calls() -> dict:
    """REST call -> command, from the table under "Every call"."""
    text = (SOURCE / "docs" / "from-lumigator.md").read_text()
    section = text.split("\n## Every call\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([A-Z]+ /[^`]*)` \| `([^`]+)` \|", section, re.MULTILINE))


class RoutesTest(LumiTest):
    def setUp(self):
        super().setUp()
        self.server = FaultServer()
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)
        self.file = self.write("a.csv", "examples,ground_truth\ntext 1.,answer to text 1\ntext 2.,answer to text 2\n")
        self.dataset = self.lumi.create(self.file)["id"]
        self.target = {"model": "org/tiny", "provider": "hosted_vllm", "base_url": self.server.url}

    def job_body(self, _config=None, **top) -> dict:
        return {"name": "n", "dataset": self.dataset, "job_config": self.target | (_config or {})} | top

    def post(self, *command, body: dict, code=0):
        """The answer to a body, or its error."""
        args = (*command, "create", "-f", "-")
        data = json.dumps(body)
        return self.lumi.json(*args, data=data) if code == 0 else self.lumi.fail(*args, code=code, data=data)

    def experiment(self, **more) -> dict:
        return self.post("experiment", body={"name": "exp", "dataset": self.dataset} | more)

    def workflow_body(self, experiment: dict, **more) -> dict:
        return {"name": "wf", "experiment_id": experiment["id"], "metrics": ["rouge"]} | self.target | more


class EveryCall(RoutesTest):
    """A method for each line; it gets what calls the command of that line, with the words that stand for others."""

    def test_each_line_of_the_table(self):
        calls = table_of_calls()
        checks = self.checks()
        self.assertEqual(sorted(calls), sorted(checks), "every line has its check, and every check its line")
        for call, check in checks.items():
            with self.subTest(call):
                words = shlex.split(calls[call])
                self.assertEqual(words[0], "lumi")

                def run(*_, _words=words[1:], code=0, data=None, **placeholders):
                    args = [str(placeholders.get(word, word)) for word in _words]
                    return self.lumi.json(*args, data=data) if code == 0 else self.lumi.fail(*args, code=code, data=data)

                check(run)

    def checks(self) -> dict:
        return {
            "GET /health": self.health,
            "POST /datasets": self.post_dataset,
            "GET /datasets": self.list_datasets,
            "GET /datasets/{id}": self.get_dataset,
            "GET /datasets/{id}/download?extension=csv": self.download_dataset,
            "POST /jobs/inference": self.post_inference,
            "POST /jobs/annotate": self.post_annotate,
            "POST /jobs/evaluator": self.post_evaluator,
            "GET /jobs": self.list_jobs,
            "GET /jobs/{id}": self.get_job,
            "GET /jobs/{id}/logs": self.job_logs,
            "GET /jobs/{id}/result": self.job_result,
            "GET /jobs/{id}/dataset": self.job_dataset,
            "GET /jobs/{id}/result/download": self.download_job,
            "POST /experiments": self.post_experiment,
            "POST /workflows": self.post_workflow,
            "GET /experiments": self.list_experiments,
            "GET /experiments/{id}": self.get_experiment,
            "GET /workflows/{id}": self.get_workflow,
            "GET /workflows/{id}/logs": self.workflow_logs,
            "GET /workflows/{id}/result/download": self.download_workflow,
            "DELETE /workflows/{id}?force=true": self.delete_workflow,
            "DELETE /experiments/{id}": self.delete_experiment,
            "GET /models?tasks=translation": self.list_models,
            "PUT /settings/secrets/{name}": self.put_secret,
            "GET /settings/secrets": self.list_secrets,
            "DELETE /settings/secrets/{name}": self.delete_secret,
            "DELETE /datasets/{id}": self.delete_dataset,
        }

    def health(self, run):
        self.assertEqual(run(), {"status": "OK", "deployment_type": "local"})

    def post_dataset(self, run):
        answer = run(FILE=self.file)
        self.assertEqual(list(answer), DATASET_FIELDS)
        self.made = answer["id"]
        run(FILE="absent.csv", code=5)
        run(FILE=self.write("bad.csv", "text\nx\n"), code=11)

    def list_datasets(self, run):
        answer = run()
        self.assertEqual((answer["total"], [list(item) for item in answer["items"]]), (2, [DATASET_FIELDS] * 2))

    def get_dataset(self, run):
        for id in (self.made, self.made.upper(), self.made.replace("-", "")):
            self.assertEqual(run(ID=id)["id"], self.made)
        run(ID=ABSENT_ID, code=5)

    def download_dataset(self, run):
        answer = run(ID=self.made)
        self.assertEqual(list(answer), ["id", "download_urls"])
        self.assertRegex(answer["download_urls"][0], f"^file://.*/datasets/{self.made}/a.csv/dataset.csv$")
        run(ID=ABSENT_ID, code=5)

    def started(self, run, kind: str, body: dict) -> str:
        answer = run(**{"BODY.json": self.write(f"{kind}.json", json.dumps(body))})
        self.assertEqual(list(answer), JOB_RESPONSE)
        self.assertEqual((answer["status"], answer["job_type"], answer["updated_at"]), ("created", kind, None))
        self.assertEqual(self.lumi.json("job", "wait", answer["id"])["items"][0]["status"], "succeeded")
        return answer["id"]

    def post_inference(self, run):
        self.inference = self.started(run, "inference", self.job_body(name="é/ b"))

    def post_annotate(self, run):
        self.annotation = self.started(run, "annotate", self.job_body(max_samples=1))

    def post_evaluator(self, run):
        scored = self.lumi.create(self.write("p.csv", PREDICTIONS))["id"]
        body = {"name": "n", "dataset": scored, "job_config": {"metrics": ["rouge", "token_length"]}}
        self.evaluation = self.started(run, "evaluator", body)

    def list_jobs(self, run):
        answer = run()
        self.assertEqual((answer["total"], list(answer["items"][0])), (1, JOB_FIELDS))
        self.assertEqual(answer["items"][0]["id"], self.inference)

    def get_job(self, run):
        job = run(ID=self.inference)
        self.assertEqual(list(job), JOB_FIELDS)
        self.assertEqual((job["type"], job["submission_id"]), ("SUBMISSION", job["id"]))
        self.check_config(job["config"], f"é/ b/{job['id']}", "org/tiny")
        self.assertEqual(job["config"]["inference_server"]["model"], "org/tiny")
        self.assertEqual(job["config"]["generation_config"]["max_new_tokens"], 1024)
        scored = run(ID=self.evaluation)["config"]
        self.check_config(scored, f"n/{self.evaluation}", None)
        self.assertEqual(scored["evaluation"]["metrics"], ["rouge", "token_length"])
        self.assertEqual(scored["predictions_field"], "predictions")
        run(ID=ABSENT_ID, code=5)

    def check_config(self, config: dict, name: str, model):
        self.assertEqual((config["name"], config["model_name_or_path"]), (name, model))
        self.assertEqual((list(config["dataset"]), config["max_samples"]), (["id", "name"], -1))

    def job_logs(self, run):
        answer = run(ID=self.inference)
        self.assertEqual(list(answer), ["logs"])
        self.assertIn(self.inference, answer["logs"])
        run(ID=ABSENT_ID, code=5)

    def job_result(self, run):
        answer = run(ID=self.inference)
        self.assertEqual(list(answer)[:2], ["id", "job_id"])
        self.assertEqual(answer["job_id"], self.inference)
        run(ID=ABSENT_ID, code=5)

    def job_dataset(self, run):
        answer = run(ID=self.annotation)
        self.assertEqual(list(answer), DATASET_FIELDS)
        self.assertEqual((answer["filename"], answer["generated"], answer["run_id"]), ("a-annotated.csv", True, self.annotation))
        for id in (self.inference, ABSENT_ID):
            run(ID=id, code=5)

    def download_job(self, run):
        answer = run(ID=self.inference)
        self.assertEqual(list(answer), ["id", "download_url"])
        self.assertTrue(unquote(answer["download_url"]).endswith(f"/jobs/results/é--b/{self.inference}/results.json"), answer)
        run(ID=ABSENT_ID, code=5)

    def post_experiment(self, run):
        body = {"name": "exp", "dataset": self.dataset.upper(), "task_definition": {"task": "summarization"}}
        answer = run(**{"BODY.json": self.write("e.json", json.dumps(body))})
        self.assertEqual(list(answer), EXPERIMENT)
        self.assertEqual((answer["dataset"], answer["workflows"]), (self.dataset, []))
        self.made_experiment = answer

    def post_workflow(self, run):
        body = self.write("w.json", json.dumps(self.workflow_body(self.made_experiment)))
        answer = run(**{"BODY.json": body})
        self.assertEqual(list(answer), WORKFLOW_RESPONSE)
        self.made_workflow = answer["id"]
        self.assertEqual(self.lumi.json("workflow", "wait", self.made_workflow)["items"][0]["status"], "succeeded")

    def list_experiments(self, run):
        other = self.experiment()["id"]
        answer = run()
        self.assertEqual((answer["total"], [item["id"] for item in answer["items"]]), (2, [self.made_experiment["id"]]))
        self.lumi.run("experiment", "delete", other, "--yes")

    def get_experiment(self, run):
        answer = run(ID=self.made_experiment["id"])
        self.assertEqual((list(answer), list(answer["workflows"][0])[:13]), (EXPERIMENT, WORKFLOW))
        run(ID=ABSENT_HEX, code=5)

    def get_workflow(self, run):
        answer = run(ID=self.made_workflow)
        self.assertEqual(list(answer), [*WORKFLOW, "lumi"])
        self.assertEqual([list(job) for job in answer["jobs"]], [["id", "metrics", "parameters", "metric_url", "artifact_url"]] * 2)
        run(ID=ABSENT_HEX, code=5)

    def workflow_logs(self, run):
        self.assertIn("\n================\n", run(ID=self.made_workflow)["logs"])
        run(ID=ABSENT_HEX, code=5)

    def download_workflow(self, run):
        answer = run(ID=self.made_workflow)
        self.assertEqual(list(answer), ["id", "download_url"])
        self.assertTrue(answer["download_url"].endswith(f"/workflows/results/{self.made_workflow}/compiled.json"), answer)
        run(ID=ABSENT_HEX, code=5)

    def delete_workflow(self, run):
        self.assertEqual(run(ID=self.made_workflow), {"deleted": [self.made_workflow]})
        run(ID=self.made_workflow, code=5)

    def delete_experiment(self, run):
        id = self.made_experiment["id"]
        self.assertEqual(run(ID=id), {"deleted": [id]})
        run(ID=id, code=5)

    def list_models(self, run):
        answer = run()
        self.assertEqual(answer["total"], len(answer["items"]))
        for model in answer["items"]:
            self.assertIsInstance(model["requirements"], list)
            self.assertNotIn(None, model.values())
            (parameters,) = [task["translation"] for task in model["tasks"] if "translation" in task]
            self.assertIsInstance(parameters, dict)

    def put_secret(self, run):
        for created in (True, False):
            answer = run(NAME="Odd NÄME", TEXT="", data="value")
            self.assertEqual(answer, {"name": "odd näme", "description": "", "created": created})
        run(NAME="n", TEXT="", data="", code=11)
        run(NAME="n", TEXT="", data="x" * 1025, code=11)
        run(NAME="n" * 256, TEXT="", data="x", code=11)

    def list_secrets(self, run):
        answer = run()
        self.assertEqual((answer["total"], list(answer["items"][0])[:2]), (1, ["name", "description"]))
        self.assertNotIn("value", json.dumps(answer))

    def delete_secret(self, run):
        self.assertEqual(run(NAME="oDD nÄME"), {"deleted": ["odd näme"]})
        self.assertEqual(run(NAME="oDD nÄME"), {"deleted": []})

    def delete_dataset(self, run):
        self.assertEqual(run(ID=self.made), {"deleted": [self.made]})
        run(ID=self.made, code=5)


class OddValues(RoutesTest):
    """What Lumigator takes is taken; what it refuses is refused as the page says."""

    def test_pages_beyond_the_ends(self):
        for noun in ("dataset", "job", "experiment", "workflow"):
            for args in (("--skip", "-1"), ("--limit", "-1"), ("--skip", "99999")):
                total = 1 if noun == "dataset" else 0
                answer = self.lumi.json(noun, "list", *args)
                self.assertEqual((answer["total"], len(answer["items"])), (total, 0 if "99999" in args else total))

    def test_types_that_no_job_has(self):
        for value in ("nonsense", "EVALUATOR"):
            result = self.lumi.run("job", "list", "--type", value, "--json")
            self.assertEqual(result.json(), {"total": 0, "items": []})
            self.assertIn(value, result.messages()[0]["warning"]["message"])
        self.assertEqual(self.lumi.run("job", "list", "--job-types", "annotate,inference").err, b"")
        self.lumi.run("job", "create", "nonsense", code=2)

    def test_tasks_of_models(self):
        listed = self.lumi.json("model", "list", "--task", "Translation")
        self.assertEqual(listed, self.lumi.json("model", "list", "--task", "translation"))
        for task in ("cooking", "text-generation"):
            error = self.lumi.fail("model", "list", "--task", task, code=2)
            self.assert_says(error, f"Unsupported task(s): {{'{task}'}}", "'summarization'", "'translation'")

    def test_extensions_are_the_ends_of_names(self):
        urls = lambda text: self.lumi.json("dataset", "download", self.dataset, "--url", "--extension", text)["download_urls"]  # noqa: E731
        for text, count in ((" CSV ", 1), ("", 1), ("  ", 1), (".csv", 1), ("set.csv", 1), ("arrow", 0)):
            with self.subTest(text):
                self.assertEqual(len(urls(text)), count)

    def test_null_is_not_given_and_texts_may_be_numbers(self):
        config = {"generation_config": {"temperature": "0.25"}, "store_to_dataset": "no", "use_fast": 1}
        nothing = dict.fromkeys(("revision", "system_prompt", "secret_key_name", "task_definition", "output_field", "job_type"))
        body = self.job_body(config | nothing, max_samples="1", batch_size=None, description=None)
        job = self.lumi.json("job", "create", "inference", "-f", "-", data=json.dumps(body))
        shown = job["config"]
        self.assertEqual((shown["max_samples"], shown["generation_config"]["temperature"]), (1, 0.25))
        self.assertEqual((shown["job"]["output_field"], shown["job"]["batch_size"], job["description"]), ("predictions", 1, ""))
        self.assertEqual(self.server.requests[0].body["temperature"], 0.25)

    def test_what_bodies_lack(self):
        for kind, body, pointer in (
            ("inference", {"name": "n", "job_config": self.target}, "/dataset"),
            ("inference", {"name": "n", "dataset": self.dataset}, "/job_config/model"),
            ("evaluator", {"name": "n"}, "/dataset"),
            ("annotate", {"dataset": None}, "/dataset"),
            ("inference", self.job_body({"job_type": "annotate"}), "/job_config/job_type"),
            ("inference", self.job_body({"job_type": "INFERENCE"}), "/job_config/job_type"),
            ("annotate", self.job_body({"output_field": "x"}), "/job_config/output_field"),
            ("inference", self.job_body({"generation_config": {"top_k": 1}}), "/job_config/generation_config/top_k"),
            ("inference", self.job_body(max_samples="many"), "/max_samples"),
            ("inference", self.job_body(batch_size=0), "/batch_size"),
        ):
            with self.subTest(body):
                error = self.lumi.fail("job", "create", kind, "-f", "-", code=11, data=json.dumps(body))
                self.assert_says(error, pointer)
        self.assertEqual((self.lumi.json("job", "list")["total"], self.server.requests), (0, []))

    def test_empty_texts_are_not_given(self):
        experiment = self.experiment()
        empty = dict.fromkeys(("secret_key_name", "system_prompt", "inference_output_field"), "")
        workflow = self.post("workflow", body=self.workflow_body(experiment, metrics=[], **empty))
        self.assertEqual(workflow["status"], "succeeded")
        self.assertIn("rouge_rouge1_mean", workflow["metrics"], "an empty list means the task's metrics")
        self.assertTrue(workflow["system_prompt"])

    def test_experiments_that_are_not_there(self):
        for id in (None, "", "1", "999", "123456", ABSENT_HEX):
            error = self.post("workflow", body=self.workflow_body({"id": id}), code=11)
            self.assertEqual(error["message"], "Cannot create workflow 'wf': No experiment found.")

    def test_secrets_that_are_not_there(self):
        wanted = "Requested secret key 'My KEY' is not configured."
        error = self.post("workflow", body=self.workflow_body(self.experiment(), secret_key_name="My KEY"), code=4)
        self.assertEqual(error["message"], "Cannot create workflow 'wf' for experiment 'exp': " + wanted)
        body = json.dumps(self.job_body({"secret_key_name": "My KEY"}))
        error = self.lumi.fail("job", "create", "inference", "-f", "-", code=4, data=body)
        self.assertEqual(error["message"], "Cannot create job 'n': " + wanted)
        self.assertEqual((self.lumi.json("job", "list")["total"], self.lumi.json("workflow", "list")["total"]), (0, 0))

    def test_a_task_without_a_usual_prompt(self):
        experiment = self.experiment(task_definition={"task": "text-generation"})
        error = self.post("workflow", body=self.workflow_body(experiment), code=11)
        self.assertEqual(error["message"], "Default system_prompt not available for text-generation")
        self.post("workflow", body=self.workflow_body(experiment, system_prompt="Go on."))

    def test_names_of_results(self):
        names = {"a b/c": "a-b-c", "é_日-1.x": "é_日-1.x", "..": "--", "tab\tand\nline": "tab-and-line", "🎉": "-"}
        for name, part in names.items():
            body = json.dumps(self.job_body(name=name, max_samples=1))
            job = self.lumi.json("job", "create", "inference", "-f", "-", data=body)
            self.assertEqual(job["name"], name)
            self.assertIn(f"jobs/results/{part}/{job['id']}/results.json", object_files(self.lumi))

    def test_an_annotation_without_a_dataset(self):
        body = json.dumps(self.job_body({"store_to_dataset": False}))
        job = self.lumi.json("job", "create", "annotate", "-f", "-", data=body)
        self.lumi.fail("job", "dataset", job["id"], code=5)

    def test_ids(self):
        job = self.lumi.json("job", "create", "inference", "-f", "-", data=json.dumps(self.job_body()))["id"]
        self.assertRegex(job, f"^{UUID.pattern}$")
        for id in (job.upper(), job.replace("-", ""), job.upper().replace("-", "")):
            for words in (("get",), ("logs",), ("result",), ("download", "--url")):
                self.lumi.run("job", *words, id)


if __name__ == "__main__":
    main()

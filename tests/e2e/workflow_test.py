"""Experiments and workflows against a model server: each route of Lumigator, each step, and how they end."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from support import LONG, LumiTest, csv_text, main, object_files, read_csv, wait_until

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from fault_server import FaultServer

METRICS = ["bertscore", "meteor", "rouge", "bleu", "comet", "g_eval_summarization", "g_eval_translation"]
METRICS += ["g_eval_translation_noref", "token_length"]


def rows(count: int) -> str:
    return csv_text([["examples", "ground_truth"], *([f"text {i}.", f"answer to text {i}"] for i in range(1, count + 1))])


class WorkflowTest(LumiTest):
    def server(self, **plan) -> FaultServer:
        server = FaultServer(plan)
        server.__enter__()
        self.addCleanup(server.__exit__)
        return server

    def body(self, stem: str, /, **content) -> Path:
        return self.write(f"{stem}.json", json.dumps(content))

    def experiment(self, count=10, **more) -> dict:
        dataset = self.lumi.create(self.write("a.csv", rows(count)))["id"]
        return self.lumi.json("experiment", "create", "-f", self.body("experiment", name="exp", dataset=dataset, **more))

    def args(self, experiment: dict, server: FaultServer, *flags, **more) -> list:
        content = {"name": "wf", "experiment_id": experiment["id"], "model": "org/tiny", "provider": "hosted_vllm"}
        content |= {"base_url": server.url, "metrics": ["rouge", "token_length"]} | more
        return ["workflow", "create", "-f", self.body("workflow", **content), *flags]

    def compiled(self, workflow: dict) -> dict:
        return self.lumi.run("workflow", "download", workflow["id"], "-o", "-").json()

    def only_workflow(self) -> dict:
        return self.lumi.json("workflow", "list")["items"][0]

    def jobs(self) -> list:
        return self.lumi.json("job", "list")["items"]


class Routes(WorkflowTest):
    def test_a_workflow_by_lumigators_bodies(self):
        server = self.server()
        experiment = self.experiment(description="d", max_samples=8, task_definition={"task": "summarization"})
        self.assertEqual(
            list(experiment),
            ["id", "name", "description", "created_at", "max_samples", "task_definition", "dataset", "updated_at", "workflows"],
        )
        result = self.lumi.run(*self.args(experiment, server, description="of it"), "--json")
        workflow = result.json()
        self.assertEqual(
            list(workflow)[:13],
            ["id", "experiment_id", "model", "name", "description", "system_prompt", "status", "created_at", "updated_at"]
            + ["jobs", "metrics", "parameters", "artifacts_download_url"],
        )
        self.assertRegex(workflow["id"], "^[0-9a-f]{32}$")
        self.assertEqual((workflow["status"], workflow["model"], workflow["description"]), ("succeeded", "org/tiny", "of it"))
        self.assertIsNone(workflow["updated_at"])
        evaluation, inference = workflow["jobs"]
        self.assertEqual(list(evaluation), ["id", "metrics", "parameters", "metric_url", "artifact_url"])
        self.assertIn({"name": "rouge_rouge1_mean", "value": 1.0}, evaluation["metrics"])
        self.assertIn({"name": "avg_total_tokens", "value": 6.0}, inference["metrics"])
        self.assertEqual(workflow["metrics"]["avg_prompt_tokens"], 2.0)
        self.assertEqual(workflow["metrics"]["token_length_pred_token_length_mean"], 5.0)
        ids = {job["job_type"]: job["id"] for job in self.jobs()}
        self.assertEqual(set(ids), {"inference", "evaluator"})
        self.assertIn({"name": "ray_job_id", "value": ids["evaluator"]}, evaluation["parameters"])
        self.assertIn({"name": "ray_job_id", "value": ids["inference"]}, inference["parameters"])
        self.assertEqual({job["experiment_id"] for job in self.jobs()}, {experiment["id"]})
        self.assertEqual(result.messages()[0], {"log": {"workflow_id": workflow["id"]}})
        self.assertEqual(result.messages()[1], {"log": {"job_id": ids["inference"]}})
        self.check_compiled(workflow, ids)
        self.check_predictions(ids["inference"])
        self.assertEqual(self.lumi.json("workflow", "get", workflow["id"][:8]), workflow)
        shown = self.lumi.json("experiment", "get", experiment["id"])
        self.assertEqual(shown["workflows"], [workflow])
        self.assertEqual(self.lumi.json("experiment", "list")["items"], [shown])
        self.check_logs(workflow, ids)

    def check_compiled(self, workflow: dict, ids: dict):
        compiled = self.compiled(workflow)
        self.assertEqual(list(compiled), ["metrics", "parameters", "artifacts", "lumi"])
        self.assertEqual(set(list(compiled["metrics"])[:9]), set(METRICS))
        self.assertEqual(list(compiled["metrics"])[9], "avg_prompt_tokens")
        self.assertIsNone(compiled["metrics"]["bleu"])
        self.assertEqual(len(compiled["metrics"]["rouge"]["rougeL"]), 8)
        self.assertEqual(compiled["parameters"]["name"], f"wf-inference/{ids['inference']}")
        self.assertEqual(compiled["parameters"]["evaluation"]["metrics"], ["rouge", "token_length"])
        artifacts = compiled["artifacts"]
        self.assertEqual(artifacts["predictions"], [f"answer to text {i}." for i in range(1, 9)])
        self.assertEqual(artifacts["ground_truth"][0], "answer to text 1")
        self.assertEqual(artifacts["examples"][7], "text 8.")
        self.assertEqual(artifacts["model"], "org/tiny")
        self.assertEqual(set(compiled["lumi"]["durations"]), {"inference", "evaluation"})
        key = f"workflows/results/{workflow['id']}/compiled.json"
        self.assertIn(key, object_files(self.lumi))
        url = self.lumi.json("workflow", "download", workflow["id"], "--url")
        self.assertEqual(list(url), ["id", "download_url"])
        self.assertEqual(url["download_url"], workflow["artifacts_download_url"])
        self.assertEqual(url["download_url"], f"file://{self.lumi.home}/objects/{key}")
        self.lumi.run("workflow", "download", workflow["id"])
        self.assertEqual(json.loads((self.folder / "compiled.json").read_text()), compiled)
        self.lumi.fail("workflow", "download", workflow["id"], code=6)

    def check_predictions(self, job: str):
        dataset = self.lumi.json("job", "dataset", job)
        self.assertEqual(dataset["filename"], "a-org-tiny-predictions.csv")
        self.assertEqual((dataset["generated"], dataset["run_id"], dataset["generated_by"]), (False, job, "org/tiny"))
        table = read_csv(self.lumi.run("dataset", "download", dataset["id"], "-o", "-").text)
        self.assertEqual(table[0], ["examples", "ground_truth", "predictions", "prediction_status"])
        self.assertEqual(len(table), 9)

    def check_logs(self, workflow: dict, ids: dict):
        logs = self.lumi.json("workflow", "logs", workflow["id"])
        first, second = logs["logs"].split("\n================\n")
        self.assertIn(ids["inference"], first)
        self.assertIn(ids["evaluator"], second)
        self.assertIn("================", self.lumi.run("workflow", "logs", workflow["id"]).text)

    def test_the_request_has_the_tasks_prompt_and_nothing_more(self):
        server = self.server()
        experiment = self.experiment(1, task_definition={"task": "translation", "source_language": "Sami", "target_language": "Norwegian"})
        workflow = self.lumi.json(*self.args(experiment, server, metrics=["bleu"]))
        body = server.requests[0].body
        self.assertEqual(set(body), {"model", "messages", "max_tokens", "frequency_penalty", "temperature", "top_p"})
        self.assertEqual((body["max_tokens"], body["temperature"], body["top_p"]), (1024, 0.5, 0.5))
        prompt = body["messages"][0]
        self.assertEqual(prompt, {"role": "system", "content": workflow["system_prompt"]})
        self.assertIn("Sami", prompt["content"])
        self.assertIn("Norwegian", prompt["content"])
        self.assertEqual(server.requests[0].headers["authorization"], "Bearer fake-api-key")

    def test_texts_that_broke_lumigator(self):
        """Apostrophes in prompt, model and URL went through a shell there."""
        server = self.server()
        experiment = self.experiment(2)
        prompt = "Don't shout; $(touch owned) `id` \"now\"\n"
        workflow = self.lumi.json(*self.args(experiment, server, model="it's", system_prompt=prompt))
        self.assertEqual(server.requests[0].body["messages"][0]["content"], prompt)
        self.assertEqual((workflow["system_prompt"], workflow["model"]), (prompt, "it's"))
        self.assertEqual(self.compiled(workflow)["parameters"]["system_prompt"], prompt)

    def test_answers_under_another_name_are_kept_and_scored(self):
        """Lumigator drops them, and then cannot evaluate."""
        server = self.server()
        workflow = self.lumi.json(*self.args(self.experiment(3), server, inference_output_field="summary"))
        self.assertEqual(workflow["metrics"]["rouge_rouge1_mean"], 1.0)
        artifacts = self.compiled(workflow)["artifacts"]
        self.assertEqual(artifacts["summary"], artifacts["predictions"])

    def test_names_that_are_taken(self):
        experiment = self.experiment(1)
        again = self.lumi.json("experiment", "create", "-f", self.folder / "experiment.json")
        self.assertRegex(again["name"], r"^exp_\d{20}$")
        server = self.server()
        names = {self.lumi.json(*self.args(experiment, server))["name"] for _ in range(2)}
        self.assertEqual(names, {"wf"}, "workflows may share a name")

    def test_deleting(self):
        server = self.server()
        experiment = self.experiment(2)
        first = self.lumi.json(*self.args(experiment, server))
        second = self.lumi.json(*self.args(experiment, server, name="other"))
        answer = self.lumi.json("workflow", "delete", first["id"], "--yes")
        self.assertEqual(answer, {"deleted": [first["id"]]})
        self.lumi.fail("workflow", "get", first["id"], code=5)
        self.lumi.fail("workflow", "logs", first["id"], code=5)
        self.assertEqual(len(self.jobs()), 2)
        self.assertEqual(self.compiled(second)["artifacts"]["model"], "org/tiny")
        self.assert_says(self.lumi.fail("dataset", "delete", experiment["dataset"], "--yes", code=6), experiment["id"])
        self.lumi.run("experiment", "delete", experiment["id"], "--yes")
        self.assertEqual(self.jobs(), [])
        self.assertEqual([item["id"] for item in self.lumi.json("dataset", "list")["items"]], [experiment["dataset"]])
        self.assertEqual(len(object_files(self.lumi)), 1)
        self.assertEqual(list((self.lumi.home / "jobs").iterdir()), [])
        self.lumi.fail("experiment", "delete", experiment["id"], "--yes", code=5)
        self.lumi.run("doctor", "--strict")


class Ends(WorkflowTest):
    def test_a_failed_step_stops_the_rest(self):
        server = self.server(default=400)
        result = self.lumi.run(*self.args(self.experiment(3), server), "--json", code=1)
        workflow = result.json()
        self.assertEqual((workflow["status"], len(workflow["jobs"])), ("failed", 1))
        self.assertIn("none of the 3 samples", workflow["lumi"]["reason"])
        self.lumi.fail("workflow", "download", workflow["id"], "--url", code=5)
        self.lumi.fail("workflow", "wait", workflow["id"], code=1)

    def test_a_refused_key_ends_it(self):
        server = self.server(key="another")
        error = self.lumi.fail(*self.args(self.experiment(5), server), code=4)
        self.assertNotIn("fake-api-key", json.dumps(error))
        self.assertEqual(self.only_workflow()["status"], "failed")

    def test_samples_without_an_answer_are_partial_and_can_be_asked_again(self):
        server = self.server(prompts={"text 2.": [400, "ok"], "text 3.": [400]})
        result = self.lumi.run(*self.args(self.experiment(4), server), "--json", code=3)
        workflow = result.json()
        self.assertEqual(workflow["status"], "succeeded")
        self.assertEqual(result.error()["exit_code"], 3)
        compiled = self.compiled(workflow)
        self.assertEqual(compiled["artifacts"]["predictions"][1:3], [None, None])
        self.assertEqual(compiled["metrics"]["rouge"]["rouge1"][1:3], [None, None])
        self.assertEqual(compiled["metrics"]["rouge"]["rouge1_mean"], 1.0)
        self.assertEqual(compiled["lumi"]["coverage"], 0.5)
        self.lumi.fail("workflow", "wait", workflow["id"], code=3)
        before = server.count("text 1.")
        again = self.lumi.run("workflow", "resume", workflow["id"], "--retry", "error", "--json", code=3).json()
        self.assertEqual((again["id"], again["lumi"]["attempt"]), (workflow["id"], 2))
        self.assertEqual(self.compiled(again)["artifacts"]["predictions"][1:3], ["answer to text 2.", None])
        self.assertEqual((server.count("text 1."), before), (1, 1))
        self.assertEqual(len(again["jobs"]), 2)
        self.assertEqual(len(self.lumi.json("dataset", "list")["items"]), 2, "the first predictions are gone")
        self.lumi.run("doctor", "--strict", "--read-data")

    def test_nothing_left_to_do(self):
        server = self.server()
        workflow = self.lumi.json(*self.args(self.experiment(2), server))
        result = self.lumi.run("workflow", "resume", workflow["id"])
        self.assertIn("nothing to do", result.errors)
        self.assertEqual(len(server.requests), 2)

    def test_a_job_that_takes_too_long(self):
        server = self.server(latency=30)
        started = time.monotonic()
        error = self.lumi.fail(*self.args(self.experiment(2), server, job_timeout_sec=1), code=10)
        self.assertLess(time.monotonic() - started, 20)
        self.assertEqual(self.only_workflow()["status"], "failed")
        self.assertIn("time", error["message"])

    def test_one_that_runs_is_not_deleted_and_can_be_stopped(self):
        server = self.server(default={"fault": "ok", "latency": 60})
        experiment = self.experiment(3)
        answer = self.lumi.run(*self.args(experiment, server), "--detach", "--json")
        workflow = answer.json()
        self.assertEqual(list(workflow)[-1], "updated_at")
        self.assertEqual(len(workflow), 9)
        wait_until(lambda: server.requests)
        self.assert_says(self.lumi.fail("workflow", "delete", workflow["id"], "--yes", code=6), "running")
        self.assert_says(self.lumi.fail("experiment", "delete", experiment["id"], "--yes", code=6), "running")
        self.lumi.fail("workflow", "download", workflow["id"], "--url", code=8)
        self.lumi.fail("workflow", "resume", workflow["id"], code=6)
        self.lumi.fail("workflow", "wait", workflow["id"], "--timeout", "0", code=8)
        self.assertEqual(self.lumi.json("workflow", "stop", workflow["id"]), {"stopped": [workflow["id"]]})
        stopped = self.only_workflow()
        self.assertEqual((stopped["status"], stopped["lumi"]["reason"]), ("failed", "stopped"))
        self.assertEqual(self.jobs()[0]["status"], "stopped")
        self.lumi.fail("workflow", "wait", workflow["id"], code=1)

    def test_force_stops_and_deletes(self):
        server = self.server(default={"fault": "ok", "latency": 60})
        experiment = self.experiment(3)
        self.lumi.run(*self.args(experiment, server), "--detach")
        wait_until(lambda: server.requests)
        self.lumi.fail("experiment", "delete", experiment["id"], "--force", code=2)
        self.lumi.run("experiment", "delete", experiment["id"], "--force", "--yes")
        self.assertEqual((self.jobs(), self.lumi.json("workflow", "list")["total"]), ([], 0))

    def test_an_experiment_is_stopped_and_waited_for(self):
        server = self.server(default={"fault": "ok", "latency": 60})
        experiment = self.experiment(3)
        ids = {self.lumi.run(*self.args(experiment, server), "--detach", "--json").json()["id"] for _ in range(2)}
        wait_until(lambda: len(server.requests) > 3)
        self.lumi.fail("experiment", "wait", experiment["id"], "--timeout", "0", code=8)
        self.assertEqual(set(self.lumi.json("experiment", "stop", experiment["id"])["stopped"]), ids)
        self.lumi.fail("experiment", "wait", experiment["id"], code=1)

    def test_the_end_is_written_though_another_writes(self):
        server = self.server(default={"fault": "ok", "latency": 60})
        process = self.lumi.start(*self.args(self.experiment(3), server))
        wait_until(lambda: len(server.requests) == 3)
        with closing(sqlite3.connect(self.lumi.home / "lumi.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            process.send_signal(signal.SIGTERM)
            time.sleep(3)  # longer than it waits for answers
            other.execute("ROLLBACK")
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 143)
        self.assertEqual(self.only_workflow()["lumi"]["reason"], "stopped")
        self.assertEqual(self.jobs()[0]["status"], "stopped")

    def test_in_the_background_to_the_end(self):
        server = self.server()
        workflow = self.lumi.run(*self.args(self.experiment(5), server), "--detach", "--json").json()
        done = self.lumi.json("workflow", "wait", workflow["id"])["items"][0]
        self.assertEqual((done["status"], done["lumi"]["exit_code"]), ("succeeded", 0))
        self.assertEqual(len(self.compiled(done)["artifacts"]["predictions"]), 5)

    def test_an_interrupt_stops_it_resumably(self):
        server = self.server(default={"fault": "ok", "latency": 0.2})
        process = self.lumi.start(*self.args(self.experiment(40), server), "-j", "4", "--json")
        wait_until(lambda: len(server.requests) > 8)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        workflow = json.loads(out)
        self.assertEqual(workflow["lumi"]["reason"], "stopped")
        server.plan["default"] = "ok"
        done = self.lumi.json("workflow", "resume", workflow["id"], "-j", "16")
        self.assertEqual((done["status"], done["lumi"]["attempt"]), ("succeeded", 2))
        self.assertEqual(len(self.compiled(done)["artifacts"]["predictions"]), 40)


class Logs(WorkflowTest):
    def start(self, *args) -> subprocess.Popen:
        """A process that does not outlive the test."""
        process = self.lumi.start(*args)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def begin(self, server: FaultServer, *flags) -> str:
        """The id of a workflow in the background."""
        return self.lumi.json(*self.args(self.experiment(20), server, *flags), "--detach")["id"]

    def test_they_are_followed_from_job_to_job(self):
        id = self.begin(self.server(default={"fault": "ok", "latency": 0.1}), "-j", "2")
        followers = self.start("workflow", "logs", id, "-f"), self.start("workflow", "logs", id[:8], "--follow", "--json")
        plain, lines = (follower.communicate(timeout=60)[0].decode() for follower in followers)
        self.assertEqual([follower.returncode for follower in followers], [0, 0])
        self.assertEqual(plain, self.lumi.run("workflow", "logs", id).text)
        self.assertEqual([json.loads(line)["logs"] for line in lines.splitlines()], plain.splitlines())
        self.assertEqual(plain.count("\n\n================\n"), 1)
        self.assertTrue(plain.endswith("succeeded\n"))

    def test_lines_come_as_they_are_written_and_an_interrupt_ends_the_watching_only(self):
        server = self.server(default={"fault": "ok", "latency": 60})
        id = self.begin(server)
        wait_until(lambda: server.requests)
        follower = self.start("workflow", "logs", id, "-f")
        self.assertIn(b"started", follower.stdout.readline())
        log = self.lumi.home / "jobs" / self.jobs()[0]["id"] / "job.log"
        with log.open("a") as file:
            file.write("a line\n")
        while follower.stdout.readline() != b"a line\n":
            pass
        follower.send_signal(signal.SIGINT)
        self.assertEqual(follower.wait(5), 130)
        self.assertEqual(self.only_workflow()["status"], "running")
        closed = self.start("workflow", "logs", id, "-f")
        closed.stdout.readline()
        closed.stdout.close()
        closed.stdout = None
        self.lumi.run("workflow", "stop", id)
        self.assertEqual(closed.wait(10), 0)

    def test_a_workflow_that_dies_ends_the_following(self):
        server = self.server(default={"fault": "ok", "latency": 60})
        process = self.start(*self.args(self.experiment(3), server))
        wait_until(lambda: server.requests)
        follower = self.start("workflow", "logs", self.only_workflow()["id"], "-f")
        follower.stdout.readline()
        process.kill()
        self.assertEqual(follower.wait(10), 0)


class Kills(WorkflowTest):
    def test_kill_9_loses_nothing(self):
        """At random times: what a resumption compiles is what an unbroken run compiles, and no answer is asked for twice."""
        server = self.server(default={"fault": "ok", "latency": 0.002})
        experiment = self.experiment(30)
        expected = self.compiled(self.lumi.json(*self.args(experiment, server)))
        chance = random.Random(7)
        for _ in range(100 if LONG else 12):
            for request in list(server.requests):
                server.requests.remove(request)
            process = self.lumi.start(*self.args(experiment, server), "-j", "2", "--json")
            first = json.loads(process.stderr.readline())
            time.sleep(chance.uniform(0, 0.15))
            process.kill()
            process.communicate()
            workflow = self.lumi.run("workflow", "resume", first["log"]["workflow_id"], "--json").json()
            self.assertEqual(workflow["status"], "succeeded")
            compiled = self.compiled(workflow)
            for part in ("metrics", "artifacts"):
                for name in ("inference_time", "evaluation_time"):
                    compiled[part].pop(name, None)
                    expected[part].pop(name, None)
                self.assertEqual(compiled[part], expected[part])
            # What was on its way when the process died may have been asked twice.
            twice = [prompt for prompt, count in server.counts.items() if count > 1]
            self.assertLessEqual(len(twice), 2, server.counts)
            self.lumi.run("workflow", "delete", workflow["id"], "--yes")
        self.lumi.run("gc", "--older-than", "0", "--yes")
        self.lumi.run("doctor", "--strict", "--read-data")
        self.assertEqual(len(self.jobs()), 2)


if __name__ == "__main__":
    main()

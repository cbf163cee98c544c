"""What a Lumigator leaves behind, made anew: the database of its backend, that of its MLflow, and a folder of its objects.
Tables and keys are those of its last version; the rows are what a user may have, and traps."""

import base64
import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

KEY = base64.b64encode(bytes(range(32))).decode()

BACKEND = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
CREATE TABLE datasets (filename VARCHAR NOT NULL, format VARCHAR(10) NOT NULL, size INTEGER NOT NULL, ground_truth BOOLEAN NOT NULL,
  id CHAR(32) NOT NULL PRIMARY KEY, created_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL, run_id CHAR(32), generated BOOLEAN,
  generated_by VARCHAR);
CREATE TABLE experiments (id CHAR(32) NOT NULL PRIMARY KEY, name VARCHAR NOT NULL, description VARCHAR NOT NULL,
  status VARCHAR(9) NOT NULL, created_at DATETIME NOT NULL, updated_at DATETIME);
CREATE TABLE jobs (id CHAR(32) NOT NULL PRIMARY KEY, name VARCHAR NOT NULL, description VARCHAR NOT NULL, status VARCHAR(9) NOT NULL,
  created_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL, updated_at DATETIME, experiment_id CHAR(32) REFERENCES experiments (id),
  job_type VARCHAR, logs TEXT);
CREATE TABLE "job-results" (job_id CHAR(32) NOT NULL UNIQUE REFERENCES jobs (id), metrics JSON NOT NULL, id CHAR(32) NOT NULL PRIMARY KEY);
CREATE TABLE secrets (id CHAR(32) NOT NULL PRIMARY KEY, name VARCHAR NOT NULL UNIQUE, value VARCHAR NOT NULL,
  description VARCHAR NOT NULL, created_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL);
"""
MLFLOW = """
CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name VARCHAR(256) UNIQUE NOT NULL, artifact_location VARCHAR(256),
  lifecycle_stage VARCHAR(32), creation_time BIGINT, last_update_time BIGINT);
CREATE TABLE experiment_tags (key VARCHAR(250) NOT NULL, value VARCHAR(5000), experiment_id INTEGER NOT NULL, PRIMARY KEY (key, experiment_id));
CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(250), source_type VARCHAR(20), status VARCHAR(9),
  start_time BIGINT, end_time BIGINT, deleted_time BIGINT, lifecycle_stage VARCHAR(20), artifact_uri VARCHAR(200), experiment_id INTEGER);
CREATE TABLE tags (key VARCHAR(250) NOT NULL, value VARCHAR(8000), run_uuid VARCHAR(32) NOT NULL, PRIMARY KEY (key, run_uuid));
CREATE TABLE params (key VARCHAR(250) NOT NULL, value VARCHAR(8000) NOT NULL, run_uuid VARCHAR(32) NOT NULL, PRIMARY KEY (key, run_uuid));
CREATE TABLE latest_metrics (key VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT, step BIGINT NOT NULL,
  is_nan BOOLEAN NOT NULL, run_uuid VARCHAR(32) NOT NULL, PRIMARY KEY (key, run_uuid));
"""
TEXTS = ["text one", 'a "quoted", text', "two\nlines"]
CSV = 'examples,ground_truth\ntext one,truth one\n"a ""quoted"", text",truth two\n"two\nlines",truth three\n'
PREDICTED = "examples,ground_truth,predictions\ntext one,truth one,truth one\nb,truth two,other\nc,truth three,truth three\n"


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def encrypt(value: str, key: str = KEY) -> str:
    """As Lumigator does: initialisation vector and AES-256-CBC, in Base64."""
    vector = bytes(range(16))
    command = ["openssl", "enc", "-aes-256-cbc", "-K", base64.b64decode(key).hex(), "-iv", vector.hex()]
    return base64.b64encode(vector + subprocess.run(command, input=value.encode(), capture_output=True, check=True).stdout).decode()


def inference_results(job: str, name: str, dataset: str, filename: str) -> dict:
    usage = {"prompt_tokens": 2, "total_tokens": 6, "completion_tokens": 4, "reasoning_tokens": 0, "answer_tokens": 4}
    return {
        "metrics": {f"avg_{key}": float(value) for key, value in usage.items()},
        "artifacts": {
            "predictions": ["truth one", "other", "truth three"], "reasoning": [None] * 3, "examples": TEXTS,
            "ground_truth": ["truth one", "truth two", "truth three"], "model": "org/tiny", "inference_time": 1.5,
            "inference_metrics": [usage] * 3,
        },
        "parameters": {
            "name": f"{name}/{job}", "dataset": {"path": f"s3://lumigator-storage/datasets/{dataset}/{filename}"},
            "job": {"max_samples": -1, "batch_size": 1, "storage_path": "s3://…", "output_field": "predictions", "enable_tqdm": True},
            "system_prompt": "it's short", "inference_server": {
                "base_url": "http://localhost:8080/v1", "model": "org/tiny", "provider": "hosted_vllm", "max_retries": 3},
            "generation_config": {"max_new_tokens": 64, "frequency_penalty": 0.0, "temperature": 0.25, "top_p": 0.5},
            "hf_pipeline": None, "task_definition": {"task": "summarization"},
        },
    }  # fmt: skip


def evaluation_results(job: str, name: str, dataset: str, filename: str) -> dict:
    lists = {part: [1.0, 0.0, 1.0] for part in ("rouge1", "rouge2", "rougeL", "rougeLsum")}
    rouge = lists | {f"{part}_mean": 2 / 3 for part in lists}
    others = ("bertscore", "meteor", "bleu", "comet", "g_eval_summarization", "g_eval_translation", "g_eval_translation_noref", "token_length")
    return {
        "metrics": {"rouge": rouge} | dict.fromkeys(others),
        "parameters": {
            "name": f"{name}/{job}", "dataset": {"path": f"s3://lumigator-storage/datasets/{dataset}/{filename}"},
            "evaluation": {"metrics": ["rouge"], "llm_as_judge": None, "max_samples": -1, "return_input_data": True,
                           "return_predictions": True, "storage_path": "s3://…"},
            "predictions_field": "predictions",
        },
        "artifacts": {"predictions": ["truth one", "other", "truth three"],
                      "ground_truth": ["truth one", "truth two", "truth three"], "evaluation_time": 0.1},
    }  # fmt: skip


class LumigatorFiles:
    """Makes the files in `folder`."""

    DATASET, ODD, PREDICTIONS, WITHOUT_FILE = (uuid(number) for number in (1, 2, 3, 4))
    INFERENCE, EVALUATION, FAILED, WITHOUT_DATASET, NEVER_BEGAN, WITHOUT_RESULTS = (uuid(number) for number in range(0x10, 0x16))
    WORKFLOW = "0123456789abcdef0123456789abcdef"

    def __init__(self, folder: Path):
        self.database = folder / "local.db"
        self.mlflow = folder / "mlflow.db"
        self.objects = folder / "bucket"
        self.objects.mkdir(parents=True)
        self._make_database()
        self._make_objects()
        self._make_mlflow()

    def _make_database(self):
        plain = lambda id: id and id.replace("-", "")  # noqa: E731
        datasets = [
            ("a.csv", "JOB", 99, 1, self.DATASET, "2025-06-01 08:56:00", None, 0, None),
            ("sub/é \"odd\" 日本.csv", "JOB", 50, 0, self.ODD, "2025-06-01 08:56:01.250000", None, None, None),
            ("a-org-tiny-predictions.csv", "JOB", 70, 1, self.PREDICTIONS, "2025-06-01 09:00:00", self.INFERENCE, 0, "org/tiny"),
            ("gone.csv", "JOB", 1, 0, self.WITHOUT_FILE, "2025-06-01 09:00:01", None, 0, None),
        ]
        jobs = [
            (self.INFERENCE, "wf/ é-inference", "", "SUCCEEDED", "2025-06-01 08:58:00", "2025-06-01 08:59:00", "inference", "line one\nline two\n"),
            (self.EVALUATION, "wf/ é-evaluation", "d", "RUNNING", "2025-06-01 09:01:00", None, "evaluator", ""),
            (self.FAILED, "failed 'job'", "", "FAILED", "2025-06-01 09:02:00", "2025-06-01 09:03:00", "annotate", "Traceback"),
            (self.WITHOUT_DATASET, "orphan", "", "SUCCEEDED", "2025-06-01 09:04:00", None, "inference", ""),
            (self.NEVER_BEGAN, "refused", "", "CREATED", "2025-06-01 09:05:00", None, "inference", ""),
            (self.WITHOUT_RESULTS, "lost", "", "SUCCEEDED", "2025-06-01 09:06:00", None, "evaluator", ""),
        ]
        secrets = [
            ("openai_api_key", encrypt("sk-canary-öne"), "mine", "2025-05-01 10:00:00"),
            ("other", encrypt("x" * 16), "", "2025-05-02 10:00:00"),
        ]
        with closing(sqlite3.connect(self.database)) as db, db:
            db.executescript(BACKEND)
            for row in datasets:
                db.execute(
                    "INSERT INTO datasets VALUES (?,?,?,?,?,?,?,?,?)", [*row[:4], plain(row[4]), row[5], plain(row[6]), *row[7:]]
                )
            for row in jobs:
                db.execute("INSERT INTO jobs VALUES (?,?,?,?,?,?,NULL,?,?)", [plain(row[0]), *row[1:]])
            for number, row in enumerate(secrets):
                db.execute("INSERT INTO secrets VALUES (?,?,?,?,?)", [plain(uuid(0x20 + number)), *row])

    def put(self, key: str, content: str):
        path = self.objects / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, newline="")

    def _make_objects(self):
        self.put(f"datasets/{self.DATASET}/a.csv/dataset.csv", CSV)
        self.put(f"datasets/{self.DATASET}/a.csv/data-00000-of-00001.arrow", "ARROW1")
        self.put(f'datasets/{self.ODD}/sub/é "odd" 日本.csv/dataset.csv', "examples\nNA\n  b  \n")
        self.put(f"datasets/{self.PREDICTIONS}/a-org-tiny-predictions.csv/dataset.csv", PREDICTED)
        inference = inference_results(self.INFERENCE, "wf/ é-inference", self.DATASET, "a.csv")
        evaluation = evaluation_results(self.EVALUATION, "wf/ é-evaluation", self.PREDICTIONS, "a-org-tiny-predictions.csv")
        orphan = inference_results(self.WITHOUT_DATASET, "orphan", uuid(0x99), "never.csv")
        self.put(f"jobs/results/wf--é-inference/{self.INFERENCE}/results.json", json.dumps(inference))
        self.put(f"jobs/results/wf--é-evaluation/{self.EVALUATION}/results.json", json.dumps(evaluation))
        self.put(f"jobs/results/orphan/{self.WITHOUT_DATASET}/results.json", json.dumps(orphan))
        compiled = {part: evaluation[part] | inference[part] for part in ("metrics", "parameters", "artifacts")}
        self.put(f"workflows/results/{self.WORKFLOW}/compiled.json", json.dumps(compiled))

    def _make_mlflow(self):
        tags = {"description": "of it", "task_definition": '{"task":"summarization"}', "dataset": self.DATASET, "max_samples": "-1",
                "lumigator_version": "0.1.5"}  # fmt: skip
        experiments = [
            (0, "Default", "active", 1748768000000, {}),
            (7, "exp", "active", 1748768200842, tags),
            (8, "without a dataset", "active", 1748768300000, tags | {"dataset": uuid(0x99)}),
            (9, "deleted", "deleted", 1748768400000, tags),
        ]
        parent = {"mlflow.parentRunId": self.WORKFLOW}
        runs = [
            (self.WORKFLOW, "FINISHED", 7, {"mlflow.runName": "wf/ é", "status": "succeeded", "description": "w", "model": "org/tiny",
                                            "system_prompt": "it's short"}, {}),
            ("1" * 32, "FINISHED", 7, parent | {"mlflow.runName": "inference"}, {"ray_job_id": self.INFERENCE}),
            ("2" * 32, "FINISHED", 7, parent | {"mlflow.runName": "evaluation"}, {"ray_job_id": self.EVALUATION}),
            ("3" * 32, "RUNNING", 7, {"mlflow.runName": "cut short", "status": "running", "model": "m", "system_prompt": ""}, {}),
            ("4" * 32, "FINISHED", 8, {"mlflow.runName": "lost", "status": "succeeded", "model": "m"}, {}),
        ]  # fmt: skip
        with closing(sqlite3.connect(self.mlflow)) as db, db:
            db.executescript(MLFLOW)
            for id, name, stage, created, of_it in experiments:
                db.execute("INSERT INTO experiments VALUES (?,?,'s3://…',?,?,?)", [id, name, stage, created, created + 1000])
                db.executemany("INSERT INTO experiment_tags VALUES (?,?,?)", [(*tag, id) for tag in of_it.items()])
            for number, (id, status, experiment, of_it, params) in enumerate(runs):
                db.execute(
                    "INSERT INTO runs VALUES (?,'','LOCAL',?,?,?,NULL,'active','s3://…',?)",
                    [id, status, 1748768210000 + number, 1748768290000, experiment],
                )
                db.executemany("INSERT INTO tags VALUES (?,?,?)", [(*tag, id) for tag in of_it.items()])
                db.executemany("INSERT INTO params VALUES (?,?,?)", [(*param, id) for param in params.items()])

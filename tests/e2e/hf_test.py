"""Provider hf with the real worker, transformers and PyTorch, on tiny models that the test makes. Run by `scripts/test --with-torch`,
which names a Python that has them in LUMI_HF_PYTHON."""

import json
import os
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

import support

ROOT = Path(__file__).resolve().parents[2]
PYTHON = os.environ.get("LUMI_HF_PYTHON")
TEXTS = ["the cat sat on the mat .", "a red dog ran under the old tree and it was new .", "it was blue", "the dog and the cat ran"]


@unittest.skipUnless(PYTHON, "scripts/test --with-torch runs this")
class HuggingFace(support.LumiTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="lumi-models-")
        cls.addClassCleanup(folder.cleanup)
        cls.models = Path(folder.name)
        made = subprocess.run(
            [PYTHON, ROOT / "tests/support/tiny_hf_models.py", folder.name, *TEXTS], check=True, capture_output=True, text=True
        )
        cls.expected = json.loads(made.stdout.splitlines()[-1])

    def setUp(self):
        super().setUp()
        self.lumi.env["LUMI_WORKERS_HF_COMMAND"] = shlex.join([PYTHON, "-B", str(ROOT / "workers/hf/worker.py")])
        self.lumi.env["HF_HUB_OFFLINE"] = "1"

    def infer(self, model: str, task: str, *more, **how):
        file = self.write_csv("texts.csv", [["examples"], *([text] for text in TEXTS)])
        where = ["--dataset", file, "--provider", "hf", "--model", self.models / model, "--task", task]
        return self.lumi.run("job", "create", "inference", *where, *more, "--json", **how)

    def artifacts(self, job: dict) -> dict:
        return self.lumi.run("job", "download", job["id"], "-o", "-").json()["artifacts"]

    def test_summaries_are_those_of_the_pipeline(self):
        for batch in ("1", "4"):
            job = self.infer("seq2seq", "summarization", "-j", batch, "--cache", "never").json()
            self.assertEqual(self.artifacts(job)["predictions"], self.expected["summarization"])

    def test_texts_are_those_of_the_pipeline(self):
        for batch in ("1", "4"):
            job = self.infer(
                "causal", "text-generation", "-j", batch, "--temperature", "0", "--max-new-tokens", "8", "--cache", "never"
            ).json()
            artifacts = self.artifacts(job)
            self.assertEqual(artifacts["predictions"], self.expected["text-generation"])
            self.assertEqual(max(one["completion_tokens"] for one in artifacts["inference_metrics"]), 8)

    def test_the_parameters_of_the_models_are_taken(self):
        shown = {"min_length": 3, "max_length": 6, "length_penalty": 2.0, "early_stopping": "true", "no_repeat_ngram_size": 3}
        params = [part for name, value in {**shown, "num_beams": 4}.items() for part in ("--param", f"{name}={value}")]
        job = self.infer("seq2seq", "summarization", *params).json()
        counts = [one["completion_tokens"] for one in self.artifacts(job)["inference_metrics"]]
        self.assertLessEqual(max(counts), 6)

    def test_a_translation_and_a_penalty_that_is_left_out(self):
        languages = ("--source-language", "English", "--target-language", "German")
        job = self.infer("seq2seq", "translation", *languages, "--frequency-penalty", "0.5").json()
        results = self.lumi.run("job", "download", job["id"], "-o", "-").json()
        self.assertEqual(results["lumi"]["dropped_parameters"], ["frequency_penalty"])
        self.assertEqual(len(results["artifacts"]["predictions"]), len(TEXTS))

    def test_a_model_that_is_not_there(self):
        error = self.infer("no-such-model", "summarization", code=5).error()
        self.assert_says(error, "no-such-model", "cannot be loaded")


if __name__ == "__main__":
    support.main()

"""The numbers of `lumi evaluate` against those of the Python originals, to 1e-9, from file to results.json."""

import json
import math

import support
from support import DATA, LumiTest

TOLERANCE = 1e-9
HEADER = ["predictions", "ground_truth"]
ROUGE = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
F_MEASURE = 2  # of precision, recall, F


def lines_of(name: str) -> list:
    return [json.loads(line) for line in (DATA / "vectors" / name).read_text().splitlines()]


def field(case: dict, *path):
    """The expected value; an original that divides by zero counts as 0 here."""
    for name in path:
        case = case[name]
        if "error" in (case if isinstance(case, dict) else {}):
            return 0.0
    return case


class ScoresTest(LumiTest):
    def setUp(self):
        super().setUp()
        self.lumi.env["LUMI_METRICS_NLTK_DATA_DIR"] = str(DATA / "nltk_data")

    def evaluate(self, pairs, metric: str, *args) -> dict:
        """results.json of an evaluation of (prediction, reference) pairs."""
        file = self.write_csv("p.csv", [HEADER, *pairs])
        target = self.folder / "results.json"
        self.lumi.run("evaluate", file, "--metric", metric, "--results", target, "--no-save", *args)
        return json.loads(target.read_text())

    def assert_close(self, got, expected, what):
        self.assertEqual(len(got), len(expected), what)
        for i, (value, wanted) in enumerate(zip(got, expected)):
            self.assertLessEqual(abs(value - wanted), TOLERANCE, f"{what}, sample {i}")


class Development(ScoresTest):
    """The cases of tests/data/vectors whose reference is not blank; lumi takes a blank one for a missing one."""

    def setUp(self):
        super().setUp()
        self.cases = [case for case in lines_of("dev.jsonl") if case["reference"].strip()]
        self.assertGreater(len(self.cases), 140)
        self.pairs = [[case["prediction"], case["reference"]] for case in self.cases]

    def check(self, metric: str, expected: dict):
        """`expected`: for each list of the metric, how to find its value in a case."""
        metrics = self.evaluate(self.pairs, metric)["metrics"][metric.split("(")[0]]
        for name, path in expected.items():
            wanted = [field(case, *path) for case in self.cases]
            self.assert_close(metrics[name], wanted, f"{metric} {name}")
            self.assertLessEqual(abs(metrics[f"{name}_mean"] - math.fsum(wanted) / len(wanted)), TOLERANCE)

    def test_rouge(self):
        self.check("rouge", {kind: [kind, F_MEASURE] for kind in ROUGE})

    def test_rouge_with_stems(self):
        self.check("rouge(stemmer=true)", {kind: [f"stem_{kind}", F_MEASURE] for kind in ROUGE})

    def test_bleu(self):
        self.check("bleu", {"bleu": ["bleu_hf", "bleu"]})

    def test_bleu_smoothed(self):
        self.check("bleu(smooth=true)", {"bleu": ["bleu_hf_smooth", "bleu"]})

    def test_meteor(self):
        self.check("meteor", {"meteor": ["meteor"]})

    def test_meteor_with_other_parameters(self):
        self.check("meteor(alpha=0.85,beta=0.2,gamma=0.6)", {"meteor": ["meteor_a85_b02_g06"]})

    def test_token_length(self):
        self.check(
            "token_length", {"pred_token_length": ["token_length", "pred"], "ref_token_length": ["token_length", "ref"]}
        )


class Corpora(ScoresTest):
    def test_means_and_corpus_scores(self):
        cases = {case["id"]: case for case in lines_of("dev.jsonl")}
        for name, corpus in json.loads((DATA / "vectors/corpus.json").read_text())["corpora"].items():
            chosen = [cases[id] for id in corpus["ids"]]
            if any(not case["reference"].strip() for case in chosen):
                continue
            with self.subTest(name):
                pairs = [[case["prediction"], case["reference"]] for case in chosen]
                results = self.evaluate(pairs, "rouge,meteor,bleu,token_length")
                found = {
                    key: value for metric in results["metrics"].values() if metric for key, value in metric.items()
                }
                for mean, wanted in corpus["sample_means"].items():
                    self.assertLessEqual(abs(found[mean] - wanted), TOLERANCE, mean)
                self.assertLessEqual(
                    abs(results["lumi"]["corpus"]["bleu"]["bleu"] - corpus["bleu_hf"]["bleu"]), TOLERANCE
                )


class Bench(ScoresTest):
    def test_two_thousand_pairs(self):
        first, *rows = lines_of("bench.jsonl")
        pairs = [row[:2] for row in rows]
        columns = list(zip(*(row[2:] for row in rows)))
        plain = self.evaluate(pairs, "rouge,meteor,bleu")["metrics"]
        stemmed = self.evaluate(pairs, "rouge(stemmer=true)")["metrics"]["rouge"]
        for i, kind in enumerate(ROUGE):
            self.assert_close(plain["rouge"][kind], columns[i], kind)
            self.assert_close(stemmed[kind], columns[i + 4], f"stemmed {kind}")
            self.assertLessEqual(abs(plain["rouge"][f"{kind}_mean"] - first["means"][kind]), TOLERANCE)
            self.assertLessEqual(abs(stemmed[f"{kind}_mean"] - first["means"][f"stem_{kind}"]), TOLERANCE)
        for i, name, expected in ((8, "bleu", "bleu_hf"), (9, "meteor", "meteor")):
            self.assert_close(plain[name][name], columns[i], name)
            self.assertLessEqual(abs(plain[name][f"{name}_mean"] - first["means"][expected]), TOLERANCE)


class Signatures(ScoresTest):
    def test_a_signature_says_how_the_number_was_made(self):
        with_model = self.evaluate([["a", "b"]], "meteor")["lumi"]["signatures"]["meteor"]
        del self.lumi.env["LUMI_METRICS_NLTK_DATA_DIR"]
        without = self.evaluate([["a", "b"]], "meteor")["lumi"]["signatures"]["meteor"]
        self.assertNotEqual(with_model, without)
        for signature in (with_model, without):
            self.assertIn("punkt", signature)
            self.assertIn("wordnet", signature)
        plain = self.evaluate([["a", "b"]], "rouge")["lumi"]["signatures"]["rouge"]
        stemmed = self.evaluate([["a", "b"]], "rouge(stemmer=true)")["lumi"]["signatures"]["rouge"]
        self.assertNotEqual(plain, stemmed)


if __name__ == "__main__":
    support.main()

"""`lumi evaluate`: what it reads, what it writes, what makes it fail. The numbers themselves: scores_test.py."""

import json

import support
from shapes import METRIC_KEYS
from store_check import check_store
from support import LumiTest, object_files, read_csv

HEADER = ["examples", "ground_truth", "predictions"]
ROWS = [
    ["one", "the cat sat on the mat", "the cat sat on a mat"],
    ["two", "a quick brown fox", "a quick brown fox"],
    ["three", "nothing in common", "entirely different words"],
    ["four", "partly the same text", "partly other text"],
]
ANSWER_KEYS = ["job_id", "dataset_id", "n", "coverage", "samples", "metrics", "signatures", "requirements"]


class EvaluateTest(LumiTest):
    def setUp(self):
        super().setUp()
        self.file = self.write_csv("p.csv", [HEADER, *ROWS])

    def scores(self, *args, metric="rouge", file=None, **how) -> dict:
        """results.json of an evaluation that stores nothing."""
        target = self.folder / "out.json"
        self.lumi.run("evaluate", file or self.file, "--metric", metric, "--results", target, "--no-save", *args, **how)
        return json.loads(target.read_text())


class Answers(EvaluateTest):
    def test_json(self):
        answer = self.lumi.json("evaluate", self.file, "--metric", "rouge,bleu")
        self.assertEqual(list(answer), ANSWER_KEYS)
        self.assertEqual((answer["n"], answer["coverage"], answer["requirements"]), (4, 1, []))
        self.assertEqual(answer["samples"], {"ok": 4, "empty": 0, "truncated": 0, "refused": 0, "error": 0})
        self.assertEqual(list(answer["metrics"]), ["rouge", "bleu"])
        self.assertEqual(list(answer["metrics"]["rouge"]), [f"rouge{kind}_mean" for kind in ("1", "2", "L", "Lsum")])
        self.assertEqual(list(answer["signatures"]), ["rouge", "bleu"])
        self.assertEqual(self.lumi.json("job", "get", answer["job_id"])["status"], "succeeded")
        self.assertEqual(self.lumi.json("dataset", "get", answer["dataset_id"])["filename"], "p.csv")

    def test_a_pipe_gets_a_line_per_score(self):
        rows = self.lumi.run("evaluate", self.file, "--metric", "rouge").rows()
        self.assertEqual([row[0] for row in rows], ["rouge1", "rouge2", "rougeL", "rougeLsum"])
        self.assertEqual([row[2] for row in rows], ["4"] * 4)
        self.assertAlmostEqual(float(rows[0][1]), self.scores()["metrics"]["rouge"]["rouge1_mean"], delta=1e-12)

    def test_no_save_opens_no_database(self):
        answer = self.lumi.json("evaluate", self.file, "--metric", "rouge", "--no-save")
        self.assertEqual((answer["job_id"], answer["dataset_id"]), (None, None))
        self.assertFalse(self.lumi.home.exists())
        self.lumi.home.mkdir()
        (self.lumi.home / "lumi.db").write_text("damaged")
        self.lumi.run("evaluate", self.file, "--metric", "rouge", "--no-save")
        self.assertEqual(support.snapshot(self.lumi.home), {"lumi.db": b"damaged"})

    def test_results_json(self):
        results = self.scores(metric="rouge,bleu,token_length")
        self.assertEqual(list(results), ["metrics", "parameters", "artifacts", "lumi"])
        metrics = results["metrics"]
        self.assertEqual(list(metrics), METRIC_KEYS)
        self.assertEqual([key for key in METRIC_KEYS if metrics[key] is not None], ["rouge", "bleu", "token_length"])
        kinds = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
        self.assertEqual(list(metrics["rouge"]), kinds + [f"{kind}_mean" for kind in kinds])
        self.assertEqual(list(metrics["bleu"]), ["bleu", "bleu_mean"])
        lengths = ["ref_token_length", "pred_token_length"]
        self.assertEqual(list(metrics["token_length"]), lengths + [f"{name}_mean" for name in lengths])
        self.assertTrue(all(type(value) is int for value in metrics["token_length"]["ref_token_length"]))
        self.assertEqual({len(metrics["rouge"][kind]) for kind in kinds}, {4})
        artifacts = results["artifacts"]
        self.assertEqual(list(artifacts), ["predictions", "ground_truth", "evaluation_time"])
        self.assertEqual(artifacts["predictions"], [row[2] for row in ROWS])
        self.assertEqual(artifacts["ground_truth"], [row[1] for row in ROWS])
        self.assertEqual((results["lumi"]["schema"], results["lumi"]["coverage"]), (1, 1))
        for name in ("version", "samples", "signatures", "skipped_metrics", "dropped_parameters", "durations"):
            self.assertIn(name, results["lumi"])

    def test_parameters_are_the_configuration(self):
        results = self.scores("--max-samples", "3")
        self.assertEqual(list(results["parameters"])[:2], ["name", "dataset"])
        evaluation = results["parameters"]["evaluation"]
        for name in (
            "metrics",
            "llm_as_judge",
            "max_samples",
            "return_input_data",
            "return_predictions",
            "storage_path",
        ):
            self.assertIn(name, evaluation)
        self.assertEqual((evaluation["metrics"], evaluation["max_samples"]), (["rouge"], 3))

    def test_what_is_stored_is_what_results_writes(self):
        target = self.folder / "r.json"
        answer = self.lumi.json("evaluate", self.file, "--metric", "rouge", "--results", target)
        stored = json.loads(self.lumi.run("job", "download", answer["job_id"], "-o", "-").text)
        given = json.loads(target.read_text())
        self.assertEqual(stored, given)
        self.assertEqual(given["parameters"]["name"], f"evaluate p.csv/{answer['job_id']}")
        check_store(self, self.lumi)
        self.assertIn(f"jobs/results/evaluate-p.csv/{answer['job_id']}/results.json", object_files(self.lumi))

    def test_per_sample_files(self):
        for name in ("s.jsonl", "s.csv"):
            self.lumi.run("evaluate", self.file, "--metric", "rouge", "--per-sample", self.folder / name, "--no-save")
        lines = [json.loads(line) for line in (self.folder / "s.jsonl").read_text().splitlines()]
        header, *cells = read_csv((self.folder / "s.csv").read_text())
        self.assertEqual(list(lines[0]), header)
        self.assertEqual(
            header, ["row", "status", "prediction", "ground_truth", "rouge1", "rouge2", "rougeL", "rougeLsum"]
        )
        expected = self.scores()["metrics"]["rouge"]
        for i, (line, row) in enumerate(zip(lines, cells)):
            self.assertEqual([line["row"], line["status"], line["prediction"]], [i + 1, "ok", ROWS[i][2]])
            self.assertEqual(line["rougeL"], expected["rougeL"][i])
            self.assertEqual(float(row[6]), expected["rougeL"][i])
        self.assertEqual(len(lines), len(cells))
        self.lumi.fail("evaluate", self.file, "--metric", "rouge", "--per-sample", self.folder / "s.txt", code=2)

    def test_what_is_scored_is_not_written_over(self):
        before = self.file.read_bytes()
        (self.folder / "link.csv").symlink_to(self.file)
        for output in (self.file, self.folder / "../work/p.csv", self.folder / "link.csv"):
            for flag in ("--results", "--per-sample"):
                self.lumi.fail("evaluate", "p.csv", "--metric", "rouge", flag, output, code=2)
        self.lumi.fail("evaluate", "p.csv", "--metric", "rouge", "--results", "o.csv", "--per-sample", "o.csv", code=2)
        self.assertEqual(self.file.read_bytes(), before)

    def test_at_most_one_output_goes_to_stdout(self):
        results = json.loads(
            self.lumi.run("evaluate", self.file, "--metric", "rouge", "--results", "-", "--no-save").text
        )
        self.assertEqual(list(results["metrics"]), METRIC_KEYS)
        self.lumi.fail("evaluate", self.file, "--metric", "rouge", "--results", "-", code=2)


class Inputs(EvaluateTest):
    def test_a_file_is_registered_once_per_content_and_name(self):
        ids = {self.lumi.json("evaluate", self.file, "--metric", "rouge")["dataset_id"] for _ in range(3)}
        self.assertEqual(len(ids), 1)
        self.assertEqual(self.lumi.json("evaluate", ids.pop(), "--metric", "rouge")["n"], 4)
        copy = self.write_csv("copy.csv", [HEADER, *ROWS])
        self.lumi.run("evaluate", copy, "--metric", "rouge")
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 2)
        self.assertEqual(self.lumi.json("job", "list")["total"], 5)

    def test_what_is_a_file_and_what_an_id(self):
        self.lumi.run("evaluate", "p.csv", "--metric", "rouge", "--no-save")
        self.lumi.run("evaluate", "./p.csv", "--metric", "rouge", "--no-save")
        self.write("noext", self.file.read_bytes())
        self.lumi.fail("evaluate", "noext", "--metric", "rouge", code=5)
        self.lumi.run("evaluate", "./noext", "--metric", "rouge", "--no-save")
        self.lumi.fail("evaluate", "absent.csv", "--metric", "rouge", code=5)
        self.lumi.fail("evaluate", self.folder, "--metric", "rouge", code=11)
        answer = self.lumi.json("evaluate", "-", "--metric", "rouge", data=self.file.read_text())
        self.assertEqual(self.lumi.json("dataset", "get", answer["dataset_id"])["filename"], "stdin.csv")

    def test_every_format_scores_the_same(self):
        expected = self.scores()["metrics"]
        rows = [dict(zip(HEADER, row)) for row in ROWS]
        for name, text in (
            ("p.jsonl", "".join(json.dumps(row) + "\n" for row in rows)),
            ("p.json", json.dumps(rows)),
            ("p.tsv", "".join("\t".join(row) + "\n" for row in [HEADER, *ROWS])),
        ):
            self.assertEqual(self.scores(file=self.write(name, text))["metrics"], expected, name)

    def test_columns_of_other_names(self):
        expected = self.scores()["metrics"]
        file = self.write_csv("other.csv", [["source", "truth", "answer"], *ROWS])
        fields = ("--predictions-field", "answer", "--reference-field", "truth", "--source-field", "source")
        for args in (fields, ("--map", "predictions=answer,ground_truth=truth")):
            self.assertEqual(self.scores(*args, file=file)["metrics"], expected)
        error = self.lumi.fail("evaluate", file, "--metric", "rouge", code=11)
        self.assert_says(error, "predictions", "other.csv")
        error = self.lumi.fail("evaluate", file, "--metric", "rouge", "--predictions-field", "anser", code=11)
        self.assert_says(error, "anser", "answer")

    def test_only_the_columns_it_reads_are_required(self):
        file = self.write_csv("two.csv", [["predictions", "ground_truth"], ["a", "a"]])
        self.lumi.run("evaluate", file, "--metric", "rouge")
        alone = self.write_csv("one.csv", [["predictions"], ["a"]])
        self.assert_says(self.lumi.fail("evaluate", alone, "--metric", "rouge", code=11), "ground_truth")

    def test_max_samples_takes_the_first_rows(self):
        for limit, count in (("2", 2), ("-1", 4), ("0", 4), ("99", 4)):
            results = self.scores("--max-samples", limit)
            self.assertEqual(results["artifacts"]["predictions"], [row[2] for row in ROWS[:count]])

    def test_a_missing_reference_is_refused_with_its_row(self):
        file = self.write_csv("m.csv", [HEADER, ROWS[0], ["x", " ", "y"], ROWS[1], ["z", "", "y"]])
        for saving in ((), ("--no-save",)):
            error = self.lumi.fail("evaluate", file, "--metric", "rouge", *saving, code=11)
            self.assert_says(error, "m.csv", "2, 4", "--missing-references skip")
        self.assertEqual(self.lumi.json("job", "list")["total"], 0)
        results = self.scores("--missing-references", "skip", file=file)
        rouge = results["metrics"]["rouge"]
        self.assertEqual([value is None for value in rouge["rouge1"]], [False, True, False, True])
        self.assertAlmostEqual(rouge["rouge1_mean"], (rouge["rouge1"][0] + rouge["rouge1"][2]) / 2, delta=1e-12)

    def test_words_for_nothing_are_texts(self):
        file = self.write_csv("na.csv", [HEADER, ["x", "NA", "NA"], ["y", "None", "null"]])
        self.assertEqual(self.scores(file=file)["metrics"]["rouge"]["rouge1"], [1, 0])


class Statuses(EvaluateTest):
    STATUSES = ["ok", "truncated", "refused", "error", "empty"]

    def setUp(self):
        super().setUp()
        rows = [
            ["t", "a b", "" if status in ("refused", "error", "empty") else "a b", status] for status in self.STATUSES
        ]
        self.file = self.write_csv("s.csv", [[*HEADER, "prediction_status"], *rows])

    def test_statuses_make_the_coverage(self):
        results = self.scores(code=3)
        self.assertEqual(results["metrics"]["rouge"]["rouge1"], [1, 1, None, None, 0])
        self.assertAlmostEqual(results["metrics"]["rouge"]["rouge1_mean"], 2 / 3, delta=1e-12)
        self.assertEqual(results["lumi"]["coverage"], 0.6)
        self.assertEqual(results["lumi"]["samples"], dict.fromkeys(["ok", "empty", "truncated", "refused", "error"], 1))

    def test_a_coverage_condition_that_holds_turns_partial_into_done(self):
        self.lumi.run("evaluate", self.file, "--metric", "rouge", "--require", "coverage >= 0.6")
        self.lumi.run("evaluate", self.file, "--metric", "rouge", "--require", "errors <= 1")
        self.lumi.run("evaluate", self.file, "--metric", "rouge", "--require", "rouge1 >= 0", code=3)
        self.lumi.run("evaluate", self.file, "--metric", "rouge", "--require", "coverage >= 0.7", code=9)

    def test_a_blank_prediction_is_scored_unless_told_otherwise(self):
        file = self.write_csv("b.csv", [HEADER, ["t", "a b", "a b"], ["t", "a b", ""]])
        result = self.lumi.run("evaluate", file, "--metric", "rouge,bleu", "--no-save", "--json")
        self.assertEqual(result.json()["metrics"]["rouge"]["rouge1_mean"], 0.5)
        self.assertTrue(any("warning" in message for message in result.messages()), "half of them are empty")
        missing = self.scores("--empty-predictions", "missing", file=file, code=None)
        self.assertEqual(missing["metrics"]["rouge"]["rouge1"], [1, None])

    def test_nothing_to_score_fails(self):
        file = self.write_csv("e.csv", [[*HEADER, "prediction_status"], ["t", "a", "", "error"]])
        self.lumi.fail("evaluate", file, "--metric", "rouge", code=1)
        self.assertEqual(self.lumi.json("job", "list")["items"][0]["status"], "failed")

    def test_an_unknown_status_is_refused(self):
        file = self.write_csv("u.csv", [[*HEADER, "prediction_status"], ["t", "a", "b", "okay"]])
        self.assert_says(self.lumi.fail("evaluate", file, "--metric", "rouge", code=11), "okay", "u.csv")


class Metrics(EvaluateTest):
    def test_unknown_names_and_options(self):
        for metric, near in (
            ("rogue", "rouge"),
            ("blue", "bleu"),
            ("bleu(smoth=true)", "smooth"),
            ("meteor_", "meteor"),
        ):
            error = self.lumi.fail("evaluate", self.file, "--metric", metric, code=2)
            self.assert_says(error, near)
        for metric in ("bleu(smooth=maybe)", "bleu(", ""):
            self.lumi.fail("evaluate", self.file, "--metric", metric, code=2)
        self.assertFalse(self.lumi.home.exists(), "refused before any work")

    def test_lists_repetition_and_the_plural(self):
        for args in (
            ["--metric", "rouge,bleu(smooth=true)"],
            ["--metric", "rouge", "--metric=bleu(smooth=true)"],
            ["--metrics", "rouge,bleu(smooth=true)"],
        ):
            answer = self.lumi.json("evaluate", self.file, "--no-save", *args)
            self.assertEqual(list(answer["metrics"]), ["rouge", "bleu"])
            self.assertIn("smooth:", answer["signatures"]["bleu"])

    def test_a_default_metric_that_cannot_be_computed_is_left_out(self):
        result = self.lumi.run("evaluate", self.file, "--json", "--no-save")
        self.assertEqual(set(result.json()["metrics"]), {"meteor", "rouge"})
        self.assertTrue(any("bertscore" in str(message.get("warning")) for message in result.messages()), result)
        results = self.folder / "d.json"
        self.lumi.run("evaluate", self.file, "--no-save", "--results", results)
        self.assertEqual(json.loads(results.read_text())["lumi"]["skipped_metrics"], ["bertscore"])
        answer = self.lumi.json("evaluate", self.file, "--task", "translation", "--no-save")
        self.assertEqual(set(answer["metrics"]), {"bleu", "meteor"})

    def test_one_that_is_asked_for_by_name_must_be_there(self):
        self.assert_says(self.lumi.fail("evaluate", self.file, "--metric", "bertscore", code=2), "bertscore")
        empty = self.folder / "empty"
        empty.mkdir()
        env = {"LUMI_METRICS_WORDNET_DIR": str(empty), "XDG_CACHE_HOME": str(empty)}
        error = self.lumi.fail("evaluate", self.file, "--metric", "meteor", code=2, env=env)
        self.assert_says(error, "wordnet-base")

    def test_the_same_bytes_whatever_the_number_of_threads(self):
        rows = [
            [f"t{i}", " ".join(f"w{i * k % 17}" for k in range(i % 40)) or "x", f"w{i % 5} w{i % 7} w1"]
            for i in range(3000)
        ]
        file = self.write_csv("many.csv", [HEADER, *rows])
        seen = set()
        for threads in (1, 2, 8, 32):
            target = self.folder / "s.jsonl"
            how = ("--per-sample", target, "--threads", str(threads), "--no-save", "--json")
            answer = self.lumi.run("evaluate", file, "--metric", "rouge,bleu,meteor", *how).out
            seen.add((answer, target.read_bytes()))
        self.assertEqual(len(seen), 1)


if __name__ == "__main__":
    support.main()

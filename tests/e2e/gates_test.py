"""`--require`: conditions that hold, that do not, and that make no sense."""

import support
from evaluate_test import EvaluateTest


class Gates(EvaluateTest):
    def gate(self, *conditions, code, **how):
        args = [part for condition in conditions for part in ("--require", condition)]
        return self.lumi.run("evaluate", self.file, "--metric", "rouge", "--no-save", *args, code=code, **how)

    def test_conditions_hold_or_not(self):
        mean = self.scores()["metrics"]["rouge"]["rougeL_mean"]
        for condition in (
            f"rougeL >= {mean!r}",
            f"rougeL == {mean!r}",
            "rouge.rougeL_mean>0",
            "rouge_rougeL_mean != 1",
            "coverage >= 1",
            "errors == 0",
            "ok > 0.99",
            "empty <= 0",
        ):
            self.gate(condition, code=0)
        for condition in (f"rougeL > {mean!r}", "rougeL >= 0.99", "coverage < 1", "refused > 0"):
            result = self.gate("rouge1 >= 0", condition, code=9)
            self.assertIn(condition.split()[-1], result.errors)
            self.assertNotEqual(result.out, b"", "the scores are shown all the same")

    def test_json_tells_value_and_verdict(self):
        conditions = ("--require", "rougeL >= 0.99", "--require", "coverage >= 0.5")
        result = self.lumi.run("evaluate", self.file, "--metric", "rouge", *conditions, "--json", code=9)
        requirements = result.json()["requirements"]
        self.assertEqual([list(item) for item in requirements], [["condition", "value", "holds"]] * 2)
        self.assertEqual(
            [(item["condition"], item["holds"]) for item in requirements],
            [("rougeL >= 0.99", False), ("coverage >= 0.5", True)],
        )
        self.assertEqual(result.error()["code"], "gate_failed")
        self.assertEqual(self.lumi.json("job", "list")["items"][0]["driver_exit_code"], 9)

    def test_a_wrong_condition_stops_before_any_work(self):
        for condition in (
            "rougL >= 0.3",
            "bleu >= 0.1",
            "rougeL => 0.3",
            "rougeL >= high",
            "rougeL",
            ">= 3",
            "cost < 1",
        ):
            with self.subTest(condition):
                self.gate(condition, code=2)
        self.assertFalse(self.lumi.home.exists())
        self.assertIn("rougeL", self.gate("rougL >= 0.3", code=2).errors)


if __name__ == "__main__":
    support.main()

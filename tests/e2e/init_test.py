"""lumi init: a spec that lumi run takes as it is."""

from support import LumiTest, csv_text, main


class InitTest(LumiTest):
    def spec(self, header: list, *args) -> str:
        self.write("data.csv", csv_text([header, ["a"] * len(header)]))
        return self.lumi.run("init", "data.csv", "-o", "-", *args).out.decode()

    def test_a_run_can_begin_with_it(self):
        self.write("data.csv", csv_text([["id", "Article", "summary"], ["1", "a", "b"], ["2", "c", "d"]]))
        result = self.lumi.run("init", "data.csv", "--model", "m@http://127.0.0.1:9/v1")
        self.assertIn("lumi run lumi.yaml", result.errors)
        text = (self.folder / "lumi.yaml").read_text()
        for line in ('dataset: "data.csv"  # 2 rows of id, Article, summary', 'columns: {examples: "Article", ground_truth: "summary"}'):
            self.assertIn(line, text)
        self.lumi.run("run", "--check")
        plan = self.lumi.json("run", "--dry-run")
        self.assertEqual([(item["name"], item["rows"]) for item in plan["items"]], [("m", 2)])

    def test_every_suggestion_can_be_taken(self):
        self.write("data.csv", csv_text([["examples", "ground_truth"], ["a", "b"]]))
        self.lumi.run("init", "data.csv", "--model", "m@http://127.0.0.1:9/v1")
        path = self.folder / "lumi.yaml"
        lines = [line.removeprefix("# ") if line.startswith("# ") and ": " in line else line for line in path.read_text().split("\n")]
        kept = [line for line in lines if line[:1] != "#" and not line.startswith(("task: {", "What", "Each", "'lumi"))]
        path.write_text("\n".join(line.replace("  # - ", "  - ").replace("  #   ", "    ") for line in kept))
        self.lumi.run("run", "--check", env={"MISTRAL_API_KEY": "k"})

    def test_columns_that_cannot_be_guessed(self):
        self.assertIn("# columns: {examples: COLUMN", self.spec(["x", "y\nz"]))
        self.assertIn("'lumi job create annotate'", self.spec(["examples"]))
        self.assertNotIn("columns:", self.spec(["examples", "ground_truth"]))

    def test_a_file_that_is_there_stays(self):
        self.write("data.csv", csv_text([["examples"], ["a"]]))
        self.write("lumi.yaml", "mine")
        self.lumi.fail("init", "data.csv", code=6)
        self.assertEqual((self.folder / "lumi.yaml").read_text(), "mine")
        self.lumi.run("init", "data.csv", "--force", "--task", "translation")
        self.assertIn("task: {task: translation", (self.folder / "lumi.yaml").read_text())

    def test_a_dataset_by_its_id(self):
        dataset = self.lumi.create(self.write("data.csv", csv_text([["examples", "ground_truth"], ["a", "b"]])))
        self.lumi.run("init", dataset["id"], "--model", "m@http://127.0.0.1:9/v1", "--name", "by id")
        self.lumi.run("run", "--check")

    def test_what_is_no_dataset(self):
        self.lumi.fail("init", "none.csv", code=5)
        self.lumi.fail("init", "-", code=2)
        self.lumi.fail("init", self.write("empty.csv", ""), code=11)


if __name__ == "__main__":
    main()

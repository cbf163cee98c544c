"""What a person sees: aligned tables, colour where it is wanted, questions, and no tricks played by data."""

import re

import support
from support import LumiTest

ROWS = [["examples", "ground_truth", "predictions"], ["a b c", "a b", "a b c"], ["d", "e f g", "e f"]]
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Tables(LumiTest):
    def listing(self, **how) -> str:
        return self.lumi.terminal("dataset", "list", **how)

    def test_a_listing_is_aligned_under_a_header(self):
        for name in ("a.csv", "a-much-longer-name.csv", "日本語.csv"):
            self.lumi.create(self.write_csv("a.csv", ROWS), "--filename", name)
        lines = self.listing(columns=140, env={"NO_COLOR": "1"}).splitlines()
        self.assertEqual(len(lines), 4)
        self.assertTrue(lines[0].startswith("ID "), lines[0])
        self.assertNotIn("\t", "".join(lines))
        column = lines[0].index("SIZE")
        for line in lines[1:]:
            wide = sum(2 if ord(c) > 0x2E80 else 1 for c in line[:column]) - len(line[:column])
            self.assertRegex(line[column - wide :], r"^\d+ B ", line)
            self.assertRegex(line, r"(now|seconds? ago|minutes? ago)$")

    def test_a_narrow_terminal_is_not_overrun(self):
        for name in ("a.csv", "x" * 150 + ".csv"):
            self.lumi.create(self.write_csv("a.csv", ROWS), "--filename", name)
        self.assertEqual(len(self.listing(columns=200).splitlines()), 3)

    def test_an_item_has_one_line_per_field(self):
        dataset = self.lumi.create(self.write_csv("a.csv", ROWS))
        shown = self.lumi.terminal("dataset", "get", dataset["id"], env={"NO_COLOR": "1"})
        self.assertRegex(shown, rf"(?m)^ID +{dataset['id']}$")
        self.assertRegex(shown, r"(?m)^FILENAME +a\.csv$")

    def test_nothing_found_is_said(self):
        self.assertIn("no datasets", self.listing())

    def test_json_is_readable(self):
        dataset = self.lumi.create(self.write_csv("a.csv", ROWS))
        self.assertIn(f'\n  "id": "{dataset["id"]}",\n', self.lumi.terminal("dataset", "get", dataset["id"], "--json"))


class Colour(LumiTest):
    def colours(self, *args, **env) -> bool:
        return bool(ESCAPE.search(self.lumi.terminal("config", "list", *args, env=env)))

    def test_colour_is_on_where_it_is_wanted(self):
        self.assertTrue(self.colours())
        self.assertFalse(self.colours(NO_COLOR="1"))
        self.assertTrue(self.colours(NO_COLOR=""))
        self.assertFalse(self.colours(TERM="dumb"))
        self.assertFalse(self.colours("--color", "never"))
        self.assertTrue(self.colours("--color", "always", NO_COLOR="1"))
        self.assertFalse(self.colours(LUMI_COLOR="never"))

    def test_colour_off_a_terminal_only_when_forced(self):
        for env, expected in (
            ({}, False),
            ({"CLICOLOR_FORCE": "1"}, True),
            ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False),
        ):
            result = self.lumi.run("dataset", "lost", code=2, env=env)
            self.assertEqual(b"\x1b[" in result.err, expected, env)
            self.assertNotIn(b"\x1b[", self.lumi.run("config", "list", env=env).out, "data in a pipe has no colour")


class Hostile(LumiTest):
    TEXTS = ["\x1b]0;owned\x07 title", "right\u202eto left", "\x1b[2J\x1b[H cleared", "a\rb", "bell\x07", "c1\u009b31m"]

    def setUp(self):
        super().setUp()
        rows = [[text, text, text] for text in self.TEXTS]
        self.file = self.write_csv("a.csv", [["examples", "ground_truth", "predictions"], *rows])
        self.dataset = self.lumi.create(self.file, "--filename", "x\x1b[31mred\u202e.csv")

    def assert_harmless(self, shown: str):
        self.assertIsNone(
            re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", ESCAPE_SGR.sub("", shown)), repr(shown)
        )

    def test_control_characters_are_shown_not_sent(self):
        for args in (
            ("dataset", "list"),
            ("dataset", "get", self.dataset["id"]),
            ("dataset", "preview", self.dataset["id"]),
            ("dataset", "stats", self.dataset["id"]),
            ("dataset", "validate", self.file),
        ):
            with self.subTest(args):
                self.assert_harmless(self.lumi.terminal(*args, columns=250))

    def test_samples_are_harmless_too(self):
        job = self.lumi.json(
            "job", "create", "evaluator", "--dataset", self.file, "--metric", "rouge", "--name", "n\x1b[5m"
        )
        for args in (
            ("job", "list"),
            ("job", "samples", job["id"], "--worst", "5", "--diff"),
            ("job", "logs", job["id"]),
        ):
            with self.subTest(args):
                self.assert_harmless(self.lumi.terminal(*args, columns=250))

    def test_errors_are_harmless(self):
        self.assert_harmless(self.lumi.terminal("dataset", "get", "x\x1b[31m", code=5))
        self.assert_harmless(self.lumi.terminal("dataset", "create", "x\x1b[31m.csv", code=5))

    def test_data_gives_no_commands_to_github_actions(self):
        rows = [
            ["examples", "ground_truth"],
            ["::error::from data", "x"],
            ["##[error]data", "x"],
            ["a\n::warning::second", "y"],
        ]
        dataset = self.lumi.create(self.write_csv("b.csv", rows), "--filename", "::error::.csv")
        for args in (
            ("dataset", "preview", dataset["id"]),
            ("dataset", "list"),
            ("dataset", "list", "--json=filename"),
        ):
            result = self.lumi.run(*args, env={"GITHUB_ACTIONS": "true"})
            for line in (result.text + result.errors).splitlines():
                self.assertFalse(line.startswith(("::", "##[")), line)


ESCAPE_SGR = re.compile(r"\x1b\[[0-9;]*m|\x1b\[K|\x1b\[\?25[lh]")


class Questions(LumiTest):
    def setUp(self):
        super().setUp()
        self.id = self.lumi.create(self.write_csv("a.csv", ROWS))["id"]

    def count(self) -> int:
        return self.lumi.json("dataset", "list")["total"]

    def test_deletion_asks(self):
        shown = self.lumi.terminal("dataset", "delete", self.id, keys="n\n", code=None)
        self.assertIn("a.csv", shown)
        self.assertEqual(self.count(), 1)
        self.lumi.terminal("dataset", "delete", self.id, keys="y\n")
        self.assertEqual(self.count(), 0)

    def test_enter_alone_deletes_nothing(self):
        self.lumi.terminal("dataset", "delete", self.id, keys="\n", code=None)
        self.assertEqual(self.count(), 1)

    def test_off_a_terminal_yes_is_needed(self):
        self.assert_says(self.lumi.fail("dataset", "delete", self.id, code=2), "--yes")
        self.assert_says(self.lumi.fail("gc", code=2), "--yes")
        self.assertEqual(self.count(), 1)


class Pager(LumiTest):
    def test_help_goes_through_the_pager_on_a_terminal_only(self):
        mark = self.folder / "paged"
        env = {"LUMI_PAGER": f"tee {mark}"}
        self.lumi.run("help", "json", env=env)
        self.assertFalse(mark.exists())
        shown = self.lumi.terminal("help", "json", env=env)
        self.assertIn("total", shown)
        self.assertIn("total", mark.read_text())

    def test_a_pager_that_ends_early_is_no_error(self):
        self.lumi.terminal("help", "environment", env={"LUMI_PAGER": "true"})


class Scores(LumiTest):
    def test_a_summary_that_a_person_wants_to_read(self):
        shown = self.lumi.terminal(
            "evaluate", self.write_csv("a.csv", ROWS), "--metric", "rouge,bleu", env={"NO_COLOR": "1"}
        )
        self.assertRegex(shown, r"rougeL.*0\.8")
        self.assertIn("coverage", shown.lower())
        job = self.lumi.json("job", "list")["items"][0]["id"]
        self.assertRegex(self.lumi.terminal("job", "result", job), r"rougeL")
        diff = self.lumi.terminal("job", "samples", job, "--worst", "1", "--diff")
        self.assertRegex(diff, r"\x1b\[3[12]m")


if __name__ == "__main__":
    support.main()
